using System.Collections.Concurrent;
using Ledger.Grains.Journal;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>How batches form, with a writer that waits for the test.</summary>
public sealed class GroupCommitTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly StoppedWriter _writer = new();
    private readonly GroupCommit _commits;
    private int _streams;

    public GroupCommitTests() => _commits = new(_writer, new() { RowsPerBatchMax = 100, RowsWaitingMax = 400 }, "test writer");

    public async ValueTask DisposeAsync()
    {
        _writer.Open();
        await _commits.DisposeAsync();
        _writer.Dispose();
    }

    [Fact]
    public async Task While_one_batch_is_written_the_next_one_forms_of_all_that_came()
    {
        var first = Append(1);
        _writer.AwaitBatch();
        var waiting = Enumerable.Range(0, 30).Select(_ => Append(1)).ToArray();

        _writer.Open();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal([1, 30], _writer.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task A_batch_has_no_more_rows_than_it_may_and_a_larger_set_is_one_of_its_own()
    {
        var tasks = new List<Task> { Append(1) };
        _writer.AwaitBatch();
        tasks.AddRange([Append(60), Append(40), Append(1), Append(150), Append(99)]);

        _writer.Open();
        await Task.WhenAll(tasks);

        Assert.Equal([[1], [60, 40], [1], [150], [99]], _writer.Batches.Select(batch => batch.Select(set => set.Rows)));
    }

    [Fact]
    public async Task What_comes_when_too_much_waits_is_answered_busy_and_not_written()
    {
        var tasks = new List<Task> { Append(1) };
        _writer.AwaitBatch();
        tasks.AddRange([Append(300), Append(100)]);

        await Assert.ThrowsAsync<JournalBusyException>(() => Append(1));

        _writer.Open();
        await Task.WhenAll(tasks);
        await Append(1);
        Assert.Equal(402, _writer.Batches.Sum(batch => batch.Sum(set => set.Rows)));
    }

    [Fact]
    public async Task A_set_larger_than_the_queue_is_taken_when_nothing_waits()
    {
        var first = Append(1);
        _writer.AwaitBatch();
        var large = Append(1_000);
        await Assert.ThrowsAsync<JournalBusyException>(() => Append(1));

        _writer.Open();
        await Task.WhenAll(first, large);
    }

    [Fact]
    public async Task The_background_gets_a_quarter_while_others_wait_and_a_bounded_part_when_none_do()
    {
        var tasks = new List<Task> { Append(1) };
        _writer.AwaitBatch();
        tasks.AddRange(Enumerable.Range(0, 390).Select(_ => Append(1)));
        tasks.AddRange(Enumerable.Range(0, 100).Select(_ => Append(1, background: true)));

        _writer.Open();
        await Task.WhenAll(tasks);

        var shared = _writer.Batches.Skip(1).Where(batch => batch.Any(set => !set.Set.Background)).ToArray();
        Assert.All(shared, batch => Assert.InRange(batch.Count(set => set.Set.Background), 0, 25));
        Assert.InRange(shared.Sum(batch => batch.Count(set => set.Set.Background)), 50, 390 / 3);
        Assert.All(_writer.Batches.Except(shared), batch => Assert.InRange(batch.Length, 1, 25));
    }

    [Fact]
    public async Task A_large_background_set_is_neither_starved_by_a_trickle_nor_above_its_share()
    {
        Task current = Append(1);
        _writer.AwaitBatch();
        Task background = Append(20, background: true);
        Task behind = Append(20, background: true);
        Task next = Append(1);
        var foreground = 0;
        // Whenever a batch forms, exactly one foreground row waits.
        while (!background.IsCompleted && foreground < 200)
        {
            _writer.WriteOne();
            await current.WaitAsync(s_patience, TestContext.Current.CancellationToken);
            _writer.AwaitBatch();
            foreground++;
            (current, next) = (next, Append(1));
        }

        Assert.InRange(foreground, 1, 60);
        Assert.False(behind.IsCompleted);
        _writer.Open();
        await Task.WhenAll(background, behind, current, next);
    }

    [Fact]
    public async Task The_background_cannot_fill_the_queue_of_the_others()
    {
        var tasks = new List<Task> { Append(1) };
        _writer.AwaitBatch();
        tasks.Add(Append(100, background: true));
        await Assert.ThrowsAsync<JournalBusyException>(() => Append(1, background: true));
        tasks.Add(Append(400));

        _writer.Open();
        await Task.WhenAll(tasks);
    }

    [Fact]
    public async Task A_batch_that_fails_fails_its_callers_alone()
    {
        _writer.Failure = JournalRefusals.NotWritten("disk full");
        var lost = new[] { Append(1) };
        _writer.AwaitBatch();
        _writer.Open();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => lost[0]);

        _writer.Failure = new InvalidOperationException("a bug");
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => Append(1));

        _writer.Failure = null;
        await Append(1);
    }

    [Fact]
    public async Task Closing_writes_what_was_taken_in_and_takes_nothing_more()
    {
        var first = Append(1);
        _writer.AwaitBatch();
        var waiting = Enumerable.Range(0, 250).Select(i => Append(1, background: i % 10 == 0)).ToArray();

        var closing = _commits.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Append(1));
        Assert.False(closing.IsCompleted);
        _writer.Open();
        await closing;

        Assert.All([first, .. waiting], task => Assert.True(task.IsCompletedSuccessfully));
        Assert.True(_writer.IsDisposed);
    }

    [Fact]
    public async Task Whoever_waits_does_not_run_on_the_thread_that_writes()
    {
        var continued = Append(1).ContinueWith(
            _ => Thread.CurrentThread.Name,
            TestContext.Current.CancellationToken,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _writer.Open();

        Assert.NotEqual("test writer", await continued);
        Assert.Equal("test writer", _writer.ThreadName);
    }

    private Task<AppendResult> Append(int rows, bool background = false)
    {
        try
        {
            return _commits.Append(new(Set(Wallet($"r{_streams++}"), 1, rows) with { Background = background }));
        }
        catch (JournalException failure)
        {
            return Task.FromException<AppendResult>(failure);
        }
    }

    private sealed class StoppedWriter : IBatchWriter
    {
        private readonly SemaphoreSlim _mayWrite = new(0);
        private readonly BlockingCollection<int> _formed = [];
        private volatile bool _open;

        public ConcurrentQueue<PendingAppend[]> Batches { get; } = [];

        public Exception? Failure { get; set; }

        public bool IsDisposed { get; private set; }

        public string? ThreadName { get; private set; }

        public void AwaitBatch() => Assert.True(_formed.TryTake(out _, s_patience), "No batch formed.");

        public void WriteOne() => _mayWrite.Release();

        public void Open()
        {
            _open = true;
            if (!IsDisposed)
            {
                _mayWrite.Release();
            }
        }

        public void Write(IReadOnlyList<PendingAppend> batch)
        {
            ThreadName = Thread.CurrentThread.Name;
            _formed.Add(batch.Count);
            if (!_open)
            {
                _mayWrite.Wait();
            }

            Batches.Enqueue([.. batch]);
            if (Failure is not null)
            {
                throw Failure;
            }

            foreach (var pending in batch)
            {
                pending.Decide(AppendResult.Committed.Instance);
            }
        }

        // The journal disposes it on its own thread, the test once more: what the test may still touch is left to the collector.
        public void Dispose() => IsDisposed = true;
    }
}
