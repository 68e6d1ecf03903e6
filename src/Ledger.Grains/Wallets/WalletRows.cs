using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Rewards;
using Ledger.Transactions;

namespace Ledger.Grains.Wallets;

/// <summary>A wallet's transaction as a row of the journal, and back.</summary>
public static class WalletRows
{
    /// <summary>A redemption as its merchant's list keeps it.</summary>
    public static StoredRedemption ToStored(this Redemption redemption, StreamId stream)
    {
        ArgumentNullException.ThrowIfNull(redemption);
        return new(stream, redemption.Sequence, redemption.At, redemption.Made.Merchant, redemption.Status);
    }

    /// <summary>The row, sealed to the one before it.</summary>
    public static JournalRow ToRow(this Transaction transaction, StreamId stream, ReadOnlySpan<byte> previousHash) => HashChain.Seal(
        new JournalRow
        {
            Stream = stream,
            Sequence = transaction.Sequence,
            Key = transaction.Key,
            Fingerprint = transaction.Fingerprint,
            RecordedAt = transaction.RecordedAt,
            EffectiveAt = transaction.EffectiveAt,
            Outcome = transaction.Outcome,
            Events = LedgerJson.BytesOf(transaction.Events),
            ProgrammeVersion = transaction.ProgrammeVersion,
            RefersTo = transaction.RefersTo,
            After = transaction.After,
            Postings = Postings.Of(transaction.Events),
        },
        previousHash);

    /// <summary>The transaction.</summary>
    /// <exception cref="System.Text.Json.JsonException">The events are not ones that this version knows.</exception>
    public static Transaction ToTransaction(this JournalRow row) => new()
    {
        Sequence = row.Sequence,
        Key = row.Key,
        KeyHash = row.Key.HashIn(row.Stream.Community),
        Fingerprint = row.Fingerprint,
        RecordedAt = row.RecordedAt,
        EffectiveAt = row.EffectiveAt,
        Outcome = row.Outcome,
        Events = row.Stream.Resident is null ? [] : LedgerJson.EventsOf(row.Events.Span),
        ProgrammeVersion = row.ProgrammeVersion,
        RefersTo = row.RefersTo,
        After = row.After,
    };
}
