using Ledger.Grains.Checking;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Rules;
using Ledger.Wallets;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wallets;

/// <summary>What one person enters for many residents, counted through grains and journal.</summary>
public sealed class MakerTests() : HostedTests(null)
{
    private const int PerHourMax = 10;

    private const string Programme =
        """
        { "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 1 }, "checks": [ { "kind": "maker_rate", "perHourMax": 10, "onHit": "hold" } ] },
            { "type": "class", "award": { "kind": "fixed", "points": 5 } } ] }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_list_that_one_person_enters_all_at_once_the_first_pass_and_the_rest_is_held()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => Enter($"r{i}", $"e{i}", "coordinator-4"), Stop)));

        var counts = results.Where(earned => earned.Signals is not null).Select(Signal).ToList();
        Assert.Equal(100 - PerHourMax, counts.Count);
        Assert.Equal(Enumerable.Range(PerHourMax + 1, 100 - PerHourMax).Select(i => (long)i), counts.Select(signal => signal.Entered).Order());
        Assert.All(counts, signal => Assert.Equal(("coordinator-4", 10, true), (signal.Maker, signal.PerHourMax, signal.Holds)));
        Assert.Equal(90, (await Host.Journal.ReadApprovals(LedgerHost.Community, null, null, 1000, Stop)).Count);
    }

    [Fact]
    public async Task Only_the_last_hour_counts_also_after_a_restart_and_for_nobody_else()
    {
        for (var i = 0; i < PerHourMax; i++)
        {
            Assert.Null((await Enter($"r{i}", $"e{i}", "coordinator-4")).Signals);
        }

        // In one set of one wallet each counts for the next one.
        Host.Clock.Advance(Duration.FromHours(1) - Duration.Epsilon);
        await Restart();
        Assert.Equal([11, 12], (await Many("r1", ["f1", "f2"], "coordinator-4")).Select(earned => Signal(earned).Entered));
        Assert.Null((await Enter("r1", "g", "coordinator-5")).Signals);
        Assert.Null((await Enter("r1", "h", "coordinator-4", "class")).Maker);

        Host.Clock.Advance(Duration.Epsilon);
        Assert.Null((await Enter("r2", "i", "coordinator-4")).Signals);
    }

    [Fact]
    public async Task What_is_sent_again_or_simulated_counts_once_or_not_at_all()
    {
        for (var i = 0; i < PerHourMax; i++)
        {
            await Enter("r1", $"e{i}", "coordinator-4");
            await Enter("r1", $"e{i}", "coordinator-4");
        }

        for (var i = 0; i < 2; i++)
        {
            var simulated = Assert.IsType<CommandResult.Simulated>(await Host.Wallet("r2").Simulate(Entry("r2", "tried", "coordinator-4"), programme: null));
            Assert.Equal(11, Signal(simulated.Transaction.Events.OfType<PointsEarned>().Single()).Entered);
        }

        Assert.Equal(11, Signal(await Enter("r2", "tried", "coordinator-4")).Entered);
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_with_new_entries_counts_once()
    {
        string[] batch = ["e1", "e2", "e3", "e4"];
        await Many("r1", batch, "coordinator-4");
        await Many("r2", batch.Select(id => $"other-{id}"), "coordinator-4");

        var held = Host.Journal.Hold();
        var again = new[] { Many("r1", [.. batch, "new"], "coordinator-4"), Many("r2", [.. batch.Select(id => $"other-{id}"), "other-new"], "coordinator-4") };
        held.SetResult();
        Assert.All((await Task.WhenAll(again)).SelectMany(earned => earned), earned => Assert.Null(earned.Signals));
        Assert.Equal(11, Signal(await Enter("r3", "e", "coordinator-4")).Entered);
    }

    [Fact]
    public async Task What_is_refused_does_not_count_for_the_rest_of_its_set()
    {
        var set = Enumerable.Range(0, 12).Select(i => Entry("r1", $"e{i}", "coordinator-4")).ToArray();
        foreach (var i in new[] { 0, 5, 6 })
        {
            set[i] = set[i] with { Command = (EarnPoints)set[i].Command with { OccurredAt = Now + Duration.FromDays(2) } };
        }

        var results = (await Host.Wallet("r1").SendMany([.. set])).Cast<CommandResult.Recorded>().ToList();
        Assert.Equal(3, results.Count(result => result.Transaction.Refusal is not null));
        Assert.All(results.Where(result => result.Transaction.Refusal is null), result => Assert.Null(Earned(result).Signals));
        Assert.Null((await Enter("r2", "tenth", "coordinator-4")).Signals);
        Assert.Equal(11, Signal(await Enter("r2", "eleventh", "coordinator-4")).Entered);
    }

    [Fact]
    public async Task What_could_not_be_written_is_not_on_its_way_any_more()
    {
        Host.Journal.FailNext(Fault.Unavailable);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Host.Wallet("r1").Send(Entry("r1", "lost", "coordinator-4")));
        for (var i = 0; i < PerHourMax; i++)
        {
            Assert.Null((await Enter($"r{i}", $"e{i}", "coordinator-4")).Signals);
        }
    }

    [Fact]
    public async Task One_that_is_committed_while_it_is_on_its_way_counts_once()
    {
        var desk = new MakerDesk(Host.Journal);
        var stream = StreamId.Of(LedgerHost.Community, new("r1"));
        await Enter("r1", "e", "coordinator-4");
        await desk.Enter(StoredReference.OfEntry("coordinator-4", Now, stream, 1), Now);

        Assert.Equal(1, await desk.Look(StoredReference.OfEntry("coordinator-4", Now, stream, 2), Now));
    }

    [Fact]
    public async Task One_that_comes_later_and_is_committed_sooner_does_not_count()
    {
        var desk = new MakerDesk(Host.Journal);
        var (first, second) = (EntryOf("r1"), EntryOf("r2"));
        Host.Journal.BeforeNames = async () =>
        {
            Assert.Equal(1, await desk.Enter(second, Now));
            await Enter("r2", "e", "coordinator-4");
            desk.Leave(second);
        };

        Assert.Equal(0, await desk.Enter(first, Now));
        Assert.Equal(2, await desk.Look(EntryOf("r3"), Now));

        StoredReference EntryOf(string resident) => StoredReference.OfEntry("coordinator-4", Now, StreamId.Of(LedgerHost.Community, new(resident)), 1);
    }

    [Fact]
    public async Task One_that_is_decided_once_more_counts_once_and_keeps_nobody_waiting_who_came_after_it()
    {
        var desk = new MakerDesk(Host.Journal);
        StoredReference Of(string resident) => StoredReference.OfEntry("coordinator-4", Now, StreamId.Of(LedgerHost.Community, new(resident)), 1);
        Assert.Equal(0, await desk.Enter(Of("r1"), Now));
        Assert.Equal(1, await desk.Enter(Of("r2"), Now));
        desk.Leave(Of("r2"));

        Assert.Equal(1, await desk.Enter(Of("r2"), Now));
        Assert.Equal(2, await desk.Enter(Of("r3"), Now));
        desk.Leave(Of("r1"));
        Assert.Equal(2, await desk.Look(Of("r4"), Now));
        desk.Leave(Of("r2"));
        desk.Leave(Of("r3"));
        Assert.Equal(0, await desk.Look(Of("r4"), Now));
    }

    [Fact]
    public async Task The_names_of_entries_are_proved_like_every_other_reference()
    {
        await Enter("r1", "e", "coordinator-4");
        var entry = StoredReference.OfEntry("coordinator-4", Now, StreamId.Of(LedgerHost.Community, new("r1")), 1);

        Assert.Equal(entry, Assert.Single(await Host.Journal.Inspection.ReadReferences(LedgerHost.Community, Stop)));
        Assert.True((await Host.Verify()).IsSound);
    }

    private static IntegritySignal.MakerRate Signal(PointsEarned earned) => Assert.IsType<IntegritySignal.MakerRate>(Assert.Single(earned.Signals!.Value));

    private async Task<PointsEarned> Enter(string resident, string id, string maker, string activity = "service") =>
        Earned(await Host.Wallet(resident).Record(Entry(resident, id, maker, activity)));

    private async Task<IEnumerable<PointsEarned>> Many(string resident, IEnumerable<string> ids, string maker) =>
        (await Host.Wallet(resident).SendMany([.. ids.Select(id => Entry(resident, id, maker))])).Select(result => Earned(Assert.IsType<CommandResult.Recorded>(result)));

    private static PointsEarned Earned(CommandResult.Recorded recorded) => recorded.Transaction.Events.OfType<PointsEarned>().Single();

    private CommandEnvelope Entry(string resident, string id, string maker, string activity = "service") =>
        Envelope(resident, id, new EarnPoints(ActivityType.Parse(activity), 10, Instant.FromUtc(2026, 3, 1, 4, 0), Entry: new(maker, null)));

    protected override async Task Start(Instant? now = null)
    {
        await base.Start(now);
        Host.Programmes.Published = FixedProgrammes.Only(Programme);
    }
}
