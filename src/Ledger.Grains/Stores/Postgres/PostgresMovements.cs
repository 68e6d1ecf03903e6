using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Merchants;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>The movements of merchants in PostgreSQL. The journal's appends write them.</summary>
/// <param name="store">The open store.</param>
public sealed class PostgresMovements(PostgresStore store) : IMovements, IAsyncDisposable
{
    /// <summary>The class of the advisory locks ("LDGM") that appends share and whoever closes a day has alone; one for each community.</summary>
    internal const int LockClass = 0x4C44474D;

    /// <summary>A page of a day, as the index has it: nothing before it is read, and nothing is sorted. With a till or a cashier it reads on until it is full.</summary>
    internal const string ListSql =
        $"""
        SELECT {Columns} FROM movement
        WHERE community = $1 AND merchant = $2 AND day = $3 AND ($4 = '' OR terminal = $4) AND ($5 = '' OR cashier = $5)
            AND (at, at_nanos, stream, sequence) > ($6, $7, $8, $9)
        ORDER BY at, at_nanos, stream, sequence LIMIT $10
        """;

    private const string Columns = "stream, sequence, kind, merchant, points, day, money, currency, reference, terminal, cashier, at, at_nanos";

    private readonly PostgresReads _reads = new(store);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredMovement>> List(MovementQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var after = StoredTime.Of(question.After?.At ?? Instant.MinValue);
        return await _reads.List(
            ListSql,
            row => Read(question.Community, row),
            cancellation,
            question.Community.Value,
            question.Merchant.Value,
            question.Day,
            question.Terminal ?? "",
            question.Cashier ?? "",
            after.Micros,
            after.Nanos,
            question.After?.Stream ?? "",
            question.After?.Sequence ?? 0,
            question.RowsMax);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MovementSum>> Sum(
        CommunityId community, IReadOnlyCollection<DaysOfMerchant> merchants, LocalDate through, CancellationToken cancellation = default) =>
        // Merchant by merchant through the index, however long the history: one join might read all of it.
        await _reads.List(
            """
            SELECT w.merchant, s.* FROM unnest($2, $3) w (merchant, after) CROSS JOIN LATERAL (
                SELECT day, terminal, cashier, currency,
                    count(*) FILTER (WHERE points > 0), coalesce(sum(points) FILTER (WHERE points > 0), 0)::bigint,
                    coalesce(sum(money) FILTER (WHERE points > 0), 0)::bigint,
                    count(*) FILTER (WHERE points < 0), coalesce(-sum(points) FILTER (WHERE points < 0), 0)::bigint,
                    coalesce(-sum(money) FILTER (WHERE points < 0), 0)::bigint
                FROM movement WHERE community = $1 AND merchant = w.merchant COLLATE "C" AND day > w.after AND day <= $4
                GROUP BY 1, 2, 3, 4) s
            """,
            row => new MovementSum(
                new(row.GetString(0)),
                row.GetFieldValue<LocalDate>(1),
                TextOrNull(row, 2),
                TextOrNull(row, 3),
                TextOrNull(row, 4),
                row.GetInt64(5),
                new(row.GetInt64(6)),
                row.GetInt64(7),
                row.GetInt64(8),
                new(row.GetInt64(9)),
                row.GetInt64(10)),
            cancellation,
            community.Value,
            merchants.Select(days => days.Merchant.Value).ToArray(),
            merchants.Select(days => days.After ?? LocalDate.MinIsoValue).ToArray(),
            through);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BuyerSum>> SumBuyersAbove(MovementQuestion question, long salesMax, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return await _reads.List(
            """
            SELECT stream, count(*), sum(points)::bigint FROM movement
            WHERE community = $1 AND merchant = $2 AND day = $3 AND points > 0
            GROUP BY stream HAVING count(*) > $4
            """,
            row => new BuyerSum(new(question.Community, row.GetString(0)), row.GetInt64(1), new(row.GetInt64(2))),
            cancellation,
            question.Community.Value,
            question.Merchant.Value,
            question.Day,
            salesMax);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServedSum>> SumServed(
        MovementQuestion question, IReadOnlyCollection<Served> served, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return await _reads.List(
            """
            SELECT cashier, stream, count(*), sum(points)::bigint FROM movement
            WHERE community = $1 AND merchant = $2 AND day = $3 AND points > 0 AND (cashier, stream) IN (SELECT * FROM unnest($4, $5))
            GROUP BY cashier, stream
            """,
            row => new ServedSum(new(row.GetString(0), new(question.Community, row.GetString(1))), row.GetInt64(2), new(row.GetInt64(3))),
            cancellation,
            question.Community.Value,
            question.Merchant.Value,
            question.Day,
            served.Select(one => one.Cashier).ToArray(),
            served.Select(one => one.Stream.Name).ToArray());
    }

    /// <inheritdoc/>
    public async Task CloseThrough(
        CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(merchants);
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            await using var connection = await store.Occasional.OpenConnectionAsync(cancellation);
            await using var batch = connection.CreateBatch();
            batch.BatchCommands.Add(new($"SELECT pg_advisory_xact_lock({LockClass}, hashtext($1))") { Parameters = { new() { Value = community.Value } } });
            batch.BatchCommands.Add(new(
                """
                INSERT INTO closed_day (community, merchant, through) SELECT $1, merchant, $3 FROM unnest($2) w (merchant)
                ON CONFLICT (community, merchant) DO UPDATE SET through = greatest(closed_day.through, excluded.through)
                """)
            {
                Parameters =
                {
                    new() { Value = community.Value },
                    new() { Value = merchants.Select(merchant => merchant.Value).ToArray() },
                    new() { Value = day },
                },
            });
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or TimeoutException)
        {
            store.Occasional.Clear();
            throw JournalRefusals.Unavailable(failure is PostgresException refused ? refused.MessageText : failure.Message);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reads.DisposeAsync();

    /// <summary>Gives every movement of a community.</summary>
    internal static Task<long> ReadAll(NpgsqlConnection connection, CommunityId community, Action<StoredMovement> each, CancellationToken cancellation) =>
        PostgresReads.Each(connection, $"SELECT {Columns} FROM movement WHERE community = $1", community, row => each(Read(community, row)), cancellation);

    private static StoredMovement Read(CommunityId community, NpgsqlDataReader row) => new(
        new(community, row.GetString(0)),
        row.GetInt64(1),
        new StoredTime(row.GetFieldValue<Instant>(11), row.GetInt16(12)).Instant,
        new(
            MovementText.Read(row.GetString(2)),
            new(row.GetString(3)),
            new(row.GetInt64(4)),
            row.GetFieldValue<LocalDate>(5),
            row.IsDBNull(6) ? null : new Money(row.GetString(7), row.GetInt64(6)),
            TextOrNull(row, 8),
            TextOrNull(row, 9),
            TextOrNull(row, 10)));

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
