using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>A time as it is stored: whole Unix seconds and the nanoseconds of that second.</summary>
internal readonly record struct Moment(long Seconds, long Nanos)
{
    public Instant Instant => Instant.FromUnixTimeSeconds(Seconds).PlusNanoseconds(Nanos);

    public static Moment Of(Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return new(seconds, (instant - Instant.FromUnixTimeSeconds(seconds)).NanosecondOfDay);
    }

    public static Moment? Of(Instant? instant) => instant is { } known ? Of(known) : null;

    public static Instant? Read(long? seconds, long? nanos) =>
        seconds is { } known ? new Moment(known, nanos ?? 0).Instant : null;
}
