using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Stocks;

/// <summary>The stock of a reward. Immutable, and bounded however much is sold: what was sold or came back is forgotten.</summary>
public sealed record StockState
{
    /// <summary>Before the first transaction.</summary>
    public static StockState Empty { get; } = new();

    /// <summary>The number of the last transaction; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>The time of the last transaction.</summary>
    public Instant LastAt { get; init; } = Instant.MinValue;

    /// <summary>How many can be redeemed.</summary>
    public long Left { get; init; }

    /// <summary>How many were redeemed and have not come back.</summary>
    public long Sold { get; init; }

    /// <summary>What is kept for redemptions of which it is not known what becomes of them.</summary>
    public ImmutableDictionary<RedemptionId, StockReservation> Reservations { get; init; } = ImmutableDictionary<RedemptionId, StockReservation>.Empty;

    /// <summary>When somebody has to look what became of a redemption; null for never.</summary>
    public Instant? NextLook => Reservations.IsEmpty ? null : Reservations.Values.Min(reservation => reservation.LookAt);

    /// <summary>How it stands.</summary>
    public StockLevel Level
    {
        get
        {
            var (reserved, since) = (0L, null as long?);
            foreach (var (_, reservation) in Reservations)
            {
                reserved += reservation.Quantity;
                since = since < reservation.Since ? since : reservation.Since;
            }

            return new(Left, reserved, Sold, since);
        }
    }

    /// <summary>The redemptions that somebody has to look for by an instant, longest first.</summary>
    public IEnumerable<RedemptionId> ToLookFor(Instant until) =>
        Reservations.Where(one => one.Value.LookAt <= until).OrderBy(one => one.Value.LookAt).ThenBy(one => one.Value.Since).Select(one => one.Key);
}

/// <summary>Some of a reward, kept for a redemption.</summary>
/// <param name="Quantity">How many.</param>
/// <param name="Since">The transaction that keeps them.</param>
/// <param name="At">Its time.</param>
/// <param name="LookAt">When somebody looks what became of the redemption.</param>
/// <param name="Recalled">Whether it is about to be cancelled: then only its end settles it.</param>
public sealed record StockReservation(int Quantity, long Since, Instant At, Instant LookAt, bool Recalled);
