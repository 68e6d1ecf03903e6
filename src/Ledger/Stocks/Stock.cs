using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;

namespace Ledger.Stocks;

/// <summary>The stock of a reward of which there are not any number: decide, then evolve.</summary>
/// <remarks>
/// What was put in = left + reserved + sold, always. Some are kept before points are taken, and sold afterwards: a stock that says too little costs a moment,
/// one that says too much sells what is not there.
/// </remarks>
public static class Stock
{
    /// <summary>Reservations that may be open at once, so that a stock stays bounded.</summary>
    public const int ReservationsMax = 10_000;

    /// <summary>The most that may come in or go out at once.</summary>
    public const long ChangeMax = 1_000_000_000;

    /// <summary>The outcome of a redemption of which there are not enough left.</summary>
    public const string SoldOut = "reward_sold_out";

    /// <summary>The outcome of taking out more than there are.</summary>
    public const string TooFew = "stock_too_small";

    /// <summary>After so long somebody looks what became of a redemption that nobody has told of.</summary>
    public static readonly Duration LookAfter = Duration.FromMinutes(2);

    private static readonly Duration s_lookAgainMax = Duration.FromDays(1);

    /// <summary>What a command does; null for nothing. Changes nothing.</summary>
    /// <param name="stock">The replay of every transaction so far.</param>
    /// <param name="command">The command.</param>
    /// <param name="at">Its time, not before that of the last one.</param>
    public static StockEvent? Decide(StockState stock, StockCommand command, Instant at) =>
        Happens(stock, command, at) is { } happened ? happened with { After = Apply(stock, happened, at).Level } : null;

    /// <summary>The stock after what happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot have happened to this stock.</exception>
    public static StockState Evolve(StockState stock, StockEvent happened, Instant at)
    {
        var after = Apply(stock, happened, at);
        return after.Level == happened.After
            ? after
            : throw new InvalidOperationException($"Recorded is {happened.After}, what happened gives {after.Level}.");
    }

    private static StockEvent? Happens(StockState stock, StockCommand command, Instant at) => command switch
    {
        AdjustStock { Change: var change } => stock.Left + change >= 0 ? new StockAdjusted(change) : new StockRefused(-change),
        ReserveStock { Redemption: var redemption } when stock.Reservations.ContainsKey(redemption) => null,
        ReserveStock reserve => stock.Left >= reserve.Quantity
            ? new StockReserved(reserve.Redemption, reserve.Quantity, at + LookAfter)
            : new StockRefused(reserve.Quantity, reserve.Redemption),
        RecallStock recall => stock.Reservations.ContainsKey(recall.Redemption) || stock.Sold >= recall.Quantity
            ? new StockRecalled(recall.Redemption, recall.Quantity, at + LookAfter)
            : null,
        SettleStock settle => stock.Reservations.GetValueOrDefault(settle.Redemption) is { } reservation ? Settle(settle, reservation, at) : null,
        _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
    };

    private static StockEvent? Settle(SettleStock settle, StockReservation reservation, Instant at) => settle.Fate switch
    {
        RedemptionFate.Back => new StockFreed(settle.Redemption, reservation.Quantity),
        RedemptionFate.Never => new StockFreed(settle.Redemption, reservation.Quantity, Voided: true),
        RedemptionFate.Kept => new StockSold(settle.Redemption, reservation.Quantity),

        // Whoever cancels it may only be slow.
        RedemptionFate.Open when !reservation.Recalled => new StockSold(settle.Redemption, reservation.Quantity),
        RedemptionFate.Open or RedemptionFate.Unknown => PutOff(settle, reservation, at),
        _ => throw new UnreachableException($"Fate {settle.Fate} has no case."),
    };

    /// <summary>Later each time, unless it is known when; what is due later anyhow stays as it is.</summary>
    private static StockPutOff? PutOff(SettleStock settle, StockReservation reservation, Instant at)
    {
        var until = settle.Until > at ? settle.Until.Value : at + Duration.Min(Duration.Max(LookAfter, at - reservation.At), s_lookAgainMax);
        return until > reservation.LookAt ? new(settle.Redemption, reservation.Quantity, reservation.At, until, reservation.Recalled) : null;
    }

    /// <summary>What is kept, after what happened. Leaves alone what it does not know, so that it may begin anywhere in the stream.</summary>
    public static ImmutableDictionary<RedemptionId, StockReservation> Track(
        ImmutableDictionary<RedemptionId, StockReservation> kept, StockEvent happened, long sequence, Instant at) => happened switch
        {
            StockReserved e => kept.SetItem(e.Redemption, new(e.Quantity, sequence, at, e.LookAt, Recalled: false)),
            StockRecalled e => kept.SetItem(
                e.Redemption,
                kept.GetValueOrDefault(e.Redemption) is { } open ? open with { LookAt = e.LookAt, Recalled = true } : new(e.Quantity, sequence, at, e.LookAt, Recalled: true)),
            StockPutOff e => kept.SetItem(e.Redemption, new(e.Quantity, sequence, e.At, e.LookAt, e.Recalled)),
            StockSold e => kept.Remove(e.Redemption),
            StockFreed e => kept.Remove(e.Redemption),
            _ => kept,
        };

    private static StockState Apply(StockState stock, StockEvent happened, Instant at) => (happened switch
    {
        StockAdjusted e => stock with { Left = stock.Left + e.Change },
        StockReserved e => stock with { Left = stock.Left - e.Quantity },
        StockRecalled e when !stock.Reservations.ContainsKey(e.Redemption) => stock with { Sold = stock.Sold - e.Quantity },
        StockSold e => stock with { Sold = stock.Sold + e.Quantity },
        StockFreed e => stock with { Left = stock.Left + e.Quantity },
        StockRecalled or StockPutOff or StockRefused => stock,
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    }) with
    {
        Sequence = stock.Sequence + 1,
        LastAt = at,
        Reservations = Track(stock.Reservations, happened, stock.Sequence + 1, at),
    };
}
