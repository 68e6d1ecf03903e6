using Ledger.Grains.Journal;
using Ledger.Households;
using Ledger.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Households;

/// <summary>What happened to a household as rows of the journal, and back.</summary>
public static class HouseholdRows
{
    /// <summary>What a row tells.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event is not one that this version knows.</exception>
    public static HouseholdEvent ToHouseholdEvent(this JournalRow row) => LedgerJson.HouseholdEventOf(row.Events.Span);

    /// <summary>A pooled spend and what became of it; null where the transaction opened none.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="stream">The household.</param>
    /// <param name="spend">The transaction.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public static async Task<PooledSpend?> ReadSpend(this IJournal journal, StreamId stream, long spend, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var rows = await journal.ReadRelated(stream, spend, cancellation);
        return rows is [var first, ..] && first.ToHouseholdEvent() is PooledSpendOpened opened
            ? rows.Skip(1).Aggregate(new PooledSpend(spend, first.EffectiveAt, opened), (known, row) => known.After(row.ToHouseholdEvent(), row.EffectiveAt))
            : null;
    }

    /// <summary>What a row says of an event in one word.</summary>
    internal static string OutcomeOf(HouseholdEvent happened) => happened is HouseholdRefused refused ? refused.Why.Code : Transaction.Accepted;

    /// <summary>The reference that stands for a row; null for most.</summary>
    internal static StoredReference? ReferenceOf(StreamId stream, long sequence, HouseholdEvent happened) => happened switch
    {
        PooledSpendOpened opened => StoredReference.Of(opened.Reference, stream, sequence),
        HouseholdRefused { Reference: { } reference } => StoredReference.Of(reference, stream, sequence),
        _ => null,
    };

    /// <summary>The row of an event, sealed to the one before it.</summary>
    internal static JournalRow ToRow(
        StreamId stream, HouseholdState after, CommandKey key, HouseholdCommand command, HouseholdEvent happened, Instant now, ReadOnlySpan<byte> previousHash) => HashChain.Seal(
            new JournalRow
            {
                Stream = stream,
                Sequence = after.Sequence,
                Key = key,
                Fingerprint = LedgerJson.FingerprintOf(stream.Household!.Value, command),
                RecordedAt = now,
                EffectiveAt = after.LastAt,
                Outcome = OutcomeOf(happened),
                Events = LedgerJson.BytesOfHousehold(happened),
                ProgrammeVersion = 0,
                RefersTo = happened.RefersTo,
                After = default,
                Postings = [],
            },
            previousHash);
}
