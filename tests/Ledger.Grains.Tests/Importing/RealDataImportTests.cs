using Ledger.Grains.Closing;
using Ledger.Grains.Exporting;
using Ledger.Grains.Importing;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Verification;
using Ledger.PrivatePostgres;
using NodaTime;

namespace Ledger.Grains.Tests.Importing;

public class RealDataImportTests(SharedPostgres shared)
{
    private static readonly Instant Today = Instant.FromUtc(2026, 3, 1, 4, 0);

    [Theory]
    [InlineData("completejourney_A")]
    [InlineData("completejourney_B")]
    [InlineData("donations_all_A")]
    public async Task Import_close_and_export_give_the_independent_result_and_a_second_import_changes_nothing(string name)
    {
        Assert.SkipWhen(RealData.Folder is null, "The real data does not lie beside the project.");
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path, Today);
        await GivesTheIndependentResult(host, RealData.Of(name));
    }

    [Theory]
    [InlineData("completejourney_B")]
    public async Task The_same_on_PostgreSQL(string name)
    {
        Assert.SkipWhen(RealData.Folder is null, "The real data does not lie beside the project.");
        using var directory = new TemporaryDirectory();
        await using var database = await LedgerDatabase.Create(shared);
        await using var host = await LedgerHost.Start(directory.Path, Today, database.ConnectionString);
        await GivesTheIndependentResult(host, RealData.Of(name));
    }

    private static async Task GivesTheIndependentResult(LedgerHost host, RealData data)
    {
        var cancellation = TestContext.Current.CancellationToken;
        host.Programmes.Published = FixedProgrammes.Only(data.Programme);

        var first = await Import(host, data);
        Assert.Equal(first.Rows, first.Recorded);
        Assert.Equal(0, first.BadRows + first.Duplicates + first.AlreadyImported);
        await Close(host, data.Close);
        var exported = await Export(host);
        Assert.Equal(data.Expected(), exported);
        using var facts = data.Facts();
        var events = facts.RootElement.GetProperty("events");
        Assert.Equal(events.GetProperty("earns_clipped").GetInt64(), first.EarnsClipped);
        Assert.Equal(events.GetProperty("spends_rejected").GetInt64(), first.Refused.GetValueOrDefault("insufficient_points"));

        var before = await Verify(host);
        Assert.True(before.IsSound, string.Join('\n', before.Findings));
        var second = await Import(host, data);
        Assert.Equal(second.Rows, second.AlreadyImported);
        Assert.Equal(0, second.Recorded);
        await Close(host, data.Close);
        var after = await Verify(host);
        Assert.Equal((before.Digest, before.Transactions), (after.Digest, after.Transactions));

        async Task<VerificationReport> Verify(LedgerHost ledger) =>
            await new JournalVerifier(ledger.Journal, null).Verify(LedgerHost.Community, null, cancellation);
    }

    private static async Task<ImportReport> Import(LedgerHost host, RealData data)
    {
        using var reader = ImportFile.Open(data.RowsPath);
        var file = ImportFile.Read(reader, bad => Assert.Fail($"line {bad.Line} {bad.Reason}"));
        var importer = new Importer(
            host.Journal,
            (resident, commands) => host.Wallet(resident.Value).SendMany(commands),
            TimeProvider.System);
        return await importer.Import(LedgerHost.Community, file, new(), TestContext.Current.CancellationToken);
    }

    private static Task<int> Close(LedgerHost host, LocalDate date)
    {
        var closing = new DateClosing(host.Journal, (resident, until) => host.Wallet(resident.Value).ApplyDue(until));
        return closing.Close(LedgerHost.Community, DateClosing.EndOf(host.Programmes.Published, date, Today));
    }

    private static async Task<string> Export(LedgerHost host)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        await ResidentsExport.WriteCsv(await new ResidentsExport(host.Journal).Read(LedgerHost.Community, null), writer);
        return writer.ToString();
    }
}
