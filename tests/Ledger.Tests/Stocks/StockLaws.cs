using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Stocks;
using Ledger.Tests.Laws;
using NodaTime;

namespace Ledger.Tests.Stocks;

/// <summary>Whatever is asked of a stock, in any order: nothing comes from nowhere, and nothing is gone.</summary>
public sealed class StockLaws
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 4, 0);

    private static Gen<StockCommand> Command =>
        from redemption in Gen.Choose(0, 5).Select(i => new RedemptionId(i.ToString("x32", System.Globalization.CultureInfo.InvariantCulture)))
        from quantity in Gen.Elements(1, 1, 2, 3, 100)
        from command in Gen.Frequency(
            (2, Gen.Elements(-1, 1, -3, 3, 10, -100).Select(change => (StockCommand)new AdjustStock(change))),
            (5, Gen.Constant((StockCommand)new ReserveStock(redemption, quantity))),
            (2, Gen.Constant((StockCommand)new RecallStock(redemption, quantity))),
            (6, from fate in Gen.Elements(Enum.GetValues<RedemptionFate>())
                from until in Gen.Elements<Instant?>(null, Start, Start + Duration.FromHours(72))
                select (StockCommand)new SettleStock(redemption, fate, until)))
        select command;

    private static Arbitrary<StockCommand[]> Commands => Gen.Choose(0, 60).SelectMany(count => Command.ArrayOf(count)).ToArbitrary();

    [Fact]
    public void Left_and_kept_and_sold_are_what_was_put_in() => Law.Holds(Commands, 500, commands =>
    {
        var put = 0L;
        Play(commands, (before, happened, after) =>
        {
            put += happened is StockAdjusted adjusted ? adjusted.Change : 0;
            Assert.Equal(put, after.Level.All);
            Assert.True(after is { Left: >= 0, Sold: >= 0 });
            Assert.All(after.Reservations.Values, reservation => Assert.True(reservation.Quantity > 0 && reservation.Since <= after.Sequence));
            if (happened is StockRefused)
            {
                Assert.Equal(before.Level, after.Level);
            }
        });
    });

    [Fact]
    public void What_is_read_from_the_oldest_open_reservation_on_is_the_whole_stock() => Law.Holds(Commands, 500, commands =>
    {
        var told = new List<(StockEvent Happened, Instant At)>();
        var stock = Play(commands, (_, happened, after) => told.Add((happened, after.LastAt)));
        if (told.Count == 0)
        {
            return;
        }

        var level = told[^1].Happened.After;
        var kept = ImmutableDictionary<RedemptionId, StockReservation>.Empty;
        for (var sequence = level.OpenSince ?? long.MaxValue; sequence <= told.Count; sequence++)
        {
            kept = Stock.Track(kept, told[(int)sequence - 1].Happened, sequence, told[(int)sequence - 1].At);
        }

        Assert.Equal(stock.Level, level);
        Assert.Equal(stock.Reservations.OrderBy(one => one.Key.Value), kept.OrderBy(one => one.Key.Value));
    });

    [Fact]
    public void A_reservation_ends_once_by_being_sold_or_freed() => Law.Holds(Commands, 500, commands =>
        Play(commands, (before, happened, after) =>
        {
            var ended = before.Reservations.Keys.Except(after.Reservations.Keys).ToList();
            Assert.Equal(happened is StockSold or StockFreed ? 1 : 0, ended.Count);
        }));

    [Fact]
    public void What_is_about_to_be_cancelled_is_not_sold_before_its_redemption_has_ended()
    {
        var redemption = new RedemptionId(new string('0', 32));
        var stock = Next(Next(StockState.Empty, new AdjustStock(1), Start), new ReserveStock(redemption, 1), Start);
        stock = Next(stock, new SettleStock(redemption, RedemptionFate.Open), Start);
        Assert.Equal(new StockLevel(0, 0, 1), stock.Level);

        stock = Next(stock, new RecallStock(redemption, 1), Start);
        stock = Next(stock, new SettleStock(redemption, RedemptionFate.Open), Start + Stock.LookAfter);
        Assert.Equal(new StockLevel(0, 1, 0, 5), stock.Level);

        Assert.Equal(new StockLevel(1, 0, 0), Next(stock, new SettleStock(redemption, RedemptionFate.Back), Start + Stock.LookAfter).Level);
    }

    [Fact]
    public void Somebody_comes_back_for_what_nobody_knows_more_and_more_rarely_but_every_day()
    {
        var redemption = new RedemptionId(new string('0', 32));
        var stock = Next(StockState.Empty, new AdjustStock(1), Start);
        stock = Next(stock, new ReserveStock(redemption, 1), Start);
        var looks = 0;
        while (stock.NextLook < Start + Duration.FromDays(30))
        {
            stock = Next(stock, new SettleStock(redemption, RedemptionFate.Unknown), stock.NextLook!.Value);
            looks++;
        }

        Assert.InRange(looks, 30, 45);
    }

    private static StockState Play(StockCommand[] commands, Action<StockState, StockEvent, StockState> told)
    {
        var stock = StockState.Empty;
        var known = new HashSet<(Type, RedemptionId)>();
        for (var i = 0; i < commands.Length; i++)
        {
            // The journal lets each of these through once.
            var isNew = commands[i] switch
            {
                ReserveStock reserve => known.Add((typeof(ReserveStock), reserve.Redemption)),
                RecallStock recall => known.Add((typeof(RecallStock), recall.Redemption)),
                _ => true,
            };
            var at = Start + Duration.FromMinutes(i);
            if (isNew && Stock.Decide(stock, commands[i], at) is { } happened)
            {
                var after = Stock.Evolve(stock, happened, at);
                told(stock, happened, after);
                stock = after;
            }
        }

        return stock;
    }

    private static StockState Next(StockState stock, StockCommand command, Instant at) => Stock.Evolve(stock, Stock.Decide(stock, command, at)!, at);
}
