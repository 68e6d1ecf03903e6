using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>The texts of what a journal throws, so that every store says the same.</summary>
internal static class JournalRefusals
{
    public static JournalLimitException TotalTooLarge(StreamId stream, string account) =>
        new($"The total of account {account} of community {stream.Community} would pass 2^62 points; nothing of the set was written.");

    public static JournalBusyException Busy(int rowsWaiting) =>
        new($"{rowsWaiting} rows wait to be written already; nothing was written. Try again a little later.");

    public static JournalBusyException BusyLoading(int walletsWaiting) =>
        new($"{walletsWaiting} wallets wait to be read already; nothing was done. Try again a little later.");

    public static JournalUnavailableException Closed() => new("The journal is closed; nothing was written.");

    public static JournalUnavailableException ReadOnly() => new("The store is open for reading only; nothing was written.");

    public static JournalUnavailableException Unavailable(string reason) => new($"The store did not answer: {reason}");

    public static JournalUnavailableException NotWritten(string reason) => new($"Nothing was written: {reason}");

    public static JournalOutcomeUnknownException Unknown(string reason) => new($"The commit may have happened or not: {reason}");

    /// <summary>The same failure for one more caller: a thrown one collects the stack of whoever awaits it.</summary>
    public static JournalException Again(JournalException failure) => failure switch
    {
        JournalBusyException => new JournalBusyException(failure.Message),
        JournalUnavailableException => new JournalUnavailableException(failure.Message),
        JournalOutcomeUnknownException => new JournalOutcomeUnknownException(failure.Message),
        JournalFencedException => new JournalFencedException(failure.Message),
        JournalLimitException => new JournalLimitException(failure.Message),
        _ => new JournalException(failure.Message),
    };
}
