using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Merchants;

/// <summary>A capture, a spend or a refund as it counts for the settlement of its merchant; pinned when it happened.</summary>
/// <param name="Day">The settlement day that it lies in.</param>
/// <param name="SettlesAt">The cut-off that follows: from then on it is settled, and only a refund undoes it.</param>
/// <param name="Rate">What points are worth in this sale; null where nothing was agreed.</param>
/// <param name="Money">What this part came to, or took back, in minor units of the rate's currency; null without a rate.</param>
/// <param name="Reference">The merchant's own name for the sale; null for a direct spend.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
/// <param name="CashBack">What a refund gives back of the cash that was paid beside the points, in minor units; null where none was.</param>
public sealed record SettlementPart(
    LocalDate Day,
    Instant SettlesAt,
    MoneyRate? Rate = null,
    long? Money = null,
    string? Reference = null,
    string? Terminal = null,
    string? Cashier = null,
    long? CashBack = null)
{
    /// <summary>A part of a sale, which takes the sale from some points to others.</summary>
    /// <param name="day">When it happens.</param>
    /// <param name="rate">The rate of the sale: that of its first part.</param>
    /// <param name="before">Points of the sale that were not given back, before.</param>
    /// <param name="after">And after.</param>
    internal static SettlementPart Of(SettlementPart day, MoneyRate? rate, Points before, Points after) =>
        day with { Rate = rate, Money = rate is null ? null : Math.Abs(rate.Difference(before, after)) };

    /// <summary>What an instant means for a merchant, with the rate of its terms.</summary>
    internal static SettlementPart At(PublishedProgrammes programmes, MerchantBook merchants, MerchantId merchant, Instant at)
    {
        var terms = merchants.TermsOf(merchant, at);
        var (day, end) = SettlementDay.Containing(at, terms.CutOff, programmes.ZoneAt(at));
        return new(day, end, terms.Rate);
    }

    /// <summary>A refund of a sale, also one of its points by voiding it.</summary>
    internal static SettlementPart Refund(PublishedProgrammes programmes, MerchantBook merchants, Instant at, Thawed.Spend spend, Points points)
    {
        var before = (spend.Hold?.Share?.Before ?? Points.Zero) + spend.Left;
        return Of(At(programmes, merchants, spend.Merchant, at), spend.Settlement?.Rate, before, before - points) with
        {
            Reference = spend.Hold?.Reference.Id,
            CashBack = spend.Hold?.Cash is { } cash ? CashOf(cash, spend, points) : null,
        };
    }

    // Of the cash as much as of the points, all refunds together; so the last one gives back what is left of it.
    private static long CashOf(long cash, Thawed.Spend spend, Points points)
    {
        var refunded = spend.Spent - spend.Left + points;
        return Math.Max(0, (long)Rounding.HalfUp.Divide((Int128)cash * refunded.Value, spend.Spent.Value) - spend.CashBack);
    }
}
