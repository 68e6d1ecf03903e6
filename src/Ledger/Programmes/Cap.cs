using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>The most that one resident may earn in a period. What is above is cut ("clipped"), or the activity refused.</summary>
/// <param name="Per">The period, in local dates.</param>
/// <param name="Limit">The most, in <paramref name="Unit"/>; more than zero.</param>
/// <param name="OnReversal">Whether a reversal gives room back.</param>
/// <param name="Unit">What is counted. Default: points.</param>
/// <param name="OnExcess">What happens above the limit. Default: clip.</param>
public sealed record Cap(
    CapPeriod Per, long Limit, CapReversal OnReversal, CapUnit Unit = CapUnit.Points, CapExcess OnExcess = CapExcess.Clip);

/// <summary>A cap that several types of activity share.</summary>
/// <param name="Name">Its name in what is stored, for example <c>cap/weekly</c>.</param>
/// <param name="Activities">The types that count together; null for all.</param>
/// <param name="Cap">The cap.</param>
public sealed record SharedCap(string Name, ImmutableHashSet<ActivityType>? Activities, Cap Cap)
{
    /// <summary>What precedes a cap's id in <see cref="Name"/>.</summary>
    public const string Prefix = "cap/";

    /// <summary>Does it count activities of this type?</summary>
    public bool Counts(ActivityType activity) => Activities?.Contains(activity) != false;
}

/// <summary>The period that a cap counts in; by local date of the activity.</summary>
public enum CapPeriod
{
    /// <summary>A local calendar day.</summary>
    LocalDay,

    /// <summary>A local calendar month.</summary>
    Month,

    /// <summary>A week from Monday to Sunday. Source: ISO 8601.</summary>
    IsoWeek,

    /// <summary>The resident's whole life.</summary>
    Lifetime,

    /// <summary>One activity by itself; nothing is counted.</summary>
    Event,

    /// <summary>All of one campaign, whatever its dates are or become.</summary>
    Campaign,
}

/// <summary>What is counted in a period.</summary>
public enum CapUnit
{
    /// <summary>Points awarded.</summary>
    Points,

    /// <summary>Awards of more than zero points.</summary>
    Times,

    /// <summary>Accepted activities, whatever they earned: what conditions such as "every tenth" ask for. No cap counts them.</summary>
    Activities,
}

/// <summary>What a cap does with an activity that would exceed it.</summary>
public enum CapExcess
{
    /// <summary>It earns what is still free (default).</summary>
    Clip,

    /// <summary>It is refused.</summary>
    Refuse,
}

/// <summary>What a reversal does to what was counted.</summary>
public enum CapReversal
{
    /// <summary>It stays counted (default): an activity cannot be repeated for points.</summary>
    Keep,

    /// <summary>Exactly the reversed points, or the award that is wholly reversed, become free again in their own period.</summary>
    Restore,
}

/// <summary>Where periods begin and end.</summary>
public static class CapPeriods
{
    private static readonly LocalDate FirstDate = new(1, 1, 1);
    private static readonly LocalDate LastDate = new(ExpiryPolicy.LastYear, 12, 31);

    /// <summary>The first local date of the period that a date lies in.</summary>
    public static LocalDate StartOf(this CapPeriod period, LocalDate date) => period switch
    {
        CapPeriod.LocalDay or CapPeriod.Event => date,
        CapPeriod.IsoWeek => date.PlusDays(1 - (int)date.DayOfWeek),
        CapPeriod.Month => new LocalDate(date.Year, date.Month, 1),
        CapPeriod.Lifetime or CapPeriod.Campaign => FirstDate,
        _ => throw new UnreachableException($"Period {period} has no case."),
    };

    /// <summary>The last local date of the period that starts on a date.</summary>
    public static LocalDate LastDateOf(this CapPeriod period, LocalDate start) => period switch
    {
        CapPeriod.LocalDay or CapPeriod.Event => start,
        CapPeriod.IsoWeek => start.PlusDays(6),
        CapPeriod.Month => start.With(DateAdjusters.EndOfMonth),
        CapPeriod.Lifetime or CapPeriod.Campaign => LastDate,
        _ => throw new UnreachableException($"Period {period} has no case."),
    };

    /// <summary>The first local date of the period that lies some local days or ISO weeks after another.</summary>
    public static LocalDate Plus(this CapPeriod period, LocalDate start, int count) => period switch
    {
        CapPeriod.LocalDay => start.PlusDays(count),
        CapPeriod.IsoWeek => start.PlusWeeks(count),
        _ => throw new UnreachableException($"Periods of kind {period} are not counted one after the other."),
    };
}
