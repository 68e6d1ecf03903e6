using System.Globalization;
using BenchmarkDotNet.Attributes;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ledger.Benchmarks.Journal;

/// <summary>
/// The same rows through the journal, by so many callers at a time, and by bare prepared inserts in transactions of so many rows into a
/// table with the same columns and the same two unique indexes. The time is for one row; every commit is durable.
/// </summary>
[Config(typeof(WholeRuns))]
#pragma warning disable CA1001 // The runner calls Cleanup.
public class GroupCommits
#pragma warning restore CA1001
{
    private const int RowsPerRun = 4_096;

    private string _folder = "";
    private SqliteStore _store = null!;
    private SqliteJournal _journal = null!;
    private BareInserts _bare = null!;
    private JournalRow[] _rows = [];
    private long _next;

    /// <summary>Callers that each await their commit before the next row; rows per transaction for the bare inserts.</summary>
    [Params(1, 16, 256, 1_024)]
    public int AtATime { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("ledger-benchmark-").FullName;
        _store = SqliteStore.Open(Path.Combine(_folder, "journal.db"), "benchmark");
        _journal = new(_store);
        _bare = new(Path.Combine(_folder, "bare.db"));
    }

    [IterationSetup]
    public void MakeRows() => _rows = [.. Enumerable.Range(0, RowsPerRun).Select(_ => SampleRows.First(_next++))];

    [Benchmark(OperationsPerInvoke = RowsPerRun)]
    public async Task Journal()
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < RowsPerRun; i = Interlocked.Increment(ref next))
            {
                var row = _rows[i];
                var result = await _journal.Append(new() { Stream = row.Stream, Rows = [row] });
                if (result is not AppendResult.Committed)
                {
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Row {i} was not committed: {result}."));
                }
            }
        })));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RowsPerRun)]
    public void Bare_inserts()
    {
        foreach (var chunk in _rows.Chunk(AtATime))
        {
            _bare.Insert(chunk);
        }
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _journal.DisposeAsync();
        _store.Dispose();
        _bare.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
