using FsCheck;
using FsCheck.Fluent;
using Ledger.Merchants;
using Ledger.Tests.Laws;
using Ledger.Tests.Sequences;
using NodaTime;

namespace Ledger.Tests.Merchants;

public sealed class SettlementDayTests
{
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    [Theory]
    [InlineData("2024-02-29T15:59:59Z", 0, 0, "2024-02-29")]
    [InlineData("2024-02-29T16:00:00Z", 0, 0, "2024-03-01")]
    [InlineData("2024-02-29T13:59:59Z", 22, 0, "2024-02-29")]
    [InlineData("2024-02-29T14:00:00Z", 22, 0, "2024-03-01")]
    [InlineData("2024-02-29T16:30:00Z", 0, 30, "2024-03-02")]
    [InlineData("2024-02-29T16:29:59Z", 0, 30, "2024-03-01")]
    public void A_day_ends_with_its_cut_off_and_is_named_after_the_date_of_its_end(string at, int hour, int minute, string day) =>
        Assert.Equal(
            NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value,
            SettlementDay.Of(NodaTime.Text.InstantPattern.General.Parse(at).Value, new(hour, minute), Shanghai));

    [Fact]
    public void Every_instant_lies_in_one_day_and_days_follow_one_another_also_where_clocks_change() => Law.Holds(Instants(), 2_000, c =>
    {
        var day = SettlementDay.Of(c.At, c.CutOff, c.Zone);

        Assert.True(c.At < SettlementDay.EndOf(day, c.CutOff, c.Zone));
        Assert.True(SettlementDay.EndOf(day.PlusDays(-1), c.CutOff, c.Zone) <= c.At);
    });

    [Fact]
    public void The_ends_of_the_calendar_are_days_like_others()
    {
        Assert.Equal(new(1, 1, 3), SettlementDay.Of(Instant.MinValue, LocalTime.Midnight, Shanghai));
        Assert.Equal(9999, SettlementDay.Of(Instant.MaxValue, new(22, 0), Shanghai).Year);
    }

    private static Arbitrary<(Instant At, LocalTime CutOff, DateTimeZone Zone)> Instants() => Arb.From(
        from place in Gen.Elements(Place.All.AsEnumerable())
        from odd in Gen.Elements(place.OddDates.AsEnumerable())
        from minutes in Gen.Choose(-3 * 24 * 60, 3 * 24 * 60)
        from nanos in Gen.Elements(-1L, 0, 1)
        from cutOff in Gen.OneOf(Gen.Constant(LocalTime.Midnight), Gen.Choose(0, (24 * 60) - 1).Select(minute => LocalTime.FromMinutesSinceMidnight(minute)))
        select (Instant.FromUtc(odd.Year, odd.Month, odd.Day, 0, 0).Plus(Duration.FromMinutes(minutes)).PlusNanoseconds(nanos), cutOff, place.Zone));
}
