using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Tests.Model;
using NodaTime;

namespace Ledger.Tests.Programmes;

public sealed class CalendarTests
{
    [Theory]
    // No 30 December 2011: the day after the 29th begins when the 31st does.
    [InlineData("Pacific/Apia", 2011, 12, 29, "2011-12-30T10:00:00Z")]
    [InlineData("Pacific/Apia", 2011, 12, 30, "2011-12-30T10:00:00Z")]
    [InlineData("Pacific/Apia", 2011, 12, 31, "2011-12-31T10:00:00Z")]
    // Midnight left out: 4 November began at 01:00, −02:00.
    [InlineData("America/Sao_Paulo", 2018, 11, 3, "2018-11-04T03:00:00Z")]
    // The last hour of 17 February came twice: the day was 25 hours long.
    [InlineData("America/Sao_Paulo", 2018, 2, 17, "2018-02-18T03:00:00Z")]
    [InlineData("America/Havana", 2018, 3, 10, "2018-03-11T05:00:00Z")]
    // 00:00 to 01:00 came twice: the first midnight counts.
    [InlineData("America/Havana", 2018, 11, 3, "2018-11-04T04:00:00Z")]
    [InlineData("Africa/Cairo", 2023, 4, 27, "2023-04-27T22:00:00Z")]
    [InlineData("Asia/Shanghai", 2024, 2, 29, "2024-02-29T16:00:00Z")]
    [InlineData("UTC", 2024, 12, 31, "2025-01-01T00:00:00Z")]
    public void A_lot_ends_when_the_next_local_day_begins(string zone, int year, int month, int day, string end) =>
        Assert.Equal(
            NodaTime.Text.InstantPattern.ExtendedIso.Parse(end).Value, In(DateTimeZoneProviders.Tzdb[zone]).EndOf(new LocalDate(year, month, day)));

    [Fact]
    public void Around_every_clock_change_of_every_zone_a_day_ends_with_the_first_instant_of_a_later_date()
    {
        var (from, to) = (Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0));
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]))
        {
            var (programme, calendar) = (In(zone), ModelCalendar.Of(zone));

            // Zones repeat themselves: a few changes of each are enough, always the ones that skip or repeat much.
            var changes = zone.GetZoneIntervals(from, to).Where(i => i.HasStart && i.Start > from).ToList();
            foreach (var change in changes.Take(2).Concat(changes.TakeLast(1)).Concat(changes.Where(c => IsOdd(zone, c))))
            {
                var date = calendar.DateAt(change.Start);
                foreach (var last in new[] { date.PlusDays(-2), date.PlusDays(-1), date })
                {
                    Assert.Equal(calendar.EndOf(last), programme.EndOf(last));
                }
            }
        }

        static bool IsOdd(DateTimeZone zone, NodaTime.TimeZones.ZoneInterval change) =>
            Math.Abs(zone.GetUtcOffset(change.Start).Seconds - zone.GetUtcOffset(change.Start - Duration.Epsilon).Seconds) > 3600;
    }

    [Fact]
    public void Nothing_that_an_RFC_3339_date_can_say_is_outside_the_calendar()
    {
        foreach (var zone in new[] { "Etc/GMT+12", "Pacific/Kiritimati", "Asia/Shanghai" })
        {
            var programme = In(DateTimeZoneProviders.Tzdb[zone]);
            foreach (var instant in new[] { Instant.FromUtc(1, 1, 1, 0, 0) - Duration.FromHours(23), Instant.FromUtc(9999, 12, 31, 23, 59) + Duration.FromHours(0) })
            {
                var date = programme.DateOf(instant);
                Assert.True(programme.StartOf(date) <= Instant.Max(instant, programme.StartOf(date)));
                var last = new ExpiryPolicy.Rolling(600, RoundUp.Year).LastDate(date);
                Assert.Equal(last is null, programme.EndOf(last) is null);
                Assert.True(CapPeriod.Month.LastDateOf(CapPeriod.Month.StartOf(date)).PlusDays(368) > date);
            }
        }
    }

    [Theory]
    [InlineData(CapPeriod.LocalDay, 2024, 2, 29, "2024-02-29", "2024-02-29")]
    [InlineData(CapPeriod.Month, 2024, 2, 29, "2024-02-01", "2024-02-29")]
    [InlineData(CapPeriod.Month, 2023, 2, 1, "2023-02-01", "2023-02-28")]
    [InlineData(CapPeriod.Month, 2023, 12, 31, "2023-12-01", "2023-12-31")]
    public void A_period_has_a_first_and_a_last_date(CapPeriod per, int year, int month, int day, string first, string last)
    {
        var start = per.StartOf(new LocalDate(year, month, day));

        Assert.Equal(first, NodaTime.Text.LocalDatePattern.Iso.Format(start));
        Assert.Equal(last, NodaTime.Text.LocalDatePattern.Iso.Format(per.LastDateOf(start)));
    }

    private static Programme In(DateTimeZone zone) =>
        new() { Zone = zone, Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty };
}
