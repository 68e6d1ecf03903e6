using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>Questions that every journal answers through others.</summary>
public static class JournalReading
{
    /// <summary>A row that is known to be there.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer, or not with the row.</exception>
    public static async Task<JournalRow> ReadOne(
        this IJournal journal, StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return await journal.ReadBackwards(stream, sequence + 1, 1, cancellation) is [var row] && row.Sequence == sequence
            ? row
            : throw new JournalUnavailableException($"Transaction {sequence} of {stream} could not be read.");
    }
}
