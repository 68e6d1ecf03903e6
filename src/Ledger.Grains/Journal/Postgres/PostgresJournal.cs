using System.Runtime.CompilerServices;
using Ledger.Budgets;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>The journal in PostgreSQL, for any number of processes at once. Dispose it before its store: it then writes what it took in.</summary>
public sealed class PostgresJournal : IJournal, IJournalFeed, IJournalInspection, IAsyncDisposable
{
    private const int WritersMax = 4;
    private const int PageRows = 512;
    private const int KeysPerQuestion = 4_096;

    private readonly PostgresStore _store;
    private readonly GroupCommit? _commits;
    private readonly PostgresReads _reads;
    private readonly ProvenReferences _references = new();

    /// <summary>The journal of an open store. On a store that is open for reading only, every append is refused.</summary>
    /// <param name="store">The open store.</param>
    /// <param name="options">Sizes of queue and batch; null for the defaults.</param>
    public PostgresJournal(PostgresStore store, GroupCommitOptions? options = null)
        : this(store, options ?? new(), new())
    {
    }

    internal PostgresJournal(PostgresStore store, GroupCommitOptions options, CommitHooks hooks)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _reads = new(store);
        var heads = new ProvenHeads();
        _commits = store.IsReadOnly
            ? null
            : new(() => new PostgresBatchWriter(store, heads, _references, hooks), WritersMax, options, "journal writer", TimeProvider.System);
    }

    /// <inheritdoc/>
    public Task<AppendResult> Append(AppendSet set) => GroupCommit.Append(_commits, set);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRow> Read(
        StreamId stream, long fromSequence, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Page by page without a common moment: rows are only added, and only at the end.
        for (var next = fromSequence; ;)
        {
            var page = await Rows(
                " WHERE j.community = $1 AND j.stream = $2 AND j.sequence >= $3 ORDER BY j.sequence LIMIT $4",
                cancellation,
                stream.Community.Value, stream.Name, next, PageRows);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            next = page[^1].Sequence + 1;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> ReadBackwards(
        StreamId stream, long beforeSequence, int rowsMax, CancellationToken cancellation = default) => await Rows(
        " WHERE j.community = $1 AND j.stream = $2 AND j.sequence < $3 ORDER BY j.sequence DESC LIMIT $4",
        cancellation,
        stream.Community.Value,
        stream.Name,
        beforeSequence,
        rowsMax);

    /// <inheritdoc/>
    public async Task<JournalRow?> Find(CommunityId community, CommandKey key, CancellationToken cancellation = default)
    {
        var rows = await Rows(" WHERE j.key_hash = $1", cancellation, KeyHashUuid.Of(key.HashIn(community)));
        return rows is [var row] && row.Key == key && row.Stream.Community == community ? row : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<CommandKey, StreamId>> FindKnown(
        CommunityId community, IReadOnlyCollection<CommandKey> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var known = new Dictionary<CommandKey, StreamId>();
        foreach (var chunk in keys.Chunk(KeysPerQuestion))
        {
            await AddKnown(community, chunk, known, cancellation);
        }

        return known;
    }

    /// <inheritdoc/>
    public async Task<StoredReference?> FindReference(
        CommunityId community, string scope, string reference, CancellationToken cancellation = default)
    {
        if (_references.Find(community, scope, reference) is { } known)
        {
            return known;
        }

        var found = await _reads.List(
            "SELECT stream, sequence FROM reference WHERE community = $1 AND scope = $2 AND reference = $3",
            reader => new StoredReference(scope, reference, new(community, reader.GetString(0)), reader.GetInt64(1)),
            cancellation,
            community.Value,
            scope,
            reference);
        return found is [var one] ? one : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadNames(
        CommunityId community, string scope, string after, int namesMax, CancellationToken cancellation = default) =>
        await _reads.List(
            "SELECT reference FROM reference WHERE community = $1 AND scope = $2 AND reference > $3 ORDER BY reference DESC LIMIT $4",
            reader => reader.GetString(0),
            cancellation,
            community.Value,
            scope,
            after,
            namesMax);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> ReadRelated(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        // Each branch is answered by an index of its own, and the array keeps the planner from reading the whole stream instead.
        var rows = await Rows(
            """
             WHERE j.community = $1 AND j.stream = $2 AND j.sequence = ANY (ARRAY (
                SELECT $3
                UNION SELECT sequence FROM journal WHERE community = $1 AND stream = $2 AND refers_to = $3
                UNION SELECT sequence FROM journal WHERE community = $1 AND stream = $2 AND lot = $3 AND to_account = 'breakage'
                UNION SELECT sequence FROM further_posting WHERE community = $1 AND stream = $2 AND lot = $3 AND to_account = 'breakage'
                UNION SELECT sequence FROM journal WHERE community = $1 AND stream = $2 AND lot = $3 AND from_account = 'pending'
                UNION SELECT sequence FROM further_posting WHERE community = $1 AND stream = $2 AND lot = $3 AND from_account = 'pending'))
                AND j.sequence >= $3
            ORDER BY j.sequence
            """,
            cancellation,
            stream.Community.Value,
            stream.Name,
            sequence);
        return rows is [var first, ..] && first.Sequence == sequence ? rows : [];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueStream>> ReadDue(
        Instant until, int streamsMax, DueStream? after = null, CancellationToken cancellation = default)
    {
        const string Select = "SELECT community, stream, at, nanos FROM due WHERE (at, nanos) <= ($1, $2)";
        const string Order = " ORDER BY at, nanos, community, stream LIMIT $3";
        var time = StoredTime.Of(until);
        if (after is null)
        {
            return await _reads.List(Select + Order, DueOf, cancellation, time.Micros, time.Nanos, streamsMax);
        }

        var place = StoredTime.Of(after.At);
        return await _reads.List(
            Select + " AND (at, nanos, community, stream) > ($4, $5, $6, $7)" + Order,
            DueOf,
            cancellation,
            time.Micros,
            time.Nanos,
            streamsMax,
            place.Micros,
            place.Nanos,
            after.Stream.Community.Value,
            after.Stream.Name);

        static DueStream DueOf(NpgsqlDataReader reader) => new(
            new(new(reader.GetString(0)), reader.GetString(1)), new StoredTime(reader.GetFieldValue<Instant>(2), reader.GetInt16(3)).Instant);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredApproval>> ReadApprovals(
        CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax, CancellationToken cancellation = default)
    {
        var since = StoredTime.Of(after?.At ?? Instant.MinValue);
        return await _reads.List(
            """
            SELECT since, since_nanos, stream, sequence, activity, entry FROM approval
            WHERE community = $1 AND (since, since_nanos, stream, sequence) > ($2, $3, $4, $5) AND ($6 = '' OR activity = $6)
            ORDER BY since, since_nanos, stream, sequence LIMIT $7
            """,
            reader => new StoredApproval(
                new(new StoredTime(reader.GetFieldValue<Instant>(0), reader.GetInt16(1)).Instant, reader.GetString(2), reader.GetInt64(3)),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<byte[]>(5)),
            cancellation,
            community.Value,
            since.Micros,
            since.Nanos,
            after?.Stream ?? "",
            after?.Sequence ?? 0,
            activity?.Value ?? "",
            entriesMax);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRow> ReadAll(
        CommunityId community, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var moment = await _reads.OpenMoment(cancellation);
        for (var (stream, sequence) = ("", 0L); ;)
        {
            var (afterStream, afterSequence) = (stream, sequence);
            var page = await moment.Ask(
                connection => Rows(
                    connection,
                    " WHERE j.community = $1 AND (j.stream, j.sequence) > ($2, $3) ORDER BY j.stream, j.sequence LIMIT $4",
                    cancellation,
                    community.Value,
                    afterStream,
                    afterSequence,
                    PageRows),
                cancellation);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            (stream, sequence) = (page[^1].Stream.Name, page[^1].Sequence);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, long>> ReadTotals(CommunityId community, CancellationToken cancellation = default)
    {
        var totals = await _reads.List(
            "SELECT account, sum(points)::bigint FROM account_total WHERE community = $1 GROUP BY account",
            reader => (Account: reader.GetString(0), Points: reader.GetInt64(1)),
            cancellation,
            community.Value);
        return totals.ToDictionary(total => total.Account, total => total.Points);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, BudgetBook>> ReadBudgets(CommunityId community, CancellationToken cancellation = default) =>
        BudgetRows.ToBooks(await _reads.List(BudgetRows.Select, BudgetRows.Read, cancellation, community.Value));

    /// <inheritdoc/>
    public async Task<StoredNote?> ReadNote(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        var notes = await _reads.List(
            "SELECT salt, text FROM note WHERE community = $1 AND stream = $2 AND sequence = $3",
            reader => new StoredNote(sequence, reader.GetFieldValue<byte[]>(0), reader.GetString(1)),
            cancellation,
            stream.Community.Value,
            stream.Name,
            sequence);
        return notes is [var note] ? note : null;
    }

    /// <inheritdoc/>
    public async Task EraseNote(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        if (_store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            await using var connection = await _store.Occasional.OpenConnectionAsync(cancellation);
            await using var command = PostgresReads.Command(
                connection, "DELETE FROM note WHERE community = $1 AND stream = $2 AND sequence = $3", stream.Community.Value, stream.Name, sequence);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FeedRow>> ReadFeed(
        CommunityId community, FeedPosition after, int rowsMax, CancellationToken cancellation = default) => await _reads.Ask<IReadOnlyList<FeedRow>>(
        async connection =>
        {
            // Below the oldest transaction that still runs, all have ended: no row can come before those shown here.
            await using var command = PostgresReads.Command(
                connection,
                RowReader.Select +
                """
                 WHERE j.community = $1 AND (j.commit_id, j.stream, j.sequence) > ($2, $3, $4)
                    AND j.commit_id < (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + shift FROM feed)
                ORDER BY j.commit_id, j.stream, j.sequence LIMIT $5
                """,
                community.Value,
                after.Commit,
                after.Stream,
                after.Sequence,
                rowsMax);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new RowReader(reader);
            var fed = new List<FeedRow>();
            while (await reader.ReadAsync(cancellation))
            {
                fed.Add(rows.ReadFed());
            }

            return fed;
        },
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<StreamId, Instant>> ReadDueTimes(CommunityId community, CancellationToken cancellation = default)
    {
        var due = await _reads.List(
            "SELECT stream, at, nanos FROM due WHERE community = $1",
            reader => (Stream: reader.GetString(0), At: new StoredTime(reader.GetFieldValue<Instant>(1), reader.GetInt16(2))),
            cancellation,
            community.Value);
        return due.ToDictionary(stream => new StreamId(community, stream.Stream), stream => stream.At.Instant);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredReference>> ReadReferences(CommunityId community, CancellationToken cancellation = default) =>
        await _reads.List(
            "SELECT scope, reference, stream, sequence FROM reference WHERE community = $1",
            reader => new StoredReference(reader.GetString(0), reader.GetString(1), new(community, reader.GetString(2)), reader.GetInt64(3)),
            cancellation,
            community.Value);

    /// <inheritdoc/>
    public Task ReadMovements(CommunityId community, Action<StoredMovement> each, CancellationToken cancellation = default) =>
        _reads.Ask(connection => PostgresMovements.ReadAll(connection, community, each, cancellation), cancellation);

    /// <inheritdoc/>
    public Task ReadRedemptions(CommunityId community, Action<StoredRedemption> each, CancellationToken cancellation = default) =>
        _reads.Ask(connection => PostgresRedemptions.ReadAll(connection, community, each, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<MerchantId, LocalDate>> ReadClosedDays(CommunityId community, CancellationToken cancellation = default) =>
        (await _reads.List(
            "SELECT merchant, through FROM closed_day WHERE community = $1",
            reader => (Merchant: new MerchantId(reader.GetString(0)), Through: reader.GetFieldValue<LocalDate>(1)),
            cancellation,
            community.Value)).ToDictionary(day => day.Merchant, day => day.Through);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> InspectStorage(CommunityId community, CancellationToken cancellation = default) =>
        _reads.Ask(connection => PostgresInspection.Problems(connection, community, cancellation), cancellation);

    /// <summary>Takes nothing more in, writes what was taken in, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_commits is not null)
        {
            await _commits.DisposeAsync();
        }

        await _reads.DisposeAsync();
    }

    private static async Task<List<JournalRow>> Rows(
        NpgsqlConnection connection, string condition, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = PostgresReads.Command(connection, RowReader.Select + condition, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await new RowReader(reader).ReadAll(cancellation);
    }

    private Task<List<JournalRow>> Rows(string condition, CancellationToken cancellation, params object[] parameters) =>
        _reads.Ask(connection => Rows(connection, condition, cancellation, parameters), cancellation);

    private async Task AddKnown(
        CommunityId community, CommandKey[] keys, Dictionary<CommandKey, StreamId> known, CancellationToken cancellation)
    {
        var wanted = keys.ToHashSet();
        var rows = await _reads.List(
            "SELECT community, stream, source, command_id FROM journal WHERE key_hash = ANY($1)",
            reader => (Stream: new StreamId(new(reader.GetString(0)), reader.GetString(1)), Key: new CommandKey(reader.GetString(2), reader.GetString(3))),
            cancellation,
            keys.Select(key => KeyHashUuid.Of(key.HashIn(community))).ToArray());
        foreach (var (stream, key) in rows)
        {
            if (stream.Community == community && wanted.Contains(key))
            {
                known[key] = stream;
            }
        }
    }
}
