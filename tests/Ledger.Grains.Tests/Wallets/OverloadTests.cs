using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Microsoft.Extensions.Options;

namespace Ledger.Grains.Tests.Wallets;

public class OverloadTests
{
    [Fact]
    public async Task Calls_beyond_what_may_wait_for_one_wallet_are_turned_away_at_once_and_the_others_are_done()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        var gate = host.Journal.Hold();
        var wallet = host.Wallet("r-1");
        var calls = Enumerable.Range(0, 1_500).Select(i => wallet.Send(Commands.Earn("r-1", $"e{i}", 1, host.Clock.GetCurrentInstant()))).ToList();
        var first = await Task.WhenAny(calls);
        await Assert.ThrowsAsync<LimitExceededException>(() => first);
        gate.SetResult();
        await Task.WhenAll(calls.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));

        // Calls still come in while the first is turned away, so how many wait is not exact.
        Assert.InRange(calls.Count(call => call.IsCompletedSuccessfully), 500, 1_499);
        Assert.All(calls.Where(call => call.IsFaulted), call => Assert.IsType<LimitExceededException>(call.Exception!.InnerException));
        Assert.Equal(calls.Count(call => call.IsCompletedSuccessfully), (await wallet.Read()).State.Available.Value);
    }

    [Fact]
    public void Calls_beyond_what_may_be_under_way_are_turned_away_at_once_until_one_is_answered()
    {
        var gate = new CallGate(Options.Create(new LedgerOptions { CallsUnderWayMax = 2 }));
        var first = gate.Enter();
        using var second = gate.Enter();
        Assert.Throws<JournalBusyException>(() => gate.Enter());
        Assert.Throws<JournalBusyException>(() => gate.Enter());

        first.Dispose();

        using var third = gate.Enter();
        Assert.Throws<JournalBusyException>(() => gate.Enter());
    }

    [Fact]
    public async Task Calls_that_wait_for_one_wallet_are_done_together_and_each_gets_its_own_answer()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path);
        var wallet = host.Wallet("r-1");
        await wallet.Send(Commands.Earn("r-1", "e0", 1, host.Clock.GetCurrentInstant()));
        var appends = host.Journal.Appends;
        var gate = host.Journal.Hold();
        var calls = Enumerable.Range(1, 91).Select(i => wallet.Send(Commands.Earn("r-1", $"e{i}", i, host.Clock.GetCurrentInstant()))).ToList();

        // One is being appended; the others have arrived when a read that came after them is answered.
        await Task.WhenAll(calls.Select(_ => wallet.Read()));
        gate.SetResult();
        var results = await Task.WhenAll(calls);

        Assert.Equal(
            Enumerable.Range(1, 91).Select(i => (Sequence: i + 1L, Id: $"e{i}")),
            results.Cast<CommandResult.Recorded>().Select(result => (result.Transaction.Sequence, result.Transaction.Key.Id)));
        Assert.InRange(host.Journal.Appends - appends, 2, 10);
    }
}
