using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ledger.Accounts;
using Ledger.Grains.Exporting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.Merchants;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Tests.Exporting;

public class JournalExportTests
{
    private static readonly StoredProgramme Programme = new(
        LedgerHost.Community, 1, Instant.MinValue, FixedProgrammes.Simple, "ops", Instant.FromUtc(2026, 2, 1, 0, 0));

    [Fact]
    public async Task What_is_exported_is_enough_to_build_everything_again()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        var catalogue = new InMemoryCatalogue();
        await catalogue.AddProgramme(Programme, TestContext.Current.CancellationToken);
        await Fill(host);
        var exported = await Export(host.Journal, catalogue, null);

        var (journal, programmes) = await Rebuild(exported);
        Assert.Equal(exported, await Export(journal, programmes, null));
        var original = await new JournalVerifier(host.Journal, null).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);
        var rebuilt = await new JournalVerifier(journal, journal).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);
        Assert.True(original.IsSound, string.Join('\n', original.Findings));
        Assert.True(rebuilt.IsSound, string.Join('\n', rebuilt.Findings));
        Assert.Equal((original.Digest, original.Transactions), (rebuilt.Digest, rebuilt.Transactions));
    }

    [Fact]
    public async Task Notes_are_not_exported()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        var adjust = Commands.Envelope("anna", "a", new AdjustPoints(new(5))) with { Note = new("Mrs Chen asked", new byte[16]) };
        await host.Wallet("anna").Record(adjust);
        var exported = await Export(host.Journal, new InMemoryCatalogue(), null);
        Assert.DoesNotContain("Chen", exported, StringComparison.Ordinal);
        Assert.Contains(adjust.Note!.Digest(), exported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_date_only_what_counts_from_before_its_end_is_exported()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        await Fill(host);
        var until = host.Clock.GetCurrentInstant();
        await host.Wallet("anna").Record(Commands.Earn("anna", "later", 5, until));
        var lines = (await Export(host.Journal, new InMemoryCatalogue(), until)).Split('\n');
        Assert.DoesNotContain(lines, line => line.Contains("\"id\":\"later\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"id\":\"anna-1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Adjustments_get_a_column_of_their_own_where_there_are_any()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        await Fill(host);
        Assert.Equal(
            """
            resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt
            anna,100,160,100,0,999,0,0,40,0,0
            bo,-30,60,60,0,0,0,30,0,0,30

            """,
            await Residents(host));
        await host.Wallet("bo").Record(Commands.Envelope("bo", "up", new AdjustPoints(new(35))));
        await host.Wallet("anna").Record(Commands.Envelope("anna", "down", new AdjustPoints(new(-1))));
        Assert.Equal(
            """
            resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt,adjusted
            anna,99,160,100,0,999,0,0,40,0,0,-1
            bo,5,60,60,0,0,0,30,0,0,0,35

            """,
            await Residents(host));
    }

    private static async Task Fill(LedgerHost host)
    {
        var anna = host.Wallet("anna");
        await anna.Record(Commands.Earn("anna", "anna-1", 100, host.Clock.GetCurrentInstant()));
        await anna.Record(Commands.Earn("anna", "anna-2", 60, host.Clock.GetCurrentInstant()));
        await anna.Record(Commands.Spend("anna", "anna-3", 100));
        await anna.Record(Commands.Spend("anna", "anna-4", 999));
        await anna.Record(Commands.Refund("anna", "anna-5", "anna-3", 40));
        var bo = host.Wallet("bo");
        await bo.Record(Commands.Earn("bo", "bo \"1\" 😀\\", 60, host.Clock.GetCurrentInstant()));
        await bo.Record(Commands.Spend("bo", "bo-2", 60));
        await bo.Record(Commands.Reverse("bo", "bo-3", "bo \"1\" 😀\\", 30));
        await bo.Record(Commands.Reverse("bo", "bo-4", "not yet", 30));
        host.Clock.AdvanceDays(1);
    }

    private static async Task<string> Residents(LedgerHost host)
    {
        using var writer = new StringWriter();
        var residents = await new ResidentsExport(host.Journal).Read(LedgerHost.Community, null, TestContext.Current.CancellationToken);
        await ResidentsExport.WriteCsv(residents, writer);
        return writer.ToString();
    }

    private static async Task<string> Export(IJournal journal, InMemoryCatalogue catalogue, Instant? before)
    {
        using var output = new MemoryStream();
        await new JournalExport(journal, catalogue).Write(LedgerHost.Community, before, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>What a stranger would write who has only the lines and the description of the format.</summary>
    private static async Task<(InMemoryJournal Journal, InMemoryCatalogue Catalogue)> Rebuild(string exported)
    {
        var (journal, catalogue) = (new InMemoryJournal(), new InMemoryCatalogue());
        var wallets = new Dictionary<string, WalletState>();
        var community = default(CommunityId);
        foreach (var line in exported.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            switch (root.GetProperty("kind").GetString())
            {
                case "journal":
                    Assert.Equal(1, root.GetProperty("format").GetInt32());
                    community = new(root.GetProperty("community").GetString()!);
                    break;
                case "programme":
                    await catalogue.AddProgramme(new(
                        community,
                        root.GetProperty("version").GetInt32(),
                        Time(root, "effectiveFrom"),
                        root.GetProperty("json").GetString()!,
                        root.GetProperty("publishedBy").GetString()!,
                        Time(root, "publishedAt")));
                    break;
                default:
                    await Append(journal, wallets, Row(root, community));
                    break;
            }
        }

        return (journal, catalogue);
    }

    // When something is next due and what moved to merchants is not exported: whoever replays the wallet knows.
    private static async Task Append(InMemoryJournal journal, Dictionary<string, WalletState> wallets, JournalRow row)
    {
        var before = wallets.GetValueOrDefault(row.Stream.Name, WalletState.Empty);
        var transaction = Ledger.Grains.Wallets.WalletRows.ToTransaction(row);
        var after = Wallet.Evolve(before, transaction);
        wallets[row.Stream.Name] = after;
        var set = new AppendSet
        {
            Stream = row.Stream,
            Rows = [row],
            NextDue = after.NextDue,
            NextDueChanged = after.NextDue != before.NextDue,
            Movements = Movement.Of(transaction) is { } movement ? [new(row.Stream, row.Sequence, row.EffectiveAt, movement)] : [],
        };
        Assert.IsType<AppendResult.Committed>(await journal.Append(set));
    }

    private static JournalRow Row(JsonElement root, CommunityId community) => new()
    {
        Stream = new(community, root.GetProperty("stream").GetString()!),
        Sequence = root.GetProperty("sequence").GetInt64(),
        Key = new(root.GetProperty("source").GetString()!, root.GetProperty("id").GetString()!),
        Fingerprint = Convert.FromHexString(root.GetProperty("fingerprint").GetString()!),
        RecordedAt = Time(root, "recordedAt"),
        EffectiveAt = Time(root, "effectiveAt"),
        Outcome = root.GetProperty("outcome").GetString()!,
        Events = Encoding.UTF8.GetBytes(root.GetProperty("events").GetString()!),
        ProgrammeVersion = root.GetProperty("programme").GetInt32(),
        RefersTo = root.TryGetProperty("refersTo", out var refersTo) ? refersTo.GetInt64() : null,
        After = new(Points(root, "available"), Points(root, "pending"), Points(root, "held"), Points(root, "debt")),
        Postings = [.. root.GetProperty("postings").EnumerateArray().Select(Posting)],
        Hash = Convert.FromHexString(root.GetProperty("hash").GetString()!),
    };

    private static Posting Posting(JsonElement posting) => new(
        new(posting.GetProperty("from").GetString()!),
        new(posting.GetProperty("to").GetString()!),
        Points(posting, "points"),
        posting.TryGetProperty("lot", out var lot) && LotId.TryParse(lot.GetString(), out var id) ? id : null);

    private static Points Points(JsonElement element, string name) => new(element.GetProperty(name).GetInt64());

    private static Instant Time(JsonElement element, string name) =>
        InstantPattern.ExtendedIso.Parse(element.GetProperty(name).GetString()!).GetValueOrThrow();
}
