using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Stocks;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Stocks;

/// <summary>What happened to a stock as rows of the journal, and back.</summary>
public static class StockRows
{
    /// <summary>What a row tells.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event is not one that this version knows.</exception>
    public static StockEvent ToStockEvent(this JournalRow row) => LedgerJson.StockEventOf(row.Events.Span);

    /// <summary>What a row says of an event in one word.</summary>
    public static string OutcomeOf(StockEvent happened) => happened switch
    {
        StockRefused { Redemption: null } => Stock.TooFew,
        StockRefused => Stock.SoldOut,
        StockFreed { Voided: true } => Transaction.Voided,
        _ => Transaction.Accepted,
    };

    /// <summary>The key that an event goes under, so that what happens once for a redemption happens once for ever; null where who asked for it has brought one.</summary>
    /// <param name="reward">Whose stock.</param>
    /// <param name="before">The stock before it.</param>
    /// <param name="happened">What happened.</param>
    public static CommandKey? KeyOf(RewardId reward, StockState before, StockEvent happened) => happened switch
    {
        StockAdjusted or StockRefused { Redemption: null } => null,
        StockReserved { Redemption: var redemption } => CommandKey.Stock(redemption),
        StockRefused { Redemption: { } redemption } => CommandKey.Stock(redemption),
        StockRecalled { Redemption: var redemption } => CommandKey.StockBack(redemption),

        // What is freed without a recall takes the recall's key: who cancels later finds that it came back already.
        StockFreed { Redemption: var redemption } when before.Reservations.GetValueOrDefault(redemption)?.Recalled != true => CommandKey.StockBack(redemption),
        StockFreed or StockSold or StockPutOff => CommandKey.StockSettled(reward, before.Sequence + 1),
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    };

    /// <summary>The reference that stands for a row; null for most.</summary>
    public static StoredReference? ReferenceOf(StreamId stream, long sequence, StockEvent happened) =>
        happened is StockFreed { Voided: true, Redemption: var redemption } ? StoredReference.Of(redemption, stream, sequence) : null;

    /// <summary>The row of an event, sealed to the one before it.</summary>
    public static JournalRow ToRow(
        StreamId stream, StockState after, CommandKey key, StockCommand command, StockEvent happened, Instant now, ReadOnlySpan<byte> previousHash) => HashChain.Seal(
            new JournalRow
            {
                Stream = stream,
                Sequence = after.Sequence,
                Key = key,
                Fingerprint = LedgerJson.FingerprintOf(stream.Stock!.Value, command),
                RecordedAt = now,
                EffectiveAt = after.LastAt,
                Outcome = OutcomeOf(happened),
                Events = LedgerJson.BytesOfStock(happened),
                ProgrammeVersion = 0,
                After = default,
                Postings = [],
            },
            previousHash);
}
