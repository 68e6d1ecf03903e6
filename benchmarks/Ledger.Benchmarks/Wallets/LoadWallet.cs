using BenchmarkDotNet.Attributes;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ledger.Benchmarks.Wallets;

/// <summary>
/// What activating a wallet reads: the snapshot through Orleans' storage, and the ten transactions after it from the journal. The store
/// is the one of the service.
/// </summary>
public class LoadWallet
{
    private const int Tail = 10;

    // A set of many rows is one commit: only the making of the past is meant to be fast.
    private const int RowsPerSet = 1_000;

    private readonly StreamId _stream = StreamId.Of(CommunityId.Parse("garden"), ResidentId.Parse("r-1029"));

    private string _folder = "";
    private IHost _host = null!;
    private WalletLoader _loader = null!;

    [Params(100, 1_000, 100_000)]
    public int PastTransactions { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("ledger-benchmark-").FullName;
        _host = await EngineHost.Start(Path.Combine(_folder, "ledger.db"));
        _loader = _host.Services.GetRequiredService<WalletLoader>();
        await WriteHistory(WalletAtWork.WithPast(PastTransactions).History);
    }

    [Benchmark]
    public async Task<long> Load()
    {
        var (wallet, snapshotSequence) = await _loader.Load(_stream);
        return snapshotSequence == PastTransactions - Tail
            ? wallet.State.Sequence
            : throw new InvalidOperationException($"Loaded from {snapshotSequence}.");
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _host.End();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WriteHistory(IReadOnlyList<Transaction> history)
    {
        var journal = _host.Services.GetRequiredService<IJournal>();
        var wallet = LoadedWallet.Empty;
        var rows = new List<JournalRow>();
        foreach (var transaction in history)
        {
            var row = transaction.ToRow(_stream, wallet.Hash.Span);
            wallet = wallet.Replay(row);
            rows.Add(row);
            if (rows.Count == RowsPerSet || transaction == history[^1])
            {
                await journal.Append(new() { Stream = _stream, Rows = [.. rows] });
                rows.Clear();
            }

            if (row.Sequence == history.Count - Tail)
            {
                await _loader.Save(_stream, wallet);
            }
        }
    }
}
