using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Tests.Waiting;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.PrivatePostgres;

namespace Ledger.Grains.Tests.Clustering;

public class ClusterTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Silos_on_one_database_are_one_ledger()
    {
        await using var database = await LedgerDatabase.Create(postgres);
        await using var first = await LedgerHost.Start("", database: database.ConnectionString);
        await using var second = await LedgerHost.Start("", database: database.ConnectionString);
        await Eventually.Holds(async () => (await first.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count == 2);

        for (var i = 0; i < 40; i++)
        {
            var (host, resident) = (i % 2 == 0 ? first : second, $"r-{i / 4}");
            await host.Wallet(resident).Record(Commands.Earn(resident, $"e-{i}", 1, host.Clock.GetCurrentInstant()));
        }

        for (var i = 0; i < 10; i++)
        {
            var readings = await Task.WhenAll(first.Wallet($"r-{i}").Read(), second.Wallet($"r-{i}").Read());
            Assert.All(readings, reading => Assert.Equal((4L, new Points(4)), (reading.State.Sequence, reading.State.Available)));
        }

        Assert.True((await new JournalVerifier(first.Journal, null).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken)).IsSound);
    }

    [Fact]
    public async Task A_silo_that_ends_leaves_its_wallets_to_the_others()
    {
        await using var database = await LedgerDatabase.Create(postgres);
        await using var stays = await LedgerHost.Start("", database: database.ConnectionString);
        await using (var goes = await LedgerHost.Start("", database: database.ConnectionString))
        {
            for (var i = 0; i < 20; i++)
            {
                await goes.Wallet($"r-{i}").Record(Commands.Earn($"r-{i}", $"e-{i}", 5, goes.Clock.GetCurrentInstant()));
            }
        }

        for (var i = 0; i < 20; i++)
        {
            var spent = await stays.Wallet($"r-{i}").Record(Commands.Spend($"r-{i}", $"s-{i}", 2));
            Assert.Equal((2L, new Points(3)), (spent.Transaction.Sequence, spent.Transaction.After.Available));
        }
    }

    [Fact]
    public async Task A_reminder_wakes_the_one_sweeper()
    {
        await using var database = await LedgerDatabase.Create(postgres);
        await using var first = await LedgerHost.Start("", database: database.ConnectionString, sweepEvery: TimeSpan.FromSeconds(1));
        await using var second = await LedgerHost.Start("", database: database.ConnectionString, sweepEvery: TimeSpan.FromSeconds(1));
        await first.Wallet("r-1").Record(Commands.Earn("r-1", "e-1", 5, first.Clock.GetCurrentInstant()));
        first.Clock.AdvanceDays(400);
        second.Clock.AdvanceDays(400);
        await Eventually.Holds(async () => (await first.Wallet("r-1").Read()).State is { Sequence: 2, Available.IsZero: true });
    }
}
