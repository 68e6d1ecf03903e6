using System.Diagnostics;
using Ledger.Grains.Telemetry;
using Ledger.Transactions;

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
/// Dedicated threads write, because SQLite blocks: one, and where the store allows it further ones while commits are slow (a disk that needs
/// milliseconds) and enough rows wait that a batch of their own costs them little. No stream, command or reference is in two batches at once.
/// Background sets have their own queue, a quarter as long: while others wait they get a quarter of the rows written, measured over time so that
/// a few large sets are not starved, and never more than a quarter of the largest batch at once.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int BackgroundShare = 4;

    // A commit is slow when it takes a millisecond longer than its rows explain: then it is the disk or the way there that is waited for.
    private const double SlowMilliseconds = 1;
    private const double RowMilliseconds = 0.02;
    private const double Smoothing = 0.2;

    // A batch costs as much as some ten rows, here and at the server. Beside others it is worth that when such a share of the rows that are being
    // written waits, but not with fewer rows than these, and with that many in any case: nobody shall wait for the end of a very large batch. Where
    // the disk is so far away that the processors have nothing else to do, it is always worth it.
    private const double ShareBeside = 0.8;
    private const int RowsBesideMin = 16;
    private const int RowsBesideMax = 64;
    private const double FarMilliseconds = 20;

    private readonly GroupCommitOptions _options;
    private readonly Func<IBatchWriter> _openWriter;
    private readonly int _writersMax;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly object _door = new();
    private readonly Lane _foreground;
    private readonly Lane _background;
    private readonly InFlight? _inFlight;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _backgroundCredit;
    private int _writers;
    private int _writing;
    private int _rowsBeingWritten;
    private double _slowness;
    private bool _closed;

    /// <summary>For a store with one writer.</summary>
    public GroupCommit(IBatchWriter writer, GroupCommitOptions options, string name)
        : this(() => writer, 1, options, name, TimeProvider.System)
    {
    }

    /// <summary>For a store that takes several batches at once.</summary>
    /// <param name="openWriter">Makes a writer; each is used, and disposed, by one thread.</param>
    /// <param name="writersMax">At most so many batches at once.</param>
    /// <param name="options">Sizes of queue and batch.</param>
    /// <param name="name">Of the threads.</param>
    /// <param name="time">Tells how long commits take.</param>
    public GroupCommit(Func<IBatchWriter> openWriter, int writersMax, GroupCommitOptions options, string name, TimeProvider time)
    {
        (_openWriter, _writersMax, _options, _name, _time) = (openWriter, writersMax, options, name, time);
        _inFlight = writersMax > 1 ? new() : null;
        _foreground = new(options.RowsWaitingMax, _inFlight);
        _background = new(options.RowsWaitingMax / BackgroundShare, _inFlight);
        StartWriter();
    }

    private int BackgroundRowsMax => Math.Max(_options.RowsPerBatchMax / BackgroundShare, 1);

    /// <summary>Appends a set to a journal; what stands in the way is in the answer.</summary>
    /// <param name="commits">The journal's; null for one that is open for reading only.</param>
    /// <param name="set">The set.</param>
    /// <exception cref="ArgumentException">The set is not one that could ever be appended.</exception>
    public static Task<AppendResult> Append(GroupCommit? commits, AppendSet set)
    {
        try
        {
            var pending = new PendingAppend(set);
            return commits?.Append(pending) ?? throw JournalRefusals.ReadOnly();
        }
        catch (JournalException failure)
        {
            return Task.FromException<AppendResult>(failure);
        }
    }

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

            CallWriter();
        }

        return pending.Answer;
    }

    /// <summary>Takes nothing more in, writes what was taken, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_door)
        {
            _closed = true;
            Monitor.PulseAll(_door);
        }

        await _ended.Task;
    }

    private void StartWriter()
    {
        _writers++;
        new Thread(Run) { IsBackground = true, Name = _name }.Start();
    }

    /// <summary>Wakes a writer, or starts a further one, when a batch may be written beside those that are. The caller holds the door.</summary>
    private void CallWriter()
    {
        if (!MayWrite)
        {
            return;
        }

        if (_writing == _writers && _writers < _writersMax)
        {
            StartWriter();
            return;
        }

        Monitor.Pulse(_door);
    }

    private bool MayWrite => _writing == 0 || (_writing < _writersMax && _foreground.Rows + _background.Rows >= RowsWorthAWriter);

    private int RowsWorthAWriter => _slowness switch
    {
        > FarMilliseconds => 1,
        > SlowMilliseconds => Math.Clamp((int)(_rowsBeingWritten * ShareBeside), RowsBesideMin, RowsBesideMax),
        _ => int.MaxValue,
    };

    private void Run()
    {
        var batch = new List<PendingAppend>();
        var writer = _openWriter();
        while (Form(batch) is var rows and > 0)
        {
            Write(writer, batch, rows);
            batch.Clear();
        }

        try
        {
            writer.Dispose();
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        lock (_door)
        {
            if (--_writers == 0)
            {
                _ended.SetResult();
            }
        }
    }

    /// <summary>Waits until a batch may be written, and forms it; how many rows it has, 0 when there will be no more.</summary>
    private int Form(List<PendingAppend> batch)
    {
        lock (_door)
        {
            int rows;
            while (!MayWrite || (rows = TakeWaiting(batch)) == 0)
            {
                if (_closed && _foreground.IsEmpty && _background.IsEmpty)
                {
                    return 0;
                }

                Monitor.Wait(_door);
            }

            _writing++;
            _rowsBeingWritten += rows;
            if (!_foreground.IsEmpty || !_background.IsEmpty)
            {
                CallWriter();
            }

            return rows;
        }
    }

    /// <summary>Takes what waits; how many rows, 0 when nothing does, or only what must wait for a batch that is being written.</summary>
    private int TakeWaiting(List<PendingAppend> batch) =>
        _foreground.IsEmpty ? _background.Take(batch, BackgroundRowsMax) : TakeShared(batch);

    /// <summary>A batch is written, or failed: what waited for it may be written now.</summary>
    private void Leave(List<PendingAppend> batch, int rows, long started)
    {
        var waited = _time.GetElapsedTime(started).TotalMilliseconds - (rows * RowMilliseconds);
        lock (_door)
        {
            _writing--;
            _rowsBeingWritten -= rows;
            _slowness += (Math.Max(waited, 0) - _slowness) * Smoothing;
            _inFlight?.Remove(batch);
            if (_closed)
            {
                Monitor.PulseAll(_door);
            }
        }
    }

    private int TakeShared(List<PendingAppend> batch)
    {
        // Credit is counted in foreground rows: three of them pay for one row of the background.
        const int Price = BackgroundShare - 1;
        var room = _options.RowsPerBatchMax - Math.Min(_background.Rows, Math.Max(_backgroundCredit, 0) / Price);
        var rows = _foreground.Take(batch, room);
        _backgroundCredit = Math.Min(_backgroundCredit + rows, BackgroundRowsMax * Price);
        if (_backgroundCredit >= Price)
        {
            // The first set may cost more than the credit, and then the background waits until that is paid.
            var background = _background.Take(batch, _backgroundCredit / Price);
            _backgroundCredit -= background * Price;
            rows += background;
        }

        return rows;
    }

    private void Write(IBatchWriter writer, List<PendingAppend> batch, int rows)
    {
        var (started, took) = (_time.GetTimestamp(), Stopwatch.GetTimestamp());
        try
        {
            writer.Write(batch);
        }
#pragma warning disable CA1031 // Whatever went wrong, the callers must hear of it and the next batch must be tried.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Leave(batch, rows, started);
            // Each caller gets an exception of its own: a thrown one collects the stack of whoever awaits it.
            batch.ForEach(pending => pending.Fail(
                failure is JournalUnavailableException
                    ? new JournalUnavailableException(failure.Message)
                    : new JournalOutcomeUnknownException(failure.Message)));
            return;
        }

        LedgerInstruments.Committed(rows, took);
        Leave(batch, rows, started);
        batch.ForEach(pending => pending.Complete());
    }

    private sealed class Lane(int rowsMax, InFlight? inFlight)
    {
        private readonly Queue<PendingAppend> _sets = [];

        // Came first, but their stream, or a command or reference of theirs, is being written.
        private readonly List<PendingAppend> _held = [];

        // What of those may not be overtaken: who came first is decided first.
        private readonly HashSet<StreamId> _heldStreams = [];
        private readonly HashSet<KeyHash> _heldNames = [];

        public int Rows { get; private set; }

        public bool IsEmpty => _sets.Count == 0 && _held.Count == 0;

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

        /// <summary>Moves sets to the batch up to a number of rows, but at least one that may be written; how many rows that were.</summary>
        public int Take(List<PendingAppend> batch, int rowsWanted)
        {
            var rows = TakeHeld(batch, rowsWanted);
            while (_sets.TryPeek(out var next) && Fits(next, rows, rowsWanted))
            {
                _sets.Dequeue();
                if (inFlight is not null && !MayGo(next, batch))
                {
                    Hold(next);
                    _held.Add(next);
                    continue;
                }

                batch.Add(next);
                rows += next.Rows;
            }

            Rows -= rows;
            return rows;
        }

        private static bool Fits(PendingAppend next, int rows, int rowsWanted) => rows == 0 || rows + next.Rows <= rowsWanted;

        private int TakeHeld(List<PendingAppend> batch, int rowsWanted)
        {
            var rows = 0;
            if (_held.Count > 0)
            {
                _heldStreams.Clear();
                _heldNames.Clear();
                _held.RemoveAll(next =>
                {
                    if (!Fits(next, rows, rowsWanted) || !MayGo(next, batch))
                    {
                        Hold(next);
                        return false;
                    }

                    batch.Add(next);
                    rows += next.Rows;
                    return true;
                });
            }

            return rows;
        }

        private bool MayGo(PendingAppend next, List<PendingAppend> batch)
        {
            if (_heldStreams.Contains(next.Set.Stream))
            {
                return false;
            }

            foreach (var hash in next.Names)
            {
                if (_heldNames.Contains(hash))
                {
                    return false;
                }
            }

            return inFlight!.TryAdd(next, batch);
        }

        private void Hold(PendingAppend held)
        {
            _heldStreams.Add(held.Set.Stream);
            _heldNames.UnionWith(held.Names);
        }
    }

    /// <summary>Streams, commands and references of the batches that are being written. Guarded by the door.</summary>
    private sealed class InFlight
    {
        private readonly Dictionary<StreamId, List<PendingAppend>> _streams = [];
        private readonly Dictionary<KeyHash, List<PendingAppend>> _names = [];

        /// <summary>Takes a set in with its batch; false when another batch has its stream or one of its names.</summary>
        public bool TryAdd(PendingAppend pending, List<PendingAppend> batch)
        {
            if (IsElsewhere(_streams, pending.Set.Stream, batch))
            {
                return false;
            }

            foreach (var hash in pending.Names)
            {
                if (IsElsewhere(_names, hash, batch))
                {
                    return false;
                }
            }

            _streams[pending.Set.Stream] = batch;
            foreach (var hash in pending.Names)
            {
                _names[hash] = batch;
            }

            return true;
        }

        public void Remove(List<PendingAppend> batch)
        {
            foreach (var pending in batch)
            {
                _streams.Remove(pending.Set.Stream);
                foreach (var hash in pending.Names)
                {
                    _names.Remove(hash);
                }
            }
        }

        private static bool IsElsewhere<T>(Dictionary<T, List<PendingAppend>> places, T key, List<PendingAppend> batch)
            where T : notnull => places.TryGetValue(key, out var place) && place != batch;
    }
}
