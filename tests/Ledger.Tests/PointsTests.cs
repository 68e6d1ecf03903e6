namespace Ledger.Tests;

public sealed class PointsTests
{
    [Fact]
    public void Sums_and_differences_are_exact()
    {
        Assert.Equal(new Points(7), new Points(3) + new Points(4));
        Assert.Equal(new Points(-1), new Points(3) - new Points(4));
        Assert.Equal(new Points(-3), -new Points(3));
        Assert.Equal(new Points(long.MaxValue), new Points(long.MaxValue - 1) + new Points(1));
    }

    [Fact]
    public void A_number_too_large_is_an_error_and_never_another_number()
    {
        Assert.Throws<OverflowException>(() => new Points(long.MaxValue) + new Points(1));
        Assert.Throws<OverflowException>(() => new Points(long.MinValue) - new Points(1));
        Assert.Throws<OverflowException>(() => -new Points(long.MinValue));
    }

    [Fact]
    public void The_most_that_one_amount_may_be_is_what_every_JSON_client_reads_exactly()
    {
        Assert.Equal((1L << 53) - 1, Points.Max.Value);
        Assert.Equal(Points.Max.Value, (long)(double)Points.Max.Value);
    }

    [Fact]
    public void Points_are_compared_by_number()
    {
        var (less, more) = (new Points(2), new Points(10));

        Assert.True(less < more && less <= more && more > less && more >= less && !(less > more) && !(more <= less));
        Assert.True(less <= new Points(2) && less >= new Points(2));
        Assert.Equal(less, Points.Min(less, more));
        Assert.Equal(less, Points.Min(more, less));
        Assert.Equal([new Points(-1), less, more], new[] { more, new(-1), less }.Order());
    }

    [Fact]
    public void Nothing_is_zero_and_neither_positive_nor_shown_otherwise()
    {
        Assert.True(Points.Zero.IsZero && !Points.Zero.IsPositive && default(Points) == Points.Zero);
        Assert.True(new Points(1).IsPositive && !new Points(-1).IsPositive);
        Assert.Equal("-1500", new Points(-1500).ToString());
    }
}
