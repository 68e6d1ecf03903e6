using Ledger.Programmes;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.Programmes;

public sealed class ExpiryPolicyTests
{
    [Theory]
    [InlineData("2024-01-31", 1, RoundUp.None, "2024-02-29")]
    [InlineData("2023-01-31", 1, RoundUp.None, "2023-02-28")]
    [InlineData("2024-02-29", 12, RoundUp.None, "2025-02-28")]
    [InlineData("2024-02-29", 48, RoundUp.None, "2028-02-29")]
    [InlineData("2024-08-31", 1, RoundUp.None, "2024-09-30")]
    [InlineData("2024-11-30", 3, RoundUp.None, "2025-02-28")]
    [InlineData("1900-01-29", 1, RoundUp.None, "1900-02-28")]
    [InlineData("2000-01-29", 1, RoundUp.None, "2000-02-29")]
    [InlineData("2024-01-15", 1, RoundUp.Month, "2024-02-29")]
    [InlineData("2024-01-31", 1, RoundUp.Month, "2024-02-29")]
    [InlineData("2024-03-30", 1, RoundUp.Month, "2024-04-30")]
    [InlineData("2024-01-15", 1, RoundUp.Quarter, "2024-03-31")]
    [InlineData("2024-03-01", 1, RoundUp.Quarter, "2024-06-30")]
    [InlineData("2024-08-31", 1, RoundUp.Quarter, "2024-09-30")]
    [InlineData("2024-12-01", 1, RoundUp.Quarter, "2025-03-31")]
    [InlineData("2024-11-30", 1, RoundUp.Year, "2024-12-31")]
    [InlineData("2024-12-01", 1, RoundUp.Year, "2025-12-31")]
    [InlineData("2024-12-31", 12, RoundUp.Year, "2025-12-31")]
    [InlineData("9899-12-31", 600, RoundUp.Year, "9949-12-31")]
    public void Rolling_points_last_so_many_months_rounded_up(string earned, int months, RoundUp roundUp, string last) =>
        Assert.Equal(Date(last), new ExpiryPolicy.Rolling(months, roundUp).LastDate(Date(earned)));

    [Fact]
    public void Points_that_never_expire_have_no_last_date() => Assert.Null(ExpiryPolicy.Never.Instance.LastDate(Date("2024-01-01")));

    [Fact]
    public void At_the_end_of_the_calendar_points_never_expire() =>
        Assert.Null(new ExpiryPolicy.Rolling(1, RoundUp.None).LastDate(Date("9900-12-31")));

    private static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
