using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>One single point (or one block of points that never splits). It is open, or somebody else has it.</summary>
internal sealed class Coin
{
    public required long Lot { get; init; }

    public required Instant EarnedAt { get; init; }

    public required Instant? ExpiresAt { get; set; }
}
