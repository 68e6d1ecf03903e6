using System.Collections.Immutable;
using Dapper;
using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>The catalogue in the one file of an embedded ledger.</summary>
/// <param name="store">The open store.</param>
public sealed partial class SqliteCatalogue(SqliteStore store) : ICatalogue
{
    private const string AllCommunities = "*";
    private const char BetweenSources = '\n';
    private const char BetweenScopes = ' ';

    private const string SelectKeys =
        """
        SELECT id, client, community, scopes, sources, merchant, hash, created_at AS createdAt, created_nanos AS createdNanos,
            expires_at AS expiresAt, expires_nanos AS expiresNanos, revoked_at AS revokedAt, revoked_nanos AS revokedNanos
        FROM api_key
        """;

    private const string InsertKey =
        """
        INSERT INTO api_key
        SELECT @Id, @Client, @Community, @Scopes, @Sources, @Merchant, @Hash,
            @CreatedAt, @CreatedNanos, @ExpiresAt, @ExpiresNanos, @RevokedAt, @RevokedNanos
        """;

    private const string InsertProgramme =
        """
        INSERT INTO programme
        SELECT @Community, @Version, @EffectiveAt, @EffectiveNanos, @Json, @PublishedBy, @PublishedAt, @PublishedNanos
        WHERE @Version = 1 + (SELECT ifnull(max(version), 0) FROM programme WHERE community = @Community)
        """;

    private const string SelectCommunities = "SELECT id, name, created_at AS createdAt, created_nanos AS createdNanos FROM community";

    /// <inheritdoc/>
    public Task<bool> AddCommunity(Community community, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(community);
        var created = Moment.Of(community.CreatedAt);
        return Write(
            "INSERT INTO community VALUES (@Id, @Name, @Seconds, @Nanos) ON CONFLICT DO NOTHING",
            new { Id = community.Id.Value, community.Name, created.Seconds, created.Nanos },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<Community?> FindCommunity(CommunityId id, CancellationToken cancellation = default) =>
        (await Read<CommunityRow>(SelectCommunities + " WHERE id = @Id", new { Id = id.Value }, cancellation)) is [var row] ? row.Read() : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Community>> ListCommunities(CancellationToken cancellation = default) =>
        [.. (await Read<CommunityRow>(SelectCommunities + " ORDER BY id", null, cancellation)).Select(row => row.Read())];

    /// <inheritdoc/>
    public async Task<FirstKeyOutcome> AddFirstKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        // One statement, and one writer at a time: nobody comes between the question and the answer.
        if (await Write(
            InsertKey + " WHERE NOT EXISTS (SELECT 1 FROM api_key WHERE client = @Client) ON CONFLICT DO NOTHING", ParametersOf(key), cancellation))
        {
            return FirstKeyOutcome.Added;
        }

        // Keys are never deleted, so whoever stood in the way is still there.
        var others = await Read<KeyRow>(SelectKeys + " WHERE client = @Client LIMIT 1", new { key.Client }, cancellation);
        return others is [] ? FirstKeyOutcome.KeyTaken : FirstKeyOutcome.ClientTaken;
    }

    /// <inheritdoc/>
    public Task<bool> AddKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Write(InsertKey + " WHERE true ON CONFLICT DO NOTHING", ParametersOf(key), cancellation);
    }

    /// <inheritdoc/>
    public async Task<ApiKey?> FindKey(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) =>
        (await Read<KeyRow>(SelectKeys + " WHERE hash = @Hash", new { Hash = hash.ToArray() }, cancellation)) is [var row] ? row.Read() : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ApiKey>> ListKeys(CancellationToken cancellation = default) =>
    [
        .. (await Read<KeyRow>(SelectKeys + " ORDER BY client, created_at, created_nanos, id", null, cancellation))
            .Select(row => row.Read()),
    ];

