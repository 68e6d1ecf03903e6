using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Grains.Clocks;

/// <summary>The time by which something may be decided.</summary>
public static class AgreedTime
{
    /// <summary>The clock's time. It is looked at first and judged afterwards, so that none that was set in between decides anything.</summary>
    /// <exception cref="JournalUnavailableException">The clock is wrong.</exception>
    public static Instant Now(this IClockWatch watch, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetCurrentInstant();
        return watch.Objection is { } objection ? throw new JournalUnavailableException(objection) : now;
    }
}
