using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Wallets;

/// <summary>Loads wallets: snapshot and tail of the journal. How many load at once is bounded.</summary>
/// <remarks>A missing, old, foreign or corrupt snapshot costs a longer replay and nothing else.</remarks>
internal sealed class WalletLoader(IJournal journal, ISnapshots snapshots) : IDisposable
{
    /// <summary>A snapshot is written after so many transactions, and never before there were as many as lots are open.</summary>
    public const int TransactionsPerSnapshot = 500;

    /// <summary>On deactivation a snapshot is written when at least so many transactions came since the last.</summary>
    public const int TailWorthSaving = 32;

    // One more than what may have come after a snapshot of an orderly end, so that its own row is among them.
    private const int TailRows = TailWorthSaving + 1;

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
            // The end of the journal first: for a new wallet, and for one that is young, it is the whole of it, and no snapshot is asked for.
            // For the others it is mostly all that came after the snapshot.
            var tail = await journal.ReadBackwards(stream, long.MaxValue, TailRows);
            if (tail.Count < TailRows)
            {
                return (Replay(LoadedWallet.Empty, tail, tail.Count), 0);
            }

            if (await snapshots.Read(stream) is { } snapshot && await ReplayAfter(stream, snapshot, tail) is { } wallet)
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

    /// <summary>Whether so much came since the last snapshot that a new one should be written beside other work.</summary>
    /// <remarks>A snapshot is as large as its open lots are many. So each transaction pays for one lot at most, and the tail to replay is as long as
    /// the snapshot, or <see cref="TransactionsPerSnapshot"/>.</remarks>
    public static bool IsDue(WalletState wallet, long snapshotSequence) =>
        wallet.Sequence - snapshotSequence >= Math.Max(TransactionsPerSnapshot, wallet.Lots.Count);

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

    /// <summary>Replays the newest rows, given newest first.</summary>
    private static LoadedWallet Replay(LoadedWallet wallet, IReadOnlyList<JournalRow> newestFirst, int rows)
    {
        for (var i = rows - 1; i >= 0; i--)
        {
            wallet = wallet.Replay(newestFirst[i]);
        }

        return wallet;
    }

    /// <summary>The wallet after a snapshot and what came since; null when the journal does not hold the very row that it ends with.</summary>
    /// <remarks>Then the snapshot is from another life of the database.</remarks>
    private async Task<LoadedWallet?> ReplayAfter(StreamId stream, LoadedWallet snapshot, IReadOnlyList<JournalRow> tail)
    {
        var rows = tail[0].Sequence - snapshot.State.Sequence;
        if (rows >= tail.Count)
        {
            return await journal.ReadBackwards(stream, snapshot.State.Sequence + 1, 1) is [var last] && EndsWith(snapshot, last)
                ? await Replay(stream, snapshot)
                : null;
        }

        return rows >= 0 && EndsWith(snapshot, tail[(int)rows]) ? Replay(snapshot, tail, (int)rows) : null;
    }

    private static bool EndsWith(LoadedWallet snapshot, JournalRow row) =>
        row.Sequence == snapshot.State.Sequence && row.Hash.Span.SequenceEqual(snapshot.Hash.Span);
}
