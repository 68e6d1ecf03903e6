using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.History;
using Ledger.Fault.Tests.Network;
using Ledger.Fault.Tests.Processes;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using NodaTime;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>Two silos and a PostgreSQL, all of them real, while clients post and keep their own record.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class ClusterTests(Cluster cluster)
{
    private const int Kills = 3;
    private const int Crashes = 2;
    private const int CutsOfEachKind = 3;
    private const int Crowd = 400;
    private const int FaultsPerRound = 5;

    [Fact]
    public Task Silos_that_are_killed_again_and_again_lose_and_double_nothing() => Under("killed", async scene =>
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await ClusterFaults.Kill(kill % 2 == 0 ? cluster.East : cluster.West, scene.Load, scene.Chance);
        }
    });

    [Fact]
    public Task A_database_that_crashes_under_load_loses_and_doubles_nothing() => Under("crashed", async scene =>
    {
        for (var crash = 0; crash < Crashes; crash++)
        {
            await ClusterFaults.CrashDatabase(cluster, scene.Load, scene.Chance);
        }
    });

    [Fact]
    public Task A_connection_cut_around_a_commit_loses_and_doubles_nothing() => Under("cut", async scene =>
    {
        foreach (var how in Enum.GetValues<Cut>().SelectMany(how => Enumerable.Repeat(how, CutsOfEachKind)))
        {
            await ClusterFaults.CutConnection(cluster, how, scene.Load);
        }
    });

    [Fact]
    public Task A_silo_that_stood_still_while_another_took_over_is_fenced_and_ends_itself() => Under(
        "frozen", scene => ClusterFaults.Freeze(cluster, cluster.East, scene.Load, () => scene.More(cluster.East)));

    [Fact]
    public Task A_database_that_takes_no_writes_for_a_while_is_waited_for() =>
        Under("read-only", scene => ClusterFaults.ReadOnly(cluster, scene.Load));

    [Fact]
    public async Task A_silo_that_is_told_to_stop_fails_no_request_through_the_other()
    {
        var record = new ClientRecord();
        await Under(
            "terminated",
            record,
            async scene =>
            {
                await ClusterFaults.Terminate(cluster.East, scene.Load);
                Assert.Empty(record.Failures);
            },
            only: () => cluster.West);
    }

    [Fact]
    public Task A_silo_whose_clock_is_wrong_decides_nothing_until_it_is_put_right_and_time_never_runs_backwards() =>
        Under("clock", scene => ClusterFaults.SetClocks(cluster, scene.Load, scene.Chance));

    [Fact]
    public async Task More_than_may_wait_is_told_to_come_again_at_once_and_everything_recovers_by_itself()
    {
        var seed = Seed.Of("overload");
        var tenant = await cluster.Prepare("overload");
        var record = new ClientRecord();
        using var client = new LedgerClient(tenant, record);
        Task[] sendings;
        await using (await cluster.HoldWriters())
        {
            // Half of them to one wallet, half of them to as many wallets: both queues overflow.
            sendings = [.. new[] { 1, Crowd }.SelectMany((residents, i) => Send(client, new(record, seed, i, residents)))];
            await Patience.Until("somebody is told to come again", () => record.Failures.GetValueOrDefault("busy") >= Crowd / 4, () => cluster.West.Said);
        }

        await Task.WhenAll(sendings);
        Assert.All(record.Failures.Keys, failure => Assert.True(failure is "busy" or "unavailable", failure));
        Assert.Contains(record.Sent, sent => sent.Answer is not null);
        await HistoryCheck.Holds(tenant, record, "overload", cluster.East.Address, cluster.West.Address);
    }

    [Fact]
    public async Task Two_silos_that_start_at_once_on_an_empty_database_become_one_ledger()
    {
        var seed = Seed.Of("empty");
        await cluster.Prepare("empty");
        var store = new StoreAddress(StoreAddress.Postgres, await cluster.Postgres.CreateDatabase());
        await using var one = Newcomer("one", store);
        await using var other = Newcomer("other", store);
        await Task.WhenAll(one.Start(), other.Start());
        await Task.WhenAll(one.Ready(), other.Ready());

        // Both wanted to make the first key and the demo; each exists once.
        await using (var ledger = OpenLedger.ForReading(store))
        {
            Assert.Single(await ledger.Catalogue.ListKeys());
            var demo = Assert.Single(await ledger.Catalogue.ListCommunities());
            Assert.True((await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(demo.Id)).IsSound);
        }

        var (tenant, record) = (await Tenant.Add(store, "empty"), new ClientRecord());
        await using (var load = Load.Start(tenant, record, seed, firstClient: 0, one.Address, other.Address))
        {
            await load.More(200);
            await load.Stop();
        }

        await HistoryCheck.Holds(tenant, record, "empty", one.Address, other.Address);
    }

    [Fact]
    public async Task A_full_disk_of_the_database_is_waited_for_with_nothing_half_done()
    {
        var seed = Seed.Of("full");
        await cluster.Prepare("full");
        using var disk = SmallDisk.TryMount(cluster.Postgres.Folder);
        Assert.SkipWhen(disk is null, "Only who may mount a small file system can fill it.");
        var store = new StoreAddress(StoreAddress.Postgres, await cluster.Postgres.CreateDatabaseIn(disk.Folder));
        await using (var silo = Newcomer("full", store))
        {
            await silo.Start();
            await silo.Ready();
            var (tenant, record) = (await Tenant.Add(store, "full"), new ClientRecord());
            await using (var load = Load.Start(tenant, record, seed, firstClient: 0, silo.Address))
            {
                await load.More(100);
                disk.Fill();

                // What fits into the pages that are there is still written: that is no less durable.
                await ClusterFaults.TurnedAway(load);
                disk.MakeRoom();
                await load.More(100);
                await load.Stop();
            }

            await HistoryCheck.Holds(tenant, record, "full", silo.Address);
        }

        await cluster.Postgres.DropDatabase(store.Connection);
    }

    [Fact(Explicit = true)]
    public async Task Faults_at_random_for_as_long_as_one_likes_lose_and_double_nothing()
    {
        var chance = new Random(Seed.Of("soak"));
        var until = SystemClock.Instance.GetCurrentInstant() + Duration.FromMinutes(Seed.SoakMinutes);
        for (var round = 1; SystemClock.Instance.GetCurrentInstant() < until; round++)
        {
            await Under($"soak-{round}", new(), scene => Any(scene, chance), seed: chance.Next());
        }
    }

    private IEnumerable<Task> Send(LedgerClient client, CommandDraw draw) =>
        Enumerable.Range(0, Crowd).Select(_ => client.Send(draw.Next(), cluster.West.Address));

    private static Silo Newcomer(string name, StoreAddress store) => new(new()
    {
        Name = name,
        Store = store.Kind,
        Connection = store.Connection,
        Variables = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
    });

    // A few faults, whatever comes, one after the other.
    private async Task Any(Scene scene, Random chance)
    {
        for (var fault = 0; fault < FaultsPerRound; fault++)
        {
            var silo = chance.Next(2) == 0 ? cluster.East : cluster.West;
            await (chance.Next(8) switch
            {
                0 or 1 => ClusterFaults.Kill(silo, scene.Load, chance),
                2 => ClusterFaults.CrashDatabase(cluster, scene.Load, chance),
                3 or 4 => ClusterFaults.CutConnection(cluster, (Cut)chance.Next(Enum.GetValues<Cut>().Length), scene.Load),
                5 => ClusterFaults.Freeze(cluster, silo, scene.Load, () => scene.More(silo)),
                6 => ClusterFaults.ReadOnly(cluster, scene.Load),
                _ => chance.Next(2) == 0 ? ClusterFaults.SetClocks(cluster, scene.Load, chance) : ClusterFaults.Terminate(silo, scene.Load),
            });
        }
    }

    private Task Under(string scenario, Func<Scene, Task> faults) => Under(scenario, new(), faults);

    /// <summary>Has clients post, to one silo only or to both, while something happens, and compares afterwards.</summary>
    private async Task Under(string scenario, ClientRecord record, Func<Scene, Task> faults, int? seed = null, Func<Silo>? only = null)
    {
        try
        {
            await Check(scenario, record, faults, seed ?? Seed.Of(scenario), only);
        }
        catch (Exception)
        {
            Seed.Tell(cluster.East.Said);
            Seed.Tell(cluster.West.Said);
            throw;
        }
    }

    private async Task Check(string scenario, ClientRecord record, Func<Scene, Task> faults, int seed, Func<Silo>? only)
    {
        var tenant = await cluster.Prepare(scenario);
        Uri[] all = [cluster.East.Address, cluster.West.Address];
        await using (var load = Load.Start(tenant, record, seed, firstClient: 0, only is null ? all : [only().Address]))
        {
            await faults(new(tenant, load, seed));
            await load.Stop();
        }

        await HistoryCheck.Holds(tenant, record, scenario, all);
    }

    /// <summary>What a fault happens to.</summary>
    private sealed record Scene(Tenant Tenant, Load Load, int Seed)
    {
        private int _clients = Load.Clients;

        public Random Chance { get; } = new(Seed);

        /// <summary>More clients, who post to one silo only.</summary>
        public Load More(Silo silo) => Load.Start(Tenant, Load.Record, Seed, (_clients += Load.Clients) - Load.Clients, silo.Address);
    }
}
