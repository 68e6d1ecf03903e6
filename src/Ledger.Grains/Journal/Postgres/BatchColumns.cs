using Ledger.Accounts;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.Transactions;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>A batch as columns: each parameter is a whole column, and each statement inserts all its rows at once.</summary>
/// <remarks>Filled, executed and cleared again and again by one lane of the writer.</remarks>
internal sealed class BatchColumns
{
    private readonly JournalTable _journal = new();
    private readonly PostingTable _postings = new();
    private readonly PredecessorTable _predecessors = new();
    private readonly ReferenceTable _references = new();
    private readonly NoteTable _notes = new();
    private readonly OpenDayTable _openDays = new();
    private readonly MovementTable _movements = new();
    private readonly RedemptionTable _redemptions = new();
    private readonly ErasedTable _erased = new();
    private readonly DueTable _due = new();
    private readonly UndueTable _undue = new();
    private readonly UndecidedTable _undecided = new();
    private readonly DecidedTable _decided = new();
    private readonly TotalTable _totals = new();
    private readonly LeaseTable _leases = new();

    /// <summary>Takes a set in.</summary>
    /// <param name="pending">The set.</param>
    /// <param name="proven">Whether the row before its first one is known to be there; else the database is asked.</param>
    public void Add(PendingAppend pending, bool proven)
    {
        var set = pending.Set;
        if (!proven)
        {
            _predecessors.Add(set);
        }

        for (var i = 0; i < set.Rows.Length; i++)
        {
            _journal.Add(set.Rows[i], pending.KeyHashes[i]);
            _postings.Add(set.Rows[i]);
        }

        foreach (var reference in set.References)
        {
            _references.Add(reference);
        }

        foreach (var note in set.Notes)
        {
            _notes.Add(set, note);
        }

        if (!set.Movements.IsEmpty)
        {
            _openDays.Add(set);
        }

        foreach (var movement in set.Movements)
        {
            _movements.Add(movement);
        }

        foreach (var redemption in set.Redemptions)
        {
            _redemptions.Add(redemption);
        }

        if (set.Erases is { } erased)
        {
            _erased.Add(set, StoredTime.Of(erased));
        }

        foreach (var approval in set.Undecided)
        {
            _undecided.Add(set, approval);
        }

        foreach (var sequence in set.Decided)
        {
            _decided.Add(set, sequence);
        }

        if (set is { NextDueChanged: true, NextDue: { } due })
        {
            _due.Add(set, StoredTime.Of(due));
        }
        else if (set.NextDueChanged)
        {
            _undue.Add(set);
        }

        foreach (var draw in set.Draws)
        {
            _leases.Add(draw);
        }
    }

    /// <summary>Takes a total in.</summary>
    public void AddTotal(CommunityId community, string account, int writer, long points) => _totals.Add(community, account, writer, points);

