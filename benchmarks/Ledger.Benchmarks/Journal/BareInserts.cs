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
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareInserts(string path)
    {
        _connection = new($"Data Source={path};Pooling=False");
        _connection.Open();
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -65536;");
        Run(Schema);
        _insert = _connection.CreateCommand();
        _insert.CommandText =
            "INSERT INTO journal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
        for (var i = 1; i <= 18; i++)
        {
            _insert.Parameters.Add(new() { ParameterName = $"${i}" });
        }

        _insert.Prepare();
    }

    /// <summary>All rows in one durable transaction.</summary>
    public void Insert(IEnumerable<JournalRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (var row in rows)
        {
            Bind(row);
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Bind(JournalRow row)
    {
        var posting = row.Postings[0];
        object[] values =
        [
            row.Stream.Community.Value, row.Stream.Name, row.Sequence, row.Key.Source, row.Key.Id,
            row.Key.HashIn(row.Stream.Community).ToBytes(), row.Fingerprint.ToArray(),
            row.RecordedAt.ToUnixTimeSeconds(), row.EffectiveAt.ToUnixTimeSeconds(), row.Outcome, row.Events.ToArray(),
            row.ProgrammeVersion, row.After.Available.Value, row.Hash.ToArray(),
            posting.From.Name, posting.To.Name, posting.Points.Value, posting.Lot?.Sequence ?? 0,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            _insert.Parameters[i].Value = values[i];
        }
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
