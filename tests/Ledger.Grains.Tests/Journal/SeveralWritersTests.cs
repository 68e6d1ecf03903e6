using System.Collections.Concurrent;
using Ledger.Grains.Journal;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>When further writers help, and what they leave to one another; each batch waits for the test, and so does the time.</summary>
public sealed class SeveralWritersTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<HeldBatch> _formed = [];
    private readonly HandClock _clock = new();
    private readonly GroupCommit _commits;
    private int _writers;

    public SeveralWritersTests() => _commits = new(
        () =>
        {
            Interlocked.Increment(ref _writers);
            return new HeldWriter(_formed);
        },
        writersMax: 3,
        new() { RowsPerBatchMax = 100, RowsWaitingMax = 400 },
        "test writer",
        _clock);

    public async ValueTask DisposeAsync()
    {
        var closing = _commits.DisposeAsync().AsTask();
        while (!closing.IsCompleted)
        {
            while (_formed.TryTake(out var batch))
            {
                batch.Write();
            }

            await Task.Yield();
        }

        await closing;
        _formed.Dispose();
    }

    [Fact]
    public async Task While_commits_are_quick_one_writer_is_enough()
    {
        for (var i = 0; i < 5; i++)
        {
            var first = Append($"a{i}");
            var batch = Formed();
            var second = Append($"b{i}");
            Assert.False(_formed.TryTake(out _));
            batch.Write();
            await first;
            Formed().Write();
            await second;
        }

        Assert.Equal(1, _writers);
    }

    [Fact]
    public async Task While_commits_are_very_slow_as_many_batches_are_written_at_once_as_there_may_be_writers()
    {
        await SlowDown();
        var answers = new List<Task>();
        var held = new List<HeldBatch>();
        for (var i = 0; i < 3; i++)
        {
            answers.Add(Append($"r{i}"));
            held.Add(Formed());
        }

        answers.Add(Append("waits"));
        Assert.False(_formed.TryTake(out _));
        held[1].Write();
        await answers[1];
        held.Add(Formed());
        held.ForEach(batch => batch.Write());
        await Task.WhenAll(answers);

        Assert.Equal(["r0", "r1", "r2", "waits"], held.Select(batch => Assert.Single(batch.Streams)));
        Assert.Equal(3, _writers);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(20, 16)]
    [InlineData(50, 40)]
    [InlineData(100, 64)]
    public async Task While_commits_take_some_milliseconds_a_further_batch_waits_for_four_fifths_of_the_rows_that_are_written_within_bounds(
        int written, int enough)
    {
        await SlowDown(TimeSpan.FromMilliseconds(10));
        var answers = new List<Task> { _commits.Append(new(Set(Wallet("first"), 1, written))) };
        var first = Formed();
        for (var i = 1; i < enough; i++)
        {
            answers.Add(Append($"r{i}"));
        }

        Assert.False(_formed.TryTake(out _));
        answers.Add(Append("last"));
        var beside = Formed();
        Assert.Equal(enough, beside.Streams.Length);
        answers.Add(Append("waits"));
        Assert.False(_formed.TryTake(out _));

        beside.Write();
        first.Write();
        Formed().Write();
        await Task.WhenAll(answers);
        Assert.Equal(2, _writers);
    }

    [Fact]
    public async Task All_batches_that_are_being_written_count_for_how_many_rows_a_further_one_waits_for()
    {
        await SlowDown(TimeSpan.FromMilliseconds(10));
        var answers = new List<Task> { _commits.Append(new(Set(Wallet("first"), 1, 30))) };
        var held = new List<HeldBatch> { Formed() };
        answers.Add(_commits.Append(new(Set(Wallet("second"), 1, 24))));
        held.Add(Formed());
        answers.Add(_commits.Append(new(Set(Wallet("third"), 1, 42))));
        Assert.False(_formed.TryTake(out _));
        answers.Add(Append("last"));
        held.Add(Formed());

        held.ForEach(batch => batch.Write());
        await Task.WhenAll(answers);
        Assert.Equal(["third", "last"], held[2].Streams);
    }

    [Fact]
    public async Task When_commits_are_quick_again_one_writer_is_enough_again()
    {
        await SlowDown();
        for (var i = 0; i < 50; i++)
        {
            var answer = Append($"r{i}");
            Formed().Write();
            await answer;
        }

        var first = Append("first");
        var batch = Formed();
        var second = Append("second");
        Assert.False(_formed.TryTake(out _));
        batch.Write();
        Formed().Write();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task No_stream_and_no_command_is_in_two_batches_at_once_and_the_first_that_came_goes_first()
    {
        await SlowDown();
        var first = Append("ana", 1, "shared");
        var running = Formed();
        var sameStream = Append("ana", 2);
        var sameStreamLater = Append("ana", 3);
        var sameCommand = Append("bo", 1, "shared");
        var other = Append("zoe");
        var beside = Formed();
        Assert.Equal(["zoe"], beside.Streams);
        beside.Write();
        await other;
        Assert.False(_formed.TryTake(out _));

        running.Write();
        await first;
        var later = Formed();
        Assert.Equal(["ana", "ana", "bo"], later.Streams);
        later.Write();
        await Task.WhenAll(sameStream, sameStreamLater, sameCommand);
    }

    [Fact]
    public async Task Nobody_overtakes_one_who_waits_for_another_batch()
    {
        await SlowDown();
        var first = Append("ana", 1, "a");
        var running = Formed();
        var held = _commits.Append(new(Set(Row(Wallet("bo"), 1, "a"), Row(Wallet("bo"), 2, "b"))));
        var behind = Append("zoe", 1, "b");
        var other = Append("other");
        var beside = Formed();
        Assert.Equal(["other"], beside.Streams);

        beside.Write();
        running.Write();
        await Task.WhenAll(first, other);
        var later = Formed();
        Assert.Equal(["bo", "zoe"], later.Streams);
        later.Write();
        await Task.WhenAll(held, behind);
    }

    [Fact]
    public async Task Closing_waits_for_every_writer_and_for_what_they_left_to_one_another()
    {
        await SlowDown();
        Task[] answers = [Append("ana", 1), Append("bo"), Append("ana", 2), Append("zoe"), Append("ana", 3)];

        await DisposeAsync();

        Assert.All(answers, answer => Assert.True(answer.IsCompletedSuccessfully));
    }

    /// <summary>One commit that takes long.</summary>
    private Task SlowDown() => SlowDown(TimeSpan.FromSeconds(1));

    private async Task SlowDown(TimeSpan taken)
    {
        var answer = Append("slow");
        var batch = Formed();
        _clock.Advance(taken);
        batch.Write();
        await answer;
    }

    private HeldBatch Formed()
    {
        Assert.True(_formed.TryTake(out var batch, s_patience), "No batch formed.");
        return batch;
    }

    private Task<AppendResult> Append(string resident, long sequence = 1, string? command = null) =>
        _commits.Append(new(Set(Row(Wallet(resident), sequence, command))));

    private sealed class HeldBatch(IReadOnlyList<PendingAppend> batch)
    {
        private readonly TaskCompletionSource _mayWrite = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string[] Streams { get; } = [.. batch.Select(pending => pending.Set.Stream.Resident!.Value.Value)];

        public void Write() => _mayWrite.TrySetResult();

        public void Await()
        {
            _mayWrite.Task.Wait();
            foreach (var pending in batch)
            {
                pending.Decide(AppendResult.Committed.Instance);
            }
        }
    }

    private sealed class HeldWriter(BlockingCollection<HeldBatch> formed) : IBatchWriter
    {
        public void Write(IReadOnlyList<PendingAppend> batch)
        {
            var held = new HeldBatch(batch);
            formed.Add(held);
            held.Await();
        }

        public void Dispose()
        {
        }
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
