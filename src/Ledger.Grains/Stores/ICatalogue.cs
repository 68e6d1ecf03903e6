using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A community as the operator named it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record Community(CommunityId Id, string Name, Instant CreatedAt);

/// <summary>Who may call, for which community, and what for. The key itself is not stored.</summary>
public sealed record ApiKey
{
    /// <summary>Begins the scope that names the one resident whom a key reads.</summary>
    public const string ResidentScope = "resident:";

    /// <summary>Names the key in lists and for revoking; not secret.</summary>
    public required string Id { get; init; }

    /// <summary>The client that the key belongs to; stays the same when its key is replaced.</summary>
    public required string Client { get; init; }

    /// <summary>The one community it is for; null for all of them.</summary>
    public required CommunityId? Community { get; init; }

    /// <summary>What it may do; each without blanks.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The scope of keys that read one resident. When the resident is erased they are revoked.</summary>
    public static string ScopeOf(ResidentId resident) => ResidentScope + resident.Value;

    /// <summary>The CloudEvents sources it may speak for; none of them has a control character.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The merchant it acts as; null when it is not a merchant's.</summary>
    public MerchantId? Merchant { get; init; }

    /// <summary>SHA-256 of the key, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>From when on it no longer counts; null for never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null while it is not.</summary>
    public Instant? RevokedAt { get; init; }
}

/// <summary>A version of a community's programme as its operator published it. Never changes.</summary>
/// <param name="Community">Whose.</param>
/// <param name="Version">From 1, no gap.</param>
/// <param name="EffectiveFrom">Activities from this moment on are decided by it.</param>
/// <param name="Json">The text, as it came.</param>
/// <param name="PublishedBy">The client that published it.</param>
/// <param name="PublishedAt">When.</param>
public sealed record StoredProgramme(
    CommunityId Community, int Version, Instant EffectiveFrom, string Json, string PublishedBy, Instant PublishedAt);

/// <summary>What became of a key that was to be the first one of its client.</summary>
public enum FirstKeyOutcome
{
    /// <summary>It is added, and the client id is its owner's from now on.</summary>
    Added,

    /// <summary>Nothing was added: the client has a key already, perhaps an expired or revoked one.</summary>
    ClientTaken,

    /// <summary>Nothing was added: another key has this id or this hash.</summary>
    KeyTaken,
}

/// <summary>Communities, their keys and their programmes. Few rows, seldom written; whoever reads them often remembers them.</summary>
/// <remarks>
/// Obligations. What is unique is decided by the store, in the transaction that writes: of two callers at once, one is told no. An answer to a writing question means that it survives a crash. Safe for concurrent callers.
/// No exception of a database provider leaves: only <see cref="Journal.JournalUnavailableException"/>, and then nothing was written.
/// </remarks>
public interface ICatalogue
{
    /// <summary>Adds a community; false when its identifier is taken.</summary>
    Task<bool> AddCommunity(Community community, CancellationToken cancellation = default);

    /// <summary>The community; null when there is none.</summary>
    Task<Community?> FindCommunity(CommunityId id, CancellationToken cancellation = default);

    /// <summary>All communities by identifier.</summary>
    Task<IReadOnlyList<Community>> ListCommunities(CancellationToken cancellation = default);

    /// <summary>
    /// Adds the first key of a client. A client id names the client's commands for ever, so two owners must never come to share one:
    /// of several callers at once for one client, one gets <see cref="FirstKeyOutcome.Added"/>.
    /// </summary>
    Task<FirstKeyOutcome> AddFirstKey(ApiKey key, CancellationToken cancellation = default);

    /// <summary>Adds a further key of a client, whoever else has one; false when its id or its hash is taken.</summary>
    Task<bool> AddKey(ApiKey key, CancellationToken cancellation = default);

    /// <summary>The key with this hash, also a revoked or expired one; null when there is none.</summary>
    Task<ApiKey?> FindKey(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default);

    /// <summary>All keys, also revoked and expired ones, by client and age.</summary>
    Task<IReadOnlyList<ApiKey>> ListKeys(CancellationToken cancellation = default);

    /// <summary>Revokes a key; false when there is none or it was revoked before (it then keeps its first time).</summary>
    Task<bool> RevokeKey(string id, Instant at, CancellationToken cancellation = default);

    /// <summary>Adds the next version of a community's programme; false when its number is not the next one: another one came first.</summary>
    Task<bool> AddProgramme(StoredProgramme programme, CancellationToken cancellation = default);

    /// <summary>Every version of a community's programme, ascending.</summary>
    Task<IReadOnlyList<StoredProgramme>> ListProgrammes(CommunityId community, CancellationToken cancellation = default);
}
