using System.Text;
using Ledger.Grains.Journal;
using Ledger.Grains.Sweeping;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Journal;
using Ledger.Grains.Tests.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Sweeping;

/// <summary>Wallets that cannot be swept, at the head of the index: the others get their turn all the same.</summary>
public sealed class SweeperTest : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private LedgerHost _host = null!;

    private ISweeperGrain Sweeper => _host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key);

    public async ValueTask InitializeAsync() => _host = await LedgerHost.Start(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_few_wallets_that_fail_cost_the_others_nothing_and_are_swept_once_they_can_be()
    {
        await Earn("bad", 3, _host.Clock.GetCurrentInstant());
        _host.Clock.AdvanceDays(1);
        await Earn("good", 2, _host.Clock.GetCurrentInstant());
        _host.Clock.AdvanceDays(400);
        Fail("resident/bad");

        Assert.Equal(2, await Sweeper.Sweep());
        Assert.Equal(0, await Sweeper.Sweep());
        _host.Journal.AlwaysFails = null;
        Assert.Equal(3, await Sweeper.Sweep());
        Assert.Empty(await _host.Journal.ReadDue(Instant.MaxValue, 10, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Quiet_wallets_are_warned_once_at_each_time_and_swept_at_no_other()
    {
        _host.Programmes.Published = FixedProgrammes.Only("""
            { "expiry": { "kind": "rolling", "months": 2 }, "expiryWarnings": {},
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        await Earn("quiet", 3, _host.Clock.GetCurrentInstant());
        await _host.Wallet("quiet0").Record(Commands.Spend("quiet0", "all of it", 5));
        var swept = new List<int>();
        for (var day = 0; day < 70; day++)
        {
            _host.Clock.AdvanceDays(1);
            swept.Add(await Sweeper.Sweep());
        }

        // From noon on 1 March: usable through 1 May. 30 and 7 days before 2 May begins, then the end.
        Assert.Equal([(31, 2), (54, 2), (61, 2)], swept.Select((wallets, i) => (i, wallets)).Where(day => day.wallets > 0));
        Assert.Equal(4, (await _host.Wallet("quiet1").Read()).State.Sequence);
        Assert.Equal(2, (await _host.Wallet("quiet0").Read()).State.Sequence);
    }

    [Fact]
    public async Task More_failing_wallets_than_one_sweep_tries_do_not_keep_the_rest_from_their_turn()
    {
        var bad = SweeperGrain.FailuresMax + 70;
        await Earn("bad", bad, _host.Clock.GetCurrentInstant());
        _host.Clock.AdvanceDays(1);
        await Earn("good", 3, _host.Clock.GetCurrentInstant());
        _host.Clock.AdvanceDays(400);
        Fail("resident/bad");

        Assert.Equal(0, await Sweeper.Sweep());
        Assert.Equal(3, await Sweeper.Sweep());

        // From the beginning again, and again.
        Assert.Equal(0, await Sweeper.Sweep());
        _host.Journal.AlwaysFails = null;
        Assert.Equal(70, await Sweeper.Sweep());
        Assert.Equal(bad - 70, await Sweeper.Sweep());
        Assert.Equal(0, await Sweeper.Sweep());
    }

    [Fact]
    public async Task A_wallet_whose_journal_cannot_be_read_keeps_nobody_from_their_turn()
    {
        var now = _host.Clock.GetCurrentInstant();
        var row = Sample.Row(StreamId.Of(LedgerHost.Community, ResidentId.Parse("broken")), 1) with { Events = Encoding.UTF8.GetBytes("no events") };
        Assert.IsType<AppendResult.Committed>(await _host.Journal.Append(Sample.Set(row) with { NextDue = now, NextDueChanged = true }));
        await Earn("good", 1, now);
        _host.Clock.AdvanceDays(400);

        Assert.Equal(1, await Sweeper.Sweep());
        Assert.Equal(0, await Sweeper.Sweep());
    }

    [Fact]
    public async Task A_tier_that_is_over_is_written_down_where_nobody_comes_by()
    {
        _host.Programmes.Published = FixedProgrammes.Only("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 5 } } ],
              "tiers": { "basis": { "kind": "rolling_months", "months": 1 }, "levels": [ { "id": "silver", "from": 5 } ] } }
            """);
        await Earn("quiet", 1, _host.Clock.GetCurrentInstant());
        Assert.Equal("silver", (await _host.Wallet("quiet0").Read()).State.Tiers!.Tier);
        Assert.Equal(0, await Sweeper.Sweep());

        _host.Clock.AdvanceDays(31);

        Assert.Equal(1, await Sweeper.Sweep());
        var state = (await _host.Wallet("quiet0").Read()).State;
        Assert.Equal((2, null), (state.Sequence, state.Tiers!.Tier));
        Assert.Empty(await _host.Journal.ReadDue(Instant.MaxValue, 10, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_only_a_sweep_woke_does_not_stay_in_memory()
    {
        await Earn("asleep", 1, _host.Clock.GetCurrentInstant());
        await Earn("awake", 1, _host.Clock.GetCurrentInstant());
        await _host.DisposeAsync();
        _host = await LedgerHost.Start(_directory.Path);
        _host.Clock.AdvanceDays(400);
        await _host.Wallet("awake0").Read();

        Assert.Equal(2, await Sweeper.Sweep());

        // Who is in memory answers without the journal.
        _host.Journal.Unreadable = stream => stream.Resident is not null;
        Assert.Equal(2, (await _host.Wallet("awake0").Read()).State.Sequence);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _host.Wallet("asleep0").Read());
    }

    private void Fail(string streams) => _host.Journal.AlwaysFails = stream => stream.Name.StartsWith(streams, StringComparison.Ordinal);

    private async Task Earn(string name, int wallets, Instant at) => await Task.WhenAll(Enumerable.Range(0, wallets)
        .Select(i => _host.Wallet($"{name}{i}").Record(Commands.Earn($"{name}{i}", $"{name}{i}", 5, at))));
}
