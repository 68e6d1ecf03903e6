using System.Collections.Immutable;
using Ledger.Grains.Stores.Postgres;
using Ledger.Transactions;
using Npgsql;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>Points where a test can make the store fail; empty in service.</summary>
internal sealed class CommitHooks
{
    /// <summary>A lane is about to send a batch; the number is that of the server's process.</summary>
    public Action<int>? BeforeWrite { get; set; }

    /// <summary>Everything is committed, nobody was told.</summary>
    public Action? AfterCommit { get; set; }
}

/// <summary>Writes batches into PostgreSQL through one connection: one round trip and one transaction each.</summary>
/// <remarks>
/// A collision refuses the whole transaction. Then one question finds the sets that collided; they are answered, and the others are sent
/// again. Whatever else the server refuses is sent again set by set, so that one that cannot be stored does not stop the others.
/// When the connection turns out to be gone, everything is sent once more on a new one: sequences and command keys see to it that nothing is
/// written twice, and that what the first sending did is found.
/// </remarks>
internal sealed class PostgresBatchWriter(PostgresStore store, ProvenHeads heads, ProvenReferences references, CommitHooks hooks) : IBatchWriter
{
    // Each try answers at least one set or meets another writer; more than a few mean that something else is wrong. A lock that is not
    // given costs two seconds a try.
    private const int TriesMax = 5;

    private static readonly Comparer<PendingAppend> s_byStream = Comparer<PendingAppend>.Create((left, right) =>
    {
        var (one, other) = (left.Set.Stream, right.Set.Stream);
        var order = string.CompareOrdinal(one.Community.Value, other.Community.Value);
        order = order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        return order != 0 ? order : left.Set.Rows[0].Sequence.CompareTo(right.Set.Rows[0].Sequence);
    });

    private WriteLane? _lane;
    private bool _disposed;

