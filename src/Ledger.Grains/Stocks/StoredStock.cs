using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Stocks;
using Ledger.Transactions;

namespace Ledger.Grains.Stocks;

/// <summary>A stock as it is committed.</summary>
/// <param name="State">The replay of every transaction.</param>
/// <param name="Hash">The hash of the last one.</param>
internal sealed record StoredStock(StockState State, ReadOnlyMemory<byte> Hash)
{
    private static readonly StoredStock s_empty = new(StockState.Empty, HashChain.Start);

    /// <summary>Reads a stock: its last transaction, and those since the oldest reservation that is open. There are no snapshots.</summary>
    public static async Task<StoredStock> Load(IJournal journal, StreamId stream)
    {
        if (await journal.ReadBackwards(stream, long.MaxValue, 1) is not [var last])
        {
            return s_empty;
        }

        var level = last.ToStockEvent().After;
        var kept = ImmutableDictionary<RedemptionId, StockReservation>.Empty;
        if (level.OpenSince is { } since)
        {
            await foreach (var row in journal.Read(stream, since))
            {
                if (row.Sequence <= last.Sequence)
                {
                    kept = Stock.Track(kept, row.ToStockEvent(), row.Sequence, row.EffectiveAt);
                }
            }
        }

        return new(new() { Sequence = last.Sequence, LastAt = last.EffectiveAt, Left = level.Left, Sold = level.Sold, Reservations = kept }, last.Hash);
    }
}
