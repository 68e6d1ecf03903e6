using Ledger.Grains.Mall;
using Ledger.Grains.Stocks;
using Ledger.Grains.Stores;
using Ledger.Grains.Sweeping;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Verification;
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
public abstract class StockTests(SharedPostgres? shared) : IAsyncLifetime
{
    private static readonly RewardId Tea = new("tea");
    private static readonly RewardId Visit = new("visit");

    private readonly HostStore _store = new(shared);
    private LedgerHost _host = null!;

    private StockDriver Driver => _host.Services.GetRequiredService<StockDriver>();

    public async ValueTask InitializeAsync()
    {
        _host = await _store.Open();
        await Offer(Tea, """
            { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "en": "Tea" }, "price": { "points": 5 }, "handover": "delivery",
              "limited": true, "cancellation": [
                { "status": "placed", "by": ["resident"] }, { "status": "ready", "by": ["resident"], "keepsStock": true } ] }
            """);
        await Offer(Visit, """
            { "kind": "service", "category": "health", "merchant": "clinic", "names": { "en": "Visit" },
              "price": { "points": 5, "cash": { "amount": 1, "currency": "CNY" } }, "handover": "appointment", "holdMinutes": 30, "limited": true }
            """);
        await Put(Tea, 10, "first");
        await Put(Visit, 10, "second");
        await Earn("a", 50);
    }

    public async ValueTask DisposeAsync()
    {
        var report = await new JournalVerifier(_host.Journal, _host.Journal.Inspection).Verify(LedgerHost.Community);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        await _host.DisposeAsync();
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0, 10, 0, 50)]
    [InlineData(1, 10, 0, 50)]
    [InlineData(2, 8, 2, 40)]
    [InlineData(3, 8, 2, 40)]
    public async Task Wherever_a_redemption_dies_the_sweeper_settles_it(int appendsBeforeDeath, long left, long sold, long points)
    {
        _host.Journal.AppendsUntilDeath = appendsBeforeDeath;
        await Xunit.Record.ExceptionAsync(() => Redeem("a", "one", Tea, 2));

        await Restart();
        await SweepLater();

        Assert.Equal(new StockLevel(left, 0, sold), await Level(Tea));
        Assert.Equal(points, await Points("a"));
        Assert.DoesNotContain(await _host.Journal.ReadDue(Instant.MaxValue, 10), due => due.Stream.Stock is not null);
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
        await Earn("b", 1);

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
        _host.Journal.AppendsUntilDeath = appendsBeforeDeath;
        await Xunit.Record.ExceptionAsync(() => Cancel("a", made));

        await Restart();
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
        await _host.Wallet("a").Record(Envelope("a", "ready", new FulfilRedemption(IdOf("one"), RedemptionStep.Ready)));

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

        await _host.Wallet("a").Record(Envelope("a", "pay", new FulfilRedemption(IdOf("one"), RedemptionStep.Pay)));
        await Driver.Settle(LedgerHost.Community, Made(paid));
        Assert.Equal(new(5, 3, 2), (await Level(Visit)) with { OpenSince = null });

        _host.Clock.AdvanceMinutes(31);
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
            await Earn($"buyer-{i}", 5);
        }

        var appends = _host.Journal.Appends;
        var bought = await Task.WhenAll(Enumerable.Range(0, 256).Select(i => TryRedeem($"buyer-{i}", $"buy {i}", Tea)));

        Assert.Equal(100, bought.Count(one => one));
        Assert.Equal(new StockLevel(0, 0, 100), await Level(Tea));
        Assert.Equal(156 * 5, (await Task.WhenAll(Enumerable.Range(0, 256).Select(i => Points($"buyer-{i}")))).Sum());
        Assert.InRange(_host.Journal.Appends - appends, 100 + 2, 100 + 200);
    }

    private Instant Now => _host.Clock.GetCurrentInstant();

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
        var result = await _host.Wallet(resident).Record(Envelope(resident, name, new RedeemReward(reward, quantity, IdOf(name))) with { FromStock = true });
        await Driver.Settle(LedgerHost.Community, reward, IdOf(name), result.Transaction);
        return result;
    }

    private async Task Cancel(string resident, CommandResult.Recorded recorded, string name = "cancel")
    {
        var made = Made(recorded);
        await Driver.Recall(LedgerHost.Community, made);
        await _host.Wallet(resident).Send(Envelope(resident, name, new CancelRedemption(made.Redemption, Party.Resident)));
        await Driver.Settle(LedgerHost.Community, made);
    }

    private async Task Offer(RewardId reward, string json)
    {
        await _host.Services.GetRequiredService<IRewards>().AddReward(new(LedgerHost.Community, reward, 1, json, false, "test", Now));
        _host.Services.GetRequiredService<IMall>().Refresh();
    }

    private Task<StockResult> Put(RewardId reward, long change, string key) =>
        Driver.Send(LedgerHost.Community, reward, new AdjustStock(change), CommandKey.Client("operator", key));

    private Task<CommandResult.Recorded> Earn(string resident, long points) => _host.Wallet(resident).Record(Wallets.Commands.Earn(resident, $"rich-{resident}", points, Now));

    private async Task<StockLevel> Level(RewardId reward) => (await _host.Grains.GetStock(LedgerHost.Community, reward).Read()).Level;

    private async Task<long> Points(string resident) => (await _host.Wallet(resident).Read()).State.Available.Value;

    private Task<int> Sweep() => _host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Sweep();

    private async Task SweepLater()
    {
        _host.Clock.AdvanceMinutes(3);
        await Sweep();
    }

    private async Task Restart()
    {
        var now = Now;
        await _host.DisposeAsync();
        _host = await _store.Open(now);
    }
}

public sealed class StocksOnSqlite() : StockTests(null);

public sealed class StocksOnPostgres(SharedPostgres shared) : StockTests(shared);
