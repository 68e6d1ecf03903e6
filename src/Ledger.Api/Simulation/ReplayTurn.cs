using Ledger.Api.Problems;

namespace Ledger.Api.Simulation;

/// <summary>A replay reads a whole journal: one at a time, so that wallets are not kept waiting.</summary>
internal static class ReplayTurn
{
    private static readonly SemaphoreSlim s_turn = new(1, 1);

    /// <summary>Processors that a replay may use: wallets keep one for themselves, where there is more than one.</summary>
    public static int Workers => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Replays now.</summary>
    /// <exception cref="RequestRefusedException">Another replay is running.</exception>
    public static async Task<T> Now<T>(Func<Task<T>> replay, CancellationToken cancellation)
    {
        if (!await s_turn.WaitAsync(TimeSpan.Zero, cancellation))
        {
            throw new RequestRefusedException(KnownProblems.ReplayRunning, "Another replay is running; this one was not begun.");
        }

        return await Run(replay);
    }

    /// <summary>Replays when its turn comes.</summary>
    public static async Task<T> Later<T>(Func<Task<T>> replay, CancellationToken cancellation)
    {
        await s_turn.WaitAsync(cancellation);
        return await Run(replay);
    }

    private static async Task<T> Run<T>(Func<Task<T>> replay)
    {
        try
        {
            return await replay();
        }
        finally
        {
            s_turn.Release();
        }
    }
}
