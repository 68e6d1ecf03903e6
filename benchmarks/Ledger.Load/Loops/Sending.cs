namespace Ledger.Load.Loops;

/// <summary>One sending whose failure is an answer like any other.</summary>
internal static class Sending
{
    /// <summary>Whoever is turned away waits as a client should, though shorter: else the turned away would be the load.</summary>
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMilliseconds(20);

    public static async ValueTask<Answer> TrySend(this ICaller caller, CancellationToken cancellation)
    {
        try
        {
            return await caller.Send(cancellation);
        }
#pragma warning disable CA1031 // Every failure is counted, whatever it is.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(0, [failure.GetType().Name]);
        }
    }

    public static Task Rest(in Answer answer, CancellationToken cancellation) =>
        answer.Done == 0 && answer.Failures is not null ? Task.Delay(s_afterFailure, cancellation) : Task.CompletedTask;
}
