using Ledger.Accounts;
using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;

namespace Ledger.Benchmarks.Journal;

/// <summary>The least that storing a row durably can cost here: one prepared INSERT, no check, no total, no grain.</summary>
internal sealed class BareInserts : IDisposable
{
    private const string Schema =
        """
        CREATE TABLE journal (
          community TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL, source TEXT NOT NULL, command_id TEXT NOT NULL,
          key_hash BLOB NOT NULL, fingerprint BLOB NOT NULL, recorded_at INTEGER NOT NULL, effective_at INTEGER NOT NULL,
          outcome TEXT NOT NULL, events BLOB NOT NULL, programme INTEGER NOT NULL, available INTEGER NOT NULL, hash BLOB NOT NULL,
          from_account TEXT, to_account TEXT, points INTEGER, lot INTEGER) STRICT;
        CREATE UNIQUE INDEX journal_sequence ON journal (community, stream, sequence);
        CREATE UNIQUE INDEX journal_command ON journal (key_hash);
        CREATE TABLE further_posting (
          community TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL, ordinal INTEGER NOT NULL,
          from_account TEXT NOT NULL, to_account TEXT NOT NULL, points INTEGER NOT NULL, lot INTEGER,
          PRIMARY KEY (community, stream, sequence, ordinal)) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _insertPosting;

    public BareInserts(string path)
    {
        _connection = new($"Data Source={path};Pooling=False");
        _connection.Open();
        // The settings of the journal's own writer, or the two would not do the same.
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096; PRAGMA cache_size = -65536;");
        Run(Schema);
        _insert = Prepare("journal", 18);
        _insertPosting = Prepare("further_posting", 8);
    }

    /// <summary>All rows in one durable transaction.</summary>
    public void Insert(IEnumerable<JournalRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        _insertPosting.Transaction = transaction;
        foreach (var row in rows)
        {
            Insert(row);
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _insertPosting.Dispose();
        _connection.Dispose();
    }

    private void Insert(JournalRow row)
    {
        Posting? first = row.Postings.IsEmpty ? null : row.Postings[0];
        Run(
            _insert,
            row.Stream.Community.Value, row.Stream.Name, row.Sequence, row.Key.Source, row.Key.Id,
            row.Key.HashIn(row.Stream.Community).ToBytes(), row.Fingerprint.ToArray(),
            row.RecordedAt.ToUnixTimeSeconds(), row.EffectiveAt.ToUnixTimeSeconds(), row.Outcome, row.Events.ToArray(),
            row.ProgrammeVersion, row.After.Available.Value, row.Hash.ToArray(),
            first?.From.Name, first?.To.Name, first?.Points.Value, first?.Lot?.Sequence);
        for (var ordinal = 1; ordinal < row.Postings.Length; ordinal++)
        {
            var posting = row.Postings[ordinal];
            Run(
                _insertPosting,
                row.Stream.Community.Value, row.Stream.Name, row.Sequence, ordinal,
                posting.From.Name, posting.To.Name, posting.Points.Value, posting.Lot?.Sequence);
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string table, int columns)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = $"INSERT INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(i => $"${i}"))})";
#pragma warning restore CA2100
        for (var i = 1; i <= columns; i++)
        {
            command.Parameters.Add(new() { ParameterName = $"${i}" });
        }

        command.Prepare();
        return command;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
