using System.Diagnostics;
using System.Net;

namespace Ledger.Load;

/// <summary>What a run of many connections saw.</summary>
internal sealed class LoadRun
{
    private readonly List<long> _ticks;
    private readonly TimeSpan _duration;

    private LoadRun(List<long> ticks, TimeSpan duration, IReadOnlyDictionary<int, int> failures)
    {
        ticks.Sort();
        (_ticks, _duration, Failures) = (ticks, duration, failures);
    }

    /// <summary>Answers other than 200, by status.</summary>
    public IReadOnlyDictionary<int, int> Failures { get; }

    /// <summary>Events that were answered with 200.</summary>
    public double PerSecond => _ticks.Count / _duration.TotalSeconds;

    public static async Task<LoadRun> Of(
        IPEndPoint address, EventRequests requests, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var callers = await Task.WhenAll(Enumerable.Range(0, connections)
            .Select(_ => Task.Run(() => Call(address, requests, watch, duration, cancellation), cancellation)));
        var elapsed = watch.Elapsed;
        var failures = callers.SelectMany(caller => caller.Failures).GroupBy(status => status).ToDictionary(status => status.Key, status => status.Count());
        return new([.. callers.SelectMany(caller => caller.Ticks)], elapsed, failures);
    }

    /// <summary>A latency in milliseconds: 0.5 for the median, 1 for the largest.</summary>
    public double Percentile(double share) =>
        _ticks.Count == 0 ? 0 : Stopwatch.GetElapsedTime(0, _ticks[Math.Max((int)Math.Ceiling(share * _ticks.Count) - 1, 0)]).TotalMilliseconds;

    private static async Task<(List<long> Ticks, List<int> Failures)> Call(
        IPEndPoint address, EventRequests requests, Stopwatch watch, TimeSpan duration, CancellationToken cancellation)
    {
        var ticks = new List<long>();
        var failures = new List<int>();
        using var connection = new HttpConnection();
        await connection.Open(address, cancellation);
        while (watch.Elapsed < duration)
        {
            var request = requests.Next();
            var begun = Stopwatch.GetTimestamp();
            var status = await connection.Ask(request, cancellation);
            if (status == 200)
            {
                ticks.Add(Stopwatch.GetTimestamp() - begun);
            }
            else
            {
                failures.Add(status);
            }
        }

        return (ticks, failures);
    }
}
