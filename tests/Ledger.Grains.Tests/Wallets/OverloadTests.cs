using Ledger.Grains.Tests.Hosting;

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
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => first);
        Assert.IsType<LimitExceededException>(failure);
        gate.SetResult();
        await Task.WhenAll(calls.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));
        // Calls still come in while the first is turned away, so how many wait is not exact.
        Assert.InRange(calls.Count(call => call.IsCompletedSuccessfully), 500, 1_499);
        Assert.All(calls.Where(call => call.IsFaulted), call => Assert.IsType<LimitExceededException>(call.Exception!.InnerException));
    }
}
