using System.Collections.Immutable;
using System.Diagnostics;

namespace Ledger.Programmes;

/// <summary>How many points an activity of some quantity earns, before caps. A closed set; integers only.</summary>
public abstract record AwardFormula
{
    private protected AwardFormula()
    {
    }

    /// <summary>The same for every activity, whatever its quantity.</summary>
    /// <param name="Points">The award; more than zero.</param>
    public sealed record Fixed(Points Points) : AwardFormula;

    /// <summary>So many points for every so many units, for example 10 points per 60 minutes.</summary>
    /// <param name="Points">Points for each full <paramref name="Units"/>; more than zero.</param>
    /// <param name="Units">Units of quantity; more than zero.</param>
    /// <param name="Rounding">What becomes of the fraction.</param>
    public sealed record PerUnit(Points Points, long Units, Rounding Rounding) : AwardFormula;

    /// <summary>
    /// A rate for each part of the quantity, for example 10 points an hour up to four hours and 15 an hour beyond. Summed exactly, rounded once.
    /// </summary>
    /// <param name="Brackets">The parts, ascending by where they begin; the first begins at 0.</param>
    /// <param name="Units">Units of quantity that a rate is for; more than zero.</param>
    /// <param name="Rounding">What becomes of the fraction.</param>
    public sealed record Bracketed(ImmutableArray<Bracket> Brackets, long Units, Rounding Rounding) : AwardFormula;

    /// <summary>The award for a quantity; null when it is more than <see cref="Points.Max"/>.</summary>
    public Points? Compute(long quantity) => this switch
    {
        Fixed award => award.Points,
        Bracketed award => Divide(Sum(award.Brackets, quantity), award.Units, award.Rounding),
        PerUnit award => Divide((Int128)quantity * award.Points.Value, award.Units, award.Rounding),
        _ => throw new UnreachableException($"Formula {GetType().Name} has no case."),
    };

    /// <summary>How a fraction of a point was rounded; null where there was none.</summary>
    public Rounding? RoundedAt(long quantity) => this switch
    {
        Bracketed award when Sum(award.Brackets, quantity) % award.Units != 0 => award.Rounding,
        PerUnit award when (Int128)quantity * award.Points.Value % award.Units != 0 => award.Rounding,
        _ => null,
    };

    private static Int128 Sum(ImmutableArray<Bracket> brackets, long quantity)
    {
        var sum = Int128.Zero;
        for (var i = 0; i < brackets.Length && quantity > brackets[i].From; i++)
        {
            var end = i + 1 < brackets.Length ? Math.Min(quantity, brackets[i + 1].From) : quantity;
            sum += (Int128)(end - brackets[i].From) * brackets[i].Points.Value;
        }

        return sum;
    }

    /// <summary>A fraction as points; null when it is more than <see cref="Points.Max"/>.</summary>
    internal static Points? Divide(Int128 product, long units, Rounding rounding)
    {
        var points = rounding.Divide(product, units);
        return points <= Points.Max.Value ? new Points((long)points) : null;
    }
}

/// <summary>A part of a quantity and its rate.</summary>
/// <param name="From">The quantity above which it begins; 0 or more.</param>
/// <param name="Points">Points for each full number of units; 0 or more.</param>
public readonly record struct Bracket(long From, Points Points);

/// <summary>What becomes of a fraction of a point, or of a minor unit of money.</summary>
public enum Rounding
{
    /// <summary>It is dropped.</summary>
    Down,

    /// <summary>It becomes a whole one.</summary>
    Up,

    /// <summary>A half or more becomes a whole one.</summary>
    HalfUp,
}

internal static class Roundings
{
    /// <summary>A fraction of whole numbers, neither of them negative, as a whole one.</summary>
    public static Int128 Divide(this Rounding rounding, Int128 product, long units)
    {
        var (quotient, remainder) = Int128.DivRem(product, units);
        var up = rounding switch
        {
            Rounding.Down => false,
            Rounding.Up => remainder > 0,
            Rounding.HalfUp => remainder * 2 >= units,
            _ => throw new UnreachableException($"Rounding {rounding} has no case."),
        };
        return up ? quotient + 1 : quotient;
    }
}
