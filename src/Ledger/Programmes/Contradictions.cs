using System.Collections.Immutable;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>Finds conditions that can never hold together, for a warning: a rule with them never matches.</summary>
internal static class Contradictions
{
    /// <summary>The first two that exclude each other, in words; null for none.</summary>
    /// <remarks>Only what can be told from two of them. A false alarm is worse than none: what is said here is certain.</remarks>
    public static string? In(ImmutableArray<Condition> when)
    {
        for (var i = 0; i < when.Length; i++)
        {
            for (var j = i + 1; j < when.Length; j++)
            {
                if (Between(when[i], when[j]) is { } words)
                {
                    return $"conditions {i} and {j} {words}";
                }
            }
        }

        return null;
    }

    private static string? Between(Condition one, Condition other) => (one, other) switch
    {
        (Condition.QuantityWithin a, Condition.QuantityWithin b) when a.Min > b.Max || b.Min > a.Max => "ask for different quantities",
        (Condition.NumberWithin a, Condition.NumberWithin b) when a.Attribute == b.Attribute && (a.Min > b.Max || b.Min > a.Max) =>
            $"ask for different numbers in '{a.Attribute}'",
        (Condition.WordIn a, Condition.WordIn b) when a.Attribute == b.Attribute && !a.In.Intersect(b.In).Any() =>
            $"ask for different words in '{a.Attribute}'",
        (Condition.NumberWithin a, Condition.WordIn b) when a.Attribute == b.Attribute => $"ask for a number and for a word in '{a.Attribute}'",
        (Condition.WordIn a, Condition.NumberWithin b) when a.Attribute == b.Attribute => $"ask for a word and for a number in '{a.Attribute}'",
        (Condition.TierIn a, Condition.TierIn b) when !a.In.Intersect(b.In).Any() => "ask for different tiers",
        (Condition.During a, Condition.During b) when (a.Days & b.Days) == 0 => "name different days",
        (Condition.During a, Condition.During b) when a.Until <= b.From || b.Until <= a.From => "name different hours",
        (Condition.DateWithin a, Condition.DateWithin b) when a.From > b.Through || b.From > a.Through => "name different dates",
        (Condition.DateWithin a, Condition.During b) when NeverMeet(a.From, a.Through, b) => "name dates and other days of the week",
        (Condition.During a, Condition.DateWithin b) when NeverMeet(b.From, b.Through, a) => "name days of the week and other dates",
        (Condition.NthInPeriod a, Condition.NthInPeriod b) when a.Per == b.Per && a.Number != b.Number => "ask for different numbers in one period",
        (Condition.FirstTime, Condition.NthInPeriod { Number: > 1 }) or (Condition.NthInPeriod { Number: > 1 }, Condition.FirstTime) =>
            "ask for the first and for a later time",
        (Condition.FirstTime, Condition.Streak) or (Condition.Streak, Condition.FirstTime) => "ask for the first time and for a run",
        _ => null,
    };

    /// <summary>Are there none of some days of the week between two dates?</summary>
    public static bool NeverMeet(LocalDate from, LocalDate through, Condition.During window)
    {
        for (var date = from; date <= through && date < from.PlusDays(7); date = date.PlusDays(1))
        {
            if ((window.Days & (1 << ((int)date.DayOfWeek - 1))) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
