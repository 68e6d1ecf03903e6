using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Budgets;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>The connection that writes the journal, with its prepared statements.</summary>
internal sealed class WriteConnection : IDisposable
{
    /// <summary>One process writes an embedded store, so there is one writer's row per total.</summary>
    private const string Writer = "embedded";

    // A sequence or a command that is taken leaves the row out, without an exception. A set is inserted row by row, so that "do nothing"
    // never lets its end in without its beginning. Plain VALUES: a SELECT from the same table would be collected in a temporary one first.
    private const string InsertSql =
        """
        INSERT INTO journal (community, stream, sequence, source, command_id, key_hash, fingerprint,
            recorded_at, recorded_nanos, effective_at, effective_nanos, outcome, events, programme, refers_to,
            available, pending, held, debt, hash, postings, from_account, to_account, points, lot, lot_ordinal)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)
        ON CONFLICT DO NOTHING
        """;

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _insert;
    private readonly Statement _insertPosting;
    private readonly Statement _head;
    private readonly Statement _remove;
    private readonly Statement _removePostings;
    private readonly Statement _storeTotal;
    private readonly Statement _loadTotals;
    private readonly Statement _storeReference;
    private readonly Statement _removeReference;
    private readonly Statement _findReference;
    private readonly Statement _storeNote;
    private readonly Statement _eraseNote;
    private readonly Statement _storeMovement;
    private readonly Statement _storeRedemption;
    private readonly Statement _eraseNotes;
    private readonly Statement _eraseProfile;
    private readonly Statement _revokeKeys;
    private readonly Statement _storeDue;
    private readonly Statement _removeDue;
    private readonly Statement _loadLease;
    private readonly Statement _storeLease;
    private readonly Statement _storeApproval;
    private readonly Statement _removeApproval;

