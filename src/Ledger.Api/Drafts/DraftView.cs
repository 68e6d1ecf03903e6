using System.Text.Json;
using Ledger.Api.Programmes;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Drafts;

/// <summary>A programme that is being written, as it is answered.</summary>
public sealed record DraftView
{
    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>From 1, one more with each change; in double quotes it is the <c>ETag</c>.</summary>
    public required int Revision { get; init; }

    /// <summary>The client that began it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The client that changed it last, or published it.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>The version that it was published as; absent while it is not.</summary>
    public int? PublishedAs { get; init; }

    /// <summary>What was found in it; absent in lists.</summary>
    public ProgrammeCheck? Check { get; init; }

    /// <summary>The programme itself; absent in lists.</summary>
    public JsonElement? Programme { get; init; }

    internal static DraftView Of(ProgrammeDraft draft) => new()
    {
        Id = draft.Id,
        Name = draft.Name,
        Revision = draft.Revision,
        CreatedBy = draft.CreatedBy,
        CreatedAt = draft.CreatedAt,
        ChangedBy = draft.ChangedBy,
        ChangedAt = draft.ChangedAt,
        PublishedAs = draft.PublishedAs,
        Check = draft.Json is { } text ? ProgrammeCheck.Of(ProgrammeReader.Read(text)) : null,
        Programme = draft.Json is { } json ? JsonElement.Parse(json) : null,
    };
}

/// <summary>The drafts of a community, by age.</summary>
/// <param name="Data">All of them, without their texts.</param>
public sealed record DraftList(IReadOnlyList<DraftView> Data);
