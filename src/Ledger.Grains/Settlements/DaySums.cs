using Ledger.Grains.Journal;
using Ledger.Settlements;
using NodaTime;

namespace Ledger.Grains.Settlements;

/// <summary>Sums of movements as a statement has them: all tills and cashiers together.</summary>
public static class DaySums
{
    /// <summary>What was captured.</summary>
    public static Owed Captured(this IEnumerable<MovementSum> sums) =>
        sums.Aggregate(Owed.Nothing, (owed, sum) => owed + Owed.Of(sum.Captured, sum.Currency, sum.MoneyCaptured));

    /// <summary>What was given back.</summary>
    public static Owed Refunded(this IEnumerable<MovementSum> sums) =>
        sums.Aggregate(Owed.Nothing, (owed, sum) => owed + Owed.Of(sum.Refunded, sum.Currency, sum.MoneyRefunded));

    /// <summary>The closing of a day of which these are the sums.</summary>
    /// <param name="sums">The sums of the day.</param>
    /// <param name="before">How the merchant stood before; null for the first statement.</param>
    /// <param name="day">The day.</param>
    /// <param name="signals">What was odd; null for nothing.</param>
    public static StatementClosed Close(this IReadOnlyCollection<MovementSum> sums, Standing? before, LocalDate day, SettlementSignals? signals) =>
        Settling.Close(before, day, sums.Sum(sum => sum.Sales), sums.Captured(), sums.Sum(sum => sum.Refunds), sums.Refunded(), signals);
}