    /// <inheritdoc/>
    public Task<bool> RevokeKey(string id, Instant at, CancellationToken cancellation = default)
    {
        var revoked = Moment.Of(at);
        return Write(
            "UPDATE api_key SET revoked_at = @Seconds, revoked_nanos = @Nanos WHERE id = @Id AND revoked_at IS NULL",
            new { Id = id, revoked.Seconds, revoked.Nanos },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> AddProgramme(StoredProgramme programme, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        return Write(InsertProgramme, ParametersOf(programme), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredProgramme>> ListProgrammes(CommunityId community, CancellationToken cancellation = default)
    {
        var rows = await Read<ProgrammeRow>(
            """
            SELECT version, effective_at AS effectiveAt, effective_nanos AS effectiveNanos, json, published_by AS publishedBy,
                published_at AS publishedAt, published_nanos AS publishedNanos
            FROM programme WHERE community = @Community ORDER BY version
            """,
            new { Community = community.Value },
            cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    private static object ParametersOf(ApiKey key)
    {
        var (created, expires, revoked) = (Moment.Of(key.CreatedAt), Moment.Of(key.ExpiresAt), Moment.Of(key.RevokedAt));
        return new
        {
            key.Id,
            key.Client,
            Community = key.Community?.Value ?? AllCommunities,
            Scopes = string.Join(BetweenScopes, key.Scopes),
            Sources = string.Join(BetweenSources, key.Sources),
            Merchant = key.Merchant?.Value,
            Hash = key.Hash.ToArray(),
            CreatedAt = created.Seconds,
            CreatedNanos = created.Nanos,
            ExpiresAt = expires?.Seconds,
            ExpiresNanos = expires?.Nanos,
            RevokedAt = revoked?.Seconds,
            RevokedNanos = revoked?.Nanos,
        };
    }

    private static object ParametersOf(StoredProgramme programme)
    {
        var (effective, published) = (Moment.Of(programme.EffectiveFrom), Moment.Of(programme.PublishedAt));
        return new
        {
            Community = programme.Community.Value,
            programme.Version,
            EffectiveAt = effective.Seconds,
            EffectiveNanos = effective.Nanos,
            programme.Json,
            programme.PublishedBy,
            PublishedAt = published.Seconds,
            PublishedNanos = published.Nanos,
        };
    }

    private Task<bool> Write(string sql, object parameters, CancellationToken cancellation) => Write([(sql, parameters)], cancellation);

    /// <summary>Runs statements in one transaction; whether each of them changed something. Otherwise nothing is changed.</summary>
    private async Task<bool> Write(IReadOnlyList<(string Sql, object Parameters)> statements, CancellationToken cancellation)
    {
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            using var turn = await store.Gate.Enter(cancellation);
            await using var connection = store.Writer.Open();
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            foreach (var (sql, parameters) in statements)
            {
                if (await connection.ExecuteAsync(sql, parameters, transaction) == 0)
                {
                    return false;
                }
            }

            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }

    private async Task<List<T>> Read<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        try
        {
            await using var connection = store.Readers.Open();
            return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))];
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    private sealed record CommunityRow(string Id, string Name, long CreatedAt, long CreatedNanos)
    {
        public Community Read() => new(new(Id), Name, new Moment(CreatedAt, CreatedNanos).Instant);
    }

    private sealed class KeyRow
    {
        public required string Id { get; init; }

        public required string Client { get; init; }

        public required string Community { get; init; }

        public required string Scopes { get; init; }

        public required string Sources { get; init; }

        public string? Merchant { get; init; }

        public required byte[] Hash { get; init; }

        public long CreatedAt { get; init; }

        public long CreatedNanos { get; init; }

        public long? ExpiresAt { get; init; }

        public long? ExpiresNanos { get; init; }

        public long? RevokedAt { get; init; }

        public long? RevokedNanos { get; init; }

        public ApiKey Read() => new()
        {
            Id = Id,
            Client = Client,
            Community = Community == AllCommunities ? null : new CommunityId(Community),
            Scopes = Split(Scopes, BetweenScopes),
            Sources = Split(Sources, BetweenSources),
            Merchant = Merchant is null ? null : new MerchantId(Merchant),
            Hash = Hash,
            CreatedAt = new Moment(CreatedAt, CreatedNanos).Instant,
            ExpiresAt = Moment.Read(ExpiresAt, ExpiresNanos),
            RevokedAt = Moment.Read(RevokedAt, RevokedNanos),
        };

        private static ImmutableArray<string> Split(string text, char separator) =>
            [.. text.Split(separator, StringSplitOptions.RemoveEmptyEntries)];
    }

    private sealed record ProgrammeRow(
        long Version, long EffectiveAt, long EffectiveNanos, string Json, string PublishedBy, long PublishedAt, long PublishedNanos)
    {
        public StoredProgramme Read(CommunityId community) => new(
            community,
            (int)Version,
            new Moment(EffectiveAt, EffectiveNanos).Instant,
            Json,
            PublishedBy,
            new Moment(PublishedAt, PublishedNanos).Instant);
    }
}
