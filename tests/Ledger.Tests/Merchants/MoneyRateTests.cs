using Ledger.Merchants;
using Ledger.Programmes;

namespace Ledger.Tests.Merchants;

public sealed class MoneyRateTests
{
    [Theory]
    [InlineData(1, 1, Rounding.Down, 7, 7)]
    [InlineData(1, 3, Rounding.Down, 5, 1)]
    [InlineData(1, 3, Rounding.HalfUp, 5, 2)]
    [InlineData(1, 3, Rounding.HalfUp, 4, 1)]
    [InlineData(1, 3, Rounding.Up, 4, 2)]
    [InlineData(1, 2, Rounding.HalfUp, 1, 1)]
    [InlineData(3, 2, Rounding.Down, 1, 1)]
    [InlineData(1_000_000, 1_000, Rounding.Up, 9_007_199_254_740_991, 9_007_199_254_740_991_000)]
    public void Fractions_of_a_minor_unit_go_where_the_rate_says(long minorUnits, long per, Rounding rounding, long points, long money) =>
        Assert.Equal(money, new MoneyRate(minorUnits, new(per), "CNY", rounding).MoneyOf(new(points)));
}
