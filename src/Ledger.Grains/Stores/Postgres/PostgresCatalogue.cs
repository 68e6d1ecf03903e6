using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>The catalogue in PostgreSQL, shared by every process.</summary>
/// <param name="store">The open store.</param>
public sealed partial class PostgresCatalogue(PostgresStore store) : ICatalogue, IAsyncDisposable
{
    private const string SelectCommunities = "SELECT id, name, created_at, created_nanos FROM community";

    private const string SelectKeys =
        """
        SELECT id, client, community, scopes, sources, merchant, hash, created_at, created_nanos, expires_at, expires_nanos, revoked_at, revoked_nanos
        FROM api_key
        """;

    private const string InsertKey =
        """
        INSERT INTO api_key (id, client, community, scopes, sources, merchant, hash,
            created_at, created_nanos, expires_at, expires_nanos, revoked_at, revoked_nanos)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
        """;

    private const string InsertProgrammeSql =
        """
        INSERT INTO programme (community, version, effective_at, effective_nanos, json, published_by, published_at, published_nanos)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE $2 = 1 + (SELECT coalesce(max(version), 0) FROM programme WHERE community = $1)
        """;

    private readonly PostgresReads _reads = new(store);

    /// <inheritdoc/>
    public Task<bool> AddCommunity(Community community, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(community);
        var created = StoredTime.Of(community.CreatedAt);
        return Write(
            cancellation,
            new NpgsqlBatchCommand("INSERT INTO community (id, name, created_at, created_nanos) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            {
                Parameters = { Text(community.Id.Value), Text(community.Name), Micros(created), Nanos(created) },
            });
    }

    /// <inheritdoc/>
    public async Task<Community?> FindCommunity(CommunityId id, CancellationToken cancellation = default) =>
        await _reads.List(SelectCommunities + " WHERE id = $1", ReadCommunity, cancellation, id.Value) is [var community] ? community : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Community>> ListCommunities(CancellationToken cancellation = default) =>
        await _reads.List(SelectCommunities + " ORDER BY id", ReadCommunity, cancellation);

    /// <inheritdoc/>
    public async Task<FirstKeyOutcome> AddFirstKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        // Two callers for one client go one after the other, whichever silos they are on; the second then sees the key of the first.
        if (await Write(
            cancellation,
            Turn("client " + key.Client),
            Insert(key, " WHERE NOT EXISTS (SELECT 1 FROM api_key WHERE client = $2) ON CONFLICT DO NOTHING")))
        {
            return FirstKeyOutcome.Added;
        }

