using System.Text.Json;
using Ledger.Grains.Stores.Sqlite;
using static Ledger.Api.Tests.CommandLine.CommandRun;

namespace Ledger.Api.Tests.CommandLine;

public class CommandLineTests
{
    [Theory]
    [InlineData("", "served with \n")]
    [InlineData("--urls http://x --environment Development", "served with --urls http://x --environment Development\n")]
    [InlineData("serve --Ledger:Store sqlite", "served with --Ledger:Store sqlite\n")]
    public async Task Without_a_command_it_serves_and_passes_options_on(string line, string expected)
    {
        var answer = await Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, expected), (answer.Code, answer.Output.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData("--help", "import", "close", "export", "verify", "programme", "keys", "serve")]
    [InlineData("import --help", "event_id,resident,type,amount_points,occurred_at,ref,activity", "--programme", "--community", "--json", "Example")]
    [InlineData("close --help", "--as-of", "--community", "Example")]
    [InlineData("export --help", "residents", "journal")]
    [InlineData("export residents --help", "--as-of", "--out", "--community", "resident,balance,earned", "Example")]
    [InlineData("export journal --help", "--as-of", "--out", "--community", "notes", "Example")]
    [InlineData("verify --help", "--community", "--json", "digest", "Example")]
    [InlineData("programme check --help", "FILE", "Example")]
    [InlineData("keys create --help", "--client", "--role", "--source", "--community", "Example")]
    public async Task Help_says_what_a_person_needs(string line, params string[] words)
    {
        var answer = await Run(line.Split(' '));
        Assert.Equal(0, answer.Code);
        Assert.All(words, word => Assert.Contains(word, answer.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("impotr x.csv", "import")]
    [InlineData("close", "--as-of")]
    [InlineData("close --as-of 2026-02-30", "is no date")]
    [InlineData("close --as-of 0001-01-01", "is no date")]
    [InlineData("close --as-of 2026-01-01 --community a/b", "is no community")]
    [InlineData("verify --nonsense", "--nonsense")]
    [InlineData("export", "Required command")]
    [InlineData("import", "FILE")]
    [InlineData("keys create --client a --role king", "king")]
    [InlineData("keys create --role app", "--client")]
    public async Task What_is_not_understood_is_told_on_standard_error_with_code_2(string line, string word)
    {
        var answer = await Run(line.Split(' '));
        Assert.Equal((2, ""), (answer.Code, answer.Output));
        Assert.Contains(word, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("export residents")]
    [InlineData("export journal")]
    [InlineData("close --as-of 2020-01-01")]
    public async Task Commands_that_need_a_store_make_none(string line)
    {
        using var folder = new CommandRun();
        var answer = await folder.OnStore(line.Split(' '));
        Assert.Equal(2, answer.Code);
        Assert.Contains("There is no store", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Store));
    }

    [Fact]
    public async Task A_last_row_that_may_have_been_cut_off_is_imported_with_a_warning_for_people_and_programs()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\nE2,r1,earn,100,2020-01-02T10:00:00+08:00,,cla");

        var answer = await folder.OnStore("import", rows, "--programme", folder.ProgrammePath, "--json");

        Assert.Equal(0, answer.Code);
        Assert.Contains("warning: line 3 is the last one and has no line end", answer.Error, StringComparison.Ordinal);
        var json = JsonDocument.Parse(answer.Output).RootElement;
        Assert.Equal(2, json.GetProperty("report").GetProperty("recorded").GetInt64());
        Assert.Equal(3, Assert.Single(json.GetProperty("warnings").EnumerateArray()).GetProperty("line").GetInt64());

        var whole = folder.Write("whole.csv", await File.ReadAllTextAsync(rows, TestContext.Current.CancellationToken) + "\n");
        answer = await folder.OnStore("import", whole, "--json");
        Assert.DoesNotContain("warning", answer.Error, StringComparison.Ordinal);
        Assert.Empty(JsonDocument.Parse(answer.Output).RootElement.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task From_import_to_verify()
    {
        using var folder = new CommandRun();
        var rows = folder.Write(
            "rows.csv",
            "\uFEFF" + (Header
                + "E1,r2,earn,100,2020-01-01T10:00:00+08:00,\"a, b\",class\n"
                + "E2,r1,earn,50,2020-01-02T10:00:00+08:00,,\n"
                + "X1,r1,earn,1.5,2020-01-02T10:00:00+08:00,,\n"
                + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n"
                + "S1,r2,spend,30,2020-01-03T10:00:00+08:00,,tea\n"
                + "S2,r2,spend,300,2020-01-04T10:00:00+08:00,,tea\n"
                + "B1,r2,reverse,50,2020-01-05T10:00:00+08:00,S1,\n"
                + "T1,r1,earn,5,2020-01-0").Replace("\n", "\r\n", StringComparison.Ordinal));

        var imported = await folder.OnStore("import", rows, "--programme", folder.ProgrammePath, "--json");
        Assert.True(imported.Code == 1, imported.ToString());
        using (var answer = JsonDocument.Parse(imported.Output))
        {
            var report = answer.RootElement.GetProperty("report");
            Assert.Equal(
                (5, 2, 1, 5, 2, 1, 1, 20),
                (Number("rows"), Number("badRows"), Number("duplicates"), Number("recorded"), Number("earned"), Number("spent"), Number("reversed"),
                    Number("reverseExcessPoints")));
            Assert.Equal(1, report.GetProperty("refused").GetProperty("insufficient_points").GetInt32());
            Assert.Equal([4, 9], answer.RootElement.GetProperty("badRows").EnumerateArray().Select(bad => bad.GetProperty("line").GetInt32()));

            int Number(string name) => report.GetProperty(name).GetInt32();
        }

        Assert.Contains("line 4 amount_points \"1.5\" is not a positive whole number", imported.Error, StringComparison.Ordinal);
        Assert.Contains("line 9 has 5 fields, the header has 7", imported.Error, StringComparison.Ordinal);

        const string Exported = "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt\n";
        var open = await folder.OnStore("export", "residents");
        Assert.Equal((0, Exported + "r1,50,50,0,0,0,0,0,0,0,0\nr2,100,100,30,0,300,0,0,30,0,0\n"), (open.Code, open.Output));
        var dayBefore = await folder.OnStore("export", "residents", "--as-of", "2021-01-01");
        Assert.Equal(Exported + "r1,50,50,0,0,0,0,0,0,0,0\nr2,0,100,30,100,300,0,0,30,0,0\n", dayBefore.Output);

        var closed = await folder.OnStore("close", "--as-of", "2021-01-01", "--json");
        Assert.True(closed.Code == 0, closed.ToString());
        Assert.Contains("\"wallets\":1", closed.Output, StringComparison.Ordinal);
        Assert.Contains("\"wallets\":0", (await folder.OnStore("close", "--as-of", "2021-01-01", "--json")).Output, StringComparison.Ordinal);
        var written = await folder.OnStore("export", "residents", "--out", folder.Path("out.csv"));
        Assert.Equal((0, ""), (written.Code, written.Output));
        Assert.Equal(dayBefore.Output, await File.ReadAllTextAsync(folder.Path("out.csv"), TestContext.Current.CancellationToken));

        var journal = await folder.OnStore("export", "journal", "--out", folder.Path("journal.jsonl"));
        Assert.True(journal.Code == 0, journal.ToString());
        var lines = await File.ReadAllLinesAsync(folder.Path("journal.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 1 + 5 + 1, lines.Length);
        Assert.False(File.Exists(folder.Path("journal.jsonl.unfinished")));

        var verified = await folder.OnStore("verify");
        Assert.True(verified.Code == 0, verified.ToString());
        Assert.Contains("All of it holds.", verified.Output, StringComparison.Ordinal);
        var asJson = await folder.OnStore("verify", "--json");
        using var sound = JsonDocument.Parse(asJson.Output);
        Assert.True(sound.RootElement.GetProperty("sound").GetBoolean());
        Assert.Equal(6, sound.RootElement.GetProperty("transactions").GetInt32());
    }

    [Fact]
    public async Task A_changed_store_is_found_with_code_1()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n");
        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", folder.ProgrammePath)).Code);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Store};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE journal SET available = 200";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        var answer = await folder.OnStore("verify");
        Assert.Equal(1, answer.Code);
        Assert.Contains("BROKEN  Recorded balances", answer.Output, StringComparison.Ordinal);
        Assert.Contains("resident/r1 #1", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programme_is_installed_once_and_another_one_is_refused()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n");
        var none = await folder.OnStore("import", rows);
        Assert.Equal(2, none.Code);
        Assert.Contains("has no programme yet", none.Error, StringComparison.Ordinal);

        var wrong = folder.Write("wrong.json", """{ "activities": [], "caps": 1 }""");
        var invalid = await folder.OnStore("import", rows, "--programme", wrong);
        Assert.Equal(2, invalid.Code);
        Assert.Contains("$.caps", invalid.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", folder.ProgrammePath)).Code);
        var same = folder.Write("same.json", Programme.Replace("\n", "  \n\n", StringComparison.Ordinal));
        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", same)).Code);
        var other = folder.Write("other.json", Programme.Replace("12", "11", StringComparison.Ordinal));
        var refused = await folder.OnStore("import", rows, "--programme", other);
        Assert.Equal(2, refused.Code);
        Assert.Contains("has another programme already", refused.Error, StringComparison.Ordinal);
        var again = await folder.OnStore("import", rows);
        Assert.Equal(0, again.Code);
        Assert.Contains("imported before            1", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event_id,resident,type,amount_points,occurred_at,ref\nE1,r1,earn,1,2020-01-01T10:00:00+08:00,\n", "line 1 has no column activity")]
    [InlineData("", "line 1 is missing: the file is empty")]
    public async Task A_file_that_is_no_import_is_told_and_makes_no_store(string text, string reason)
    {
        using var folder = new CommandRun();
        var answer = await folder.OnStore("import", folder.Write("rows.csv", text), "--programme", folder.ProgrammePath);
        Assert.Equal(1, answer.Code);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Store));
    }

    [Fact]
    public async Task Files_that_are_not_there_or_not_whole_are_told_with_code_2()
    {
        using var folder = new CommandRun();
        Assert.Equal(2, (await folder.OnStore("import", folder.Path("nope.csv"), "--programme", folder.ProgrammePath)).Code);
        Assert.Equal(2, (await Run("programme", "check", folder.Path("nope.json"))).Code);
        var torn = folder.Path("torn.csv.gz");
        await File.WriteAllBytesAsync(torn, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], TestContext.Current.CancellationToken);
        var answer = await folder.OnStore("import", torn, "--programme", folder.ProgrammePath);
        Assert.Equal(2, answer.Code);
        Assert.Contains("cannot be unpacked", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Store));
    }

    [Fact]
    public async Task While_somebody_writes_to_the_store_the_others_are_refused_and_readers_read()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n");
        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", folder.ProgrammePath)).Code);
        using var held = SqliteStore.Open(folder.Store, "serve");
        foreach (var line in new[] { $"import {rows}", "close --as-of 2020-01-01", "keys create --client a --role operator" })
        {
            var refused = await folder.OnStore(line.Split(' '));
            Assert.Equal(2, refused.Code);
            Assert.Contains($"process {Environment.ProcessId} serve", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await folder.OnStore("verify")).Code);
        Assert.Equal(0, (await folder.OnStore("export", "residents")).Code);
    }

    [Fact]
    public async Task A_date_that_has_not_ended_and_a_community_that_is_not_there_are_refused()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n");
        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", folder.ProgrammePath, "--community", "garden")).Code);
        var early = await folder.OnStore("close", "--as-of", "8999-12-31", "--community", "garden");
        Assert.Equal(2, early.Code);
        Assert.Contains("has not ended yet", early.Error, StringComparison.Ordinal);
        foreach (var line in new[] { "close --as-of 2020-01-01", "verify", "export residents", "export journal" })
        {
            var answer = await folder.OnStore(line.Split(' '));
            Assert.Equal(2, answer.Code);
            Assert.Contains("It has garden", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_store_itself_is_never_written_over_by_an_export()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", Header + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\n");
        Assert.Equal(0, (await folder.OnStore("import", rows, "--programme", folder.ProgrammePath)).Code);
        Assert.Equal(2, (await folder.OnStore("export", "residents", "--out", folder.Store)).Code);
        Assert.Equal(0, (await folder.OnStore("verify")).Code);
    }

    [Fact]
    public async Task A_programme_is_checked_and_every_mistake_is_told()
    {
        using var folder = new CommandRun();
        var good = await Run("programme", "check", folder.ProgrammePath);
        Assert.Equal(0, good.Code);
        var bad = folder.Write("bad.json", """{ "zone": "Mars/Base", "activities": [ { "type": "a b", "award": { "kind": "gift" } } ], "x": 1 }""");
        var answer = await Run("programme", "check", bad);
        Assert.Equal(1, answer.Code);
        Assert.All(
            ["$.zone", "$.activities[0].type", "$.activities[0].award.kind", "$.x"],
            path => Assert.Contains(path, answer.Output, StringComparison.Ordinal));
        using var json = JsonDocument.Parse((await Run("programme", "check", bad, "--json")).Output);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.True(json.RootElement.GetProperty("problems").GetArrayLength() >= 4);
    }

    [Fact]
    public async Task A_key_is_printed_once_and_only_its_hash_is_stored()
    {
        using var folder = new CommandRun();
        var made = await folder.OnStore("keys", "create", "--client", "ops", "--role", "operator", "--community", "*");
        Assert.True(made.Code == 0, made.ToString());
        var key = made.Output.Trim();
        Assert.Matches("^plk_[0-9A-Za-z]{8}_[-_0-9A-Za-z]{43}$", key);
        Assert.DoesNotContain(key, made.Error, StringComparison.Ordinal);
        Assert.Equal(-1, (await File.ReadAllBytesAsync(folder.Store, TestContext.Current.CancellationToken)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(key)));
        Assert.Equal(2, (await folder.OnStore("keys", "create", "--client", "ops", "--role", "operator", "--community", "*")).Code);

        var app = await folder.OnStore(
            "keys", "create", "--client", "app", "--role", "app", "--source", "/apps/a", "--source", "/apps/b", "--expires", "2999-01-01T00:00:00+08:00", "--json");
        using var json = JsonDocument.Parse(app.Output);
        Assert.Equal("default", json.RootElement.GetProperty("community").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("sources").GetArrayLength());
    }

    [Theory]
    [InlineData("--role app --community *", "Only an operator's key")]
    [InlineData("--role merchant", "merchant")]
    [InlineData("--role operator --merchant tea", "merchant")]
    [InlineData("--role operator --source /x", "Only an app has sources")]
    [InlineData("--role app --expires 2020-01-01T00:00:00Z", "in the past")]
    [InlineData("--role app --expires tomorrow", "is no time")]
    public async Task Grants_that_do_not_fit_together_are_refused(string grants, string word)
    {
        using var folder = new CommandRun();
        var answer = await folder.OnStore(["keys", "create", "--client", "a", .. grants.Split(' ')]);
        Assert.Equal(2, answer.Code);
        Assert.Contains(word, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Store));
    }
}
