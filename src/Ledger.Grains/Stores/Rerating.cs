using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>Where a re-rating is on its way.</summary>
public enum ReratingStatus
{
    /// <summary>Somebody wants it; nothing is done.</summary>
    Proposed,

    /// <summary>Somebody else wants it too; corrections are being written.</summary>
    Approved,

    /// <summary>Somebody did not want it; nothing was done and nothing will be.</summary>
    Rejected,

    /// <summary>All corrections are written.</summary>
    Done,

    /// <summary>It was approved and could not be repeated. Corrections that were written before stay; its period is free again.</summary>
    Failed,
}

/// <summary>A declared re-rating: a past period decided again by another programme, and the differences given or taken once it is approved.</summary>
public sealed record Rerating
{
    /// <summary>The most proposals of one community that wait for a decision.</summary>
    public const int ProposedMax = 10;

    /// <summary>Whose past.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Its identifier, unique within the community.</summary>
    public required string Id { get; init; }

    /// <summary>The programme to decide with, as text; null in lists.</summary>
    public string? Programme { get; init; }

    /// <summary>The first instant of the period.</summary>
    public required Instant From { get; init; }

    /// <summary>The first instant after it.</summary>
    public required Instant Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Residents whose points change.</summary>
    public required long Residents { get; init; }

    /// <summary>Points that are given in all.</summary>
    public required Points Given { get; init; }

    /// <summary>Points that are taken in all; zero or more.</summary>
    public required Points Taken { get; init; }

    /// <summary>SHA-256 over every resident's difference, in lower-case hexadecimal: what is approved is what was proposed.</summary>
    public required string Digest { get; init; }

    /// <summary>The client that proposed it.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant ProposedAt { get; init; }

    /// <summary>Where it is on its way.</summary>
    public ReratingStatus Status { get; init; }

    /// <summary>The client that approved or rejected it; null before.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When; null before.</summary>
    public Instant? DecidedAt { get; init; }

    /// <summary>When all corrections were written, or it failed; null before.</summary>
    public Instant? DoneAt { get; init; }

    /// <summary>Corrections that the wallets refused, for example because a balance would be too large.</summary>
    public long Refused { get; init; }

    /// <summary>The code of why it failed; null otherwise.</summary>
    public string? Failure { get; init; }
}

/// <summary>A place in the list of re-ratings: oldest first, then by identifier in code point order.</summary>
/// <param name="ProposedAt">When it was proposed.</param>
/// <param name="Id">Its identifier.</param>
public readonly record struct ReratingPlace(Instant ProposedAt, string Id);
