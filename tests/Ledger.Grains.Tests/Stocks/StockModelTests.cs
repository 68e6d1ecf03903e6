using System.Globalization;
using Ledger.Grains.Journal;
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

/// <summary>
/// Whatever residents and operators do, and wherever they are cut short: left, reserved and sold are what was put in, no stock ever offers what somebody has, and in
/// the end it offers all the rest.
/// </summary>
public abstract class StockModelTests(SharedPostgres? shared) : HostedTests(shared)
{
    private const int Steps = 160;
    private const long Price = 5;
    private const long Earned = 60;
    private const int HoldMinutes = 30;

    private static readonly RewardId Tea = new("tea");
    private static readonly RewardId Visit = new("visit");
    private static readonly string[] Residents = ["a", "b", "c"];

    private readonly Dictionary<RewardId, long> _put = new() { [Tea] = 0, [Visit] = 0 };

    // What was asked for, as one would keep it on paper.
    private readonly List<Order> _orders = [];
    private Random _chance = null!;
    private int _names;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Host.Offer(Tea, $$"""
            { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "en": "Tea" }, "price": { "points": {{Price}} }, "handover": "delivery", "limited": true,
              "cancellation": [ { "status": "placed", "by": ["resident"] }, { "status": "ready", "by": ["resident"], "keepsStock": true } ] }
            """);
        await Host.Offer(Visit, $$"""
            { "kind": "service", "category": "health", "merchant": "clinic", "names": { "en": "Visit" }, "price": { "points": {{Price}}, "cash": { "amount": 1, "currency": "CNY" } },
              "handover": "appointment", "holdMinutes": {{HoldMinutes}}, "limited": true }
            """);
        foreach (var resident in Residents)
        {
            await Rich(resident, Earned);
        }
    }

    [Fact]
    public async Task No_stock_offers_what_somebody_has_and_in_the_end_each_offers_all_the_rest()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        _chance = new(seed);
        for (var step = 0; step < Steps; step++)
        {
            await Step();
            await Holds($"seed {seed}, step {step}", (left, free) => left <= free);
        }

        await Settle();
        await Holds($"seed {seed}, in the end", (left, free) => left == free);
        await PointsAgree();
    }

    private StockDriver Driver => Host.Services.GetRequiredService<StockDriver>();

    private Task Step() => _chance.Next(20) switch
    {
        < 3 => Put(),
        < 8 => CutShort(() => Redeem(New())),
        < 10 => CutShort(() => Redeem(AnyOrder() ?? New())),
        < 13 => CutShort(Cancel),
        < 15 => CutShort(Pay),
        < 17 => Move(),
        < 18 => Advance(_chance.Next(1, HoldMinutes)),
        < 19 => Sweep(),
        _ => _chance.Next(8) == 0 ? Restart() : Advance(_chance.Next(1, 4)),
    };

    // Often enough whoever asks is cut short: of his last append he hears nothing. The journal says afterwards what was done.
    private Task CutShort(Func<Task> act) => Host.Journal.CutShort(act, _chance.Next(3) == 0 ? _chance.Next(0, 4) : null);

    // An activation that was cut short goes away, and the next one reads the journal.
    private static async Task<T> Patiently<T>(Func<Task<T>> ask)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (JournalFencedException) when (tries < 1_000)
            {
                await Task.Yield();
            }
        }
    }

    private async Task Put()
    {
        var (reward, change) = (AnyReward(), _chance.Next(4) == 0 ? -_chance.Next(1, 6) : _chance.Next(1, 12));
        var key = CommandKey.Client("operator", Name());
        var put = Assert.IsType<StockResult.Recorded>(await Patiently(() => Driver.Send(LedgerHost.Community, reward, new AdjustStock(change), key)));
        _put[reward] += put.Happened is StockAdjusted adjusted ? adjusted.Change : 0;
    }

    private async Task Redeem(Order order)
    {
        try
        {
            var kept = await Driver.Send(LedgerHost.Community, order.Reward, new ReserveStock(order.Id, order.Quantity));
            if (kept is StockResult.Recorded { Happened: StockReserved })
            {
                var made = await Send(order, order.Name, new RedeemReward(order.Reward, order.Quantity, order.Id), fromStock: true);
                await Driver.Settle(LedgerHost.Community, order.Reward, order.Id, made.Transaction);
            }
        }
        finally
        {
            var made = await Recorded(order.Name);
            if (order.Made is null && made?.Events is [.., RewardRedeemed redeemed])
            {
                (order.Made, order.Status) = (redeemed, redeemed.Price.Cash is null ? RedemptionStatus.Placed : RedemptionStatus.AwaitsPayment);
                order.Until = made.EffectiveAt + Duration.FromMinutes(HoldMinutes);
            }
        }
    }

    private async Task Cancel()
    {
        if (AnyOrder() is not { Made: { } made } order)
        {
            return;
        }

        var name = Name();
        try
        {
            await Driver.Recall(LedgerHost.Community, made);
            await Send(order, name, new CancelRedemption(order.Id, Party.Resident));
            await Driver.Settle(LedgerHost.Community, made);
        }
        finally
        {
            if ((await Recorded(name))?.Events is [.., RedemptionCancelled cancelled])
            {
                order.KeepsStock = order.Status == RedemptionStatus.Ready;
                Assert.Equal(order.KeepsStock, cancelled.KeepsStock);
                order.Status = RedemptionStatus.Cancelled;
            }
        }
    }

    private async Task Pay()
    {
        if (_orders.LastOrDefault(order => order.Status == RedemptionStatus.AwaitsPayment) is { Made: { } made } order)
        {
            await Tell(order, RedemptionStep.Pay);
            await Driver.Settle(LedgerHost.Community, made);
        }
    }

    private Task Move() => AnyOrder() is { Made: not null } order
        ? Tell(order, order.Status == RedemptionStatus.Placed && order.Reward == Tea ? RedemptionStep.Ready : RedemptionStep.Deliver)
        : Task.CompletedTask;

    private async Task Tell(Order order, RedemptionStep step)
    {
        var name = Name();
        try
        {
            await Send(order, name, new FulfilRedemption(order.Id, step));
        }
        finally
        {
            order.Status = (await Recorded(name))?.Events is [.., RedemptionMoved moved] ? moved.To : order.Status;
        }
    }

    private async Task<CommandResult.Recorded> Send(Order order, string name, WalletCommand command, bool fromStock = false) =>
        Assert.IsType<CommandResult.Recorded>(await Host.Wallet(order.Resident).Send(Envelope(order.Resident, name, command) with { FromStock = fromStock }));

    private async Task<Transaction?> Recorded(string name) => (await Host.Journal.Find(LedgerHost.Community, Key(name)))?.ToTransaction();

    /// <summary>Everybody comes by who ever looks, and whoever was to pay has not.</summary>
    private async Task Settle()
    {
        for (var hours = 0; hours < 8; hours++)
        {
            await Advance(60);
            await Sweep();
            await Sweep();
        }
    }

    private async Task Holds(string when, Func<long, long, bool> offers)
    {
        foreach (var (reward, put) in _put)
        {
            var level = (await Patiently(() => Host.Grains.GetStock(LedgerHost.Community, reward).Read())).Level;
            var free = put - _orders.Where(order => order.Reward == reward && order.HasStock(Now)).Sum(order => order.Quantity);
            Assert.True(level.All == put && level is { Left: >= 0, Reserved: >= 0, Sold: >= 0 } && offers(level.Left, free), $"{when}: {level} of {reward}, {put} were put in, {free} are free");
        }
    }

    private async Task PointsAgree()
    {
        foreach (var resident in Residents)
        {
            var spent = _orders.Where(order => order.Resident == resident && order.IsPaid).Sum(order => order.Quantity * Price);
            Assert.Equal(Earned - spent, (await Patiently(() => Host.Wallet(resident).Read())).State.Available.Value);
        }
    }

    private Order New()
    {
        var order = new Order(Residents[_chance.Next(Residents.Length)], Name(), AnyReward(), _chance.Next(1, 4));
        _orders.Add(order);
        return order;
    }

    private Order? AnyOrder() => _orders.Count == 0 ? null : _orders[_chance.Next(_orders.Count)];

    private RewardId AnyReward() => _chance.Next(3) == 0 ? Visit : Tea;

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"n{_names++}");

    private Task Advance(int minutes)
    {
        Host.Clock.AdvanceMinutes(minutes);
        return Task.CompletedTask;
    }

    private sealed class Order(string resident, string name, RewardId reward, int quantity)
    {
        public string Resident => resident;

        public string Name => name;

        public RewardId Reward => reward;

        public int Quantity => quantity;

        public RedemptionId Id { get; } = RedemptionId.Of(Key(name).HashIn(LedgerHost.Community));

        /// <summary>Null where nothing was redeemed.</summary>
        public RewardRedeemed? Made { get; set; }

        public RedemptionStatus Status { get; set; }

        public Instant Until { get; set; }

        public bool KeepsStock { get; set; }

        /// <summary>Were points taken for good?</summary>
        public bool IsPaid => Made is not null && Status is not (RedemptionStatus.AwaitsPayment or RedemptionStatus.Cancelled);

        public bool HasStock(Instant now) => IsPaid || KeepsStock || (Made is not null && Status == RedemptionStatus.AwaitsPayment && now < Until);
    }
}

public sealed class StockModelOnSqlite() : StockModelTests(null);

public sealed class StockModelOnPostgres(SharedPostgres shared) : StockModelTests(shared);
