using System.Diagnostics;
using System.Numerics;

namespace Ledger.Load.Loops;

/// <summary>Counts of latencies in steps of less than one percent; many callers may add at once.</summary>
internal sealed class Latencies
{
    private const int StepsPerDoublingBits = 7;
    private const int StepsPerDoubling = 1 << StepsPerDoublingBits;

    /// <summary>Microseconds beyond this, 18 minutes, count as this.</summary>
    private const long MicrosecondsMax = 1L << 30;

    private readonly int[] _counts = new int[PlaceOf(MicrosecondsMax) + 1];

    public void Add(TimeSpan latency) =>
        Interlocked.Increment(ref _counts[PlaceOf(Math.Clamp((long)latency.TotalMicroseconds, 0, MicrosecondsMax))]);

    /// <summary>How many there are.</summary>
    public long Count => _counts.Sum(count => (long)count);

    /// <summary>A latency in milliseconds: 0.5 for the median, 1 for the largest; 0 when there is none.</summary>
    public double Milliseconds(double share)
    {
        var wanted = Math.Max((long)Math.Ceiling(share * Count), 1);
        var seen = 0L;
        for (var place = 0; place < _counts.Length; place++)
        {
            seen += _counts[place];
            if (seen >= wanted)
            {
                return MicrosecondsAt(place) / 1_000.0;
            }
        }

        Debug.Assert(seen == 0, "The wanted count is at most the sum.");
        return 0;
    }

    private static int PlaceOf(long microseconds)
    {
        var doublings = Math.Max(BitOperations.Log2((ulong)microseconds) - StepsPerDoublingBits, 0);
        return (doublings * StepsPerDoubling) + (int)(microseconds >> doublings);
    }

    private static long MicrosecondsAt(int place)
    {
        var doublings = Math.Max((place / StepsPerDoubling) - 1, 0);
        return (long)(place - (doublings * StepsPerDoubling)) << doublings;
    }
}
