using System.Diagnostics;
using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>A set on its way: what was asked, what became of it, and who waits for the answer.</summary>
internal sealed class PendingAppend
{
    // Whoever waits must not run on the thread that writes: every other set would wait for it.
    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppendResult? _result;
    private Exception? _failure;

    /// <exception cref="ArgumentException">The set is not one that could ever be appended.</exception>
    public PendingAppend(AppendSet set)
    {
        AppendSetRules.Check(set);
        Set = set;
        KeyHashes = new KeyHash[set.Rows.Length];
        for (var i = 0; i < KeyHashes.Length; i++)
        {
            KeyHashes[i] = set.Rows[i].Key.HashIn(set.Stream.Community);
        }

        Names = set.References.IsEmpty ? KeyHashes : [.. KeyHashes, .. set.References.Select(NameOf)];
    }

    public AppendSet Set { get; }

    public int Rows => Set.Rows.Length;

    /// <summary>For each row the hash of its command key; computed on the caller's thread.</summary>
    public KeyHash[] KeyHashes { get; }

    /// <summary>Hashes of the commands and references that only one set may have: who comes first with one of them is decided first.</summary>
    public KeyHash[] Names { get; }

    /// <summary>The answer, given after the commit.</summary>
    public Task<AppendResult> Answer => _answer.Task;

    // No command comes from a source that looks like this.
    private static KeyHash NameOf(StoredReference reference) =>
        new CommandKey("reference:" + reference.Scope, reference.Reference).HashIn(reference.Stream.Community);

    /// <summary>Decides what will be answered when the batch is committed.</summary>
    public void Decide(AppendResult result) => _result = result;

    /// <summary>Decides that this set alone failed.</summary>
    public void Decide(JournalException failure) => _failure = failure;

    /// <summary>Decides that this set failed with others, unless it was decided before.</summary>
    public void DecideIfOpen(JournalException failure)
    {
        if (_result is null && _failure is null)
        {
            _failure = JournalRefusals.Again(failure);
        }
    }

    /// <summary>The batch is committed: the answer goes out.</summary>
    public void Complete()
    {
        if (_failure is not null)
        {
            _answer.SetException(_failure);
            return;
        }

        _answer.SetResult(_result ?? throw new UnreachableException("A batch was committed with an undecided set."));
    }

    /// <summary>The batch is not committed, or nobody knows: whatever was decided is void.</summary>
    public void Fail(Exception failure) => _answer.SetException(failure);
}
