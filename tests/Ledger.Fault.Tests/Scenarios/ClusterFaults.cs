using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Network;
using Ledger.Fault.Tests.Processes;
using Ledger.Fault.Tests.Waiting;
using Ledger.PrivatePostgres;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>What can happen to a cluster under load; each leaves it as it was. The scenarios and the soak are made of these.</summary>
internal static class ClusterFaults
{
    /// <summary>A silo dies without a word, the others go on, and it is started again.</summary>
    public static async Task Kill(Silo silo, Load load, Random chance)
    {
        await load.More(chance.Next(20, 200));
        await silo.Kill();
        await load.More(50);
        await silo.StartReady();
    }

    /// <summary>The database dies as in a crash while commits are on their way, and is started again.</summary>
    public static async Task CrashDatabase(Cluster cluster, Load load, Random chance)
    {
        await load.More(chance.Next(20, 200));
        cluster.Postgres.Stop(ServerStop.Immediate);
        cluster.Postgres.StartAgain();
        await load.More(100);
    }

    /// <summary>The connection of a writer is cut around a commit.</summary>
    public static async Task CutConnection(Cluster cluster, Cut how, Load load)
    {
        var cuts = cluster.Proxy.Cuts;
        cluster.Proxy.CutNext(how);
        var before = load.Acknowledgements;
        await Patience.Until(
            $"a connection is cut {how}",
            () => cluster.Proxy.Cuts > cuts || load.HasBroken,
            () => $"Meanwhile {load.Acknowledgements - before} commands were acknowledged; not acknowledged: {string.Join(", ", load.Record.Failures)}.");
        await load.More(20);
    }

    /// <summary>
    /// A silo stands still until the other one has taken over, and then goes on as if nothing had been, with requests that wait for it: it must
    /// not get anything into the journal that it decided on an old state, and ends itself when it learns that it was given up.
    /// </summary>
    public static async Task Freeze(Cluster cluster, Silo silo, Load load, Func<Load> stubborn)
    {
        await load.More(50);
        silo.Freeze();
        load.KeepAwayFrom(silo);
        await Patience.Until($"{silo.Name} is taken for dead", async () => await cluster.Active() == 1, () => silo.Said);
        await load.More(100);
        await using (var waiting = stubborn())
        {
            await load.More(50);
            silo.Thaw();
            await silo.Ended();
            await load.More(50);
            await silo.StartReady();
            await waiting.More(20);
            await waiting.Stop();
        }

        load.KeepAwayFrom(null);
    }

    /// <summary>A silo is told to stop, ends in order while the other one goes on, and is started again.</summary>
    public static async Task Terminate(Silo silo, Load load)
    {
        await load.More(50);
        load.KeepAwayFrom(silo);
        var code = await silo.Terminate();
        Assert.True(code == 0, $"{silo.Name} ended with code {code}. {silo.Said}");
        await load.More(50);
        await silo.StartReady();
        load.KeepAwayFrom(null);
    }

    /// <summary>The database takes no writes for a while: nothing is decided, and then everything is.</summary>
    public static async Task ReadOnly(Cluster cluster, Load load)
    {
        await load.More(50);
        await cluster.TakeWrites(false);
        await NothingIsDecided(load);
        await cluster.TakeWrites(true);
        await load.More(100);
    }

    /// <summary>
    /// Clocks are set: a little, and all go on; one by much, and that silo serves nobody; both by much, and nothing at all is decided until they
    /// are put right. Whether anything was decided at a wrong time, the history tells: every row names the time of its decision.
    /// </summary>
    public static async Task SetClocks(Cluster cluster, Load load, Random chance)
    {
        var (one, other) = chance.Next(2) == 0 ? (cluster.East, cluster.West) : (cluster.West, cluster.East);
        foreach (var seconds in new[] { 1.5, -1.5 })
        {
            one.ShiftClock(TimeSpan.FromSeconds(seconds));
            other.ShiftClock(TimeSpan.FromSeconds(-seconds));
            await load.More(30);
        }

        var shift = TimeSpan.FromMinutes(chance.Next(1, 3_000));
        foreach (var wrong in new[] { shift, -shift, TimeSpan.FromSeconds(5) })
        {
            one.ShiftClock(wrong);
            await one.NotReady();
            await other.Ready();
        }

        other.ShiftClock(-shift);
        await other.NotReady();
        await NothingIsDecided(load);
        one.ShiftClock(TimeSpan.Zero);
        other.ShiftClock(TimeSpan.Zero);
        await Task.WhenAll(one.Ready(), other.Ready());
        await load.More(50);
    }

    /// <summary>
    /// Returns when many requests were answered "try again"; fails when any was decided meanwhile. Acknowledgements alone do not count: who
    /// sends something again that was decided before is rightly told so, even now.
    /// </summary>
    public static async Task NothingIsDecided(Load load)
    {
        await TurnedAway(load);
        var decided = load.Record.Decided;
        await TurnedAway(load);
        Assert.Equal(decided, load.Record.Decided);
    }

    /// <summary>Returns when many requests were answered "try again".</summary>
    public static Task<TimeSpan> TurnedAway(Load load)
    {
        var target = load.Record.Failures.GetValueOrDefault("unavailable") + 20;
        return Patience.Until("requests are turned away", () => load.Record.Failures.GetValueOrDefault("unavailable") >= target);
    }
}
