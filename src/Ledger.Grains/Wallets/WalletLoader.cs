using Ledger.Grains.Journal;
using Ledger.Transactions;

namespace Ledger.Grains.Wallets;

/// <summary>Loads wallets: snapshot and tail of the journal. How many load at once is bounded.</summary>
/// <remarks>A missing, old, foreign or corrupt snapshot costs a longer replay and nothing else.</remarks>
internal sealed class WalletLoader(IJournal journal, ISnapshots snapshots) : IDisposable
{
    /// <summary>A snapshot is written after so many transactions.</summary>
    public const int TransactionsPerSnapshot = 500;

    /// <summary>On deactivation a snapshot is written when at least so many transactions came since the last.</summary>
    public const int TailWorthSaving = 32;

    // A herd of activations after a restart must not take every connection and wait for one another until they time out.
    private readonly SemaphoreSlim _places = new(24);
    private int _waiting;

    /// <summary>Loads that may wait for their turn: some five seconds of work. Whoever comes then is told to try again, before it times out.</summary>
    public const int WaitingMax = 50_000;

    /// <summary>The wallet, and the sequence of the snapshot it came from (0 without).</summary>
    /// <exception cref="JournalBusyException">Too many wallets wait to be loaded.</exception>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    public async Task<(LoadedWallet Wallet, long SnapshotSequence)> Load(StreamId stream)
    {
        await TakePlace();
        try
        {
            if (await snapshots.Read(stream) is { } snapshot && await ReplayAfter(stream, snapshot) is { } wallet)
            {
                return (wallet, snapshot.State.Sequence);
            }

            return (await Replay(stream, LoadedWallet.Empty), 0);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Writes a snapshot; a failure is logged by the snapshots and costs nothing else.</summary>
    public Task Save(StreamId stream, LoadedWallet wallet) => snapshots.Write(stream, wallet);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task TakePlace()
    {
        var waiting = Interlocked.Increment(ref _waiting);
        try
        {
            if (waiting > WaitingMax)
            {
                throw JournalRefusals.BusyLoading(waiting);
            }

            await _places.WaitAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<LoadedWallet> Replay(StreamId stream, LoadedWallet wallet)
    {
        await foreach (var row in journal.Read(stream, wallet.State.Sequence + 1))
        {
            wallet = wallet.Replay(row);
        }

        return wallet;
    }

    // The journal must hold the very row that the snapshot ends with; else it is from another life of the database.
    private async Task<LoadedWallet?> ReplayAfter(StreamId stream, LoadedWallet snapshot)
    {
        var wallet = null as LoadedWallet;
        await foreach (var row in journal.Read(stream, snapshot.State.Sequence))
        {
            if (wallet is not null)
            {
                wallet = wallet.Replay(row);
            }
            else if (row.Sequence == snapshot.State.Sequence && row.Hash.Span.SequenceEqual(snapshot.Hash.Span))
            {
                wallet = snapshot;
            }
            else
            {
                return null;
            }
        }

        return wallet;
    }
}
