using System.Diagnostics;
using System.Threading.Channels;

namespace Ledger.Load.Loops;

/// <summary>
/// Sendings start at a given rate whether or not earlier ones are answered, and each latency counts from the moment at which it should
/// have started: what residents would wait when a service stumbles.
/// </summary>
/// <remarks>They start in groups, one each millisecond, because timers are not finer. When all callers are busy, a start waits, and its latency grows.</remarks>
internal static class OpenLoop
{
    private static readonly TimeSpan s_groupEvery = TimeSpan.FromMilliseconds(1);

    /// <param name="callers">Who sends; as many sendings are on their way at most.</param>
    /// <param name="sendsPerSecond">The rate.</param>
    /// <param name="warmUp">What should have started before this is not counted.</param>
    /// <param name="duration">What should have started in this time after it is.</param>
    /// <param name="cancellation">Stops.</param>
    public static Task<Measured> Run(
        IReadOnlyList<ICaller> callers, double sendsPerSecond, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellation) =>
        RunUntil(callers, sendsPerSecond, warmUp, duration, CancellationToken.None, cancellation);

    /// <summary>The same, and nothing more starts once something else is over.</summary>
    public static async Task<Measured> RunUntil(
        IReadOnlyList<ICaller> callers,
        double sendsPerSecond,
        TimeSpan warmUp,
        TimeSpan duration,
        CancellationToken over,
        CancellationToken cancellation)
    {
        var measured = new Measured(duration);
        var starts = Channel.CreateUnbounded<TimeSpan>();
        var watch = Stopwatch.StartNew();
        var calling = callers.Select(caller => Task.Run(() => Call(caller), cancellation)).ToList();
        await Task.Factory.StartNew(Pace, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(calling);
        return measured;

        void Pace()
        {
            var started = 0L;
            for (var at = s_groupEvery; at < warmUp + duration && !over.IsCancellationRequested && !cancellation.IsCancellationRequested; at += s_groupEvery)
            {
                if (at - watch.Elapsed is { Ticks: > 0 } rest)
                {
                    Thread.Sleep(rest);
                }

                for (; started < sendsPerSecond * at.TotalSeconds; started++)
                {
                    starts.Writer.TryWrite(at);
                }
            }

            starts.Writer.Complete();
        }

        async Task Call(ICaller caller)
        {
            await foreach (var intended in starts.Reader.ReadAllAsync(cancellation))
            {
                var answer = await caller.TrySend(cancellation);
                if (intended >= warmUp)
                {
                    measured.Add(answer, watch.Elapsed - intended);
                }
            }
        }
    }
}
