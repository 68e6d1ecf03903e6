using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>Reads rows through one connection. Each question is answered whole, so none leaves a statement open.</summary>
internal sealed class RowReader : IDisposable
{
    private const string SelectRow =
        """
        SELECT community, stream, sequence, source, command_id, fingerprint, recorded_at, recorded_nanos, effective_at, effective_nanos,
            outcome, events, programme, refers_to, available, pending, held, debt, hash, postings,
            from_account, to_account, points, lot, lot_ordinal, rowid
        FROM journal
        """;

    private const int RowidColumn = 25;

    // Each branch is answered by an index of its own; the row itself comes first because the others are later.
    private const string SelectRelated = SelectRow +
        """
         WHERE community = ?1 AND stream = ?2 AND sequence IN (
            SELECT ?3
            UNION SELECT sequence FROM journal WHERE community = ?1 AND stream = ?2 AND refers_to = ?3
            UNION SELECT sequence FROM journal WHERE community = ?1 AND stream = ?2 AND lot = ?3 AND to_account = 'breakage'
            UNION SELECT sequence FROM further_posting WHERE community = ?1 AND stream = ?2 AND lot = ?3 AND to_account = 'breakage'
            UNION SELECT sequence FROM journal WHERE community = ?1 AND stream = ?2 AND lot = ?3 AND from_account = 'pending'
            UNION SELECT sequence FROM further_posting WHERE community = ?1 AND stream = ?2 AND lot = ?3 AND from_account = 'pending')
            AND sequence >= ?3
        ORDER BY sequence
        """;

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Statement _forward;
    private readonly Statement _backward;
    private readonly Statement _byKey;
    private readonly Statement _related;
    private readonly Statement _all;
    private readonly Statement _fed;
    private readonly Statement _further;
    private string _stream = "";

    public RowReader(SqliteConnection connection)
    {
        _connection = connection;
        _forward = Prepare(SelectRow + " WHERE community = ?1 AND stream = ?2 AND sequence >= ?3 ORDER BY sequence LIMIT ?4");
        _backward = Prepare(SelectRow + " WHERE community = ?1 AND stream = ?2 AND sequence < ?3 ORDER BY sequence DESC LIMIT ?4");
        _byKey = Prepare(SelectRow + " WHERE key_hash = ?1");
        _related = Prepare(SelectRelated);
        _all = Prepare(SelectRow + " WHERE community = ?1 AND (stream, sequence) > (?2, ?3) ORDER BY stream, sequence LIMIT ?4");
        // One process writes, one batch at a time: the order of rowids is that of the commits.
        _fed = Prepare(SelectRow + " WHERE community = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3");
        _further = Prepare(
            """
            SELECT from_account, to_account, points, lot, lot_ordinal FROM further_posting
            WHERE community = ?1 AND stream = ?2 AND sequence = ?3 ORDER BY ordinal
            """);
    }

    public List<JournalRow> Forward(StreamId stream, long fromSequence, int rowsMax) =>
        Rows(Of(_forward, stream).Bind(3, fromSequence).Bind(4, rowsMax));

    public List<JournalRow> Backward(StreamId stream, long beforeSequence, int rowsMax) =>
        Rows(Of(_backward, stream).Bind(3, beforeSequence).Bind(4, rowsMax));

    /// <summary>The row that the index of command keys leads to; the caller compares the key whole.</summary>
    public JournalRow? Find(KeyHash hash)
    {
        Span<byte> bytes = stackalloc byte[KeyHashBytes.Length];
        KeyHashBytes.Write(hash, bytes);
        return Rows(_byKey.Bind(1, bytes)) is [var row] ? row : null;
    }

    public List<JournalRow> Related(StreamId stream, long sequence)
    {
        var rows = Rows(Of(_related, stream).Bind(3, sequence));
        return rows is [var first, ..] && first.Sequence == sequence ? rows : [];
    }

    /// <summary>The next rows of a community after a position, by stream and sequence.</summary>
    public List<JournalRow> All(CommunityId community, string afterStream, long afterSequence, int rowsMax) =>
        Rows(_all.Bind(1, community.Value).Bind(2, afterStream).Bind(3, afterSequence).Bind(4, rowsMax));

    /// <summary>The next rows of a community after a rowid, in the order in which they were written.</summary>
    public List<FeedRow> Fed(CommunityId community, long afterRowid, int rowsMax) => Rows(
        _fed.Bind(1, community.Value).Bind(2, afterRowid).Bind(3, rowsMax),
        statement =>
        {
            var row = Row(statement);
            return new FeedRow(new(statement.Long(RowidColumn), row.Stream.Name, row.Sequence), row);
        });

    public void Dispose() => _statements.ForEach(statement => statement.Dispose());

    private static Statement Of(Statement statement, StreamId stream) =>
        statement.Bind(1, stream.Community.Value).Bind(2, stream.Name);

    private List<JournalRow> Rows(Statement statement) => Rows(statement, Row);

    private static List<T> Rows<T>(Statement statement, Func<Statement, T> read)
    {
        var rows = new List<T>();
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement));
            }
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }

    private JournalRow Row(Statement row)
    {
        // Rows of one stream come together: one text serves them all.
        var name = row.Text(1);
        _stream = name == _stream ? _stream : name;
        var stream = new StreamId(new(row.Text(0)), _stream);
        var sequence = row.Long(2);
        return new()
        {
            Stream = stream,
            Sequence = sequence,
            Key = new(row.Text(3), row.Text(4)),
            Fingerprint = row.Bytes(5),
            RecordedAt = Time(row, 6),
            EffectiveAt = Time(row, 8),
            Outcome = row.Text(10),
            Events = row.Bytes(11),
            ProgrammeVersion = (int)row.Long(12),
            RefersTo = row.IsNull(13) ? null : row.Long(13),
            After = new(new(row.Long(14)), new(row.Long(15)), new(row.Long(16)), new(row.Long(17))),
            Hash = row.Bytes(18),
            Postings = Postings(row, stream, sequence, (int)row.Long(19)),
        };
    }

    private ImmutableArray<Posting> Postings(Statement row, StreamId stream, long sequence, int postings)
    {
        if (postings == 0)
        {
            return [];
        }

        var all = ImmutableArray.CreateBuilder<Posting>(postings);
        all.Add(Posting(row, 20));
        if (postings > 1)
        {
            Of(_further, stream).Bind(3, sequence);
            while (_further.Step())
            {
                all.Add(Posting(_further, 0));
            }
        }

        return all.ToImmutable();
    }

    private static Posting Posting(Statement row, int column) =>
        new(new(row.Text(column)), new(row.Text(column + 1)), new(row.Long(column + 2)), Lot(row, column + 3));

    private static LotId? Lot(Statement row, int column) =>
        row.IsNull(column) ? null : new LotId(row.Long(column), (int)row.Long(column + 1));

    internal static Instant Time(Statement row, int column) =>
        Instant.FromUnixTimeSeconds(row.Long(column)).PlusNanoseconds(row.Long(column + 1));

    private Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
