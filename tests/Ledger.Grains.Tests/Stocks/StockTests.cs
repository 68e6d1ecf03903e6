using Ledger.Grains.Stocks;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.PrivatePostgres;
using Ledger.Rewards;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Stocks;

/// <summary>A stock, wallets and a store: whatever dies in between, nothing is sold twice and nothing stays kept.</summary>
public abstract class StockTests(SharedPostgres? shared) : HostedTests(shared)
{
    private static readonly RewardId Tea = new("tea");
    private static readonly RewardId Visit = new("visit");

    private StockDriver Driver => Host.Services.GetRequiredService<StockDriver>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Host.Offer(Tea, """
            { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "en": "Tea" }, "price": { "points": 5 }, "handover": "delivery",
              "limited": true, "cancellation": [
                { "status": "placed", "by": ["resident"] }, { "status": "ready", "by": ["resident"], "keepsStock": true } ] }
            """);
        await Host.Offer(Visit, """
            { "kind": "service", "category": "health", "merchant": "clinic", "names": { "en": "Visit" },
              "price": { "points": 5, "cash": { "amount": 1, "currency": "CNY" } }, "handover": "appointment", "holdMinutes": 30, "limited": true }
            """);
        await Put(Tea, 10, "first");
        await Put(Visit, 10, "second");
        await Rich("a", 50);
    }

    [Theory]
    [InlineData(0, 10, 0, 50)]
    [InlineData(1, 10, 0, 50)]
    [InlineData(2, 8, 2, 40)]
    [InlineData(3, 8, 2, 40)]
    public async Task Wherever_a_redemption_dies_the_sweeper_settles_it(int appendsBeforeDeath, long left, long sold, long points)
    {
        await DieIn(() => Redeem("a", "one", Tea, 2), appendsBeforeDeath);
        await SweepLater();

        Assert.Equal(new StockLevel(left, 0, sold), await Level(Tea));
        Assert.Equal(points, await Points("a"));
        Assert.DoesNotContain(await Host.Journal.ReadDue(Instant.MaxValue, 10), due => due.Stream.Stock is not null);
    }

    [Fact]
    public async Task Who_comes_back_too_late_finds_the_redemption_voided_and_nothing_taken()
    {
        await Driver.Send(LedgerHost.Community, Tea, new ReserveStock(IdOf("one"), 2));
        await SweepLater();

        var late = await Redeem("a", "one", Tea, 2);

        Assert.IsType<Refusal.RedemptionVoided>(late.Transaction.Refusal);
        Assert.Equal((new StockLevel(10, 0, 0), 50L), (await Level(Tea), await Points("a")));
    }

    [Fact]
    public async Task The_same_redemption_again_takes_nothing_again()
    {
        await Redeem("a", "one", Tea, 2);
        var again = await Redeem("a", "one", Tea, 2);

        Assert.True(again.Replayed);
        Assert.Equal((new StockLevel(8, 0, 2), 40L), (await Level(Tea), await Points("a")));
        Assert.IsType<StockResult.KeyReused>(await Driver.Send(LedgerHost.Community, Tea, new ReserveStock(IdOf("one"), 3)));
    }

    [Fact]
    public async Task A_redemption_that_the_wallet_refuses_gives_back_what_was_kept()
    {
        await Rich("b", 1);

        Assert.IsType<Refusal.InsufficientPoints>((await Redeem("b", "one", Tea, 1)).Transaction.Refusal);

        Assert.Equal(new StockLevel(10, 0, 0), await Level(Tea));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task Wherever_a_cancelling_dies_stock_and_wallet_agree(int appendsBeforeDeath, bool isCancelled)
    {
        var made = await Redeem("a", "one", Tea, 2);
        await DieIn(() => Cancel("a", made), appendsBeforeDeath);
        await SweepLater();

        Assert.Equal(isCancelled ? 50 : 40, await Points("a"));
        Assert.Equal(isCancelled ? 10 : 8, (await Level(Tea)).Left);

        await Cancel("a", made, "again");
        Assert.Equal((new StockLevel(10, 0, 0), 50L), (await Level(Tea), await Points("a")));
    }

    [Fact]
    public async Task What_is_cancelled_twice_comes_back_once()
    {
        var made = await Redeem("a", "one", Tea, 2);
        await Redeem("a", "two", Tea, 3);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Cancel("a", made, $"cancel {i}")));

        Assert.Equal((new StockLevel(7, 0, 3), 35L), (await Level(Tea), await Points("a")));
    }

    [Fact]
    public async Task What_is_spoilt_stays_sold_although_it_is_cancelled()
    {
        var made = await Redeem("a", "one", Tea, 2);
        await Host.Wallet("a").Record(Envelope("a", "ready", new FulfilRedemption(IdOf("one"), RedemptionStep.Ready)));

        await Cancel("a", made);

        Assert.Equal((new StockLevel(8, 0, 2), 50L), (await Level(Tea), await Points("a")));
    }

    [Fact]
    public async Task What_waits_for_cash_is_kept_until_it_is_paid_or_times_out()
    {
        var paid = await Redeem("a", "one", Visit, 2);
        await Redeem("a", "two", Visit, 3);
        Assert.Equal(new(5, 5, 0), (await Level(Visit)) with { OpenSince = null });
        await SweepLater();
        Assert.Equal(5, (await Level(Visit)).Reserved);

        await Host.Wallet("a").Record(Envelope("a", "pay", new FulfilRedemption(IdOf("one"), RedemptionStep.Pay)));
        await Driver.Settle(LedgerHost.Community, Made(paid));
        Assert.Equal(new(5, 3, 2), (await Level(Visit)) with { OpenSince = null });

        Host.Clock.AdvanceMinutes(31);
        await Sweep();
        await Sweep();

        Assert.Equal((new StockLevel(8, 0, 2), 40L), (await Level(Visit), await Points("a")));
        await Driver.Recall(LedgerHost.Community, Made(paid) with { Redemption = IdOf("two"), Quantity = 3 });
        Assert.Equal(new StockLevel(8, 0, 2), await Level(Visit));
    }

    [Fact]
    public async Task Of_256_buyers_at_once_exactly_as_many_get_one_as_there_are()
    {
        await Put(Tea, 90, "more");
        for (var i = 0; i < 256; i++)
        {
            await Rich($"buyer-{i}", 5);
        }

        var appends = Host.Journal.Appends;
        var bought = await Task.WhenAll(Enumerable.Range(0, 256).Select(i => TryRedeem($"buyer-{i}", $"buy {i}", Tea)));

        Assert.Equal(100, bought.Count(one => one));
        Assert.Equal(new StockLevel(0, 0, 100), await Level(Tea));
        Assert.Equal(156 * 5, (await Task.WhenAll(Enumerable.Range(0, 256).Select(i => Points($"buyer-{i}")))).Sum());
        Assert.InRange(Host.Journal.Appends - appends, 100 + 2, 100 + 200);
    }

    private static RedemptionId IdOf(string name) => RedemptionId.Of(Key(name).HashIn(LedgerHost.Community));

    private static RewardRedeemed Made(CommandResult.Recorded recorded) => (RewardRedeemed)recorded.Transaction.Events[^1];

    private async Task<bool> TryRedeem(string resident, string name, RewardId reward) =>
        await Driver.Send(LedgerHost.Community, reward, new ReserveStock(IdOf(name), 1)) is StockResult.Recorded { Happened: StockReserved }
        && (await Finish(resident, name, reward, 1)).Transaction.Refusal is null;

    private async Task<CommandResult.Recorded> Redeem(string resident, string name, RewardId reward, int quantity)
    {
        await Driver.Send(LedgerHost.Community, reward, new ReserveStock(IdOf(name), quantity));
        return await Finish(resident, name, reward, quantity);
    }

    private async Task<CommandResult.Recorded> Finish(string resident, string name, RewardId reward, int quantity)
    {
        var result = await Host.Wallet(resident).Record(Envelope(resident, name, new RedeemReward(reward, quantity, IdOf(name))) with { FromStock = true });
        await Driver.Settle(LedgerHost.Community, reward, IdOf(name), result.Transaction);
        return result;
    }

    private async Task Cancel(string resident, CommandResult.Recorded recorded, string name = "cancel")
    {
        var made = Made(recorded);
        await Driver.Recall(LedgerHost.Community, made);
        await Host.Wallet(resident).Send(Envelope(resident, name, new CancelRedemption(made.Redemption, Party.Resident)));
        await Driver.Settle(LedgerHost.Community, made);
    }

    private Task<StockResult> Put(RewardId reward, long change, string key) =>
        Driver.Send(LedgerHost.Community, reward, new AdjustStock(change), CommandKey.Client("operator", key));

    private async Task<StockLevel> Level(RewardId reward) => (await Host.Grains.GetStock(LedgerHost.Community, reward).Read()).Level;

    private async Task<long> Points(string resident) => (await Host.Wallet(resident).Read()).State.Available.Value;
}

public sealed class StocksOnSqlite() : StockTests(null);

public sealed class StocksOnPostgres(SharedPostgres shared) : StockTests(shared);
