using NodaTime;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>A time as PostgreSQL keeps it: whole microseconds, and the 0 to 999 nanoseconds beyond them.</summary>
/// <param name="Micros">The time, cut to microseconds; the earliest and the latest instant become infinities.</param>
/// <param name="Nanos">What was cut.</param>
internal readonly record struct StoredTime(Instant Micros, short Nanos)
{
    private const int NanosPerMicro = 1_000;

    /// <summary>The whole time again.</summary>
    public Instant Instant => Micros.PlusNanoseconds(Nanos);

    /// <summary>Takes a time apart.</summary>
    public static StoredTime Of(Instant instant)
    {
        // Down, also before 1970, so that order is kept.
        var second = Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
        var nanos = (instant - second).NanosecondOfDay % NanosPerMicro;
        return new(nanos == 0 ? instant : instant.PlusNanoseconds(-nanos), (short)nanos);
    }

    /// <summary>Takes a time apart that may be absent.</summary>
    public static StoredTime? Of(Instant? instant) => instant is { } known ? Of(known) : null;
}
