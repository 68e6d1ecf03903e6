using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Points earned together that expire together.</summary>
/// <param name="Id">Its name.</param>
/// <param name="EarnedAt">When the activity took place.</param>
/// <param name="ExpiresAt">The first instant at which it is no longer usable; null for never.</param>
/// <param name="Open">Points that are left; more than zero.</param>
/// <param name="Warnings">When the resident is warned before it expires; null for never.</param>
/// <param name="Idle">When it expires unless the resident acts; null where only its date counts.</param>
public sealed record Lot(
    LotId Id, Instant EarnedAt, Instant? ExpiresAt, Points Open, ExpiryWarnings? Warnings = null, ExpiryPolicy.Inactivity? Idle = null)
{
    /// <summary>Has the lot expired by an instant? Usable while now &lt; <see cref="ExpiresAt"/>.</summary>
    public bool IsExpiredAt(Instant now) => ExpiresAt <= now;

    /// <summary>Some points of this lot.</summary>
    public LotSlice Slice(Points points) => new(Id, points, EarnedAt, ExpiresAt, Warnings, Idle);
}

/// <summary>Some points of a lot, by the lot's name.</summary>
/// <param name="Lot">Which lot.</param>
/// <param name="Points">How many; more than zero.</param>
public readonly record struct LotPoints(LotId Lot, Points Points);

/// <summary>Some points of a lot with all that is needed to make the lot again when it is empty and they come back.</summary>
/// <param name="Lot">Which lot.</param>
/// <param name="Points">How many; more than zero.</param>
/// <param name="EarnedAt">When the lot was earned.</param>
/// <param name="ExpiresAt">When the lot expires; null for never.</param>
/// <param name="Warnings">When the resident is warned before it expires; null for never.</param>
/// <param name="Idle">When it expires unless the resident acts; null where only its date counts.</param>
public readonly record struct LotSlice(
    LotId Lot, Points Points, Instant EarnedAt, Instant? ExpiresAt, ExpiryWarnings? Warnings = null, ExpiryPolicy.Inactivity? Idle = null)
{
    /// <summary>A lot of these points.</summary>
    public Lot ToLot() => new(Lot, EarnedAt, ExpiresAt, Points, Warnings, Idle);
}
