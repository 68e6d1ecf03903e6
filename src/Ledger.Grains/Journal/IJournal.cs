using Ledger.Budgets;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>The stored sequence of transactions: the truth. Every implementation passes one contract suite.</summary>
/// <remarks>
/// Obligations. What is <see cref="AppendResult.Committed"/> survives a crash of the process and of the machine. A set is visible
/// whole or not at all. Sequences of a stream have no gap. No two rows of a community share a command key, compared whole, and no two a
/// reference of one scope. A due time, what waits for a decision, notes, references, movements of merchants, account totals and what leases of budgets gave are written in
/// the same transaction as the rows, and the person whom they erase (<see cref="AppendSet.Erases"/>) is forgotten in it. Safe for concurrent callers.
/// No exception of a database provider leaves: only those named here and <see cref="OperationCanceledException"/>.
/// </remarks>
public interface IJournal
{
    /// <summary>Appends one set durably, many callers' sets in one commit.</summary>
    /// <remarks>
    /// A stream's first sequence that is taken means <see cref="AppendResult.Fenced"/>, unless a command of the set is in the journal:
    /// then <see cref="AppendResult.Seen"/>, which says more. A set never stops another one of the same batch. Two sets of one batch that
    /// carry the same command: the first is committed, the second is <see cref="AppendResult.Seen"/>. What is neither seen nor fenced, but has
    /// a reference that stands for something else, is <see cref="AppendResult.ReferenceTaken"/>; of two sets of one batch the first has it.
    /// A set that draws on a lease that has ended, and could be written otherwise, is <see cref="AppendResult.LeaseEnded"/>.
    /// </remarks>
    /// <exception cref="JournalBusyException">The queue is full; nothing was written; try again.</exception>
    /// <exception cref="JournalUnavailableException">Nothing was written.</exception>
    /// <exception cref="JournalLimitException">A total of the community would pass ±2^62 points; nothing was written.</exception>
    /// <exception cref="JournalOutcomeUnknownException">It may or may not have been written: reload, never guess.</exception>
    Task<AppendResult> Append(AppendSet set);

    /// <summary>The rows of a stream from a sequence on, ascending; empty when there are none.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    IAsyncEnumerable<JournalRow> Read(StreamId stream, long fromSequence, CancellationToken cancellation = default);

    /// <summary>Rows of a stream before a sequence, descending: the newest page first.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<JournalRow>> ReadBackwards(StreamId stream, long beforeSequence, int rowsMax, CancellationToken cancellation = default);

    /// <summary>The row of a command, in whatever stream; null when the journal does not know it.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<JournalRow?> Find(CommunityId community, CommandKey key, CancellationToken cancellation = default);

    /// <summary>Which of these commands the journal knows, with the streams they are in. One question for many keys.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyDictionary<CommandKey, StreamId>> FindKnown(
        CommunityId community, IReadOnlyCollection<CommandKey> keys, CancellationToken cancellation = default);

    /// <summary>What a reference stands for; null for nothing.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<StoredReference?> FindReference(CommunityId community, string scope, string reference, CancellationToken cancellation = default);

    /// <summary>The names of one scope that come after a text in code point order, the last one first. The cost does not grow with what the scope holds before it.</summary>
    /// <param name="community">Whose.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="after">Only what comes after this.</param>
    /// <param name="namesMax">The most that are wanted.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<string>> ReadNames(
        CommunityId community, string scope, string after, int namesMax, CancellationToken cancellation = default);

    /// <summary>
    /// A transaction and every later one of its stream that matters for reversing or refunding it, ascending: those that refer to it
    /// (<see cref="JournalRow.RefersTo"/>) and those with a posting of one of its lots into <c>breakage</c> or out of <c>pending</c>. Empty when there is no such row.
    /// The cost does not grow with the length of the stream.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<JournalRow>> ReadRelated(StreamId stream, long sequence, CancellationToken cancellation = default);

    /// <summary>Streams with something due at or before an instant: earliest first, then by community and name in code point order.</summary>
    /// <param name="until">The instant.</param>
    /// <param name="streamsMax">The most that are wanted.</param>
    /// <param name="after">Only what comes after this one in that order, whether or not it is still there; null for all.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<DueStream>> ReadDue(
        Instant until, int streamsMax, DueStream? after = null, CancellationToken cancellation = default);

    /// <summary>What waits for a decision in a community: longest first.</summary>
    /// <param name="community">Whose.</param>
    /// <param name="activity">Only awards of this type; null for all, adjustments as well.</param>
    /// <param name="after">Only what comes after this place, whether or not it is still there; null for all.</param>
    /// <param name="entriesMax">The most that are wanted.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<StoredApproval>> ReadApprovals(
        CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax, CancellationToken cancellation = default);

    /// <summary>Every row of a community, by stream (code point order) and sequence, from one consistent moment.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    IAsyncEnumerable<JournalRow> ReadAll(CommunityId community, CancellationToken cancellation = default);

    /// <summary>The totals of every account of a community as the commits kept them; bare names are summed over residents.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyDictionary<string, long>> ReadTotals(CommunityId community, CancellationToken cancellation = default);

    /// <summary>The books of a community's budgets as the commits kept them, by campaign; those that nobody ever drew on may be missing.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyDictionary<string, BudgetBook>> ReadBudgets(CommunityId community, CancellationToken cancellation = default);

    /// <summary>The erasable text of a transaction; null when there is none or it was erased.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<StoredNote?> ReadNote(StreamId stream, long sequence, CancellationToken cancellation = default);

    /// <summary>Erases the text of a transaction; nothing happens when there is none.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task EraseNote(StreamId stream, long sequence, CancellationToken cancellation = default);
}
