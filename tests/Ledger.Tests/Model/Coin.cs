using Ledger.Programmes;
using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>One single point (or one block of points that never splits). It is open, or somebody else has it.</summary>
internal sealed class Coin
{
    public required long Lot { get; init; }

    /// <summary>Which of the lots of that transaction.</summary>
    public int Ordinal { get; init; }

    public required Instant EarnedAt { get; init; }

    public required Instant? ExpiresAt { get; set; }

    /// <summary>When its owner is warned before it expires.</summary>
    public ExpiryWarnings? Warnings { get; init; }

    /// <summary>What keeps it from expiring, if anything does.</summary>
    public ExpiryPolicy.Inactivity? Idle { get; init; }

    /// <summary>From when on it may be used; only for coins that are not on the table yet; the beginning of time where nothing but a decision is awaited.</summary>
    public Instant ActiveAt { get; init; }
}
