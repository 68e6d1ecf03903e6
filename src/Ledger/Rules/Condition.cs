using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Rules;

/// <summary>What must be so for a rule or a campaign to count. A closed set; a condition that needs what was not told does not hold.</summary>
/// <remarks>The reader validates each case when a programme is checked; evaluating one neither fails nor allocates.</remarks>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>The quantity lies in a range.</summary>
    /// <param name="Min">The least.</param>
    /// <param name="Max">The most.</param>
    public sealed record QuantityWithin(long Min, long Max) : Condition;

    /// <summary>An attribute is a number in a range.</summary>
    /// <param name="Attribute">Its name.</param>
    /// <param name="Min">The least.</param>
    /// <param name="Max">The most.</param>
    public sealed record NumberWithin(string Attribute, long Min, long Max) : Condition;

    /// <summary>An attribute is one of some words.</summary>
    /// <param name="Attribute">Its name.</param>
    /// <param name="In">The words.</param>
    public sealed record WordIn(string Attribute, ImmutableArray<string> In) : Condition
    {
        /// <inheritdoc/>
        public bool Equals(WordIn? other) => other is not null && Attribute == other.Attribute && AreSame(In, other.In);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Attribute, In.Length);
    }

    /// <summary>The app told an attribute, whatever its value.</summary>
    /// <param name="Attribute">Its name.</param>
    public sealed record Present(string Attribute) : Condition;

    /// <summary>The resident has one of some tags.</summary>
    /// <param name="In">The tags.</param>
    public sealed record TagIn(ImmutableArray<string> In) : Condition
    {
        /// <inheritdoc/>
        public bool Equals(TagIn? other) => other is not null && AreSame(In, other.In);

        /// <inheritdoc/>
        public override int GetHashCode() => In.Length;
    }

    /// <summary>The resident held one of some tiers when the activity took place.</summary>
    /// <param name="In">The tiers.</param>
    public sealed record TierIn(ImmutableArray<string> In) : Condition
    {
        /// <inheritdoc/>
        public bool Equals(TierIn? other) => other is not null && AreSame(In, other.In);

        /// <inheritdoc/>
        public override int GetHashCode() => In.Length;
    }

    /// <summary>The activity took place in some hours of some days of the week, in local time.</summary>
    /// <param name="Days">The days, a bit for each: Monday is 1, Sunday is 64.</param>
    /// <param name="From">The first time of day.</param>
    /// <param name="Until">The first time of day that no longer counts; null for the end of the day.</param>
    public sealed record During(int Days, LocalTime From, LocalTime? Until) : Condition;

    /// <summary>The activity took place on local dates of a range.</summary>
    /// <param name="From">The first date.</param>
    /// <param name="Through">The last date.</param>
    public sealed record DateWithin(LocalDate From, LocalDate Through) : Condition;

    /// <summary>The resident never had an accepted activity of this type before.</summary>
    public sealed record FirstTime : Condition;

    /// <summary>This is the n-th accepted activity of its type in its period.</summary>
    /// <param name="Number">Which one, from 1.</param>
    /// <param name="Per">The period.</param>
    public sealed record NthInPeriod(int Number, CapPeriod Per) : Condition;

    /// <summary>
    /// The activity completes so many consecutive local days or ISO weeks, each with at least one of its type, and none of them was part of
    /// a run that this rule paid before.
    /// </summary>
    /// <param name="Length">How many, 2 to 60.</param>
    /// <param name="Per">Local days or ISO weeks.</param>
    /// <param name="Scope">Where the runs that were paid are counted.</param>
    public sealed record Streak(int Length, CapPeriod Per, string Scope) : Condition;

    /// <summary>Does it hold?</summary>
    public bool Holds(in ActivityFacts facts) => this switch
    {
        QuantityWithin c => facts.Quantity >= c.Min && facts.Quantity <= c.Max,
        NumberWithin c => facts.Details?.Find(c.Attribute) is { Word: null, Number: var number } && number >= c.Min && number <= c.Max,
        WordIn c => facts.Details?.Find(c.Attribute) is { Word: { } word } && Contains(c.In, word),
        Present c => facts.Details?.Find(c.Attribute) is not null,
        TagIn c => facts.Details is { } details && Overlaps(c.In, details.Tags),
        TierIn c => facts.Tier is { Id: var tier } && Contains(c.In, tier),
        During c => IsDuring(c, facts.Local),
        DateWithin c => facts.Local.Date >= c.From && facts.Local.Date <= c.Through,
        FirstTime => facts.ActivitiesBefore(CapPeriod.Lifetime) == 0,
        NthInPeriod c => facts.ActivitiesBefore(c.Per) == c.Number - 1,
        Streak c => Completes(c, facts),
        _ => throw new UnreachableException($"Condition {GetType().Name} has no case."),
    };

    // An array is like no other one, whatever is in it.
    private static bool AreSame(ImmutableArray<string> words, ImmutableArray<string> others) => words.AsSpan().SequenceEqual(others.AsSpan());

    private static bool IsDuring(During window, LocalDateTime local)
    {
        var time = local.TimeOfDay;
        return (window.Days & (1 << ((int)local.DayOfWeek - 1))) != 0 && time >= window.From && (window.Until is not { } until || time < until);
    }

    private static bool Completes(Streak streak, in ActivityFacts facts)
    {
        var start = streak.Per.StartOf(facts.Local.Date);
        if (facts.ActivitiesIn(streak.Per, start) > 0)
        {
            return false;
        }

        for (var back = 1; back < streak.Length; back++)
        {
            if (facts.ActivitiesIn(streak.Per, streak.Per.Plus(start, -back)) == 0)
            {
                return false;
            }
        }

        // Runs do not overlap: none that was paid may end within this one, nor begin within it (a late day can come after its successors).
        for (var away = 1 - streak.Length; away < streak.Length; away++)
        {
            if (facts.Counted.Of(new(streak.Scope, streak.Per, streak.Per.Plus(start, away))).Activities > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(ImmutableArray<string> words, string word)
    {
        foreach (var candidate in words)
        {
            if (string.Equals(candidate, word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overlaps(ImmutableArray<string> words, ImmutableArray<string> others)
    {
        foreach (var word in others)
        {
            if (Contains(words, word))
            {
                return true;
            }
        }

        return false;
    }
}
