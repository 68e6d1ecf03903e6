using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Stocks;

/// <summary>What somebody wants done to the stock of a reward. A closed set.</summary>
/// <remarks>The JSON is its canonical form and is fingerprinted for ever.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(AdjustStock), "adjust_stock.v1")]
[JsonDerivedType(typeof(ReserveStock), "reserve_stock.v1")]
[JsonDerivedType(typeof(RecallStock), "recall_stock.v1")]
[JsonDerivedType(typeof(SettleStock), "settle_stock.v1")]
public abstract record StockCommand
{
    private protected StockCommand()
    {
    }
}

/// <summary>Some came in, or went out by hand.</summary>
/// <param name="Change">How many; less than zero for out.</param>
public sealed record AdjustStock(long Change) : StockCommand;

/// <summary>Keep some for a redemption, until it is known what becomes of it.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
public sealed record ReserveStock(RedemptionId Redemption, int Quantity) : StockCommand;

/// <summary>A redemption is about to be cancelled: what it took may come back, and somebody has to look, whatever happens to whoever cancels.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
public sealed record RecallStock(RedemptionId Redemption, int Quantity) : StockCommand;

/// <summary>Somebody looked what became of a redemption.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Fate">What he found.</param>
/// <param name="Until">When to look again, where that is known; null where it is not.</param>
public sealed record SettleStock(RedemptionId Redemption, RedemptionFate Fate, Instant? Until = null) : StockCommand;

/// <summary>What became of a redemption, as far as its reward's stock is concerned.</summary>
public enum RedemptionFate
{
    /// <summary>That is not known yet: it waits for its cash, or nobody could look.</summary>
    Unknown,

    /// <summary>It was accepted, and may still be cancelled.</summary>
    Open,

    /// <summary>It keeps what it took, for good.</summary>
    Kept,

    /// <summary>It takes nothing: it was refused, never paid, or cancelled so that the stock comes back.</summary>
    Back,

    /// <summary>It never came, and never will: its id is made to stand for this.</summary>
    Never,
}
