using Ledger.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Tests.Hosting;

/// <summary>A real journal behind a switch: the next appends can fail before or after the commit, or wait.</summary>
internal sealed class FaultyJournal(IJournal inner) : IJournal, IAsyncDisposable
{
    private readonly Queue<Fault> _faults = new();
    private TaskCompletionSource? _gate;

    public int Appends { get; private set; }

    /// <summary>What the real journal keeps beside its rows.</summary>
    public IJournalInspection Inspection => (IJournalInspection)inner;

    public void FailNext(params Fault[] faults)
    {
        foreach (var fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>Every append to these streams fails, until there is no such rule any more.</summary>
    public Func<StreamId, bool>? AlwaysFails { get; set; }

    /// <summary>These streams cannot be read, until there is no such rule any more.</summary>
    public Func<StreamId, bool>? Unreadable { get; set; }

    /// <summary>What stands under these keys is not told yet, until there is no such rule any more.</summary>
    public Func<CommandKey, bool>? Untold { get; set; }

    /// <summary>As if the process died after so many more appends: of the last one nobody hears, and none comes after it.</summary>
    public int? AppendsUntilDeath { get; set; }

    /// <summary>Does something that is cut short after so many appends; what was done, the rows say afterwards.</summary>
    /// <param name="act">What is done.</param>
    /// <param name="appendsUntilDeath">After so many; null for never.</param>
    public async Task CutShort(Func<Task> act, int? appendsUntilDeath)
    {
        AppendsUntilDeath = appendsUntilDeath;
        try
        {
            await act();
        }
        catch (JournalException)
        {
        }

        AppendsUntilDeath = null;
    }

    /// <summary>Happens before the next names are read.</summary>
    public Func<Task>? BeforeNames { get; set; }

    /// <summary>Holds every append until the answer is completed.</summary>
    public TaskCompletionSource Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<AppendResult> Append(AppendSet set)
    {
        Appends++;
        if (_gate is { } gate)
        {
            await gate.Task;
            _gate = null;
        }

        if (AlwaysFails?.Invoke(set.Stream) == true)
        {
            throw new JournalUnavailableException("The store does not take this wallet.");
        }

        if (AppendsUntilDeath is { } left)
        {
            AppendsUntilDeath = left - 1;
            if (left == 1)
            {
                await inner.Append(set);
            }

            if (left <= 1)
            {
                throw new JournalOutcomeUnknownException("The process is gone.");
            }
        }

        switch (_faults.TryDequeue(out var fault) ? fault : Fault.None)
        {
            case Fault.Busy:
                throw new JournalBusyException("The queue is full.");
            case Fault.Unavailable:
                throw new JournalUnavailableException("The store does not answer.");
            case Fault.UnknownNotCommitted:
                throw new JournalOutcomeUnknownException("The connection was lost.");
            case Fault.UnknownCommitted:
                await inner.Append(set);
                throw new JournalOutcomeUnknownException("The connection was lost.");
            case Fault.Provider:
                throw new Microsoft.Data.Sqlite.SqliteException("disk I/O error", 10);
            default:
                return await inner.Append(set);
        }
    }

    public IAsyncEnumerable<JournalRow> Read(StreamId stream, long fromSequence, CancellationToken cancellation = default) =>
        Unreadable?.Invoke(stream) == true ? throw new JournalUnavailableException("The store does not give this wallet.") : inner.Read(stream, fromSequence, cancellation);

    public Task<IReadOnlyList<JournalRow>> ReadBackwards(StreamId stream, long beforeSequence, int rowsMax, CancellationToken cancellation = default) =>
        Unreadable?.Invoke(stream) == true
            ? throw new JournalUnavailableException("The store does not give this wallet.")
            : inner.ReadBackwards(stream, beforeSequence, rowsMax, cancellation);

    public Task<JournalRow?> Find(CommunityId community, CommandKey key, CancellationToken cancellation = default) =>
        Untold?.Invoke(key) == true ? Task.FromResult<JournalRow?>(null) : inner.Find(community, key, cancellation);

    public Task<IReadOnlyDictionary<CommandKey, StreamId>> FindKnown(
        CommunityId community, IReadOnlyCollection<CommandKey> keys, CancellationToken cancellation = default) =>
        inner.FindKnown(community, keys, cancellation);

    public Task<StoredReference?> FindReference(
        CommunityId community, string scope, string reference, CancellationToken cancellation = default) =>
        inner.FindReference(community, scope, reference, cancellation);

    public async Task<IReadOnlyList<string>> ReadNames(
        CommunityId community, string scope, string after, int namesMax, CancellationToken cancellation = default)
    {
        var before = BeforeNames;
        BeforeNames = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        return await inner.ReadNames(community, scope, after, namesMax, cancellation);
    }

    public Task<IReadOnlyList<JournalRow>> ReadRelated(StreamId stream, long sequence, CancellationToken cancellation = default) =>
        inner.ReadRelated(stream, sequence, cancellation);

    public Task<IReadOnlyList<DueStream>> ReadDue(
        Instant until, int streamsMax, DueStream? after = null, CancellationToken cancellation = default) =>
        inner.ReadDue(until, streamsMax, after, cancellation);

    public Task<IReadOnlyList<StoredApproval>> ReadApprovals(
        CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax, CancellationToken cancellation = default) =>
        inner.ReadApprovals(community, activity, after, entriesMax, cancellation);

    public IAsyncEnumerable<JournalRow> ReadAll(CommunityId community, CancellationToken cancellation = default) =>
        inner.ReadAll(community, cancellation);

    public Task<IReadOnlyDictionary<string, long>> ReadTotals(CommunityId community, CancellationToken cancellation = default) =>
        inner.ReadTotals(community, cancellation);

    public Task<IReadOnlyDictionary<string, BudgetBook>> ReadBudgets(CommunityId community, CancellationToken cancellation = default) =>
        inner.ReadBudgets(community, cancellation);

    public Task<StoredNote?> ReadNote(StreamId stream, long sequence, CancellationToken cancellation = default) =>
        inner.ReadNote(stream, sequence, cancellation);

    public Task EraseNote(StreamId stream, long sequence, CancellationToken cancellation = default) =>
        inner.EraseNote(stream, sequence, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

internal enum Fault
{
    None,
    Busy,
    Unavailable,
    UnknownNotCommitted,
    UnknownCommitted,
    Provider,
}
