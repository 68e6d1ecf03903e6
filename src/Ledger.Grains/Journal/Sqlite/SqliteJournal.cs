using System.Runtime.CompilerServices;
using Ledger.Budgets;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>The journal in the one file of an embedded ledger. Dispose it before its store: it then writes what it took in.</summary>
/// <remarks>Reading blocks the caller for as long as SQLite needs, usually some microseconds per row; long answers come in pages.</remarks>
public sealed class SqliteJournal : IJournal, IJournalFeed, IJournalInspection, IAsyncDisposable
{
    private const int PageRows = 512;
    private const int KeysPerQuestion = 512;

    private readonly SqliteStore _store;
    private readonly SqliteBatchWriter _writer;
    private readonly GroupCommit? _commits;
    private readonly ReadPool _readers;

    /// <summary>The journal of an open store. On a store that is open for reading only, every append is refused.</summary>
    /// <param name="store">The open store.</param>
    /// <param name="options">Sizes of queue and batch; null for the defaults.</param>
    public SqliteJournal(SqliteStore store, GroupCommitOptions? options = null)
        : this(store, options ?? new(), new())
    {
    }

    internal SqliteJournal(SqliteStore store, GroupCommitOptions options, CommitHooks hooks)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _readers = new(store);
        _writer = new(store, hooks);
        _commits = store.IsReadOnly ? null : new(_writer, options, "journal writer");
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
            cancellation.ThrowIfCancellationRequested();
            var page = _readers.Ask(connection => connection.Rows.Forward(stream, next, PageRows));
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            next = page[^1].Sequence + 1;
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> ReadBackwards(
        StreamId stream, long beforeSequence, int rowsMax, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<JournalRow>>(connection => connection.Rows.Backward(stream, beforeSequence, rowsMax), cancellation);

    /// <inheritdoc/>
    public Task<JournalRow?> Find(CommunityId community, CommandKey key, CancellationToken cancellation = default) =>
        Ask(connection => connection.Find(community, key), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<CommandKey, StreamId>> FindKnown(
        CommunityId community, IReadOnlyCollection<CommandKey> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var known = new Dictionary<CommandKey, StreamId>();
        foreach (var chunk in keys.Chunk(KeysPerQuestion))
        {
            cancellation.ThrowIfCancellationRequested();
            _readers.Ask(connection => Add(connection, community, chunk, known));
            if (keys.Count > KeysPerQuestion)
            {
                await Task.Yield();
            }
        }

        return known;
    }

    /// <inheritdoc/>
    public Task<StoredReference?> FindReference(
        CommunityId community, string scope, string reference, CancellationToken cancellation = default) =>
        Ask(connection => connection.FindReference(community, scope, reference), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadNames(
        CommunityId community, string scope, string after, int namesMax, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<string>>(connection => connection.Names(community, scope, after, namesMax), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> ReadRelated(StreamId stream, long sequence, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<JournalRow>>(connection => connection.Rows.Related(stream, sequence), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueStream>> ReadDue(
        Instant until, int streamsMax, DueStream? after = null, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<DueStream>>(connection => connection.Due(until, streamsMax, after), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredApproval>> ReadApprovals(
        CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<StoredApproval>>(connection => connection.Approvals(community, activity, after, entriesMax), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRow> ReadAll(
        CommunityId community, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var moment = _readers.OpenMoment();
        for (var (stream, sequence) = ("", 0L); ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = moment.Ask(connection => connection.Rows.All(community, stream, sequence, PageRows));
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            (stream, sequence) = (page[^1].Stream.Name, page[^1].Sequence);
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, long>> ReadTotals(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyDictionary<string, long>>(connection => connection.Totals(community), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, BudgetBook>> ReadBudgets(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyDictionary<string, BudgetBook>>(connection => SqliteBudgets.Books(connection.Connection, community), cancellation);

    /// <inheritdoc/>
    public Task<StoredNote?> ReadNote(StreamId stream, long sequence, CancellationToken cancellation = default) =>
        Ask(connection => connection.Note(stream, sequence), cancellation);

    /// <inheritdoc/>
    public async Task EraseNote(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        if (_store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            using var turn = await _store.Gate.Enter(cancellation);
            _writer.EraseNote(stream, sequence);
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedRow>> ReadFeed(
        CommunityId community, FeedPosition after, int rowsMax, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<FeedRow>>(connection => connection.Rows.Fed(community, after.Commit, rowsMax), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<StreamId, Instant>> ReadDueTimes(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyDictionary<StreamId, Instant>>(
            connection => SqliteInspection.DueTimes(connection.Connection, community), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredReference>> ReadReferences(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<StoredReference>>(connection => SqliteInspection.References(connection.Connection, community), cancellation);

    /// <inheritdoc/>
    public async Task ReadMovements(CommunityId community, Action<StoredMovement> each, CancellationToken cancellation = default) =>
        await Ask(connection => SqliteMovements.ReadAll(connection.Connection, community, each, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task ReadRedemptions(CommunityId community, Action<StoredRedemption> each, CancellationToken cancellation = default) =>
        await Ask(connection => SqliteRedemptions.ReadAll(connection.Connection, community, each, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<MerchantId, LocalDate>> ReadClosedDays(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyDictionary<MerchantId, LocalDate>>(
            connection => SqliteInspection.ClosedDays(connection.Connection, community), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> InspectStorage(CommunityId community, CancellationToken cancellation = default) =>
        Ask<IReadOnlyList<string>>(connection => SqliteInspection.Problems(connection.Connection, community), cancellation);

    /// <summary>Takes nothing more in, writes what was taken in, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_commits is not null)
        {
            await _commits.DisposeAsync();
        }

        _readers.Dispose();
    }

    private static int Add(
        ReadConnection connection, CommunityId community, CommandKey[] keys, Dictionary<CommandKey, StreamId> known)
    {
        foreach (var key in keys)
        {
            if (connection.FindStream(community, key) is { } stream)
            {
                known[key] = stream;
            }
        }

        return known.Count;
    }

    private Task<T> Ask<T>(Func<ReadConnection, T> question, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        try
        {
            return Task.FromResult(_readers.Ask(question));
        }
        catch (JournalException failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
