using System.Collections.Concurrent;

namespace Ledger.Load.Loops;

/// <summary>What one run saw; many callers write at once.</summary>
internal sealed class Measured(TimeSpan duration)
{
    private readonly ConcurrentDictionary<string, long> _failures = new();
    private long _done;
    private long _sends;

    public Latencies Latencies { get; } = new();

    /// <summary>Of what is done in two steps, the first ones; else empty.</summary>
    public Latencies FirstSteps { get; } = new();

    /// <summary>The second ones.</summary>
    public Latencies SecondSteps { get; } = new();

    /// <summary>Commands that were not done, by reason.</summary>
    public IReadOnlyDictionary<string, long> Failures => _failures;

    /// <summary>Commands that were durably answered in the measured time.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Answers, whatever they said: fewer than <see cref="Done"/> where one sending holds many commands.</summary>
    public long Sends => Interlocked.Read(ref _sends);

    /// <summary>Processor time of all processes that took part, while it was measured.</summary>
    public TimeSpan Processors { get; set; }

    /// <summary>Bytes that this process allocated meanwhile.</summary>
    public long Allocated { get; set; }

    public double PerSecond => Done / duration.TotalSeconds;

    public void Add(in Answer answer, TimeSpan latency)
    {
        Interlocked.Add(ref _done, answer.Done);
        Interlocked.Increment(ref _sends);
        Latencies.Add(latency);
        if (answer.FirstStep is { } first)
        {
            FirstSteps.Add(first);
            SecondSteps.Add(latency - first);
        }

        foreach (var failure in answer.Failures ?? [])
        {
            _failures.AddOrUpdate(failure, 1, (_, count) => count + 1);
        }
    }
}
