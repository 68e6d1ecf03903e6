using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Books;

/// <summary>What happened to a resident that other apps are to be told, as a CloudEvent 1.0.</summary>
public sealed record OutgoingEvent
{
    /// <summary>The version of CloudEvents.</summary>
    public string Specversion => "1.0";

    /// <summary>With <see cref="Source"/>, the event for ever: whoever is given it twice knows it by this.</summary>
    public required string Id { get; init; }

    /// <summary>The books of the community.</summary>
    public required string Source { get; init; }

    /// <summary>What happened; see docs/events.</summary>
    public required string Type { get; init; }

    /// <summary>The resident.</summary>
    public required string Subject { get; init; }

    /// <summary>When it counts from.</summary>
    public required Instant Time { get; init; }

    /// <summary>The form of <see cref="Data"/>.</summary>
    public string Datacontenttype => "application/json";

    /// <summary>The warning.</summary>
    public required ExpiryWarning Data { get; init; }
}

/// <summary>Points will expire.</summary>
/// <param name="Points">How many, if nothing happens until then.</param>
/// <param name="UsableThrough">The last local date on which they can be spent.</param>
/// <param name="ExpiresAt">The moment after which they cannot.</param>
/// <param name="DaysBefore">Which warning it is: that of so many days before.</param>
/// <param name="PutOffFrom">When they would have expired, had the warning not come late; absent when it came in time.</param>
/// <param name="Fund">The fund that they go to then; absent for nowhere.</param>
public sealed record ExpiryWarning(long Points, LocalDate UsableThrough, Instant ExpiresAt, int DaysBefore, Instant? PutOffFrom, string? Fund);

/// <summary>What the feed of a community tells other apps: the journal is the outbox, so nothing is told that is not so, and nothing is lost.</summary>
internal static class Outbox
{
    /// <summary>Points will expire.</summary>
    public const string ExpiryWarned = "expiry-warned";

    private const string Prefix = "community.points.";

    // The stored events that are told, by the word that a reader asks for.
    private static readonly Dictionary<string, byte[]> Names = new(StringComparer.Ordinal) { [ExpiryWarned] = "\"expiry_warned.v1\""u8.ToArray() };

    /// <summary>How an event that a reader asks for looks in the stored bytes.</summary>
    /// <exception cref="RequestRefusedException">No such event is told.</exception>
    public static ReadOnlyMemory<byte> NameOf(string type) => Names.TryGetValue(type, out var name)
        ? name
        : throw JsonMembers.Wrong(KnownProblems.EventTypeUnknown, "type", $"is none of {string.Join(", ", Names.Keys)}");

    /// <summary>The events of a transaction that are told; null for none.</summary>
    public static IReadOnlyList<OutgoingEvent>? Of(StreamId stream, Transaction transaction, PublishedProgrammes programmes)
    {
        var told = null as List<OutgoingEvent>;
        for (var i = 0; i < transaction.Events.Length; i++)
        {
            if (transaction.Events[i] is ExpiryWarned warned)
            {
                (told ??= []).Add(new()
                {
                    Id = $"{stream.Resident}@{transaction.Sequence}.{i}",
                    Source = $"/communities/{stream.Community}",
                    Type = $"{Prefix}{ExpiryWarned}.v1",
                    Subject = $"{stream.Resident}",
                    Time = transaction.EffectiveAt,
                    Data = DataOf(warned, programmes.ZoneOf(transaction)),
                });
            }
        }

        return told;
    }

    private static ExpiryWarning DataOf(ExpiryWarned warned, DateTimeZone zone) => new(
        warned.Points.Value, LocalDates.LastBefore(warned.ExpiresAt, zone), warned.ExpiresAt, warned.DaysBefore, warned.PutOffFrom, warned.Fund?.Value);

    private static DateTimeZone ZoneOf(this PublishedProgrammes programmes, Transaction transaction) =>
        programmes.Find(transaction.ProgrammeVersion)?.Programme.Zone ?? DateTimeZone.Utc;
}
