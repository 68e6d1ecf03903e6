using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Grains.Sweeping;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Waiting;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.Storage;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wallets;

public sealed class WalletGrainTest : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private LedgerHost _host = null!;
    private int _runs;

    private Instant Now => _host.Clock.GetCurrentInstant();

    public async ValueTask InitializeAsync() => _host = await LedgerHost.Start(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_command_is_done_once_and_a_repeat_gets_the_first_outcome()
    {
        var earn = Earn("r1", "e1", 20, Now);
        var first = await _host.Wallet("r1").Record(earn);
        var second = await _host.Wallet("r1").Record(earn);
        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.Transaction.Sequence, second.Transaction.Sequence);
        Assert.Equal(new Points(20), (await _host.Wallet("r1").Read()).State.Available);
    }

    [Fact]
    public async Task A_refusal_is_remembered_even_when_it_could_succeed_later()
    {
        var spend = Spend("r1", "s1", 5);
        var refused = await _host.Wallet("r1").Record(spend);
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        var again = await _host.Wallet("r1").Record(spend);
        Assert.Equal("insufficient_points", refused.Transaction.Outcome);
        Assert.True(again.Replayed);
        Assert.Equal(refused.Transaction.Refusal, again.Transaction.Refusal);
    }

    [Fact]
    public async Task A_repeat_is_known_after_more_commands_than_the_wallet_remembers_and_after_a_restart()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e0", 1, Now));
        await _host.Wallet("r1").SendMany([.. Enumerable.Range(1, 100).Select(i => Earn("r1", $"e{i}", 1, Now))]);
        var occurred = Now;
        Assert.True((await _host.Wallet("r1").Record(Earn("r1", "e0", 1, occurred))).Replayed);
        await Restart();
        Assert.True((await _host.Wallet("r1").Record(Earn("r1", "e0", 1, occurred))).Replayed);
        Assert.Equal(101, (await _host.Wallet("r1").Read()).State.Sequence);
    }

    [Fact]
    public async Task An_acknowledged_event_replays_however_late_and_whatever_the_programme_says_now()
    {
        var earn = Earn("r1", "e1", 20, Now);
        await _host.Wallet("r1").Record(earn);
        await _host.Wallet("r1").SendMany([.. Enumerable.Range(2, 100).Select(i => Earn("r1", $"e{i}", 1, Now))]);
        _host.Clock.AdvanceDays(400);
        _host.Programmes.Published = FixedProgrammes.Only("""{ "activities": [] }""");
        var again = await _host.Wallet("r1").Record(earn);
        Assert.True(again.Replayed);
        Assert.Equal(Transaction.Accepted, again.Transaction.Outcome);
    }

    [Fact]
    public async Task Another_command_under_a_used_key_is_not_done()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        Assert.IsType<CommandResult.KeyReused>(await _host.Wallet("r1").Send(Earn("r1", "e1", 21, Now)));
        Assert.IsType<CommandResult.KeyReused>(await _host.Wallet("r2").Send(Earn("r2", "e1", 20, Now)));
        Assert.Equal(0, (await _host.Wallet("r2").Read()).State.Sequence);
    }

    [Fact]
    public async Task A_key_used_elsewhere_does_not_disturb_the_rest_of_a_set()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        var results = await _host.Wallet("r2").SendMany(
            [Earn("r2", "a", 1, Now), Earn("r2", "e1", 20, Now), Earn("r2", "b", 2, Now), Earn("r2", "a", 1, Now)]);
        Assert.IsType<CommandResult.KeyReused>(results[1]);
        Assert.False(Assert.IsType<CommandResult.Recorded>(results[2]).Replayed);
        Assert.True(Assert.IsType<CommandResult.Recorded>(results[3]).Replayed);
        Assert.Equal(new Points(3), (await _host.Wallet("r2").Read()).State.Available);
    }

    [Fact]
    public async Task A_different_reason_under_a_used_key_is_another_command_until_the_reason_is_erased()
    {
        CommandEnvelope Adjust(string reason, byte salt) =>
            Envelope("r1", "a1", new AdjustPoints(new Points(7))) with { Note = new(reason, new byte[] { salt }) };
        var first = await _host.Wallet("r1").Record(Adjust("登记错误", 1));
        Assert.True((await _host.Wallet("r1").Record(Adjust("登记错误", 2))).Replayed);
        Assert.IsType<CommandResult.KeyReused>(await _host.Wallet("r1").Send(Adjust("另一个原因", 3)));
        await _host.Journal.EraseNote(StreamOf("r1"), first.Transaction.Sequence);
        Assert.True((await _host.Wallet("r1").Record(Adjust("另一个原因", 4))).Replayed);
    }

    [Theory]
    [InlineData(nameof(Fault.Busy), 0)]
    [InlineData(nameof(Fault.Unavailable), 0)]
    [InlineData(nameof(Fault.Provider), 0)]
    [InlineData(nameof(Fault.UnknownNotCommitted), 0)]
    [InlineData(nameof(Fault.UnknownCommitted), 1)]
    public async Task Sending_again_after_any_failure_does_it_exactly_once(string fault, int rowsAfterFailure)
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        _host.Journal.FailNext(Enum.Parse<Fault>(fault));
        var spend = Spend("r1", "s1", 8);
        await Assert.ThrowsAnyAsync<JournalException>(() => _host.Wallet("r1").Send(spend));
        Assert.Equal(1 + rowsAfterFailure, (await RowsOf("r1")).Count);
        var again = await SendUntilKnown("r1", spend);
        Assert.Equal(rowsAfterFailure == 1, again.Replayed);
        Assert.Equal(2, (await RowsOf("r1")).Count);
        Assert.Equal(new Points(12), (await _host.Wallet("r1").Read()).State.Available);
    }

    [Fact]
    public async Task A_stale_activation_is_fenced_and_the_next_one_decides_on_what_the_journal_holds()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));

        // What another activation would have written: a spend of all that this one believes to have.
        var last = (await RowsOf("r1"))[^1];
        var state = Wallet.Evolve(WalletState.Empty, last.ToTransaction());
        var envelope = Spend("r1", "elsewhere", 20) with { At = Now };
        var decision = Wallet.Decide(_host.Programmes.Published, state, envelope, Thawed.Nothing.Instance);
        var foreign = Wallet.Record(state, envelope, decision, Now).Transaction.ToRow(StreamOf("r1"), last.Hash.Span);
        Assert.IsType<AppendResult.Committed>(await _host.Journal.Append(new() { Stream = StreamOf("r1"), Rows = [foreign], NextDueChanged = true }));

        await Assert.ThrowsAsync<JournalFencedException>(() => _host.Wallet("r1").Send(Spend("r1", "s1", 20)));
        var refused = await SendUntilKnown("r1", Spend("r1", "s1", 20));
        Assert.Equal("insufficient_points", refused.Transaction.Outcome);
    }

    [Fact]
    public async Task Reads_do_not_wait_for_a_command_and_never_show_what_is_not_committed()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        var gate = _host.Journal.Hold();
        var spending = _host.Wallet("r1").Send(Spend("r1", "s1", 20));
        Assert.Equal(new Points(20), (await _host.Wallet("r1").Read()).State.Available);
        gate.SetResult();
        await spending;
        Assert.Equal(Points.Zero, (await _host.Wallet("r1").Read()).State.Available);
    }

    [Fact]
    public async Task A_reversal_may_come_before_its_activity()
    {
        var waiting = await _host.Wallet("r1").Record(Reverse("r1", "x1", "e1"));
        Assert.Equal(Transaction.Waiting, waiting.Transaction.Outcome);
        var earned = await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        Assert.Equal([typeof(PointsEarned), typeof(EarningReversed)], earned.Transaction.Events.Select(e => e.GetType()));
        Assert.Equal(Points.Zero, (await _host.Wallet("r1").Read()).State.Available);
        var late = await _host.Wallet("r1").Record(Reverse("r1", "x2", "e1"));
        Assert.Equal("nothing_to_reverse", late.Transaction.Outcome);
    }

    [Fact]
    public async Task A_closed_lot_is_thawed_from_the_journal_when_a_refund_or_a_reversal_asks_for_it()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        await _host.Wallet("r1").Record(Spend("r1", "s1", 20));
        await _host.Wallet("r1").Record(Refund("r1", "f1", "s1", 5));
        var tooMuch = await _host.Wallet("r1").Record(Refund("r1", "f2", "s1", 16));
        Assert.Equal(new Refusal.RefundExceedsSpend(Key("s1"), new(20), new(5), new(16)), tooMuch.Transaction.Refusal);
        await _host.Wallet("r1").Record(Reverse("r1", "x1", "e1"));
        var state = (await _host.Wallet("r1").Read()).State;
        Assert.Equal((Points.Zero, new Points(15)), (state.Available, state.Debt));

        // What comes back repays the debt first.
        await _host.Wallet("r1").Record(Refund("r1", "f3", "s1"));
        state = (await _host.Wallet("r1").Read()).State;
        Assert.Equal((Points.Zero, Points.Zero), (state.Available, state.Debt));
    }

    [Fact]
    public async Task A_refund_inside_a_set_sees_the_spend_before_it()
    {
        var results = await _host.Wallet("r1").SendMany(
            [Earn("r1", "e1", 20, Now), Spend("r1", "s1", 12), Refund("r1", "f1", "s1", 5), Refund("r1", "f2", "s1", 8), Refund("r1", "f3", "s1")]);
        Assert.Equal(
            ["accepted", "accepted", "accepted", "refund_exceeds_spend", "accepted"],
            results.Select(r => Assert.IsType<CommandResult.Recorded>(r).Transaction.Outcome));
        Assert.Equal(1, _host.Journal.Appends);
        Assert.Equal(new Points(20), (await _host.Wallet("r1").Read()).State.Available);
    }

    [FsCheck.Xunit.Property(MaxTest = 25)]
    public void Many_at_once_equal_one_by_one(byte[] steps)
    {
        // The same words for two wallets: one gets them as a set, the other one by one.
        var (together, alone) = ($"t{_runs}", $"a{_runs++}");
        CommandEnvelope Of(string who, int i, byte step) => (step % 5) switch
        {
            0 or 1 => Earn(who, $"{who}-{i}", 1 + (step / 5), Now),
            2 => Spend(who, $"{who}-{i}", 1 + (step / 9)),
            3 => Refund(who, $"{who}-{i}", $"{who}-{step % (i + 1)}", step % 2 == 0 ? null : 1 + (step / 50)),
            _ => Reverse(who, $"{who}-{i}", $"{who}-{step % (i + 1)}", step % 2 == 0 ? null : 1 + (step / 50)),
        };
        Task.Run(async () =>
        {
            var many = await _host.Wallet(together).SendMany([.. steps.Select((step, i) => Of(together, i, step))]);
            var single = ImmutableArray.CreateBuilder<CommandResult>();
            foreach (var (step, i) in steps.Select((step, i) => (step, i)))
            {
                single.Add(await _host.Wallet(alone).Send(Of(alone, i, step)));
            }

            string Text(IEnumerable<CommandResult> results, string who) => string.Join('\n', results.Cast<CommandResult.Recorded>().Select(r =>
                $"{r.Transaction.Sequence} {r.Transaction.Outcome} {r.Transaction.After} {System.Text.Encoding.UTF8.GetString(LedgerJson.BytesOf(r.Transaction.Events))}"
                    .Replace($"{who}-", string.Empty, StringComparison.Ordinal)));
            Assert.Equal(Text(single, alone), Text(many, together));
        }).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task The_sweeper_applies_what_is_due_in_quiet_wallets_and_nothing_twice()
    {
        await _host.Wallet("r1").Record(Earn("r1", "e1", 20, Now));
        await _host.Wallet("r2").Record(Earn("r2", "e2", 30, Now + Duration.FromMinutes(-1)));
        var sweeper = _host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key);
        Assert.Equal(0, await sweeper.Sweep());
        _host.Clock.AdvanceDays(367);
        Assert.Equal(2, await sweeper.Sweep());
        Assert.Equal(0, await sweeper.Sweep());
        Assert.Equal(50, (await _host.Journal.ReadTotals(LedgerHost.Community))["breakage"]);
        Assert.Equal(new Points(20), (await _host.Wallet("r1").Read()).State.Lifetime.Expired);
    }

    [Theory]
    [InlineData("corrupt")]
    [InlineData("foreign")]
    [InlineData("ahead")]
    public async Task A_snapshot_that_does_not_fit_costs_a_replay_and_nothing_else(string damage)
    {
        await _host.Wallet("r1").SendMany([.. Enumerable.Range(0, WalletLoader.TransactionsPerSnapshot + 10).Select(i => Earn("r1", $"e{i}", 1, Now))]);
        var before = (await _host.Wallet("r1").Read()).State;
        var storage = _host.Services.GetRequiredKeyedService<IGrainStorage>(StoredSnapshots.Provider);
        var id = StoredSnapshots.IdOf(StreamOf("r1"));
        var stored = new GrainState<WalletSnapshot>();
        // Written beside the commands, while the wallet stays in memory.
        await Eventually.Holds(async () =>
        {
            await storage.ReadStateAsync(StoredSnapshots.StateName, id, stored);
            return stored.RecordExists;
        });
        var state = stored.State!;
        stored.State = damage switch
        {
            "corrupt" => state with { State = [1, 2, 3] },
            "foreign" => state with { Hash = new byte[32] },
            _ => state with
            {
                State = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                    before with { Sequence = 9_999, Lots = Lots.Empty }, LedgerJson.Default.WalletState),
            },
        };
        await storage.WriteStateAsync(StoredSnapshots.StateName, id, stored);
        await Restart();
        Assert.Equal(Json(before), Json((await _host.Wallet("r1").Read()).State));
    }

    [Theory]
    [InlineData(10, 499, false)]
    [InlineData(10, 500, true)]
    [InlineData(700, 699, false)]
    [InlineData(700, 700, true)]
    public void A_snapshot_is_due_after_as_many_transactions_as_lots_are_open_and_never_before_five_hundred(int lots, int since, bool isDue)
    {
        const long LastSnapshot = 1_000;
        var wallet = WalletState.Empty with
        {
            Sequence = LastSnapshot + since,
            Lots = Lots.From(Enumerable.Range(1, lots).Select(lot => new Lot(new(lot, 0), Now, null, new(1)))),
        };

        Assert.Equal(isDue, WalletLoader.IsDue(wallet, LastSnapshot));
    }

    [Fact]
    public async Task A_wallet_comes_back_from_its_snapshot_as_it_was()
    {
        await _host.Wallet("r1").SendMany([.. Enumerable.Range(0, WalletLoader.TransactionsPerSnapshot + 10).Select(i => Earn("r1", $"e{i}", 1, Now))]);
        await _host.Wallet("r1").Record(Spend("r1", "s1", 7));
        var before = (await _host.Wallet("r1").Read()).State;
        await Restart();
        var after = (await _host.Wallet("r1").Read()).State;
        Assert.Equal(Json(before), Json(after));
        Assert.False((await _host.Wallet("r1").Record(Spend("r1", "s2", 1))).Replayed);
    }

    private static StreamId StreamOf(string resident) => StreamId.Of(LedgerHost.Community, ResidentId.Parse(resident));

    private static string Json(WalletState state) => System.Text.Json.JsonSerializer.Serialize(state, LedgerJson.Default.WalletState);

    private async Task Restart()
    {
        var now = Now;
        await _host.DisposeAsync();
        _host = await LedgerHost.Start(_directory.Path, now);
    }

    private async Task<List<JournalRow>> RowsOf(string resident)
    {
        var rows = new List<JournalRow>();
        await foreach (var row in _host.Journal.Read(StreamOf(resident), 1))
        {
            rows.Add(row);
        }

        return rows;
    }

    // A stale activation may still answer while it goes; a caller sends again, as callers do.
    private async Task<CommandResult.Recorded> SendUntilKnown(string resident, CommandEnvelope envelope)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                return await _host.Wallet(resident).Record(envelope);
            }
            catch (JournalFencedException)
            {
                await Task.Yield();
            }
        }

        throw new InvalidOperationException("The wallet stayed stale.");
    }
}
