using System.Numerics;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Programmes;

public sealed class AwardFormulaTests
{
    private const long Largest = 9_007_199_254_740_991;

    [Theory]
    [InlineData(10, 60, Rounding.Down, 59, 9)]
    [InlineData(10, 60, Rounding.Down, 60, 10)]
    [InlineData(1, 60, Rounding.Down, 59, 0)]
    [InlineData(1, 60, Rounding.Up, 1, 1)]
    [InlineData(1, 60, Rounding.Up, 60, 1)]
    [InlineData(1, 60, Rounding.Up, 61, 2)]
    [InlineData(1, 60, Rounding.HalfUp, 29, 0)]
    [InlineData(1, 60, Rounding.HalfUp, 30, 1)]
    [InlineData(1, 3, Rounding.HalfUp, 1, 0)]
    [InlineData(1, 3, Rounding.HalfUp, 2, 1)]
    [InlineData(1, 1, Rounding.HalfUp, 7, 7)]
    [InlineData(1, 1, Rounding.Down, Largest, Largest)]
    public void Points_per_units_round_as_they_say(long points, long units, Rounding rounding, long quantity, long award) =>
        Assert.Equal(new Points(award), new AwardFormula.PerUnit(new(points), units, rounding).Compute(quantity));

    [Fact]
    public void A_fixed_award_does_not_ask_for_the_quantity() =>
        Assert.All([1L, 60, Largest], quantity => Assert.Equal(new Points(5), new AwardFormula.Fixed(new(5)).Compute(quantity)));

    [Theory]
    [InlineData(1, 1, Rounding.Down, Largest, true)]
    [InlineData(2, 1, Rounding.Down, Largest, false)]
    [InlineData(2, 1, Rounding.Down, (Largest / 2) + 1, false)]
    [InlineData(2, 1, Rounding.Down, Largest / 2, true)]
    [InlineData(Largest, 1, Rounding.Down, Largest, false)]
    [InlineData(Largest, Largest, Rounding.Down, Largest, true)]
    // 2^53 − 1 and a half: down it is the most there may be, up it is one too many.
    [InlineData(18_014_398_509_481_983, 2, Rounding.Down, 1, true)]
    [InlineData(18_014_398_509_481_983, 2, Rounding.Up, 1, false)]
    [InlineData(18_014_398_509_481_983, 2, Rounding.HalfUp, 1, false)]
    [InlineData(long.MaxValue, 1, Rounding.Up, long.MaxValue, false)]
    public void More_than_the_largest_award_is_none(long points, long units, Rounding rounding, long quantity, bool fits) =>
        Assert.Equal(fits, new AwardFormula.PerUnit(new(points), units, rounding).Compute(quantity) is not null);

    [Fact]
    public void Every_award_is_the_exact_fraction_rounded_once()
    {
        var numbers = Gen.OneOf(
            Gen.Choose(1, 100).Select(n => (long)n),
            Gen.Choose(1, int.MaxValue).Select(n => (long)n),
            Gen.Choose(1, int.MaxValue).Select(n => Largest / n),
            Gen.Choose(0, 5).Select(n => Largest - n));
        var cases =
            from points in numbers
            from units in numbers
            from quantity in numbers
            from rounding in Gen.Elements(Enum.GetValues<Rounding>())
            select (Points: points, Units: units, Quantity: quantity, Rounding: rounding);

        Law.Holds(cases.ToArbitrary(), 1000, c =>
        {
            var formula = new AwardFormula.PerUnit(new(c.Points), c.Units, c.Rounding);
            var award = formula.Compute(c.Quantity);

            // Twice the fraction and one, over twice the unit: half up without a remainder.
            var (exact, unit) = ((BigInteger)c.Points * c.Quantity, (BigInteger)c.Units);
            var expected = c.Rounding switch
            {
                Rounding.Down => exact / unit,
                Rounding.Up => (exact + unit - 1) / unit,
                _ => ((2 * exact) + unit) / (2 * unit),
            };
            Assert.Equal(expected > Largest ? null : expected, award is { } some ? some.Value : null as BigInteger?);
            Assert.Equal(exact % unit == 0 ? null : c.Rounding, formula.RoundedAt(c.Quantity));
        });
    }
}
