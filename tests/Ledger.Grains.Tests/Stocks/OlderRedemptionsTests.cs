using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.PrivatePostgres;
using Ledger.Rewards;
using Ledger.Wallets;

namespace Ledger.Grains.Tests.Stocks;

/// <summary>A ledger from before merchants had lists of redemptions gets them from its journal when it is opened.</summary>
public sealed class OlderRedemptionsTests(SharedPostgres shared)
{
    [Fact]
    public Task In_one_file() => GetsItsRedemptions(null);

    [Fact]
    public Task On_PostgreSQL() => GetsItsRedemptions(shared);

    private static async Task GetsItsRedemptions(SharedPostgres? shared)
    {
        await using var store = new HostStore(shared);
        await using (var host = await store.Open())
        {
            await StockedStore.Fill(host);
            await host.Wallet("anna").Record(Commands.Envelope("anna", "ready", new FulfilRedemption(StockedStore.IdOf("sold"), RedemptionStep.Ready)));
            await host.Wallet("anna").Record(Commands.Envelope("anna", "another", new RedeemReward(StockedStore.Visit, 1, StockedStore.IdOf("another"))));
            await host.Wallet("anna").Record(Commands.Envelope("anna", "paid", new FulfilRedemption(StockedStore.IdOf("another"), RedemptionStep.Pay)));
            host.Clock.AdvanceDays(3);
            await host.Wallet("anna").ApplyDue(null);
            await host.Wallet("anna").Record(Commands.Envelope("anna", "again", new RedeemReward(StockedStore.Visit, 1, StockedStore.IdOf("again"))));
        }

        var before = await All(store);
        await store.Change("DROP TABLE redemption; DELETE FROM SchemaVersions WHERE ScriptName LIKE '%redemptions%'");
        await using (OpenLedger.ForWriting(store.Address, "test"))
        {
        }

        Assert.Equal(before.ToHashSet(), (await All(store)).ToHashSet());
        Assert.Equal(
            [RedemptionStatus.AwaitsPayment, RedemptionStatus.Placed, RedemptionStatus.Ready, RedemptionStatus.Cancelled, RedemptionStatus.TimedOut],
            before.Select(redemption => redemption.Status).Order());
    }

    private static async Task<List<StoredRedemption>> All(HostStore store)
    {
        var all = new List<StoredRedemption>();
        await using var ledger = OpenLedger.ForReading(store.Address);
        await ledger.Inspection.ReadRedemptions(LedgerHost.Community, all.Add, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await store.Verify()).Differences[VerificationCheck.Redemptions]);
        return all;
    }
}
