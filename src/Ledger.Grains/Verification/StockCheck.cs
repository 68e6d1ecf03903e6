using Ledger.Grains.Journal;
using Ledger.Grains.Stocks;
using Ledger.Stocks;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>Checks the rows of one stock, one after the other.</summary>
/// <param name="stream">Which one.</param>
/// <param name="stocks">Is told what became of redemptions here.</param>
/// <param name="findings">Is told what does not hold.</param>
internal sealed class StockCheck(StreamId stream, SoldStocks stocks, Findings findings)
{
    private StockState? _stock = StockState.Empty;

    /// <summary>When somebody has to look; null for never, or when the replay broke off.</summary>
    public Instant? NextLook => _stock?.NextLook;

    /// <summary>Whether every row so far could be replayed.</summary>
    public bool IsReplayed => _stock is not null;

    /// <summary>Checks a row; the reference that must stand for it, where there is one.</summary>
    public StoredReference? Add(JournalRow row)
    {
        if (findings.Read(row, StockRows.ToStockEvent) is not { } happened)
        {
            _stock = null;
            return null;
        }

        if (row.Outcome != StockRows.OutcomeOf(happened))
        {
            Found(VerificationCheck.Events, row, $"the outcome is recorded as {row.Outcome}, the event says {StockRows.OutcomeOf(happened)}");
        }

        if (!row.Postings.IsEmpty || row.RefersTo is not null)
        {
            Found(VerificationCheck.Postings, row, "a stock moves no points and refers to nothing");
        }

        stocks.Add(stream.Stock!.Value, row.Sequence, happened);
        Replay(row, happened);
        return StockRows.ReferenceOf(stream, row.Sequence, happened);
    }

    private void Replay(JournalRow row, StockEvent happened)
    {
        if (_stock is not { } before)
        {
            return;
        }

        if (StockRows.KeyOf(stream.Stock!.Value, before, happened) is { } key && key != row.Key)
        {
            Found(VerificationCheck.Stocks, row, $"this goes under the key {key} once for ever, and is stored under {row.Key}");
        }

        try
        {
            _stock = Stock.Evolve(before, happened, row.EffectiveAt);
        }
        catch (InvalidOperationException failure)
        {
            Found(VerificationCheck.Stocks, row, $"{failure.Message} Nothing after it in this stock is replayed.");
            _stock = null;
            return;
        }

        var added = happened is StockAdjusted { Change: var change } ? change : 0;
        if (_stock.Left < 0 || _stock.Sold < 0 || _stock.Level.All != before.Level.All + added)
        {
            Found(VerificationCheck.Stocks, row, $"{_stock.Level} after {before.Level}: something came from nowhere, or is gone");
        }
    }

    private void Found(VerificationCheck check, JournalRow row, string words) => findings.Add(check, stream.Name, row.Sequence, words);
}
