using System.Diagnostics;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>The most points that activities of one type may earn one resident in a period. What is above is cut ("clipped").</summary>
/// <param name="Per">The period, in local dates.</param>
/// <param name="Limit">The most points; more than zero.</param>
/// <param name="OnReversal">Whether a reversal gives room back.</param>
public sealed record Cap(CapPeriod Per, Points Limit, CapReversal OnReversal);

/// <summary>The period that a cap counts in; by local date of the activity.</summary>
public enum CapPeriod
{
    /// <summary>A local calendar day.</summary>
    LocalDay,

    /// <summary>A local calendar month.</summary>
    Month,
}

/// <summary>What a reversal does to the counted points.</summary>
public enum CapReversal
{
    /// <summary>They stay counted (default): an activity cannot be repeated for points.</summary>
    Keep,

    /// <summary>Exactly the reversed points become free again in their own period.</summary>
    Restore,
}

/// <summary>Where periods begin and end.</summary>
public static class CapPeriods
{
    /// <summary>The first local date of the period that a date lies in.</summary>
    public static LocalDate StartOf(this CapPeriod period, LocalDate date) => period switch
    {
        CapPeriod.LocalDay => date,
        CapPeriod.Month => new LocalDate(date.Year, date.Month, 1),
        _ => throw new UnreachableException($"Period {period} has no case."),
    };

    /// <summary>The last local date of the period that starts on a date.</summary>
    public static LocalDate LastDateOf(this CapPeriod period, LocalDate start) => period switch
    {
        CapPeriod.LocalDay => start,
        CapPeriod.Month => start.With(DateAdjusters.EndOfMonth),
        _ => throw new UnreachableException($"Period {period} has no case."),
    };
}
