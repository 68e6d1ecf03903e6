using System.Globalization;
using Ledger.Load.Loops;

namespace Ledger.Load.Comparing;

/// <summary>What one round says about one setting.</summary>
/// <param name="Closed">At full speed.</param>
/// <param name="Open">At half of it, from intended start; null where it was not measured.</param>
internal sealed record Figures(Measured Closed, Measured? Open)
{
    /// <summary>Commands that were not done, by reason, in both loops.</summary>
    public IReadOnlyDictionary<string, long> Failures => Closed.Failures.Concat(Open?.Failures ?? new Dictionary<string, long>())
        .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Closed.PerSecond:n0}/s, p99 {Closed.Latencies.Milliseconds(0.99):n1} ms, {Closed.Processors.TotalMicroseconds / Math.Max(Closed.Done, 1):n0} µs of processors{OpenText}{string.Concat(Failures.Select(pair => $", FAILED {pair.Value} x {pair.Key}"))}");

    private string OpenText => Open is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; at half rate p50 {Open.Latencies.Milliseconds(0.5):n1}, p99 {Open.Latencies.Milliseconds(0.99):n1} ms");
}

/// <summary>What all rounds say about one setting.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Setting">What was asked of it.</param>
/// <param name="Rounds">One each.</param>
internal sealed record Row(string Contestant, Setting Setting, IReadOnlyList<Figures> Rounds)
{
    public double PerSecond => Median(Rounds.Select(figures => figures.Closed.PerSecond));

    public double SlowestPerSecond => Rounds.Min(figures => figures.Closed.PerSecond);

    public double FastestPerSecond => Rounds.Max(figures => figures.Closed.PerSecond);

    /// <summary>Milliseconds at full speed.</summary>
    public double Closed(double share) => Median(Rounds.Select(figures => figures.Closed.Latencies.Milliseconds(share)));

    /// <summary>Milliseconds from intended start at half speed; null where it was not measured.</summary>
    public double? Open(double share) => Rounds.All(figures => figures.Open is not null)
        ? Median(Rounds.Select(figures => figures.Open!.Latencies.Milliseconds(share)))
        : null;

    public IReadOnlyDictionary<string, long> Failures => Rounds.SelectMany(figures => figures.Failures)
        .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    /// <summary>Microseconds of processors for one command, in all processes together.</summary>
    public double ProcessorMicroseconds => Median(Rounds.Select(figures => figures.Closed.Processors.TotalMicroseconds / Math.Max(figures.Closed.Done, 1)));

    /// <summary>Bytes that the process of the callers allocated for one command.</summary>
    public double AllocatedBytes => Median(Rounds.Select(figures => figures.Closed.Allocated / (double)Math.Max(figures.Closed.Done, 1)));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
