using System.Collections.Immutable;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>Points where a test can make the store fail; empty in service.</summary>
internal sealed class CommitHooks
{
    /// <summary>The writer has opened its connection.</summary>
    public Action<SqliteConnection>? Connected { get; set; }

    /// <summary>Everything is written, nothing committed.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Everything is committed, nobody was told.</summary>
    public Action? AfterCommit { get; set; }
}

/// <summary>Writes batches into the file: one transaction each, statements prepared once.</summary>
/// <remarks>
/// A set that collides must not disturb the others, and a savepoint per set would copy every page it touches. So a row is inserted only when
/// nothing stands in its way, else the rows of its set are deleted again: cheap, and rare.
/// </remarks>
internal sealed class SqliteBatchWriter(SqliteStore store, CommitHooks hooks) : IBatchWriter
{
    private static readonly Comparer<PendingAppend> s_byStream = Comparer<PendingAppend>.Create((left, right) =>
    {
        var order = string.CompareOrdinal(left.Set.Stream.Name, right.Set.Stream.Name);
        return order != 0 ? order : left.Set.Rows[0].Sequence.CompareTo(right.Set.Rows[0].Sequence);
    });

    private WriteConnection? _connection;
    private AccountTotals? _totals;
    private StreamHeads? _heads;
    private BatchLeases? _leases;
    private bool _disposed;

    /// <inheritdoc/>
    public void Write(IReadOnlyList<PendingAppend> batch)
    {
        using var turn = store.Gate.EnterBlocking();
        try
        {
            WriteUncommitted(batch);
            hooks.BeforeCommit?.Invoke();
        }
        catch (Exception failure)
        {
            // Nothing is committed before COMMIT is asked for, whatever becomes of the rollback.
            Abandon();
            throw JournalRefusals.NotWritten(failure.Message);
        }

        Commit();
    }

    /// <summary>Erases a note, in a transaction of its own. The caller holds the turn at the gate.</summary>
    public void EraseNote(StreamId stream, long sequence) => Connect().EraseNote(stream, sequence);

    /// <inheritdoc/>
    public void Dispose()
    {
        using var turn = store.Gate.EnterBlocking();
        _disposed = true;
        _connection?.Dispose();
    }

    private void WriteUncommitted(IReadOnlyList<PendingAppend> batch)
    {
        var connection = Connect();
        connection.Begin();
        foreach (var pending in InOrder(batch))
        {
            Write(connection, pending);
        }

        foreach (var ((community, account), points) in _totals!.Changed)
        {
            connection.StoreTotal(community, account, points);
        }

        foreach (var lease in _leases!.Drawn)
        {
            connection.StoreLease(lease);
        }

        _leases.Forget();
    }

    /// <summary>
    /// By stream, so that neighbours in the index are written together; as they came when two carry one command or one reference: the first wins.
    /// </summary>
    private static IEnumerable<PendingAppend> InOrder(IReadOnlyList<PendingAppend> batch)
    {
        var names = new HashSet<KeyHash>();
        foreach (var pending in batch)
        {
            foreach (var name in pending.Names)
            {
                if (!names.Add(name))
                {
                    return batch;
                }
            }
        }

        // A stable sort: sets of one stream stay as they came when they begin with the same sequence.
        return batch.Order(s_byStream);
    }

    private void Write(WriteConnection connection, PendingAppend pending)
    {
        var set = pending.Set;
        if (_heads!.Of(set.Stream) != set.Rows[0].Sequence - 1)
        {
            Explain(connection, pending);
            return;
        }

        for (var i = 0; i < set.Rows.Length; i++)
        {
            if (!connection.TryInsert(set.Rows[i], pending.KeyHashes[i]))
            {
                connection.Remove(set.Stream, set.Rows[0].Sequence, i);
                Explain(connection, pending);
                return;
            }
        }

        if (connection.StoreReferences(set) is { IsEmpty: false } taken)
        {
            connection.Remove(set.Stream, set.Rows[0].Sequence, set.Rows.Length);
            pending.Decide(new AppendResult.ReferenceTaken(taken));
            return;
        }

        if (_leases!.Lacking(set) is { IsEmpty: false } lacking)
        {
            connection.Remove(set.Stream, set.Rows[0].Sequence, set.Rows.Length);
            connection.RemoveReferences(set, set.References.Length);
            pending.Decide(new AppendResult.LeaseEnded(lacking));
            return;
        }

        if (_totals!.Add(set) is { } account)
        {
            connection.Remove(set.Stream, set.Rows[0].Sequence, set.Rows.Length);
            connection.RemoveReferences(set, set.References.Length);
            pending.Decide(JournalRefusals.TotalTooLarge(set.Stream, account));
            return;
        }

        _leases.Draw(set);
        _heads.Set(set.Stream, set.Rows[^1].Sequence);
        connection.StoreNotes(set);
        connection.StoreMovements(set);
        connection.StoreRedemptions(set);
        connection.StoreDue(set);
        connection.StoreApprovals(set);
        if (set.Erases is { } at)
        {
            connection.Erase(set.Stream, at);
        }

        pending.Decide(AppendResult.Committed.Instance);
    }

    /// <summary>Why the set could not be inserted: commands that are known say more than a sequence that is taken.</summary>
    private static void Explain(WriteConnection connection, PendingAppend pending)
    {
        var seen = ImmutableArray.CreateBuilder<JournalRow>();
        for (var i = 0; i < pending.KeyHashes.Length; i++)
        {
            if (connection.Rows.Find(pending.KeyHashes[i]) is { } row)
            {
                if (row.Key != pending.Set.Rows[i].Key || row.Stream.Community != pending.Set.Stream.Community)
                {
                    pending.Decide(new JournalException($"The commands {row.Key} and {pending.Set.Rows[i].Key} share one hash; nothing was written."));
                    return;
                }

                seen.Add(row);
            }
        }

        pending.Decide(seen.Count > 0 ? new AppendResult.Seen(seen.ToImmutable()) : AppendResult.Fenced.Instance);
    }

    private void Commit()
    {
        try
        {
            _connection!.Commit();
        }
        catch (Exception failure)
        {
            // A full disk or a lock refuses the commit before its last page is written. After any other error nobody can know.
            var certain = failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_READONLY };
            Abandon();
            throw certain ? JournalRefusals.NotWritten(failure.Message) : JournalRefusals.Unknown(failure.Message);
        }

        _totals!.Commit();
        try
        {
            hooks.AfterCommit?.Invoke();
        }
        catch (Exception failure)
        {
            throw JournalRefusals.Unknown(failure.Message);
        }
    }

    private WriteConnection Connect()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_connection is null)
        {
            _connection = new(store);
            hooks.Connected?.Invoke(_connection.Connection);
            _totals = new(_connection.LoadTotals);
            _heads = new(_connection.Head);
            _leases = new(_connection.LoadLease);
        }

        return _connection;
    }

    /// <summary>Rolls back. A connection that cannot even do that is thrown away, else it would block the file for ever.</summary>
    private void Abandon()
    {
        _totals?.Forget();
        _heads?.Forget();
        _leases?.Forget();
        if (_connection?.TryRollback() == false)
        {
            _connection.Dispose();
            _connection = null;
        }
    }
}