    /// <summary>The statements of the batch; those without rows are left out.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        foreach (var table in new ReadOnlySpan<Table>([_openDays, _predecessors, _journal, _postings, _references, _notes, _erased, _movements, _redemptions, _due, _undue, _decided, _undecided, _totals, _leases]))
        {
            if (!table.IsEmpty)
            {
                batch.BatchCommands.Add(table.Command);
            }
        }
    }

    /// <summary>Empties every column.</summary>
    public void Clear()
    {
        foreach (var table in new ReadOnlySpan<Table>([_openDays, _predecessors, _journal, _postings, _references, _notes, _erased, _movements, _redemptions, _due, _undue, _decided, _undecided, _totals, _leases]))
        {
            table.Clear();
        }
    }

    /// <summary>A statement whose parameters are columns.</summary>
    private abstract class Table(string sql)
    {
        private readonly List<System.Collections.IList> _columns = [];

        public NpgsqlBatchCommand Command { get; } = new(sql);

        public bool IsEmpty => _columns[0].Count == 0;

        public void Clear() => _columns.ForEach(column => column.Clear());

        protected List<T> Column<T>(NpgsqlDbType type)
        {
            var column = new List<T>();
            _columns.Add(column);
            Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
            return column;
        }

        protected List<string> Text() => Column<string>(NpgsqlDbType.Text);

        protected List<long> Long() => Column<long>(NpgsqlDbType.Bigint);

        protected List<int> Int() => Column<int>(NpgsqlDbType.Integer);

        protected List<ReadOnlyMemory<byte>> Bytes() => Column<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);

        protected (List<Instant> Micros, List<short> Nanos) Time() =>
            (Column<Instant>(NpgsqlDbType.TimestampTz), Column<short>(NpgsqlDbType.Smallint));

        protected static void Add((List<Instant> Micros, List<short> Nanos) column, StoredTime time)
        {
            column.Micros.Add(time.Micros);
            column.Nanos.Add(time.Nanos);
        }
    }

    private sealed class JournalTable : Table
    {
        private readonly List<string> _community, _stream, _source, _commandId, _outcome;
        private readonly List<long> _sequence, _available, _pending, _held, _debt;
        private readonly List<int> _programme, _postings;
        private readonly List<Guid> _keyHash;
        private readonly List<ReadOnlyMemory<byte>> _fingerprint, _events, _hash;
        private readonly (List<Instant>, List<short>) _recordedAt, _effectiveAt;
        private readonly List<long?> _refersTo, _points, _lot;
        private readonly List<int?> _lotOrdinal;
        private readonly List<string?> _from, _to;

        public JournalTable()
            : base(
            """
            INSERT INTO journal (community, stream, sequence, source, command_id, key_hash, fingerprint, recorded_at, recorded_nanos,
                effective_at, effective_nanos, outcome, events, programme, refers_to, available, pending, held, debt, hash, postings,
                from_account, to_account, points, lot, lot_ordinal, commit_id)
            SELECT r.*, (SELECT pg_current_xact_id()::text::bigint + shift FROM feed)
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) r
            """)
        {
            (_community, _stream, _sequence, _source, _commandId) = (Text(), Text(), Long(), Text(), Text());
            (_keyHash, _fingerprint) = (Column<Guid>(NpgsqlDbType.Uuid), Bytes());
            (_recordedAt, _effectiveAt) = (Time(), Time());
            (_outcome, _events, _programme, _refersTo) = (Text(), Bytes(), Int(), Column<long?>(NpgsqlDbType.Bigint));
            (_available, _pending, _held, _debt) = (Long(), Long(), Long(), Long());
            (_hash, _postings) = (Bytes(), Int());
            (_from, _to) = (Column<string?>(NpgsqlDbType.Text), Column<string?>(NpgsqlDbType.Text));
            (_points, _lot) = (Column<long?>(NpgsqlDbType.Bigint), Column<long?>(NpgsqlDbType.Bigint));
            _lotOrdinal = Column<int?>(NpgsqlDbType.Integer);
        }

        public void Add(JournalRow row, KeyHash keyHash)
        {
            _community.Add(row.Stream.Community.Value);
            _stream.Add(row.Stream.Name);
            _sequence.Add(row.Sequence);
            _source.Add(row.Key.Source);
            _commandId.Add(row.Key.Id);
            _keyHash.Add(KeyHashUuid.Of(keyHash));
            _fingerprint.Add(row.Fingerprint);
            Add(_recordedAt, StoredTime.Of(row.RecordedAt));
            Add(_effectiveAt, StoredTime.Of(row.EffectiveAt));
            _outcome.Add(row.Outcome);
            _events.Add(row.Events);
            _programme.Add(row.ProgrammeVersion);
            _refersTo.Add(row.RefersTo);
            _available.Add(row.After.Available.Value);
            _pending.Add(row.After.Pending.Value);
            _held.Add(row.After.Held.Value);
            _debt.Add(row.After.Debt.Value);
            _hash.Add(row.Hash);
            _postings.Add(row.Postings.Length);
            Posting? first = row.Postings.IsEmpty ? null : row.Postings[0];
            _from.Add(first?.From.Name);
            _to.Add(first?.To.Name);
            _points.Add(first?.Points.Value);
            _lot.Add(first?.Lot?.Sequence);
            _lotOrdinal.Add(first?.Lot?.Ordinal);
        }
    }

    private sealed class PostingTable : Table
    {
        private readonly List<string> _community, _stream, _from, _to;
        private readonly List<long> _sequence, _points;
        private readonly List<int> _ordinal;
        private readonly List<long?> _lot;
        private readonly List<int?> _lotOrdinal;

        public PostingTable()
            : base(
            """
            INSERT INTO further_posting (community, stream, sequence, ordinal, from_account, to_account, points, lot, lot_ordinal)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """)
        {
            (_community, _stream, _sequence, _ordinal) = (Text(), Text(), Long(), Int());
            (_from, _to, _points) = (Text(), Text(), Long());
            (_lot, _lotOrdinal) = (Column<long?>(NpgsqlDbType.Bigint), Column<int?>(NpgsqlDbType.Integer));
        }

        public void Add(JournalRow row)
        {
            for (var ordinal = 1; ordinal < row.Postings.Length; ordinal++)
            {
                var posting = row.Postings[ordinal];
                _community.Add(row.Stream.Community.Value);
                _stream.Add(row.Stream.Name);
                _sequence.Add(row.Sequence);
                _ordinal.Add(ordinal);
                _from.Add(posting.From.Name);
                _to.Add(posting.To.Name);
                _points.Add(posting.Points.Value);
                _lot.Add(posting.Lot?.Sequence);
                _lotOrdinal.Add(posting.Lot?.Ordinal);
            }
        }
    }

    // The unique index stops a sequence that is taken, not one that leaves a gap. Plain SQL has no way to raise an error but to make one:
    // where a predecessor is missing this divides by zero, and nothing of the batch is committed.
    private sealed class PredecessorTable : Table
    {
        private readonly List<string> _community, _stream;
        private readonly List<long> _sequence;

        public PredecessorTable()
            : base(
            """
            SELECT 1 / (count(*) = cardinality($1))::int
            FROM unnest($1, $2, $3) r (community, stream, sequence) JOIN journal j
                ON j.community = r.community COLLATE "C" AND j.stream = r.stream COLLATE "C" AND j.sequence = r.sequence
            """)
        {
            (_community, _stream, _sequence) = (Text(), Text(), Long());
        }

        public void Add(AppendSet set)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            _sequence.Add(set.Rows[0].Sequence - 1);
        }
    }

    // A violation of reference_pkey means "this reference stands for something else".
    private sealed class ReferenceTable : Table
    {
        private readonly List<string> _community, _scope, _reference, _stream;
        private readonly List<long> _sequence;

        public ReferenceTable()
            : base("INSERT INTO reference (community, scope, reference, stream, sequence) SELECT * FROM unnest($1, $2, $3, $4, $5)")
        {
            (_community, _scope, _reference, _stream, _sequence) = (Text(), Text(), Text(), Text(), Long());
        }

        public void Add(StoredReference reference)
        {
            _community.Add(reference.Stream.Community.Value);
            _scope.Add(reference.Scope);
            _reference.Add(reference.Reference);
            _stream.Add(reference.Stream.Name);
            _sequence.Add(reference.Sequence);
        }
    }

    private sealed class NoteTable : Table
    {
        private readonly List<string> _community, _stream, _text;
        private readonly List<long> _sequence;
        private readonly List<ReadOnlyMemory<byte>> _salt;

        public NoteTable()
            : base("INSERT INTO note (community, stream, sequence, salt, text) SELECT * FROM unnest($1, $2, $3, $4, $5)")
        {
            (_community, _stream, _sequence, _salt, _text) = (Text(), Text(), Long(), Bytes(), Text());
        }

        public void Add(AppendSet set, StoredNote note)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            _sequence.Add(note.Sequence);
            _salt.Add(note.Salt);
            _text.Add(note.Text);
        }
    }

    // Whoever closes a day has this lock alone, so that it waits for every append that looked before, and every later one sees what was closed.
    private sealed class OpenDayTable : Table
    {
        private readonly List<string> _community;

        public OpenDayTable()
            : base($"SELECT pg_advisory_xact_lock_shared({PostgresMovements.LockClass}, hashtext(community)) FROM unnest($1) r (community)") => _community = Text();

        public void Add(AppendSet set)
        {
            if (!_community.Contains(set.Stream.Community.Value))
            {
                _community.Add(set.Stream.Community.Value);
            }
        }
    }

    private sealed class MovementTable : Table
    {
        private readonly List<string> _community, _merchant, _stream, _kind;
        private readonly List<long> _sequence, _points;
        private readonly List<LocalDate> _day;
        private readonly List<long?> _money;
        private readonly List<string?> _currency, _reference, _terminal, _cashier;
        private readonly (List<Instant>, List<short>) _at;

        public MovementTable()
            : base(
            """
            INSERT INTO movement (community, merchant, stream, sequence, kind, points, day, money, currency, reference, terminal, cashier, at, at_nanos)
            SELECT r.community, r.merchant, r.stream, r.sequence, r.kind, r.points, greatest(r.day, c.through + 1), r.money, r.currency, r.reference,
                r.terminal, r.cashier, r.at, r.at_nanos
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                r (community, merchant, stream, sequence, kind, points, day, money, currency, reference, terminal, cashier, at, at_nanos)
                LEFT JOIN closed_day c ON c.community = r.community COLLATE "C" AND c.merchant = r.merchant COLLATE "C"
            """)
        {
            (_community, _merchant, _stream, _sequence, _kind) = (Text(), Text(), Text(), Long(), Text());
            (_points, _day, _money) = (Long(), Column<LocalDate>(NpgsqlDbType.Date), Column<long?>(NpgsqlDbType.Bigint));
            (_currency, _reference) = (Column<string?>(NpgsqlDbType.Text), Column<string?>(NpgsqlDbType.Text));
            (_terminal, _cashier, _at) = (Column<string?>(NpgsqlDbType.Text), Column<string?>(NpgsqlDbType.Text), Time());
        }

        public void Add(StoredMovement stored)
        {
            var movement = stored.Movement;
            _community.Add(stored.Stream.Community.Value);
            _merchant.Add(movement.Merchant.Value);
            _stream.Add(stored.Stream.Name);
            _sequence.Add(stored.Sequence);
            _kind.Add(MovementText.Of(movement.Kind));
            _points.Add(movement.Points.Value);
            _day.Add(movement.Day);
            _money.Add(movement.Money?.MinorUnits);
            _currency.Add(movement.Money?.Currency);
            _reference.Add(movement.Reference);
            _terminal.Add(movement.Terminal);
            _cashier.Add(movement.Cashier);
            Add(_at, StoredTime.Of(stored.At));
        }
    }

    private sealed class RedemptionTable : Table
    {
        private readonly List<string> _community, _stream, _merchant, _status;
        private readonly List<long> _sequence;
        private readonly (List<Instant>, List<short>) _at;

        public RedemptionTable()
            : base(
            """
            INSERT INTO redemption (community, stream, sequence, at, at_nanos, merchant, status) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (community, stream, sequence) DO UPDATE SET status = excluded.status
            """)
        {
            (_community, _stream, _sequence) = (Text(), Text(), Long());
            (_at, _merchant, _status) = (Time(), Text(), Text());
        }

        public void Add(StoredRedemption stored)
        {
            _community.Add(stored.Stream.Community.Value);
            _stream.Add(stored.Stream.Name);
            _sequence.Add(stored.Sequence);
            Add(_at, StoredTime.Of(stored.At));
            _merchant.Add(stored.Merchant.Value);
            _status.Add(RedemptionText.Of(stored.Status));
        }
    }

    // The list of what is personal beside the journal. Notes of the same batch are there already.
    private sealed class ErasedTable : Table
    {
        private readonly List<string> _community, _stream, _scope, _resident;
        private readonly (List<Instant>, List<short>) _at;

        public ErasedTable()
            : base(
            """
            WITH notes AS (
                DELETE FROM note USING unnest($1, $2) r (community, stream)
                WHERE note.community = r.community COLLATE "C" AND note.stream = r.stream COLLATE "C"),
            profiles AS (
                DELETE FROM profile USING unnest($1, $6) r (community, resident)
                WHERE profile.community = r.community COLLATE "C" AND profile.resident = r.resident COLLATE "C")
            UPDATE api_key SET revoked_at = r.at, revoked_nanos = r.nanos FROM unnest($1, $3, $4, $5) r (community, scope, at, nanos)
            WHERE api_key.community = r.community COLLATE "C" AND r.scope = ANY (api_key.scopes) AND api_key.revoked_at IS NULL
            """)
        {
            (_community, _stream, _scope, _at, _resident) = (Text(), Text(), Text(), Time(), Text());
        }

        public void Add(AppendSet set, StoredTime at)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            _resident.Add(set.Stream.Resident?.Value ?? string.Empty);
            _scope.Add(set.Stream.Resident is { } resident ? ApiKey.ScopeOf(resident) : string.Empty);
            Add(_at, at);
        }
    }

    private sealed class DueTable : Table
    {
        private readonly List<string> _community, _stream;
        private readonly (List<Instant>, List<short>) _at;

        public DueTable()
            : base(
            """
            INSERT INTO due (community, stream, at, nanos) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (community, stream) DO UPDATE SET at = excluded.at, nanos = excluded.nanos
            """)
        {
            (_community, _stream, _at) = (Text(), Text(), Time());
        }

        public void Add(AppendSet set, StoredTime at)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            Add(_at, at);
        }
    }

    private sealed class UndueTable : Table
    {
        private readonly List<string> _community, _stream;

        public UndueTable()
            : base(
            """
            DELETE FROM due USING unnest($1, $2) r (community, stream)
            WHERE due.community = r.community COLLATE "C" AND due.stream = r.stream COLLATE "C"
            """)
        {
            (_community, _stream) = (Text(), Text());
        }

        public void Add(AppendSet set)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
        }
    }

    private sealed class UndecidedTable : Table
    {
        private readonly List<string> _community, _stream;
        private readonly List<long> _sequence;
        private readonly List<string?> _activity;
        private readonly (List<Instant>, List<short>) _since;
        private readonly List<ReadOnlyMemory<byte>> _entry;

        public UndecidedTable()
            : base(
            """
            INSERT INTO approval (community, stream, sequence, activity, since, since_nanos, entry) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (community, stream, sequence) DO UPDATE SET entry = excluded.entry
            """)
        {
            (_community, _stream, _sequence) = (Text(), Text(), Long());
            (_activity, _since, _entry) = (Column<string?>(NpgsqlDbType.Text), Time(), Bytes());
        }

        public void Add(AppendSet set, StoredApproval approval)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            _sequence.Add(approval.Place.Sequence);
            _activity.Add(approval.Activity);
            Add(_since, StoredTime.Of(approval.Place.At));
            _entry.Add(approval.Entry);
        }
    }

    private sealed class DecidedTable : Table
    {
        private readonly List<string> _community, _stream;
        private readonly List<long> _sequence;

        public DecidedTable()
            : base(
            """
            DELETE FROM approval USING unnest($1, $2, $3) r (community, stream, sequence)
            WHERE approval.community = r.community COLLATE "C" AND approval.stream = r.stream COLLATE "C" AND approval.sequence = r.sequence
            """)
        {
            (_community, _stream, _sequence) = (Text(), Text(), Long());
        }

        public void Add(AppendSet set, long sequence)
        {
            _community.Add(set.Stream.Community.Value);
            _stream.Add(set.Stream.Name);
            _sequence.Add(sequence);
        }
    }

    private sealed class TotalTable : Table
    {
        private readonly List<string> _community, _account;
        private readonly List<int> _writer;
        private readonly List<long> _points;

        // A difference, not a value: right whoever else writes.
        public TotalTable()
            : base(
            """
            INSERT INTO account_total (community, account, writer, points) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (community, account, writer) DO UPDATE SET points = account_total.points + excluded.points
            """)
        {
            (_community, _account, _writer, _points) = (Text(), Text(), Int(), Long());
        }

        public void Add(CommunityId community, string account, int writer, long points)
        {
            _community.Add(community.Value);
            _account.Add(account);
            _writer.Add(writer);
            _points.Add(points);
        }
    }

    // Each silo draws from leases of its own, but its lanes share them: last of all, so that one waits for the other only while it commits.
    // A lease that has ended is not there to be changed. Then, as above, this divides by zero.
    private sealed class LeaseTable : Table
    {
        private readonly List<long> _lease, _points, _awards;

        public LeaseTable()
            : base(
            """
            WITH drawn AS (
                UPDATE budget_lease l SET used_points = l.used_points + r.points, used_awards = l.used_awards + r.awards
                FROM unnest($1, $2, $3) r (lease, points, awards)
                WHERE l.lease = r.lease AND l.used_points + r.points <= l.granted_points AND l.used_awards + r.awards <= l.granted_awards
                RETURNING 1)
            SELECT 1 / (count(*) = cardinality($1))::int FROM drawn
            """)
        {
            (_lease, _points, _awards) = (Long(), Long(), Long());
        }

        /// <summary>Once for each lease, for an update changes a row once, whatever is joined to it; sorted, so that lanes lock in one order.</summary>
        public void Add(LeaseDraw draw)
        {
            var place = _lease.BinarySearch(draw.Lease);
            if (place < 0)
            {
                place = ~place;
                _lease.Insert(place, draw.Lease);
                _points.Insert(place, 0);
                _awards.Insert(place, 0);
            }

            _points[place] += draw.Amount.Points;
            _awards[place] += draw.Amount.Awards;
        }
    }
}
