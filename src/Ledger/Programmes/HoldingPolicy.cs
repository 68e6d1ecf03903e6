namespace Ledger.Programmes;

/// <summary>The most that awards bring a wallet to, and what becomes of the rest of an award.</summary>
/// <param name="PointsMax">Points that are available, pending and held together; 1 to 2^53−1.</param>
/// <param name="Fund">The fund that gets the overflow; null: it is cut.</param>
public sealed record HoldingPolicy(Points PointsMax, FundId? Fund);