        // Keys are never deleted, so whoever stood in the way is still there.
        var others = await _reads.List(SelectKeys + " WHERE client = $1 LIMIT 1", ReadKey, cancellation, key.Client);
        return others is [] ? FirstKeyOutcome.KeyTaken : FirstKeyOutcome.ClientTaken;
    }

    /// <inheritdoc/>
    public Task<bool> AddKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Write(cancellation, Insert(key, " ON CONFLICT DO NOTHING"));
    }

    /// <inheritdoc/>
    public async Task<ApiKey?> FindKey(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) =>
        await _reads.List(SelectKeys + " WHERE hash = $1", ReadKey, cancellation, hash.ToArray()) is [var key] ? key : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ApiKey>> ListKeys(CancellationToken cancellation = default) =>
        await _reads.List(SelectKeys + " ORDER BY client, created_at, created_nanos, id", ReadKey, cancellation);

    /// <inheritdoc/>
    public Task<bool> RevokeKey(string id, Instant at, CancellationToken cancellation = default)
    {
        var revoked = StoredTime.Of(at);
        return Write(
            cancellation,
            new NpgsqlBatchCommand("UPDATE api_key SET revoked_at = $2, revoked_nanos = $3 WHERE id = $1 AND revoked_at IS NULL")
            {
                Parameters = { Text(id), Micros(revoked), Nanos(revoked) },
            });
    }

    /// <inheritdoc/>
    public Task<bool> AddProgramme(StoredProgramme programme, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        // Two silos that both find this number free meet at the primary key, and one of them adds nothing.
        return Write(cancellation, InsertProgramme(programme, InsertProgrammeSql + " ON CONFLICT DO NOTHING"));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredProgramme>> ListProgrammes(CommunityId community, CancellationToken cancellation = default) => await _reads.List(
        """
        SELECT version, effective_at, effective_nanos, json, published_by, published_at, published_nanos
        FROM programme WHERE community = $1 ORDER BY version
        """,
        row => new StoredProgramme(community, row.GetInt32(0), Time(row, 1)!.Value, row.GetString(3), row.GetString(4), Time(row, 5)!.Value),
        cancellation,
        community.Value);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reads.DisposeAsync();

    private static NpgsqlBatchCommand Insert(ApiKey key, string condition)
    {
        var (created, expires, revoked) = (StoredTime.Of(key.CreatedAt), StoredTime.Of(key.ExpiresAt), StoredTime.Of(key.RevokedAt));
        return new(InsertKey + condition)
        {
            Parameters =
            {
                Text(key.Id),
                Text(key.Client),
                Text(key.Community?.Value),
                Texts(key.Scopes),
                Texts(key.Sources),
                Text(key.Merchant?.Value),
                Bytes(key.Hash),
                Micros(created),
                Nanos(created),
                Micros(expires),
                Nanos(expires),
                Micros(revoked),
                Nanos(revoked),
            },
        };
    }

    private static NpgsqlBatchCommand InsertProgramme(StoredProgramme programme, string sql)
    {
        var (effective, published) = (StoredTime.Of(programme.EffectiveFrom), StoredTime.Of(programme.PublishedAt));
        return new(sql)
        {
            Parameters =
            {
                Text(programme.Community.Value),
                Whole(programme.Version),
                Micros(effective),
                Nanos(effective),
                Text(programme.Json),
                Text(programme.PublishedBy),
                Micros(published),
                Nanos(published),
            },
        };
    }

    // Callers with the same words go one after the other until their transactions end, on whichever silos they are.
    private static NpgsqlBatchCommand Turn(string words) =>
        new("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))") { Parameters = { Text(words) } };

    private static NpgsqlParameter<int> Whole(int number) => new() { TypedValue = number };

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Texts(ImmutableArray<string> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Bytes(ReadOnlyMemory<byte> bytes) => new() { Value = bytes.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter Micros(StoredTime? time) =>
        new() { Value = (object?)time?.Micros ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Nanos(StoredTime? time) =>
        new() { Value = (object?)time?.Nanos ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint };

    private static Instant? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new StoredTime(row.GetFieldValue<Instant>(column), row.GetInt16(column + 1)).Instant;

    private static Community ReadCommunity(NpgsqlDataReader row) => new(new(row.GetString(0)), row.GetString(1), Time(row, 2)!.Value);

    private static ApiKey ReadKey(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Client = row.GetString(1),
        Community = row.IsDBNull(2) ? null : new CommunityId(row.GetString(2)),
        Scopes = [.. row.GetFieldValue<string[]>(3)],
        Sources = [.. row.GetFieldValue<string[]>(4)],
        Merchant = row.IsDBNull(5) ? null : new MerchantId(row.GetString(5)),
        Hash = row.GetFieldValue<byte[]>(6),
        CreatedAt = Time(row, 7)!.Value,
        ExpiresAt = Time(row, 9),
        RevokedAt = Time(row, 11),
    };

    /// <summary>Runs statements in one transaction; whether they changed anything.</summary>
    private async Task<bool> Write(CancellationToken cancellation, params NpgsqlBatchCommand[] commands)
    {
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            await using var connection = await store.Occasional.OpenConnectionAsync(cancellation);
            await using var batch = connection.CreateBatch();
            foreach (var command in commands)
            {
                batch.BatchCommands.Add(command);
            }

            return await batch.ExecuteNonQueryAsync(cancellation) > 0;
        }
        catch (PostgresException refused)
        {
            throw JournalRefusals.NotWritten(refused.MessageText);
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or TimeoutException)
        {
            // The other connections of the pool may have died with this one.
            store.Occasional.Clear();
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }
}
