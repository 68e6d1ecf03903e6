using System.Globalization;
using Ledger.Api.Tests.CommandLine;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Residents;
using Ledger.Api.Tests.Serving;
using Ledger.PrivatePostgres;
using NodaTime;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Ledger.Api.Tests.Postgres;

/// <summary>The service and the command line on PostgreSQL, also at the same time.</summary>
public sealed class OnPostgres(SharedPostgres shared) : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _database = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await shared.Server;
        _database = await _server.CreateDatabase();
    }

    public async ValueTask DisposeAsync() => await _server.DropDatabase(_database);

    [Fact]
    public async Task Points_are_earned_spent_and_taken_back_and_all_of_it_is_there_after_a_restart()
    {
        await using var api = Api();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());

        (await app.Event(Event.Earn("ana", 120, "e1"))).IsOk();
        Assert.True((await app.Event(Event.Earn("ana", 120, "e1"))).IsOk().IsReplayed);
        (await app.Event(Event.Earn("bo", 120, "e1"))).IsProblem(422, "command_id_reused");
        (await app.Spend("ana", 50)).IsOk();
        (await app.Spend("ana", 5_000)).IsProblem(422, "insufficient_points");
        (await app.Event(Event.Earn("bo", 9, "e2"))).IsOk();
        (await app.Event(Event.Reverse("bo", "e2"))).IsOk();
        var till = await api.Merchant("tea-house");
        (await app.Hold("sale-1", 30, resident: "ana")).IsOk();
        (await app.Hold("sale-1", 30, resident: "bo")).IsProblem(422, "reference_reused");
        (await till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 20 }""")).IsOk();
        Assert.Equal("refunded", (await till.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsOk().Word("status"));
        Assert.Equal("voided", (await till.Write("/v1/merchants/tea-house/refs/sale-2/void", "")).IsOk().Word("status"));
        (await app.Hold("sale-2", 10, resident: "ana")).IsProblem(422, "reference_voided");
        Assert.Equal(70, (await app.Balance("ana")).Number("available"));
        (await app.Read("/health/ready")).IsOk();
        Assert.Equal(0, (await @operator.Read("/v1/trial-balance")).IsOk().Number("sum"));
        (await @operator.Read("/v1/residents/ana/transactions")).IsOk();
        await api.Stop();

        await using var again = Api();
        var later = await again.App();
        Assert.Equal(70, (await later.Balance("ana")).Number("available"));
        (await later.Spend("ana", 70)).IsOk();
        var verified = await OnDatabase("verify", "--community", LedgerApi.Community);
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [Fact]
    public async Task Every_command_of_the_command_line_works_on_a_database_that_was_empty()
    {
        using var folder = new CommandRun();
        var rows = folder.Write("rows.csv", CommandRun.Header
            + "E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class\nE2,r1,spend,30,2020-02-01T10:00:00+08:00,,shop\nE3,r2,earn,5,2020-02-01T10:00:00+08:00,,class\n");
        foreach (var line in new[] { "verify", "export residents", "export journal", "close --as-of 2020-01-01" })
        {
            var refused = await OnDatabase(line.Split(' '));
            Assert.Equal(2, refused.Code);
            Assert.Contains("start the service once", refused.Error, StringComparison.Ordinal);
        }

        var key = await OnDatabase("keys", "create", "--client", "ops", "--role", "operator", "--community", "default");
        Assert.True(key.Code == 0, key.ToString());
        Assert.StartsWith("plk_", key.Output, StringComparison.Ordinal);
        var imported = await OnDatabase("import", rows, "--programme", folder.ProgrammePath);
        Assert.True(imported.Code == 0, imported.ToString());
        Assert.Contains("3 rows", imported.Output, StringComparison.Ordinal);
        var closed = await OnDatabase("close", "--as-of", "2021-01-02");
        Assert.True(closed.Code == 0, closed.ToString());
        var exported = await OnDatabase("export", "residents");
        Assert.Equal(
            "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt\n"
            + "r1,0,100,30,70,0,0,0,0,0,0\nr2,5,5,0,0,0,0,0,0,0,0\n",
            exported.Output);
        Assert.Equal(0, (await OnDatabase("verify", "--json")).Code);
        Assert.Contains("imported before            3", (await OnDatabase("import", rows)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_is_imported_while_the_service_serves_the_same_community()
    {
        await using var api = Api();

        // The silo of the import joins the service and decides some of the events, by the real clock.
        api.Clock.Reset(SystemClock.Instance.GetCurrentInstant());
        var time = api.Clock.GetCurrentInstant().ToString();
        await api.Furnish();
        var app = await api.App();
        using var folder = new CommandRun();
        var lines = Enumerable.Range(0, 200).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"I{i},old-{i % 20},earn,10,2025-12-01T10:{i % 60:00}:{i / 60:00}+08:00,,service"));
        var rows = folder.Write("rows.csv", CommandRun.Header + string.Join('\n', lines) + "\n");

        var importing = Task.Run(() => OnDatabase("import", rows, "--community", LedgerApi.Community), Stop);
        var events = 0;
        while (!importing.IsCompleted || events < 20)
        {
            (await app.Event(Event.Earn(string.Create(CultureInfo.InvariantCulture, $"new-{events++ % 7}"), 1, time: time))).IsOk();
        }

        var imported = await importing;
        Assert.True(imported.Code == 0, imported.ToString());
        Assert.Equal(100, (await app.Balance("old-7")).Number("available"));
        var verified = await OnDatabase("verify", "--community", LedgerApi.Community);
        Assert.True(verified.Code == 0, verified.ToString());
        var exported = await OnDatabase("export", "residents", "--community", LedgerApi.Community);
        Assert.Equal(28, exported.Output.Count(c => c == '\n'));
    }

    [Fact]
    public async Task What_stands_in_the_way_of_the_database_is_told_in_words()
    {
        var absent = await CommandRun.Run("verify", "--store", "postgres", "--connection", _server.ConnectionString("nowhere"));
        Assert.Equal(2, absent.Code);
        Assert.Contains("createdb", absent.Error, StringComparison.Ordinal);
        var unnamed = await CommandRun.Run("keys", "create", "--client", "a", "--role", "operator", "--store", "postgres", "--connection", "Database=x");
        Assert.Equal(2, unnamed.Code);
        Assert.Contains("names no Host", unnamed.Error, StringComparison.Ordinal);
        var both = await CommandRun.Run("verify", "--store", "ledger.db", "--connection", _database);
        Assert.Equal(2, both.Code);
        Assert.Contains("--connection belongs to --store postgres", both.Error, StringComparison.Ordinal);
    }

    private Task<CommandAnswer> OnDatabase(params string[] args) => CommandRun.Run([.. args, "--store", "postgres", "--connection", _database]);

    [Fact]
    public async Task A_person_is_forgotten_and_every_report_stays_as_it_was()
    {
        await using var api = Api();

        await ErasedResidents.ErasesAPerson(api);
    }

    private LedgerApi Api() => new(("Ledger:Store", "postgres"), ("ConnectionStrings:Ledger", _database));
}
