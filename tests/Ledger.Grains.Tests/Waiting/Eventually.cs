namespace Ledger.Grains.Tests.Waiting;

/// <summary>Waits for what comes by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the condition holds.</summary>
    /// <exception cref="OperationCanceledException">It does not.</exception>
    public static async Task Holds(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await looks.WaitForNextTickAsync(patience.Token);
        }
    }
}
