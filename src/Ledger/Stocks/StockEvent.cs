using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Stocks;

/// <summary>What happened to the stock of a reward. A closed set; each transaction has one.</summary>
/// <remarks>
/// The JSON is stored for ever and hashed. Each tells how the stock stands after it, so that whoever goes on needs the last one, and those since the oldest
/// reservation that is open (<see cref="StockLevel.OpenSince"/>).
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StockAdjusted), "stock_adjusted.v1")]
[JsonDerivedType(typeof(StockReserved), "stock_reserved.v1")]
[JsonDerivedType(typeof(StockRecalled), "stock_recalled.v1")]
[JsonDerivedType(typeof(StockPutOff), "stock_put_off.v1")]
[JsonDerivedType(typeof(StockSold), "stock_sold.v1")]
[JsonDerivedType(typeof(StockFreed), "stock_freed.v1")]
[JsonDerivedType(typeof(StockRefused), "stock_refused.v1")]
public abstract record StockEvent
{
    private protected StockEvent()
    {
    }

    /// <summary>How the stock stands after it.</summary>
    public StockLevel After { get; init; } = StockLevel.Empty;
}

/// <summary>How a stock stands.</summary>
/// <param name="Left">How many can be redeemed.</param>
/// <param name="Reserved">How many are kept for redemptions of which it is not known what becomes of them.</param>
/// <param name="Sold">How many were redeemed and have not come back.</param>
/// <param name="OpenSince">The transaction of the oldest reservation that is open; null for none.</param>
public sealed record StockLevel(long Left, long Reserved, long Sold, long? OpenSince = null)
{
    /// <summary>Nothing.</summary>
    public static StockLevel Empty { get; } = new(0, 0, 0);

    /// <summary>All that was put in and not taken out by hand.</summary>
    [JsonIgnore]
    public long All => Left + Reserved + Sold;
}

/// <summary>Some came in, or went out by hand.</summary>
/// <param name="Change">How many; less than zero for out.</param>
public sealed record StockAdjusted(long Change) : StockEvent;

/// <summary>Some are kept for a redemption.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
/// <param name="LookAt">When somebody looks what became of it.</param>
public sealed record StockReserved(RedemptionId Redemption, int Quantity, Instant LookAt) : StockEvent;

/// <summary>What a redemption took is kept for it anew, until it has ended.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
/// <param name="LookAt">When somebody looks what became of it.</param>
public sealed record StockRecalled(RedemptionId Redemption, int Quantity, Instant LookAt) : StockEvent;

/// <summary>What becomes of a redemption is not known yet. Says all that is known of the reservation, so that nobody has to read what was before.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many are kept for it.</param>
/// <param name="At">Since when.</param>
/// <param name="LookAt">When somebody looks again.</param>
/// <param name="Recalled">Whether it was about to be cancelled.</param>
public sealed record StockPutOff(
    RedemptionId Redemption,
    int Quantity,
    Instant At,
    Instant LookAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recalled = false) : StockEvent;

/// <summary>What was kept for a redemption is sold.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
public sealed record StockSold(RedemptionId Redemption, int Quantity) : StockEvent;

/// <summary>What was kept for a redemption can be redeemed again.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Voided">True where nothing ever came of the redemption, and nothing will: the transaction stands for its id.</param>
public sealed record StockFreed(
    RedemptionId Redemption, int Quantity, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Voided = false) : StockEvent;

/// <summary>There were fewer than were asked for, or than were to be taken out.</summary>
/// <param name="Requested">How many were wanted.</param>
/// <param name="Redemption">For which redemption; null where they were to be taken out by hand.</param>
public sealed record StockRefused(long Requested, RedemptionId? Redemption = null) : StockEvent;
