using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>A grain that holds what the journal says of one stream, and goes once that is not certain any more.</summary>
/// <typeparam name="T">The stream as it is committed.</typeparam>
/// <param name="journal">The journal.</param>
internal abstract class StreamGrain<T>(IJournal journal) : Grain
    where T : class
{
    private Task<T>? _loading;

    /// <summary>The journal.</summary>
    protected IJournal Journal => journal;

    /// <summary>The stream, by the key of the grain.</summary>
    protected StreamId Stream { get; private set; }

    /// <summary>What is committed; null until it was loaded.</summary>
    protected T? Committed { get; set; }

    /// <summary>Whether what it holds is perhaps no longer what the journal says.</summary>
    protected bool IsStale { get; private set; }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Stream = StreamOf(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <summary>The stream that a key of such a grain names.</summary>
    protected abstract StreamId StreamOf(string key);

    /// <summary>Reads what is committed.</summary>
    protected abstract Task<T> Load();

    /// <summary>What is committed, read from the journal the first time that it is asked for.</summary>
    /// <exception cref="JournalFencedException">It is stale.</exception>
    protected ValueTask<T> Loaded() =>
        IsStale ? throw new JournalFencedException($"This activation of {Stream} is stale; send the command again.")
        : Committed is { } committed ? new(committed)
        : new(_loading ??= LoadOnce());

    /// <summary>Appends. When nobody knows whether the journal holds it, neither does this activation.</summary>
    protected async Task<AppendResult> Append(AppendSet set)
    {
        try
        {
            return await journal.Append(set);
        }
        catch (JournalOutcomeUnknownException)
        {
            GoStale();
            throw;
        }
    }

    /// <summary>Goes, because another activation wrote to the stream first; what is thrown then.</summary>
    protected JournalFencedException Overtaken()
    {
        GoStale();
        return new($"Another activation wrote to {Stream} first; send the command again.");
    }

    /// <summary>What is held is no longer known to be the replay of the journal: goes, and lets the next activation read it.</summary>
    protected void GoStale()
    {
        IsStale = true;
        DeactivateOnIdle();
    }

    private async Task<T> LoadOnce()
    {
        try
        {
            Committed = await Load();
            _loading = null;
            return Committed;
        }
        catch
        {
            GoStale();
            throw;
        }
    }
}
