using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>The tiers of a programme: which points count, and how many reach which level.</summary>
/// <remarks>
/// A tier that the points of a period reach is held at once, to the end of the period and <paramref name="GraceDays"/> longer. Where
/// several periods count on a date, the best one does.
/// </remarks>
/// <param name="Basis">Which points count.</param>
/// <param name="GraceDays">Local days that a tier is kept after its period has ended, 0 to 366. Default: 0.</param>
/// <param name="NeverBelow">The rank of the level below which nobody falls who once reached it; null for none.</param>
/// <param name="Levels">The levels by rank; each needs more points than the one before it. Who has too few for the first has no tier.</param>
public sealed record TierPolicy(TierBasis Basis, int GraceDays, int? NeverBelow, ImmutableArray<TierLevel> Levels)
{
    /// <summary>What months of points are counted under.</summary>
    public const string Scope = "tiers/points";

    /// <summary>The rank of who has no tier.</summary>
    public const int NoRank = -1;

    /// <summary>The rank of a level; <see cref="NoRank"/> where there is none of that id.</summary>
    public int RankOf(string? id)
    {
        for (var rank = 0; rank < Levels.Length; rank++)
        {
            if (string.Equals(Levels[rank].Id, id, StringComparison.Ordinal))
            {
                return rank;
            }
        }

        return NoRank;
    }

    /// <summary>The rank that so many points reach.</summary>
    public int RankOf(Points points)
    {
        var rank = NoRank;
        while (rank + 1 < Levels.Length && Levels[rank + 1].From <= points)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>The level of an id; null where there is none.</summary>
    public TierLevel? Find(string? id) => RankOf(id) is var rank and not NoRank ? Levels[rank] : null;

    /// <summary>The last local date on which a tier can be held by points of a period that ends with a month.</summary>
    internal LocalDate KeptThrough(Month end) => end.LastDate.PlusDays(GraceDays);
}

/// <summary>A level of membership and what it is good for.</summary>
/// <param name="Id">Its name in what is stored; the same id in a later version is the same level.</param>
/// <param name="From">The fewest points that reach it; more than zero.</param>
/// <param name="Multiplier">More points for what rules give, by the tier held at the time of the activity; null for none.</param>
/// <param name="EarlyAccessHours">Hours by which its holders may see and buy before others, for malls to keep to; null for none.</param>
/// <param name="Names">What people call it, by language tag; may be empty.</param>
public sealed record TierLevel(
    string Id, Points From, CampaignEffect.Multiply? Multiplier, int? EarlyAccessHours, ImmutableDictionary<string, string> Names)
{
    /// <summary>What precedes a level's id in <see cref="Name"/>.</summary>
    public const string Prefix = "tier/";

    /// <summary>Its name where it gave points, for example <c>tier/gold</c>.</summary>
    public string Name { get; } = Prefix + Id;
}

/// <summary>Which points count for a tier. A closed set.</summary>
public abstract record TierBasis
{
    private protected TierBasis()
    {
    }

    /// <summary>Those of the current local month and of the months before it: every month a period ends that began so many months before.</summary>
    /// <param name="Months">How many months in all, 1 to 60.</param>
    public sealed record RollingMonths(int Months) : TierBasis;

    /// <summary>Those of the current local calendar year.</summary>
    public sealed record CalendarYear : TierBasis
    {
        /// <summary>The only one.</summary>
        public static readonly CalendarYear Instance = new();
    }

    /// <summary>All that were ever earned, also before there were tiers. Nothing ends.</summary>
    public sealed record Lifetime : TierBasis
    {
        /// <summary>The only one.</summary>
        public static readonly Lifetime Instance = new();
    }

    /// <summary>The periods, by the month with which they end; null where nothing ends.</summary>
    internal TierPeriods? Periods => this switch
    {
        RollingMonths rolling => new(rolling.Months, Apart: 1),
        CalendarYear => new(Month.PerYear, Apart: Month.PerYear),
        Lifetime => null,
        _ => throw new UnreachableException($"Basis {GetType().Name} has no case."),
    };
}

/// <summary>Periods of whole local months, each named by its last one.</summary>
/// <param name="Length">Months of one.</param>
/// <param name="Apart">Months from one end to the next; where it is more than one, periods end with calendar years.</param>
internal readonly record struct TierPeriods(int Length, int Apart)
{
    /// <summary>The end of the period that is under way in a month: the first to end.</summary>
    public Month Current(Month month) => month.Plus(Apart - 1 - (month.Number % Apart));

    /// <summary>The end of the last period that a month counts in.</summary>
    public Month Last(Month month) => Current(month).Plus(Length - Apart);
}

/// <summary>A local calendar month, counted from before all dates.</summary>
/// <param name="Number">Its number.</param>
internal readonly record struct Month(int Number)
{
    public const int PerYear = 12;

    private const int YearsBefore = 10_000;

    /// <summary>Its first date.</summary>
    public LocalDate FirstDate => new((Number / PerYear) - YearsBefore, (Number % PerYear) + 1, 1);

    /// <summary>Its last date.</summary>
    public LocalDate LastDate => CapPeriod.Month.LastDateOf(FirstDate);

    public static Month Of(LocalDate date) => new(((date.Year + YearsBefore) * PerYear) + date.Month - 1);

    public Month Plus(int months) => new(Number + months);
}
