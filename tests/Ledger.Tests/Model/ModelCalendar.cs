using System.Collections.Concurrent;
using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>Local dates the slow way: by counting months and by walking minutes, never by asking for a start of day.</summary>
internal sealed class ModelCalendar
{
    private static readonly ConcurrentDictionary<DateTimeZone, ModelCalendar> Known = [];

    private readonly ConcurrentDictionary<LocalDate, Instant> _endOfDate = [];
    private readonly ConcurrentDictionary<(LocalDate, LocalTime), Instant> _firstAt = [];
    private readonly DateTimeZone _zone;

    private ModelCalendar(DateTimeZone zone) => _zone = zone;

    public static ModelCalendar Of(DateTimeZone zone) => Known.GetOrAdd(zone, z => new(z));

    public LocalDate DateAt(Instant instant) =>
        instant.Plus(Duration.FromSeconds(_zone.GetUtcOffset(instant).Seconds)).InUtc().Date;

    /// <summary>The first instant at which a clock on the wall shows a later date.</summary>
    public Instant EndOf(LocalDate date)
    {
        if (_endOfDate.TryGetValue(date, out var known))
        {
            return known;
        }

        var minute = Instant.FromUtc(date.Year, date.Month, date.Day, 0, 0).Minus(Duration.FromHours(2));
        while (DateAt(minute) <= date)
        {
            minute = minute.Plus(Duration.FromMinutes(1));
        }

        return _endOfDate[date] = minute;
    }

    /// <summary>The first instant after another one at which a clock on the wall has reached a time of day that it had not reached before.</summary>
    public Instant NextAt(LocalTime time, Instant after)
    {
        for (var date = DateAt(after); ; date = DaysAfter(date, 1))
        {
            if (FirstAt(date, time) is var first && first > after)
            {
                return first;
            }
        }
    }

    private Instant FirstAt(LocalDate date, LocalTime time) => _firstAt.GetOrAdd((date, time), _ =>
    {
        var minute = Instant.FromUtc(date.Year, date.Month, date.Day, 0, 0).Minus(Duration.FromHours(15));
        while (minute.InZone(_zone).LocalDateTime < date.At(time))
        {
            minute = minute.Plus(Duration.FromMinutes(1));
        }

        return minute;
    });

    public static LocalDate MonthsAfter(LocalDate date, int months)
    {
        var (year, month) = (date.Year, date.Month);
        for (var i = 0; i < months; i++)
        {
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        }

        return new(year, month, Math.Min(date.Day, DaysIn(year, month)));
    }

    public static LocalDate DaysAfter(LocalDate date, int days)
    {
        var (year, month, day) = (date.Year, date.Month, date.Day);
        for (var i = 0; i < days; i++)
        {
            day++;
            if (day > DaysIn(year, month))
            {
                (year, month, day) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1);
            }
        }

        return new(year, month, day);
    }

    /// <summary>The first date from here on that ends a group of so many months.</summary>
    public static LocalDate EndOfGroup(LocalDate date, int months)
    {
        while (date.Day != DaysIn(date.Year, date.Month) || date.Month % months != 0)
        {
            date = DaysAfter(date, 1);
        }

        return date;
    }

    public static int DaysIn(int year, int month) => month switch
    {
        4 or 6 or 9 or 11 => 30,
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        _ => 31,
    };
}
