using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.Merchants;
using Ledger.PrivatePostgres;
using Ledger.Programmes;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Grains.Tests.Settlements;

/// <summary>A ledger from before there were movements gets them from its journal when it is opened.</summary>
public sealed class OlderLedgerTests(SharedPostgres shared)
{
    private static readonly MerchantId TeaHouse = new("tea-house");

    [Fact]
    public Task In_one_file() => GetsItsMovements(null, "CAST(json_remove(CAST(events AS TEXT), '$[0].settlement') AS BLOB)");

    [Fact]
    public Task On_PostgreSQL() => GetsItsMovements(
        shared, "convert_to(regexp_replace(convert_from(events, 'UTF8'), ',\"settlement\":\\{[^}]*\\}', ''), 'UTF8')");

    private static async Task GetsItsMovements(SharedPostgres? shared, string unpinned)
    {
        await using var store = new HostStore(shared);
        var before = await Sell(store);

        // The tables and the notes of their migrations taken away, and of the first spend what was pinned: as an older program would have left it.
        await store.Change(
            "DROP TABLE movement; DROP TABLE closed_day; DELETE FROM SchemaVersions WHERE ScriptName LIKE '%movements%';"
            + $"UPDATE journal SET events = {unpinned} WHERE command_id = 's-1'");

        await using var host = await store.Open();
        var report = await host.Verify();

        Assert.Equal((0, 0), (report.Differences[VerificationCheck.Movements], report.Differences[VerificationCheck.Settlements]));
        Assert.Equal(before, await Movements(host));
        Assert.Equal(6, before.Count);
    }

    private static async Task<HashSet<StoredMovement>> Sell(HostStore store)
    {
        // The fourth hour of UTC: the calendar's day is the same there and at UTC+8.
        await using var host = await store.Open(Instant.FromUtc(2026, 3, 1, 4, 0));
        var wallet = host.Wallet("anna");
        await wallet.Record(Commands.Earn("anna", "earned", 500, host.Clock.GetCurrentInstant()));
        await wallet.Record(Commands.Spend("anna", "s-1", 100));
        await host.Services.GetRequiredService<IMerchantRegister>().AddMerchantRevision(
            new(
                LedgerHost.Community,
                1,
                new()
                {
                    Id = TeaHouse,
                    NameZh = "湖畔茶馆",
                    NameEn = "Lakeside tea house",
                    Category = "shops",
                    Status = MerchantStatus.Active,
                    Terms = [new(Instant.MinValue, new(11, 0), new(1, new(3), "CNY", Rounding.HalfUp))],
                },
                "operator-1",
                host.Clock.GetCurrentInstant()),
            TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<IMerchants>().Refresh();
        await wallet.Record(Commands.Envelope("anna", "h", new HoldPoints(new(TeaHouse, "sale-1"), new(40), 5, "t-1", "c-9")));
        await wallet.Record(Commands.Envelope("anna", "c-1", new CaptureHold(new(TeaHouse, "sale-1"), new(10), false)));
        await wallet.Record(Commands.Envelope("anna", "c-2", new CaptureHold(new(TeaHouse, "sale-1"), new(20), true, "t-2")));
        await wallet.Record(Commands.Envelope("anna", "r-1", new RefundSpend(Commands.Key("h"), new(5), "t-3")));
        await wallet.Record(Commands.Refund("anna", "r-2", "s-1", 30));
        await wallet.Record(Commands.Envelope("anna", "v", new VoidHold(new(TeaHouse, "sale-1"))));
        return await Movements(host);
    }

    private static async Task<HashSet<StoredMovement>> Movements(LedgerHost host)
    {
        var all = new HashSet<StoredMovement>();
        await host.Journal.Inspection.ReadMovements(LedgerHost.Community, moved => Assert.True(all.Add(moved)), TestContext.Current.CancellationToken);
        return all;
    }
}