    /// <inheritdoc/>
    public void Write(IReadOnlyList<PendingAppend> batch)
    {
        var waiting = new List<PendingAppend>(batch);
        var written = false;
        while (waiting.Count > 0)
        {
            var round = TakeRound(waiting);
            try
            {
                WriteRound(round);
            }
            catch (JournalException failure) when (written)
            {
                // An earlier round is committed, so the batch as a whole has not failed.
                round.ForEach(pending => pending.DecideIfOpen(failure));
            }

            written = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Abandon();
    }

    /// <summary>
    /// Takes out the sets that can be written together, by stream, so that two silos lock in one order. One stream, command or reference twice
    /// in a batch is rare: the second waits for the next round, and finds what became of the first.
    /// </summary>
    private static List<PendingAppend> TakeRound(List<PendingAppend> waiting)
    {
        var (streams, names) = (new HashSet<StreamId>(waiting.Count), new HashSet<KeyHash>(waiting.Count));
        var (round, later) = (new List<PendingAppend>(waiting.Count), new List<PendingAppend>());
        foreach (var pending in waiting)
        {
            var together = streams.Add(pending.Set.Stream);
            foreach (var name in pending.Names)
            {
                together &= names.Add(name);
            }

            (together ? round : later).Add(pending);
        }

        waiting.Clear();
        waiting.AddRange(later);
        round.Sort(s_byStream);
        return round;
    }

    /// <summary>Writes sets of different streams and commands; each is decided, or all of them failed.</summary>
    private void WriteRound(List<PendingAppend> round)
    {
        var mayBeDead = _lane is not null;
        try
        {
            TryRound(round, isSecond: false);
        }
        catch (JournalUnavailableException) when (mayBeDead && _lane is null)
        {
            // The other end went while nobody wrote; nothing reached it.
            TryRound(round, isSecond: false);
        }
        catch (JournalOutcomeUnknownException lost)
        {
            try
            {
                TryRound(round, isSecond: true);
            }
            catch (JournalUnavailableException)
            {
                throw lost;
            }
        }
    }

    /// <param name="round">The sets.</param>
    /// <param name="isSecond">Whether these very rows may be in the journal already, and nobody was told.</param>
    private void TryRound(List<PendingAppend> round, bool isSecond)
    {
        var sets = round;
        for (var tries = 1; sets.Count > 0; tries++)
        {
            var lane = Connect();
            var fitting = Fitting(lane, sets);
            var failure = fitting.Count == 0 ? null : Send(lane, fitting);
            if (failure is null)
            {
                return;
            }

            if (IsOfTheServer(failure) || tries >= TriesMax)
            {
                throw JournalRefusals.NotWritten(failure.MessageText);
            }

            sets = IsCollision(failure) ? Explain(lane, fitting, isSecond) : fitting;
            if (sets.Count == fitting.Count && !IsOfTheMoment(failure))
            {
                OneByOne(fitting, failure);
                return;
            }
        }
    }

    /// <summary>The sets whose totals stay within their bound; the others are decided.</summary>
    private List<PendingAppend> Fitting(WriteLane lane, List<PendingAppend> sets)
    {
        lane.Totals.Discard();
        return Reach(() =>
        {
            var fitting = new List<PendingAppend>(sets.Count);
            foreach (var pending in sets)
            {
                if (lane.Totals.Add(pending.Set) is { } account)
                {
                    pending.Decide(JournalRefusals.TotalTooLarge(pending.Set.Stream, account));
                }
                else
                {
                    fitting.Add(pending);
                }
            }

            return fitting;
        });
    }

    /// <summary>Sends sets to be committed; the answer is why the server refused, or null when they are committed.</summary>
    private PostgresException? Send(WriteLane lane, List<PendingAppend> sets)
    {
        try
        {
            hooks.BeforeWrite?.Invoke(lane.ServerProcess);
            lane.Write(sets);
            hooks.AfterCommit?.Invoke();
        }
        catch (PostgresException refused)
        {
            // An error of the server is an answer: it has rolled back.
            return refused;
        }
        catch (Exception failure)
        {
            Abandon();
            throw JournalRefusals.Unknown(failure.Message);
        }

        lane.Totals.Commit();
        heads.Add(sets);
        references.Add(sets);
        foreach (var pending in sets)
        {
            pending.Decide(AppendResult.Committed.Instance);
        }

        return null;
    }

    /// <summary>Answers the sets that collided; the others are returned.</summary>
    private List<PendingAppend> Explain(WriteLane lane, List<PendingAppend> sets, bool isSecond)
    {
        var (known, heads) = Reach(() => lane.Look(sets));
        var taken = Reach(() => lane.LookForReferences(sets));
        var leases = new BatchLeases(lane.LoadLease);
        var free = new List<PendingAppend>(sets.Count);
        for (var i = 0; i < sets.Count; i++)
        {
            var seen = Seen(sets[i], known);
            if (!seen.IsEmpty)
            {
                sets[i].Decide(isSecond && AreRowsOf(sets[i].Set, seen) ? AppendResult.Committed.Instance : new AppendResult.Seen(seen));
            }
            else if (heads[i] != sets[i].Set.Rows[0].Sequence - 1)
            {
                sets[i].Decide(AppendResult.Fenced.Instance);
            }
            else if (TakenOf(sets[i].Set, taken) is { IsEmpty: false } stored)
            {
                sets[i].Decide(new AppendResult.ReferenceTaken(stored));
            }
            else if (Reach(() => leases.Lacking(sets[i].Set)) is { IsEmpty: false } lacking)
            {
                sets[i].Decide(new AppendResult.LeaseEnded(lacking));
            }
            else
            {
                leases.Draw(sets[i].Set);
                free.Add(sets[i]);
            }
        }

        return free;
    }

    private static ImmutableArray<JournalRow> Seen(PendingAppend pending, Dictionary<KeyHash, JournalRow> known)
    {
        var seen = ImmutableArray.CreateBuilder<JournalRow>();
        foreach (var hash in pending.KeyHashes)
        {
            if (known.TryGetValue(hash, out var row))
            {
                seen.Add(row);
            }
        }

        return seen.ToImmutable();
    }

    private static ImmutableArray<StoredReference> TakenOf(AppendSet set, List<StoredReference> taken) =>
    [
        .. taken.Where(stored => set.References.Any(wanted =>
            wanted.Stream.Community == stored.Stream.Community && wanted.Scope == stored.Scope && wanted.Reference == stored.Reference)),
    ];

    // A hash covers the whole row and all before it: nobody else's row has it.
    private static bool AreRowsOf(AppendSet set, ImmutableArray<JournalRow> seen) =>
        seen.Length == set.Rows.Length && set.Rows.Zip(seen).All(pair => pair.First.Hash.Span.SequenceEqual(pair.Second.Hash.Span));

    /// <summary>The last resort: each set in a transaction of its own, so that what cannot be stored fails alone.</summary>
    private void OneByOne(List<PendingAppend> sets, PostgresException failure)
    {
        if (sets is [var only])
        {
            only.Decide(new JournalException($"The store cannot keep this: {failure.MessageText} ({failure.SqlState})"));
            return;
        }

        foreach (var pending in sets)
        {
            try
            {
                WriteRound([pending]);
            }
            catch (JournalException alone)
            {
                pending.DecideIfOpen(alone);
            }
        }
    }

    /// <summary>Another writer has the sequence, the command or the reference, a row before it is missing, or a lease has ended.</summary>
    private static bool IsCollision(PostgresException failure) =>
        failure is { SqlState: PostgresErrorCodes.DivisionByZero }
            or { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "journal_sequence" or "journal_command" or "reference_pkey" };

    /// <summary>Two writers met, another one kept a lock for too long, or the row before was not there yet: the same again may well succeed.</summary>
    private static bool IsOfTheMoment(PostgresException failure) => failure.SqlState is PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DivisionByZero;

    /// <summary>It takes no writes now: shut down, read-only, full, out of memory or connections, cancelled by the operator or its own time-out.</summary>
    private bool IsOfTheServer(PostgresException failure)
    {
        if (failure.Severity is "FATAL" or "PANIC")
        {
            Abandon();
            return true;
        }

        return failure.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction
            || failure.SqlState[..2] is "53" or "57" or "58" or "XX" or "42" or "08";
    }

    private WriteLane Connect()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return _lane ??= new(store, heads);
        }
        catch (Exception failure)
        {
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }

    /// <summary>Asks something before anything is written.</summary>
    private T Reach<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception failure) when (failure is not JournalException)
        {
            Abandon();
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }

    /// <summary>Throws the connection away with all that it knew; the next batch makes a new one.</summary>
    private void Abandon()
    {
        heads.Forget();
        references.Forget();
        _lane?.Dispose();
        _lane = null;
    }
}
