using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A programme that is still being written. It may have mistakes, and counts for nothing until it is published.</summary>
public sealed record ProgrammeDraft
{
    /// <summary>The most drafts of one community, published ones that nobody deleted among them.</summary>
    public const int CountMax = 100;

    /// <summary>Whose.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Its identifier, unique within the community.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>From 1, one more with each change; whoever changes it names the one that he saw.</summary>
    public required int Revision { get; init; }

    /// <summary>The text, as it came; null in lists.</summary>
    public string? Json { get; init; }

    /// <summary>The client that began it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The client that changed it last, or published it.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>The version that it was published as; null while it is not, and from then on it does not change.</summary>
    public int? PublishedAs { get; init; }
}