    public WriteConnection(SqliteStore store)
    {
        _connection = store.Writer.Open();
        Rows = new(_connection);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insert = Prepare(InsertSql);
        _insertPosting = Prepare("INSERT INTO further_posting VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        _head = Prepare("SELECT sequence FROM journal WHERE community = ?1 AND stream = ?2 ORDER BY sequence DESC LIMIT 1");
        _remove = Prepare("DELETE FROM journal WHERE community = ?1 AND stream = ?2 AND sequence >= ?3 AND sequence < ?4");
        _removePostings = Prepare("DELETE FROM further_posting WHERE community = ?1 AND stream = ?2 AND sequence >= ?3 AND sequence < ?4");
        _storeTotal = Prepare(
            """
            INSERT INTO account_total (community, account, writer, points) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (community, account, writer) DO UPDATE SET points = excluded.points
            """);
        _loadTotals = Prepare("SELECT account, points FROM account_total WHERE community = ?1 AND writer = ?2");
        _storeReference = Prepare("INSERT INTO reference VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
        _removeReference = Prepare("DELETE FROM reference WHERE community = ?1 AND scope = ?2 AND reference = ?3");
        _findReference = Prepare(ReadConnection.FindReferenceSql);
        _storeNote = Prepare("INSERT INTO note (community, stream, sequence, salt, text) VALUES (?1, ?2, ?3, ?4, ?5)");
        _eraseNote = Prepare("DELETE FROM note WHERE community = ?1 AND stream = ?2 AND sequence = ?3");
        _storeMovement = Prepare(
            """
            INSERT INTO movement VALUES (?1, ?2,
                max(?3, coalesce((SELECT date(through, '+1 day') FROM closed_day WHERE community = ?1 AND merchant = ?2), ?3)),
                ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """);
        _storeRedemption = Prepare(
            """
            INSERT INTO redemption (community, stream, sequence, at, at_nanos, merchant, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (community, stream, sequence) DO UPDATE SET status = excluded.status
            """);
        _eraseNotes = Prepare("DELETE FROM note WHERE community = ?1 AND stream = ?2");
        _eraseProfile = Prepare("DELETE FROM profile WHERE community = ?1 AND resident = ?2");
        _revokeKeys = Prepare("UPDATE api_key SET revoked_at = ?3, revoked_nanos = ?4 WHERE community = ?1 AND revoked_at IS NULL AND instr(' ' || scopes || ' ', ' ' || ?2 || ' ') > 0");
        _storeDue = Prepare(
            """
            INSERT INTO due (community, stream, at, nanos) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (community, stream) DO UPDATE SET at = excluded.at, nanos = excluded.nanos
            """);
        _removeDue = Prepare("DELETE FROM due WHERE community = ?1 AND stream = ?2");
        _loadLease = Prepare("SELECT granted_points, granted_awards, used_points, used_awards FROM budget_lease WHERE lease = ?1");
        _storeLease = Prepare("UPDATE budget_lease SET used_points = ?2, used_awards = ?3 WHERE lease = ?1");
        _storeApproval = Prepare(
            """
            INSERT INTO approval (community, stream, sequence, activity, since, since_nanos, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (community, stream, sequence) DO UPDATE SET entry = excluded.entry
            """);
        _removeApproval = Prepare("DELETE FROM approval WHERE community = ?1 AND stream = ?2 AND sequence = ?3");
    }

    /// <summary>The connection itself, for tests that break it.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>Reads what this connection sees: also what it has not committed yet.</summary>
    public RowReader Rows { get; }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Ends the transaction without its changes; false when the connection cannot be used any more.</summary>
    public bool TryRollback()
    {
        if (_connection.Handle is not { IsInvalid: false, IsClosed: false } handle)
        {
            return false;
        }

        if (SQLitePCL.raw.sqlite3_get_autocommit(handle) != 0)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
            return true;
        }

        try
        {
            using var rollback = new Statement(_connection, "ROLLBACK");
            rollback.Run();
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>The last sequence of a stream; 0 when it has no row.</summary>
    public long Head(StreamId stream)
    {
        var head = _head.Bind(1, stream.Community.Value).Bind(2, stream.Name).Step() ? _head.Long(0) : 0;
        _head.Reset();
        return head;
    }

    /// <summary>Inserts one row with its postings; false when its sequence or command is taken.</summary>
    public bool TryInsert(JournalRow row, KeyHash keyHash)
    {
        var community = row.Stream.Community.Value;
        Span<byte> hash = stackalloc byte[KeyHashBytes.Length];
        KeyHashBytes.Write(keyHash, hash);
        _insert.Bind(1, community).Bind(2, row.Stream.Name).Bind(3, row.Sequence).Bind(4, row.Key.Source).Bind(5, row.Key.Id)
            .Bind(6, hash).Bind(7, row.Fingerprint.Span).Bind(12, row.Outcome).Bind(13, row.Events.Span).Bind(14, row.ProgrammeVersion)
            .Bind(15, row.RefersTo).Bind(16, row.After.Available.Value).Bind(17, row.After.Pending.Value).Bind(18, row.After.Held.Value)
            .Bind(19, row.After.Debt.Value).Bind(20, row.Hash.Span).Bind(21, row.Postings.Length);
        Bind(_insert, 8, row.RecordedAt);
        Bind(_insert, 10, row.EffectiveAt);
        BindFirst(row);
        if (_insert.Run() == 0)
        {
            return false;
        }

        for (var ordinal = 1; ordinal < row.Postings.Length; ordinal++)
        {
            _insertPosting.Bind(1, community).Bind(2, row.Stream.Name).Bind(3, row.Sequence).Bind(4, ordinal);
            Bind(_insertPosting, 5, row.Postings[ordinal]);
            _insertPosting.Run();
        }

        return true;
    }

    /// <summary>Takes back rows that this transaction inserted.</summary>
    public void Remove(StreamId stream, long fromSequence, int rows)
    {
        if (rows == 0)
        {
            return;
        }

        foreach (var statement in new ReadOnlySpan<Statement>([_remove, _removePostings]))
        {
            statement.Bind(1, stream.Community.Value).Bind(2, stream.Name).Bind(3, fromSequence).Bind(4, fromSequence + rows).Run();
        }
    }

    /// <summary>Stores the references of a set; the answer is what those that are taken stand for, and then none is stored.</summary>
    public ImmutableArray<StoredReference> StoreReferences(AppendSet set)
    {
        var stored = 0;
        foreach (var reference in set.References)
        {
            if (_storeReference.Bind(1, set.Stream.Community.Value).Bind(2, reference.Scope).Bind(3, reference.Reference)
                .Bind(4, reference.Stream.Name).Bind(5, reference.Sequence).Run() == 0)
            {
                RemoveReferences(set, stored);
                return TakenOf(set);
            }

            stored++;
        }

        return [];
    }

    /// <summary>Takes back the first references of a set, which this transaction stored.</summary>
    public void RemoveReferences(AppendSet set, int references)
    {
        foreach (var reference in set.References[..references])
        {
            _removeReference.Bind(1, set.Stream.Community.Value).Bind(2, reference.Scope).Bind(3, reference.Reference).Run();
        }
    }

    public void StoreNotes(AppendSet set)
    {
        foreach (var note in set.Notes)
        {
            _storeNote.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name).Bind(3, note.Sequence)
                .Bind(4, note.Salt.Span).Bind(5, note.Text).Run();
        }
    }

    public void StoreMovements(AppendSet set)
    {
        foreach (var stored in set.Movements)
        {
            var movement = stored.Movement;
            _storeMovement.Bind(1, set.Stream.Community.Value).Bind(2, movement.Merchant.Value).Bind(3, LocalDatePattern.Iso.Format(movement.Day))
                .Bind(4, set.Stream.Name).Bind(5, stored.Sequence).Bind(6, MovementText.Of(movement.Kind)).Bind(7, movement.Points.Value)
                .Bind(8, movement.Money?.MinorUnits);
            Bind(_storeMovement, 9, movement.Money?.Currency);
            Bind(_storeMovement, 10, movement.Reference);
            Bind(_storeMovement, 11, movement.Terminal);
            Bind(_storeMovement, 12, movement.Cashier);
            Bind(_storeMovement, 13, stored.At).Run();
        }
    }

    public void StoreRedemptions(AppendSet set)
    {
        foreach (var redemption in set.Redemptions)
        {
            _storeRedemption.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name).Bind(3, redemption.Sequence);
            Bind(_storeRedemption, 4, redemption.At).Bind(6, redemption.Merchant.Value).Bind(7, RedemptionText.Of(redemption.Status)).Run();
        }
    }

    public void EraseNote(StreamId stream, long sequence) =>
        Overwriting(() => _eraseNote.Bind(1, stream.Community.Value).Bind(2, stream.Name).Bind(3, sequence).Run());

    /// <summary>Forgets the person of a stream: this is the list of what is personal beside the journal.</summary>
    public void Erase(StreamId stream, Instant at)
    {
        Overwriting(() => _eraseNotes.Bind(1, stream.Community.Value).Bind(2, stream.Name).Run());
        if (stream.Resident is { } resident)
        {
            Overwriting(() => _eraseProfile.Bind(1, stream.Community.Value).Bind(2, resident.Value).Run());
            Bind(_revokeKeys.Bind(1, stream.Community.Value).Bind(2, ApiKey.ScopeOf(resident)), 3, at).Run();
        }
    }

    public void StoreDue(AppendSet set)
    {
        if (!set.NextDueChanged)
        {
            return;
        }

        if (set.NextDue is { } due)
        {
            Bind(_storeDue.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name), 3, due).Run();
            return;
        }

        _removeDue.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name).Run();
    }

    public void StoreApprovals(AppendSet set)
    {
        foreach (var sequence in set.Decided)
        {
            _removeApproval.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name).Bind(3, sequence).Run();
        }

        foreach (var approval in set.Undecided)
        {
            _storeApproval.Bind(1, set.Stream.Community.Value).Bind(2, set.Stream.Name).Bind(3, approval.Place.Sequence);
            _ = approval.Activity is { } activity ? _storeApproval.Bind(4, activity) : _storeApproval.BindNull(4);
            Bind(_storeApproval, 5, approval.Place.At).Bind(7, approval.Entry.Span).Run();
        }
    }

    public void StoreTotal(CommunityId community, string account, long points) =>
        _storeTotal.Bind(1, community.Value).Bind(2, account).Bind(3, Writer).Bind(4, points).Run();

    public Dictionary<string, long> LoadTotals(CommunityId community)
    {
        var totals = new Dictionary<string, long>();
        _loadTotals.Bind(1, community.Value).Bind(2, Writer);
        while (_loadTotals.Step())
        {
            totals.Add(_loadTotals.Text(0), _loadTotals.Long(1));
        }

        return totals;
    }

    /// <summary>A lease of a budget; null when it has ended.</summary>
    public BudgetLease? LoadLease(long lease)
    {
        if (!_loadLease.Bind(1, lease).Step())
        {
            return null;
        }

        var loaded = new BudgetLease(lease, new(_loadLease.Long(0), _loadLease.Long(1)), new(_loadLease.Long(2), _loadLease.Long(3)));
        _loadLease.Reset();
        return loaded;
    }

    public void StoreLease(BudgetLease lease) => _storeLease.Bind(1, lease.Id).Bind(2, lease.Used.Points).Bind(3, lease.Used.Awards).Run();

    public void Dispose()
    {
        Rows.Dispose();
        _statements.ForEach(statement => statement.Dispose());
        _connection.Dispose();
    }

    /// <summary>A time is two numbers: whole Unix seconds, and the nanoseconds of that second.</summary>
    internal static Statement Bind(Statement statement, int position, Instant instant)
    {
        var moment = Moment.Of(instant);
        return statement.Bind(position, moment.Seconds).Bind(position + 1, moment.Nanos);
    }

    private static void Bind(Statement statement, int position, string? text) =>
        _ = text is null ? statement.BindNull(position) : statement.Bind(position, text);

    private ImmutableArray<StoredReference> TakenOf(AppendSet set) =>
    [
        .. set.References
            .Select(wanted => ReadConnection.FindReference(_findReference, set.Stream.Community, wanted.Scope, wanted.Reference))
            .OfType<StoredReference>(),
    ];

    private static void Bind(Statement statement, int position, Posting posting) =>
        statement.Bind(position, posting.From.Name).Bind(position + 1, posting.To.Name).Bind(position + 2, posting.Points.Value)
            .Bind(position + 3, posting.Lot?.Sequence).Bind(position + 4, posting.Lot?.Ordinal);

    private void BindFirst(JournalRow row)
    {
        const int First = 22;
        if (!row.Postings.IsEmpty)
        {
            Bind(_insert, First, row.Postings[0]);
            return;
        }

        for (var position = First; position < First + 5; position++)
        {
            _insert.BindNull(position);
        }
    }

    // Without this SQLite only forgets where a text was, and anybody with the file could still read it.
    private void Overwriting(Action erase)
    {
        Overwrite(deleted: true);
        try
        {
            erase();
        }
        finally
        {
            Overwrite(deleted: false);
        }
    }

    private void Overwrite(bool deleted)
    {
        using var pragma = _connection.CreateCommand();
        pragma.CommandText = deleted ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF";
        pragma.ExecuteNonQuery();
    }

    private Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
