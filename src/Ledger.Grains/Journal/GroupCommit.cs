using System.Diagnostics;
using Ledger.Grains.Telemetry;

namespace Ledger.Grains.Journal;

/// <summary>Writes one batch; each set of it is decided, or the whole batch fails with an exception.</summary>
internal interface IBatchWriter : IDisposable
{
    /// <summary>Writes and commits. Called by one thread at a time.</summary>
    /// <exception cref="JournalUnavailableException">Nothing of the batch was written.</exception>
    /// <exception cref="JournalOutcomeUnknownException">It may have been written or not.</exception>
    void Write(IReadOnlyList<PendingAppend> batch);
}

/// <summary>How many rows wait and how many are committed at once.</summary>
public sealed record GroupCommitOptions
{
    /// <summary>Rows that may wait; what comes then is answered "busy". Default: 8,192. A larger set is taken when nothing waits.</summary>
    public int RowsWaitingMax { get; init; } = 8_192;

    /// <summary>Rows per commit. Default: 1,000. A larger set is a batch of its own.</summary>
    public int RowsPerBatchMax { get; init; } = 1_000;
}

/// <summary>Many callers' sets, one commit: while a batch is being committed the next one forms, without any delay on purpose.</summary>
/// <remarks>
/// One dedicated thread writes, because SQLite blocks. Background sets have their own queue, a quarter as long: while others wait they get
/// a quarter of the rows written, measured over time so that a few large sets are not starved, and never more than a quarter of the largest batch at once.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int BackgroundShare = 4;

    private readonly GroupCommitOptions _options;
    private readonly IBatchWriter _writer;
    private readonly object _door = new();
    private readonly Lane _foreground;
    private readonly Lane _background;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _backgroundCredit;
    private bool _closed;

    public GroupCommit(IBatchWriter writer, GroupCommitOptions options, string name)
    {
        _options = options;
        _writer = writer;
        _foreground = new(options.RowsWaitingMax);
        _background = new(options.RowsWaitingMax / BackgroundShare);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    private int BackgroundRowsMax => Math.Max(_options.RowsPerBatchMax / BackgroundShare, 1);

    /// <summary>Takes a set in; the answer comes after its commit.</summary>
    /// <exception cref="JournalBusyException">Too much waits.</exception>
    /// <exception cref="JournalUnavailableException">The journal is closed.</exception>
    public Task<AppendResult> Append(PendingAppend pending)
    {
        lock (_door)
        {
            if (_closed)
            {
                throw JournalRefusals.Closed();
            }

            var lane = pending.Set.Background ? _background : _foreground;
            if (!lane.TryAdd(pending))
            {
                LedgerInstruments.TurnedAway();
                throw JournalRefusals.Busy(lane.Rows);
            }

            Monitor.Pulse(_door);
        }

        return pending.Answer;
    }

    /// <summary>Takes nothing more in, writes what was taken, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_door)
        {
            _closed = true;
            Monitor.Pulse(_door);
        }

        await _ended.Task;
    }

    private void Run()
    {
        var batch = new List<PendingAppend>();
        while (TryForm(batch))
        {
            Write(batch);
            batch.Clear();
        }

        try
        {
            _writer.Dispose();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private bool TryForm(List<PendingAppend> batch)
    {
        lock (_door)
        {
            while (_foreground.IsEmpty && _background.IsEmpty)
            {
                if (_closed)
                {
                    return false;
                }

                Monitor.Wait(_door);
            }

            if (_foreground.IsEmpty)
            {
                _background.Take(batch, BackgroundRowsMax);
                return true;
            }

            FormShared(batch);
            return true;
        }
    }

    private void FormShared(List<PendingAppend> batch)
    {
        // Credit is counted in foreground rows: three of them pay for one row of the background.
        const int Price = BackgroundShare - 1;
        var room = _options.RowsPerBatchMax - Math.Min(_background.Rows, Math.Max(_backgroundCredit, 0) / Price);
        var rows = _foreground.Take(batch, room);
        _backgroundCredit = Math.Min(_backgroundCredit + rows, BackgroundRowsMax * Price);
        if (_backgroundCredit >= Price)
        {
            // The first set may cost more than the credit, and then the background waits until that is paid.
            _backgroundCredit -= _background.Take(batch, _backgroundCredit / Price) * Price;
        }
    }

    private void Write(List<PendingAppend> batch)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            _writer.Write(batch);
        }
#pragma warning disable CA1031 // Whatever went wrong, the callers must hear of it and the next batch must be tried.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Each caller gets an exception of its own: a thrown one collects the stack of whoever awaits it.
            batch.ForEach(pending => pending.Fail(
                failure is JournalUnavailableException
                    ? new JournalUnavailableException(failure.Message)
                    : new JournalOutcomeUnknownException(failure.Message)));
            return;
        }

        LedgerInstruments.Committed(batch.Sum(pending => pending.Rows), started);
        batch.ForEach(pending => pending.Complete());
    }

    private sealed class Lane(int rowsMax)
    {
        private readonly Queue<PendingAppend> _sets = [];

        public int Rows { get; private set; }

        public bool IsEmpty => _sets.Count == 0;

        public bool TryAdd(PendingAppend pending)
        {
            if (!IsEmpty && Rows + pending.Rows > rowsMax)
            {
                return false;
            }

            _sets.Enqueue(pending);
            Rows += pending.Rows;
            return true;
        }

        /// <summary>Moves sets to the batch up to a number of rows, but at least one; how many rows that were.</summary>
        public int Take(List<PendingAppend> batch, int rowsWanted)
        {
            var rows = 0;
            while (_sets.TryPeek(out var next) && (rows == 0 || rows + next.Rows <= rowsWanted))
            {
                _sets.Dequeue();
                batch.Add(next);
                rows += next.Rows;
            }

            Rows -= rows;
            return rows;
        }
    }
}
