using System.Diagnostics;

namespace Ledger.Load.Loops;

/// <summary>Each caller sends as soon as it has its answer: tells how much gets through, and flatters latencies.</summary>
internal static class ClosedLoop
{
    /// <param name="callers">Who sends.</param>
    /// <param name="warmUp">What is answered before this is not counted.</param>
    /// <param name="duration">What is answered in this time after it is.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<Measured> Run(
        IReadOnlyList<ICaller> callers, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellation)
    {
        var measured = new Measured(duration);
        var watch = Stopwatch.StartNew();
        var calling = callers.Select(caller => Task.Run(() => Call(caller), cancellation)).ToList();
        await Task.Delay(warmUp, cancellation);
        var (processors, allocated) = (ProcessorTime.Total(), GC.GetTotalAllocatedBytes());
        await Task.Delay(duration, cancellation);
        (measured.Processors, measured.Allocated) = (ProcessorTime.Total() - processors, GC.GetTotalAllocatedBytes() - allocated);
        await Task.WhenAll(calling);
        return measured;

        async Task Call(ICaller caller)
        {
            while (watch.Elapsed < warmUp + duration)
            {
                var begun = Stopwatch.GetTimestamp();
                var answer = await caller.TrySend(cancellation);
                if (watch.Elapsed is var now && now >= warmUp && now < warmUp + duration)
                {
                    measured.Add(answer, Stopwatch.GetElapsedTime(begun));
                }

                await Sending.Rest(answer, cancellation);
            }
        }
    }
}
