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

    [Theory]
    [InlineData("2026-01-01", "2027-03-31")]
    [InlineData("2027-03-31", "2027-03-31")]
    [InlineData("2027-04-01", "2027-04-01")]
    public void Points_of_a_fixed_date_last_to_it_or_through_the_day_they_are_earned(string earned, string last) =>
        Assert.Equal(Date(last), new ExpiryPolicy.OnDate(Date("2027-03-31")).LastDate(Date(earned)));

    [Theory]
    [InlineData("2026-01-01", 3, 31, 0, "2026-03-31")]
    [InlineData("2026-03-31", 3, 31, 0, "2026-03-31")]
    [InlineData("2026-04-01", 3, 31, 0, "2027-03-31")]
    [InlineData("2026-01-01", 3, 31, 3, "2027-03-31")]
    [InlineData("2025-12-31", 3, 31, 3, "2026-03-31")]
    [InlineData("2026-03-01", 2, 29, 0, "2027-02-28")]
    [InlineData("2027-03-01", 2, 29, 0, "2028-02-29")]
    [InlineData("9899-06-01", 1, 1, 120, "9910-01-01")]
    public void Points_of_a_yearly_date_last_to_the_first_one_that_leaves_them_long_enough(
        string earned, int month, int day, int monthsMin, string last) =>
        Assert.Equal(Date(last), new ExpiryPolicy.Yearly(month, day, monthsMin).LastDate(Date(earned)));

    [Theory]
    [InlineData("2024-01-31", 1, "2024-02-29")]
    [InlineData("2024-02-29", 12, "2025-02-28")]
    public void Idle_points_last_so_many_months_from_the_last_act(string acted, int months, string last) =>
        Assert.Equal(Date(last), new ExpiryPolicy.Inactivity(months, [ResidentAct.Spent]).LastDate(Date(acted)));

    [Fact]
    public void Points_that_never_expire_have_no_last_date() => Assert.Null(ExpiryPolicy.Never.Instance.LastDate(Date("2024-01-01")));

    [Fact]
    public void At_the_end_of_the_calendar_points_never_expire() =>
        Assert.Null(new ExpiryPolicy.Rolling(1, RoundUp.None).LastDate(Date("9900-12-31")));

    private static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
