using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Wallets;

/// <summary>Does commands of one stream in order and all together, answering each caller for its own.</summary>
internal delegate Task<ImmutableArray<TResult>> DoCommands<TCommand, TResult>(ImmutableArray<TCommand> commands);

/// <summary>The commands that wait for one stream, a wallet or a stock. Whoever has the turn does all that wait, in the order of their arrival, with one append.</summary>
/// <remarks>
/// One command at a time would cost a hot stream a commit each. For the single thread of an activation: not safe for concurrent use, but its
/// calls interleave where they await. How many may wait, the activation bounds, which counts every call that it let in.
/// </remarks>
/// <typeparam name="TCommand">A command.</typeparam>
/// <typeparam name="TResult">What becomes of it.</typeparam>
internal sealed class CommandQueue<TCommand, TResult> : IDisposable
{
    /// <summary>Commands that are done together, unless a single call brings more: so many that the commit counts little, so few that nobody waits long.</summary>
    public const int TogetherMax = 100;

    private readonly Queue<Call> _waiting = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Does commands when their turn comes, with whatever else waits then.</summary>
    public Task<ImmutableArray<TResult>> Do(ImmutableArray<TCommand> commands, DoCommands<TCommand, TResult> work) =>
        Do(commands, work, static results => results);

    /// <summary>The same for one command.</summary>
    public Task<TResult> Do(TCommand command, DoCommands<TCommand, TResult> work) => Do([command], work, static results => results[0]);

    /// <summary>Does something else on the stream when its turn comes, and nothing beside it.</summary>
    public async Task<T> DoAlone<T>(Func<Task<T>> work)
    {
        await _turn.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Every method that waits for the commit costs a command some allocations: here as few as can be.
    private async Task<T> Do<T>(ImmutableArray<TCommand> commands, DoCommands<TCommand, TResult> work, Func<ImmutableArray<TResult>, T> answer)
    {
        var mine = new Call(commands);
        _waiting.Enqueue(mine);
        await _turn.WaitAsync();
        try
        {
            while (!mine.IsAnswered)
            {
                var calls = TakeNext();
                try
                {
                    Answer(calls, await work(calls is [var only] ? only.Commands : [.. calls.SelectMany(call => call.Commands)]));
                }
                catch (Exception failure)
                {
                    await Fail(calls, failure, work);
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        if (mine.Failure is { } whatFailed)
        {
            ExceptionDispatchInfo.Throw(whatFailed);
        }

        return answer(mine.Results);
    }

    private static async Task Fail(List<Call> calls, Exception failure, DoCommands<TCommand, TResult> work)
    {
        if (calls is [var only])
        {
            only.Failure = failure;
        }
        else if (failure is JournalException ofTheJournal && IsOfAll(ofTheJournal))
        {
            calls.ForEach(call => call.Failure = JournalRefusals.Again(ofTheJournal));
        }
        else
        {
            // One of them is to blame, and the others shall not suffer for it.
            foreach (var call in calls)
            {
                try
                {
                    Answer([call], await work(call.Commands));
                }
                catch (Exception alone)
                {
                    call.Failure = alone;
                }
            }
        }
    }

    private static void Answer(List<Call> calls, ImmutableArray<TResult> results)
    {
        var at = 0;
        foreach (var call in calls)
        {
            call.Results = results.Slice(at, call.Commands.Length);
            at += call.Commands.Length;
        }
    }

    private List<Call> TakeNext()
    {
        var calls = new List<Call> { _waiting.Dequeue() };
        var together = calls[0].Commands.Length;
        while (_waiting.TryPeek(out var next) && together + next.Commands.Length <= TogetherMax)
        {
            calls.Add(_waiting.Dequeue());
            together += next.Commands.Length;
        }

        return calls;
    }

    /// <summary>Is it the store or the activation that failed, and no command?</summary>
    private static bool IsOfAll(JournalException failure) =>
        failure is JournalBusyException or JournalUnavailableException or JournalOutcomeUnknownException or JournalFencedException;

    private sealed class Call(ImmutableArray<TCommand> commands)
    {
        public ImmutableArray<TCommand> Commands { get; } = commands;

        public ImmutableArray<TResult> Results { get; set; }

        public Exception? Failure { get; set; }

        public bool IsAnswered => !Results.IsDefault || Failure is not null;
    }
}
