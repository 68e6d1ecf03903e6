using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Paycodes;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Rules;
using Ledger.Tests.Rewards;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.Wallets;

/// <summary>A wallet in Shanghai, told step by step. Commands are known by short names; times are local.</summary>
internal sealed class Story
{
    public static readonly ActivityType Service = ActivityType.Parse("service");
    public static readonly ActivityType Class = ActivityType.Parse("class");
    public static readonly ActivityType Huge = ActivityType.Parse("huge");
    public static readonly MerchantId TeaHouse = MerchantId.Parse("tea-house");

    private readonly RecordedWallet _wallet;

    /// <param name="programme">In force from 1 January 2020; <see cref="Plain"/> when not said.</param>
    public Story(Programme? programme = null)
        : this(new PublishedProgrammes([new(1, Local("2020-01-01 00:00"), programme ?? Plain)]))
    {
    }

    public Story(PublishedProgrammes programmes)
    {
        _wallet = new(programmes);
        On("2024-01-10 12:00");
    }

    /// <summary>
    /// service: a point per minute, no cap. class: 7 points, at most 10 a day and 20 a month. huge: two points for one.
    /// Points last one month; debts are owed; refunds to expired lots expire.
    /// </summary>
    public static Programme Plain { get; } = new()
    {
        Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"],
        Expiry = new ExpiryPolicy.Rolling(1, RoundUp.None),
        Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty
            .Add(Service, Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)))
            .Add(Huge, Rule(new AwardFormula.PerUnit(new(2), 1, Rounding.Down)))
            .Add(Class, Rule(
                new AwardFormula.Fixed(new(7)),
                new(CapPeriod.LocalDay, 10, CapReversal.Keep),
                new(CapPeriod.Month, 20, CapReversal.Restore))),
    };

    /// <summary>The same with gifts: 100 points at once, 200 a day, 300 a month; ten minutes to take one back. And with a fund.</summary>
    public static Programme Generous { get; } = Plain with
    {
        Gifts = new(new(100), new(200), new(300), Duration.FromMinutes(10), 0),
        Funds = ImmutableDictionary<FundId, ImmutableDictionary<string, string>>.Empty.Add(new("charity"), ImmutableDictionary<string, string>.Empty),
    };

    /// <summary>The tea house as the register has it when nothing is said about it.</summary>
    public static Merchant Registered { get; } = new()
    {
        Id = TeaHouse,
        NameZh = "湖畔茶馆",
        NameEn = "Lakeside tea house",
        Category = "shops",
        Status = MerchantStatus.Active,
    };

    public Instant Now { get; private set; }

    public WalletState State => _wallet.State;

    public long Available => State.Available.Value;

    public long Debt => State.Debt.Value;

    public IReadOnlyList<Transaction> Journal => _wallet.Journal;

    public PublishedProgrammes Programmes
    {
        get => _wallet.Programmes;
        set => _wallet.Programmes = value;
    }

    public static ActivityRule Rule(AwardFormula formula, params ImmutableArray<Cap> caps) =>
        new([EarnRule.Plain(formula)], caps, null, ImmutableDictionary<string, string>.Empty);

    /// <summary>A time in Shanghai, for example <c>2024-01-31 23:59</c>, or to the second.</summary>
    public static Instant Local(string text)
    {
        var pattern = LocalDateTimePattern.CreateWithInvariantCulture(text.Length > 16 ? "uuuu-MM-dd HH:mm:ss" : "uuuu-MM-dd HH:mm");
        return pattern.Parse(text).Value.InZoneStrictly(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).ToInstant();
    }

    public static CommandKey Key(string name) => CommandKey.Event("/app", name);

    public Story On(string local)
    {
        Now = Local(local);
        return this;
    }

    public Story Later(Duration duration)
    {
        Now += duration;
        return this;
    }

    public Decision Earn(string name, long quantity, ActivityType? activity = null, string? occurred = null) =>
        Do(name, new EarnPoints(activity ?? Service, quantity, occurred is null ? Now : Local(occurred)));

    public Decision Spend(string name, long points) => Do(name, new SpendPoints(TeaHouse, new(points)));

    public Decision Refund(string name, string of, long? points = null) =>
        Do(name, new RefundSpend(Key(of), points is { } some ? new Points(some) : null));

    public Decision Reverse(string name, string of, long? points = null) =>
        Do(name, new ReverseEarning(Key(of), points is { } some ? new Points(some) : null));

    /// <summary>Holds points under a sale of the same name.</summary>
    public Decision Hold(string name, long points, int minutes = 5) => Do(name, new HoldPoints(Sale(name), new(points), minutes));

    /// <summary>Holds points under a sale of the same name with a paycode, which is known by a number and was issued at some time.</summary>
    public Decision HoldBy(int code, string name, long points, string issued) =>
        Do(Envelope(name, new HoldPoints(Sale(name), new(points), 5, Paycode: Code(code))) with { PaycodeUntil = Local(issued) + Duration.FromMinutes(1) });

    public static PaycodeDigest Code(int number) => new($"{number:x32}");

    public Decision Capture(string name, string sale, long? points = null, bool final = true) =>
        Do(name, new CaptureHold(Sale(sale), points is { } some ? new Points(some) : null, final));

    public Decision Release(string name, string sale) => Do(name, new ReleaseHold(Sale(sale)));

    public Decision Void(string name, string sale) => Do(name, new VoidHold(Sale(sale)));

    /// <summary>Redeems a reward of <see cref="TestMall"/>; the redemption has the name of the command.</summary>
    public Decision Redeem(string name, RewardId reward, int quantity = 1) => Do(name, new RedeemReward(reward, quantity, Redemption(name)));

    public Decision Fulfil(string name, string of, RedemptionStep step, Instant? slot = null, string? code = null, Party? by = null) =>
        Do(name, new FulfilRedemption(Redemption(of), step, slot, code, by));

    public Decision Cancel(string name, string of, Party by = Party.Resident) => Do(name, new CancelRedemption(Redemption(of), by));
    /// <summary>Gives points to a neighbour.</summary>
    public Decision Give(string name, long points) => Do(name, new GivePoints(ResidentId.Parse("neighbour"), new(points)));

    /// <summary>Ends the gift of a transaction.</summary>
    public Decision EndGift(string name, long gift, GiftEnd how) => Do(name, new EndGift(gift, how));

    /// <summary>A gift of a neighbour arrives.</summary>
    public Decision Receive(string name, params ImmutableArray<LotSlice> lots) => Do(name, new ReceiveGift(ResidentId.Parse("neighbour"), 7, lots));

    public Decision Adjust(string name, long points) => Do(name, new AdjustPoints(new(points)));

    /// <summary>Approves what a command recorded, as somebody.</summary>
    public Decision Approve(string name, string of, string by = "checker") =>
        Do(Envelope(name, new ApproveEntry(Key(of))) with { Client = by });

    /// <summary>Rejects what a command recorded, as somebody.</summary>
    public Decision Reject(string name, string of, string by = "checker") =>
        Do(Envelope(name, new RejectEntry(Key(of))) with { Client = by });

    public Decision ApplyDue(string name = "sweep") => Do(name, new ApplyDue());

    public Decision Do(string name, WalletCommand command, bool historic = false) =>
        _wallet.Send(_wallet.Envelope(command, Now, Key(name), historic));

    public Decision Do(CommandEnvelope envelope) => _wallet.Send(envelope);

    public CommandEnvelope Envelope(string name, WalletCommand command, bool historic = false) =>
        _wallet.Envelope(command, Now, Key(name), historic);

    public static MerchantReference Sale(string name) => new(TeaHouse, name);

    public static RedemptionId Redemption(string name) => RedemptionId.Of(Key(name).HashIn(RecordedWallet.Community));

    public void IsVoided(string redemption) => _wallet.Voided[Redemption(redemption)] = new(null, Now);

    /// <summary>What whoever enters the next activity has entered within the last hour, for whomever.</summary>
    public long EnteredBefore
    {
        get => _wallet.EnteredBefore;
        set => _wallet.EnteredBefore = value;
    }

    public RewardBook Rewards
    {
        get => _wallet.Rewards;
        set => _wallet.Rewards = value;
    }

    public void IsTakenElsewhere(string sale, Thawed.Taken by) => _wallet.TakenElsewhere[Sale(sale)] = by;

    public void Registers(Merchant merchant) => _wallet.Merchants = new([merchant]);

    public void IsOfSomebodyElse(string name) => _wallet.Elsewhere.Add(Key(name));

    /// <summary>The one event of a kind in the last transaction.</summary>
    public T Last<T>()
        where T : WalletEvent => Journal[^1].Events.OfType<T>().Single();

    public static Refusal Refused(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal;

    public static void Accepted(Decision decision) => Assert.IsType<Decision.Accepted>(decision);
}
