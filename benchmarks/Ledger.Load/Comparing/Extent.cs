using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Comparing;

/// <summary>How much of everything is measured.</summary>
/// <param name="Name">For the head of the page; null for all of it.</param>
/// <param name="Wallets">How many there are.</param>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="Seconds">How long each measurement is.</param>
/// <param name="Start">How many seconds each contestant is driven after its start.</param>
/// <param name="Grains">Callers of our grains.</param>
/// <param name="Http">Connections to our service.</param>
/// <param name="StateLedgers">How many wallets hold their ledger in grain state.</param>
/// <param name="EmptyGrain">Connections to the empty grain.</param>
internal sealed record Extent(
    string? Name, int Wallets, int Rounds, double Seconds, double Start, Concurrency Grains, Concurrency Http, int StateLedgers, IReadOnlyList<int> EmptyGrain)
{
    /// <summary>The same as times.</summary>
    public Patience Patience => new(Rounds, TimeSpan.FromSeconds(Math.Min(Seconds / 2, 1)), TimeSpan.FromSeconds(Seconds)) { Start = TimeSpan.FromSeconds(Start) };

    /// <summary>Everything.</summary>
    public static Extent Whole { get; } = new(null, 100_000, 3, 3, 12, new([64, 256, 1024], [1, 8]), new([64], [8, 256]), 1_000, [8, 64, 256]);

    /// <summary>Every contestant, three rounds, fewer wallets and callers, in short slices.</summary>
    public static Extent Brief { get; } = new("brief", 20_000, 3, 1.5, 10, new([64, OurGrains.CallersOfThePromise], []), new([64], []), 200, [64]);

    /// <summary>A taste.</summary>
    public static Extent Quick { get; } = new("quick", 2_000, 1, 1, 0, new([64, OurGrains.CallersOfThePromise], []), new([64], []), 200, [64]);
}
