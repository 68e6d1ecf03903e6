using Ledger.Grains.Stores.Sqlite;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>A connection that only reads, with its prepared statements.</summary>
internal sealed class ReadConnection : IDisposable
{
    /// <summary>What a reference stands for: community, scope, reference.</summary>
    public const string FindReferenceSql = "SELECT stream, sequence FROM reference WHERE community = ?1 AND scope = ?2 AND reference = ?3";

    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _known;
    private readonly Statement _due;
    private readonly Statement _approvals;
    private readonly Statement _totals;
    private readonly Statement _note;
    private readonly Statement _reference;
    private readonly Statement _names;

    public ReadConnection(SqliteStore store)
    {
        _connection = store.Readers.Open();
        Rows = new(_connection);
        _begin = new(_connection, "BEGIN");
        _end = new(_connection, "COMMIT");
        _known = new(_connection, "SELECT source, command_id, community, stream FROM journal WHERE key_hash = ?1");
        _due = new(
            _connection,
            """
            SELECT community, stream, at, nanos FROM due
            WHERE (at, nanos) <= (?1, ?2) AND (at, nanos, community, stream) > (?4, ?5, ?6, ?7)
            ORDER BY at, nanos, community, stream LIMIT ?3
            """);
        _approvals = new(
            _connection,
            """
            SELECT since, since_nanos, stream, sequence, activity, entry FROM approval
            WHERE community = ?1 AND (since, since_nanos, stream, sequence) > (?2, ?3, ?4, ?5) AND (?6 = '' OR activity = ?6)
            ORDER BY since, since_nanos, stream, sequence LIMIT ?7
            """);
        _totals = new(_connection, "SELECT account, sum(points) FROM account_total WHERE community = ?1 GROUP BY account");
        _reference = new(_connection, FindReferenceSql);
        _names = new(
            _connection,
            "SELECT reference FROM reference WHERE community = ?1 AND scope = ?2 AND reference > ?3 ORDER BY reference DESC LIMIT ?4");
        _note = new(_connection, "SELECT salt, text FROM note WHERE community = ?1 AND stream = ?2 AND sequence = ?3");
    }

    /// <summary>Rows of the journal.</summary>
    public RowReader Rows { get; }

    /// <summary>The connection itself, for questions that are asked seldom.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>From here on every answer comes from one moment: that of the first question.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Ends that moment.</summary>
    public void End() => _end.Run();

    public JournalRow? Find(CommunityId community, CommandKey key) =>
        Rows.Find(key.HashIn(community)) is { } row && row.Key == key && row.Stream.Community == community ? row : null;

    public StreamId? FindStream(CommunityId community, CommandKey key)
    {
        Span<byte> hash = stackalloc byte[KeyHashBytes.Length];
        KeyHashBytes.Write(key.HashIn(community), hash);
        if (!_known.Bind(1, hash).Step())
        {
            return null;
        }

        var found = new CommandKey(_known.Text(0), _known.Text(1)) == key && _known.Text(2) == community.Value;
        StreamId? stream = found ? new StreamId(community, _known.Text(3)) : null;
        _known.Reset();
        return stream;
    }

    public List<DueStream> Due(Instant until, int streamsMax, DueStream? after)
    {
        var streams = new List<DueStream>();
        WriteConnection.Bind(_due, 1, until).Bind(3, streamsMax);
        // Nothing is due before the beginning of time, and nothing has an empty name.
        WriteConnection.Bind(_due, 4, after?.At ?? Instant.MinValue)
            .Bind(6, after?.Stream.Community.Value ?? "")
            .Bind(7, after?.Stream.Name ?? "");
        while (_due.Step())
        {
            streams.Add(new(new(new(_due.Text(0)), _due.Text(1)), RowReader.Time(_due, 2)));
        }

        return streams;
    }

    public List<StoredApproval> Approvals(CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax)
    {
        var approvals = new List<StoredApproval>();
        WriteConnection.Bind(_approvals.Bind(1, community.Value), 2, after?.At ?? Instant.MinValue)
            .Bind(4, after?.Stream ?? "")
            .Bind(5, after?.Sequence ?? 0)
            .Bind(6, activity?.Value ?? "")
            .Bind(7, entriesMax);
        while (_approvals.Step())
        {
            approvals.Add(new(
                new(RowReader.Time(_approvals, 0), _approvals.Text(2), _approvals.Long(3)),
                _approvals.IsNull(4) ? null : _approvals.Text(4),
                _approvals.Bytes(5)));
        }

        return approvals;
    }

    public Dictionary<string, long> Totals(CommunityId community)
    {
        var totals = new Dictionary<string, long>();
        _totals.Bind(1, community.Value);
        while (_totals.Step())
        {
            totals.Add(_totals.Text(0), _totals.Long(1));
        }

        return totals;
    }

    public StoredNote? Note(StreamId stream, long sequence)
    {
        if (!_note.Bind(1, stream.Community.Value).Bind(2, stream.Name).Bind(3, sequence).Step())
        {
            return null;
        }

        var note = new StoredNote(sequence, _note.Bytes(0), _note.Text(1));
        _note.Reset();
        return note;
    }

    public StoredReference? FindReference(CommunityId community, string scope, string reference) =>
        FindReference(_reference, community, scope, reference);

    public List<string> Names(CommunityId community, string scope, string after, int namesMax)
    {
        var names = new List<string>();
        _names.Bind(1, community.Value).Bind(2, scope).Bind(3, after).Bind(4, namesMax);
        while (_names.Step())
        {
            names.Add(_names.Text(0));
        }

        return names;
    }

    /// <summary>The answer of a statement of <see cref="FindReferenceSql"/>.</summary>
    public static StoredReference? FindReference(Statement statement, CommunityId community, string scope, string reference)
    {
        if (!statement.Bind(1, community.Value).Bind(2, scope).Bind(3, reference).Step())
        {
            return null;
        }

        var found = new StoredReference(scope, reference, new(community, statement.Text(0)), statement.Long(1));
        statement.Reset();
        return found;
    }

    public void Dispose()
    {
        Rows.Dispose();
        foreach (var statement in new ReadOnlySpan<Statement>([_begin, _end, _known, _due, _approvals, _totals, _note, _reference, _names]))
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
