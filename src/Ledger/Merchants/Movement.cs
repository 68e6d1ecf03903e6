using System.Diagnostics;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Merchants;

/// <summary>An amount of money in whole minor units (fen, cents).</summary>
/// <param name="Currency">Three capital letters (ISO 4217).</param>
/// <param name="MinorUnits">How many; may be negative.</param>
public readonly record struct Money(string Currency, long MinorUnits);

/// <summary>What a movement was.</summary>
public enum MovementKind
{
    /// <summary>Points of a hold were taken.</summary>
    Capture,

    /// <summary>Points were spent at once.</summary>
    Spend,

    /// <summary>Points came back to a resident.</summary>
    Refund,
}

/// <summary>What one transaction of a wallet moved to or from a merchant: a line of a statement.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Merchant">The merchant.</param>
/// <param name="Points">Points: more than zero to the merchant, less than zero back.</param>
/// <param name="Day">The settlement day that it happened in.</param>
/// <param name="Money">What they come to, with the sign of the points; null where no rate was agreed.</param>
/// <param name="Reference">The merchant's own name for the sale; null for a direct spend.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
public sealed record Movement(
    MovementKind Kind, MerchantId Merchant, Points Points, LocalDate Day, Money? Money, string? Reference, string? Terminal, string? Cashier)
{
    // What was recorded before days were pinned lies in the calendar's day there.
    private static readonly DateTimeZone China = DateTimeZone.ForOffset(Offset.FromHours(8));

    /// <summary>What a transaction moved; null for most. A transaction moves points of one merchant, once.</summary>
    public static Movement? Of(Transaction transaction)
    {
        Movement? found = null;
        foreach (var happened in transaction.Events)
        {
            var movement = happened switch
            {
                HoldCaptured e => Of(MovementKind.Capture, e.Merchant, e.Points, e.Settlement, transaction.EffectiveAt),
                PointsSpent e => Of(MovementKind.Spend, e.Merchant, e.Points, e.Settlement, transaction.EffectiveAt),
                SpendRefunded e => Of(MovementKind.Refund, e.Merchant, -e.Points, e.Settlement, transaction.EffectiveAt),
                _ => null,
            };
            if (found is not null && movement is not null)
            {
                throw new UnreachableException($"Transaction {transaction.Sequence} moves points of merchants twice.");
            }

            found ??= movement;
        }

        return found;
    }

    private static Movement Of(MovementKind kind, MerchantId merchant, Points points, SettlementPart? part, Instant at) => new(
        kind,
        merchant,
        points,
        part?.Day ?? SettlementDay.Of(at, LocalTime.Midnight, China),
        part is { Rate: { } rate, Money: { } money } ? new Money(rate.Currency, points.IsPositive ? money : -money) : null,
        part?.Reference,
        part?.Terminal,
        part?.Cashier);
}
