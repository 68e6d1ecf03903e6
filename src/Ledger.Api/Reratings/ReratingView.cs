using System.Text.Json;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Reratings;

/// <summary>A re-rating as it is answered. Unit: points.</summary>
public sealed record ReratingView
{
    /// <summary>Its identifier; corrections name it.</summary>
    public required string Id { get; init; }

    /// <summary><c>proposed</c>, <c>approved</c> (corrections are being written), <c>rejected</c>, <c>done</c>, or <c>failed</c>: corrections that were written before stay.</summary>
    public required string Status { get; init; }

    /// <summary>The first moment of the period; absent for "from the beginning".</summary>
    public Instant? From { get; init; }

    /// <summary>The first moment after it.</summary>
    public required Instant Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Residents whose points change.</summary>
    public required long Residents { get; init; }

    /// <summary>Points that are given in all.</summary>
    public required long Given { get; init; }

    /// <summary>Points that are taken in all.</summary>
    public required long Taken { get; init; }

    /// <summary>The client that proposed it.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant ProposedAt { get; init; }

    /// <summary>The client that approved or rejected it; absent before.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When; absent before.</summary>
    public Instant? DecidedAt { get; init; }

    /// <summary>When all corrections were written, or it failed; absent before.</summary>
    public Instant? DoneAt { get; init; }

    /// <summary>Corrections that the wallets refused, for example because a balance would be too large; absent before it is done.</summary>
    public long? Refused { get; init; }

    /// <summary>Why it failed: <c>rerating_changed</c> or <c>programme_invalid</c>; absent otherwise.</summary>
    public string? Failure { get; init; }

    /// <summary>The programme that decides; absent in lists.</summary>
    public JsonElement? Programme { get; init; }

    internal static ReratingView Of(Rerating rerating) => new()
    {
        Id = rerating.Id,
        Status = ReratingStatusText.Of(rerating.Status),
        From = rerating.From == Instant.MinValue ? null : rerating.From,
        Until = rerating.Until,
        Reason = rerating.Reason,
        Residents = rerating.Residents,
        Given = rerating.Given.Value,
        Taken = rerating.Taken.Value,
        ProposedBy = rerating.ProposedBy,
        ProposedAt = rerating.ProposedAt,
        DecidedBy = rerating.DecidedBy,
        DecidedAt = rerating.DecidedAt,
        DoneAt = rerating.DoneAt,
        Refused = rerating.Status == ReratingStatus.Done ? rerating.Refused : null,
        Failure = rerating.Failure,
        Programme = rerating.Programme is { } json ? JsonElement.Parse(json) : null,
    };
}

/// <summary>A page of the re-ratings of a community, oldest first.</summary>
/// <param name="Data">Re-ratings without their programmes.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record ReratingPage(IReadOnlyList<ReratingView> Data, string? NextCursor, bool HasMore);

/// <summary>What is sent to propose a re-rating.</summary>
/// <param name="Version">A published version to decide with.</param>
/// <param name="Draft">The id of a draft to decide with.</param>
/// <param name="Programme">A programme to decide with; one of the three must be there.</param>
/// <param name="From">The first moment of the period. Default: the beginning.</param>
/// <param name="Until">The first moment after it, at least 60 seconds ago.</param>
/// <param name="Reason">Why: 1 to 500 characters.</param>
public sealed record NewRerating(int? Version, string? Draft, JsonElement? Programme, Instant? From, Instant Until, string Reason);
