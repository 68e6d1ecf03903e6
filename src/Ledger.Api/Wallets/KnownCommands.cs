using Ledger.Grains.Journal;
using Ledger.Transactions;

namespace Ledger.Api.Wallets;

/// <summary>Commands that came before.</summary>
internal static class KnownCommands
{
    /// <summary>
    /// Does the journal know exactly this command? Then it may be answered again, whatever the caller may do by now:
    /// what was acknowledged once stays acknowledged.
    /// </summary>
    public static async Task<bool> Knows(
        this IJournal journal, StreamId stream, CommandKey key, ReadOnlyMemory<byte> fingerprint, CancellationToken cancellation) =>
        await journal.Find(stream.Community, key, cancellation) is { } row
        && row.Stream == stream
        && row.Fingerprint.Span.SequenceEqual(fingerprint.Span);
}
