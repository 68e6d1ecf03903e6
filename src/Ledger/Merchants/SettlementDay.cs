using NodaTime;
using NodaTime.TimeZones;

namespace Ledger.Merchants;

/// <summary>A day of a merchant's settlement: from one cut-off to the next, named after the date on which it ends.</summary>
/// <remarks>With a cut-off at midnight it is the calendar's day, which ends when the next one begins.</remarks>
public static class SettlementDay
{
    // Where a clock change swallows the cut-off, the day ends when the clock goes on; where it comes twice, at the first.
    private static readonly ZoneLocalMappingResolver FirstInstant =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private static readonly Instant First = Instant.FromUtc(1, 1, 3, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(9999, 12, 28, 0, 0);

    /// <summary>The day that an instant lies in. What lies outside of the years 1 to 9999 counts as their first or last day.</summary>
    public static LocalDate Of(Instant at, LocalTime cutOff, DateTimeZone zone) => Containing(at, cutOff, zone).Day;

    /// <summary>The same with its cut-off.</summary>
    internal static (LocalDate Day, Instant End) Containing(Instant at, LocalTime cutOff, DateTimeZone zone)
    {
        var within = Instant.Max(First, Instant.Min(at, Last));
        var day = within.InZone(zone).Date.PlusDays(1);
        var end = null as Instant?;
        while (EndOf(day.PlusDays(-1), cutOff, zone) is var earlier && earlier > within)
        {
            (day, end) = (day.PlusDays(-1), earlier);
        }

        return (day, end ?? EndOf(day, cutOff, zone));
    }

    /// <summary>The first instant after a day: its cut-off.</summary>
    public static Instant EndOf(LocalDate day, LocalTime cutOff, DateTimeZone zone) =>
        zone.ResolveLocal(cutOff == LocalTime.Midnight ? day.PlusDays(1).AtMidnight() : day.At(cutOff), FirstInstant).ToInstant();
}
