using System.Text.Json;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Programmes;

/// <summary>A programme version as it is answered.</summary>
public sealed record ProgrammeView
{
    /// <summary>Its number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Activities from this moment on are decided by it; absent for "from the beginning".</summary>
    public Instant? EffectiveFrom { get; init; }

    /// <summary>The client that published it.</summary>
    public required string PublishedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant PublishedAt { get; init; }

    /// <summary>The programme itself; absent in lists.</summary>
    public JsonElement? Programme { get; init; }

    internal static ProgrammeView Of(StoredProgramme stored, bool withText)
    {
        return new()
        {
            Version = stored.Version,
            EffectiveFrom = stored.EffectiveFrom == Instant.MinValue ? null : stored.EffectiveFrom,
            PublishedBy = stored.PublishedBy,
            PublishedAt = stored.PublishedAt,
            Programme = withText ? JsonElement.Parse(stored.Json) : null,
        };
    }
}

/// <summary>The programme versions of a community, ascending.</summary>
/// <param name="Data">All of them, without their texts.</param>
public sealed record ProgrammeList(IReadOnlyList<ProgrammeView> Data);

/// <summary>What is sent to publish a programme.</summary>
/// <param name="EffectiveFrom">Activities from this moment on are decided by it. May be absent for a community's first programme only.</param>
/// <param name="Programme">The programme; see docs/programme.md.</param>
public sealed record NewProgramme(Instant? EffectiveFrom, JsonElement Programme);
