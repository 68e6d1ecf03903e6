using Ledger.Api.Problems;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Json;

/// <summary>Times as callers write them: RFC 3339 with any offset, kept as the instant.</summary>
internal static class Times
{
    // Far beyond every use, and far enough from the ends of the calendar that adding months and zones cannot fall off.
    private static readonly Instant First = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant End = Instant.FromUtc(9000, 1, 1, 0, 0);

    /// <exception cref="RequestRefusedException">The text is no such time.</exception>
    public static Instant Read(string text, string path) => OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } parsed
        ? Bounded(parsed.Value.ToInstant(), path)
        : throw JsonMembers.Wrong(KnownProblems.TimeInvalid, path, "must be RFC 3339 with an offset, such as 2026-03-01T08:00:00+08:00");

    /// <exception cref="RequestRefusedException">The instant is out of bounds.</exception>
    public static Instant Bounded(Instant instant, string path) => instant >= First && instant < End
        ? instant
        : throw JsonMembers.Wrong(KnownProblems.TimeInvalid, path, "must be from the year 1900 to the year 8999");
}
