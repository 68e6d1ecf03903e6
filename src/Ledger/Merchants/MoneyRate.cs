using Ledger.Programmes;

namespace Ledger.Merchants;

/// <summary>What points are worth to a merchant, in whole minor units of a currency (fen, cents).</summary>
/// <param name="MinorUnits">So many minor units; 1 to <see cref="NumberMax"/>.</param>
/// <param name="Per">For so many points; 1 to <see cref="NumberMax"/>.</param>
/// <param name="Currency">Three capital letters (ISO 4217), for example <c>CNY</c>.</param>
/// <param name="Rounding">What becomes of a fraction of a minor unit.</param>
public sealed record MoneyRate(long MinorUnits, Points Per, string Currency, Rounding Rounding)
{
    /// <summary>The largest number on either side.</summary>
    public const long NumberMax = 1_000_000;

    /// <summary>The most that one point may be worth, in minor units: then the money of the largest sale is still a number of 64 bits.</summary>
    public const long MinorUnitsPerPointMax = 1_000;

    /// <summary>
    /// The money of so many points. More points are never less money; but two parts may round to less or more than their sum, so parts of a sale are
    /// differences of what it came to before and after.
    /// </summary>
    public long MoneyOf(Points points) => (long)Rounding.Divide((Int128)points.Value * MinorUnits, Per.Value);

    /// <summary>The change of money when the points of a sale change.</summary>
    public long Difference(Points before, Points after) => MoneyOf(after) - MoneyOf(before);
}
