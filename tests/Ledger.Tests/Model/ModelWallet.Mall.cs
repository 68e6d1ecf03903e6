using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Tests.Rewards;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>The mall as one would keep it on paper: every order for ever, and every limit counted anew from all of them.</summary>
internal sealed partial class ModelWallet
{
    // What may follow what, where a reward comes by which way.
    private static readonly HashSet<(RedemptionStep Step, RedemptionStatus From, Handover By)> Allowed =
    [
        (RedemptionStep.Ready, RedemptionStatus.Placed, Handover.PickUp), (RedemptionStep.Ready, RedemptionStatus.Placed, Handover.Delivery),
        (RedemptionStep.PickUp, RedemptionStatus.Placed, Handover.PickUp), (RedemptionStep.PickUp, RedemptionStatus.Ready, Handover.PickUp),
        (RedemptionStep.Deliver, RedemptionStatus.Placed, Handover.Delivery), (RedemptionStep.Deliver, RedemptionStatus.Ready, Handover.Delivery),
        (RedemptionStep.Deliver, RedemptionStatus.Placed, Handover.Appointment), (RedemptionStep.Deliver, RedemptionStatus.Booked, Handover.Appointment),
        (RedemptionStep.Book, RedemptionStatus.Placed, Handover.Appointment), (RedemptionStep.Book, RedemptionStatus.Booked, Handover.Appointment),
        (RedemptionStep.NoShow, RedemptionStatus.Booked, Handover.Appointment),
        (RedemptionStep.Pay, RedemptionStatus.AwaitsPayment, Handover.Appointment),
    ];

    private readonly RewardBook _rewards = TestMall.Of(worth);

    public IEnumerable<(RedemptionId Id, RedemptionStatus Status, Instant Since, Instant? Slot, int WrongCodes)> OpenRedemptions =>
        Open.Select(order => (order.Id, order.Status, order.Since, order.Slot, order.WrongCodes));

    public IEnumerable<(string Reward, CapPeriod Per, LocalDate Start, long Count)> RedeemedCounts => CountedRedeemed()
        .GroupBy(counted => (counted.Reward, counted.Per, counted.Start), counted => counted.Quantity)
        .Select(counted => (counted.Key.Reward.Value, counted.Key.Per, counted.Key.Start, (long)counted.Sum()));

    /// <summary>What was taken of stocks, and has not come back.</summary>
    public IEnumerable<(RewardId Reward, int Quantity)> Taken =>
        from order in Orders
        where order.FromStock && order.Status != RedemptionStatus.TimedOut && (order.Status != RedemptionStatus.Cancelled || order.Spoilt)
        select (order.Reward.Id, order.Quantity);

    private IEnumerable<Order> Orders => _deeds.Values.OrderBy(deed => deed.Sequence).Select(deed => deed.Order).OfType<Order>();

    private IEnumerable<Order> Open => Orders.Where(order =>
        order.Status is RedemptionStatus.AwaitsPayment or RedemptionStatus.Placed or RedemptionStatus.Ready or RedemptionStatus.Booked);

    private Refusal? Redeem(CommandEnvelope envelope, RedeemReward command, Deed deed, Thawed.Taken? taken)
    {
        if (VersionAt(envelope.At) is not { } version)
        {
            return new Refusal.NoProgramme(envelope.At);
        }

        if (taken is not null)
        {
            return new Refusal.RedemptionVoided(command.Redemption, taken.At);
        }

        if (_rewards.Find(command.Reward) is not { } reward || envelope.At >= (reward.Until ?? Instant.MaxValue))
        {
            var known = _rewards.Find(command.Reward);
            return new Refusal.RewardNotOffered(command.Reward, envelope.At, known?.From, known?.Until);
        }

        if (merchants?.Find(reward.Merchant)?.Status == MerchantStatus.Suspended)
        {
            return new Refusal.MerchantSuspended(reward.Merchant);
        }

        var tier = Tiers.HeldAt(envelope.At).Select(span => span.Tier).FirstOrDefault();
        var price = (reward.TierPrices.FirstOrDefault(named => named.Key == tier).Value ?? reward.Price).Points.Value * command.Quantity;
        if (reward.Price.Cash is not null && Live.Count() >= 100)
        {
            return new Refusal.TooManyHolds(100);
        }

        if (Open.Count() >= 100)
        {
            return new Refusal.TooManyRedemptions(100);
        }

        if (!reward.Tiers.IsEmpty && !reward.Tiers.Any(admitted => admitted == tier))
        {
            return new Refusal.RewardTierRequired(reward.Id, tier, reward.Tiers);
        }

        var counts = reward.Limits.Select(limit => PeriodOf(limit.Per, version.Programme, envelope.At)).ToList();
        foreach (var (limit, (per, start, end)) in reward.Limits.Zip(counts))
        {
            var used = CountedRedeemed(envelope.At).Where(counted => counted.Reward == reward.Id && counted.Per == per && counted.Start == start).Sum(counted => counted.Quantity);
            if (used + command.Quantity > limit.Max)
            {
                return new Refusal.RewardLimitReached(reward.Id, per, start, limit.Max, used, command.Quantity, end);
            }
        }

        if (price > (System.Numerics.BigInteger)Table.Count * worth)
        {
            return new Refusal.InsufficientPoints(Worth(Table.Count), new(price));
        }

        if (TooMuchForALife(LifetimeSum.Spent, Spent + Kept, price) is { } limitOfLife)
        {
            return limitOfLife;
        }

        Act(ResidentAct.Spent, envelope.At);
        Take(envelope, deed, reward, command, price / worth);
        deed.RefundPolicy = version.Programme;
        deed.Order = new(command.Redemption, reward, price / worth, command.Quantity, counts, envelope.At, envelope.FromStock);
        return null;
    }

    private void Take(CommandEnvelope envelope, Deed deed, Reward reward, RedeemReward command, long coins)
    {
        deed.Merchant = reward.Merchant;
        var taken = TakeNext(coins);
        if (reward.Price.Cash is null)
        {
            (deed.Paid, deed.PaidInAll) = (taken, taken.Count);
            Spent += taken.Count;
            return;
        }

        (deed.Paid, deed.Kept) = ([], taken);
        deed.Until = envelope.At.Plus(Duration.FromMinutes(reward.HoldMinutes));
        deed.Sale = new(new(reward.Merchant, command.Redemption.Value), Worth(coins), reward.HoldMinutes);
    }

    private Refusal? Fulfil(CommandEnvelope envelope, FulfilRedemption command)
    {
        if (_deeds.Values.SingleOrDefault(deed => deed.Order?.Id == command.Redemption) is not { Order: { } order } deed)
        {
            return new Refusal.UnknownRedemption(command.Redemption);
        }

        if (!Allowed.Contains((command.Step, order.Status, order.Reward.Handover)))
        {
            return new Refusal.RedemptionStepNotAllowed(order.Id, command.Step, order.Status, order.Since, order.Reward.Handover);
        }

        if ((command.Step == RedemptionStep.Book && command.Slot <= envelope.At) || (command.Step == RedemptionStep.NoShow && order.Slot > envelope.At))
        {
            return new Refusal.RedemptionStepNotAllowed(
                order.Id, command.Step, order.Status, order.Since, order.Reward.Handover, command.Slot ?? order.Slot);
        }

        if (command is { Step: RedemptionStep.Book, By: Party.Resident } && order.Status == RedemptionStatus.Booked
            && Rule(order, Party.Resident) is (not null, { } end) && end <= envelope.At)
        {
            return new Refusal.CancellationNotAllowed(order.Id, order.Status, Party.Resident, end);
        }

        if (command is { Step: RedemptionStep.PickUp, Code: { } code })
        {
            if (order.WrongCodes == 5)
            {
                return new Refusal.PickupCodeLocked(order.Id, 5);
            }

            if (code != TestMall.Code)
            {
                order.WrongCodes++;
                return new Refusal.WrongPickupCode(order.Id, 5 - order.WrongCodes);
            }
        }

        if (command.Step == RedemptionStep.Pay)
        {
            deed.Paid!.AddRange(deed.Kept);
            deed.PaidInAll += deed.Kept.Count;
            Spent += deed.Kept.Count;
            deed.Kept = [];
        }

        order.Slot = command.Slot ?? order.Slot;
        order.Move(command.Step switch
        {
            RedemptionStep.Pay => RedemptionStatus.Placed,
            RedemptionStep.Ready => RedemptionStatus.Ready,
            RedemptionStep.Book => RedemptionStatus.Booked,
            RedemptionStep.PickUp => RedemptionStatus.PickedUp,
            RedemptionStep.Deliver => RedemptionStatus.Delivered,
            _ => RedemptionStatus.NoShow,
        }, envelope.At);
        return null;
    }

    private Refusal? CallOff(CommandEnvelope envelope, CancelRedemption command)
    {
        if (_deeds.Values.SingleOrDefault(deed => deed.Order?.Id == command.Redemption) is not { Order: { } order } deed)
        {
            return new Refusal.UnknownRedemption(command.Redemption);
        }

        if (!Open.Contains(order))
        {
            return new Refusal.RedemptionStepNotAllowed(order.Id, RedemptionStep.Cancel, order.Status, order.Since, order.Reward.Handover);
        }

        if (order.Status == RedemptionStatus.AwaitsPayment)
        {
            GiveUp(deed, HoldEnd.Released, envelope.At);
            order.Move(RedemptionStatus.Cancelled, envelope.At);
            return null;
        }

        var (rule, until) = Rule(order, command.By);
        if (rule is null || until <= envelope.At)
        {
            return new Refusal.CancellationNotAllowed(order.Id, order.Status, command.By, until);
        }

        var coins = Math.Max(0, (order.Coins * rule.BasisPoints / 10_000) - (deed.PaidInAll - deed.Paid!.Count));
        if (coins > 0 && GiveBack(envelope, deed, deed.Paid, coins) is { } full)
        {
            return full;
        }

        order.Spoilt = rule.KeepsStock;
        order.Move(RedemptionStatus.Cancelled, envelope.At);
        return null;
    }

    private static (CancellationRule? Rule, Instant? Until) Rule(Order order, Party by)
    {
        var rule = order.Reward.Cancellation.Where(rule => rule.Status == order.Status && rule.By.Any(party => party == by)).FirstOrDefault();
        return (rule, rule is null ? null
            : rule.WithinMinutes is { } within ? order.At.Plus(Duration.FromMinutes(within))
            : rule.BeforeSlotMinutes is { } before ? order.Slot!.Value.Minus(Duration.FromMinutes(before))
            : null);
    }

    // Zero coins of one kind are nothing: what was cancelled, or never paid, is not counted.
    private IEnumerable<(RewardId Reward, CapPeriod Per, LocalDate Start, int Quantity)> CountedRedeemed(Instant? at = null) =>
        from order in Orders
        where order.Status is not (RedemptionStatus.Cancelled or RedemptionStatus.TimedOut)
        from period in order.Counts
        where !(period.End <= (at ?? LastAt))
        select (order.Reward.Id, period.Per, period.Start, order.Quantity);

    private (CapPeriod Per, LocalDate Start, Instant? End) PeriodOf(CapPeriod per, Programme programme, Instant at)
    {
        var calendar = CalendarOf(programme);
        var today = calendar.DateAt(at);
        if (per == CapPeriod.Lifetime)
        {
            return (per, new(1, 1, 1), null);
        }

        // Back day by day to where the period begins, and on to where it ends.
        var (start, last) = (today, today);
        while (per == CapPeriod.IsoWeek ? start.DayOfWeek != IsoDayOfWeek.Monday : per == CapPeriod.Month && start.Day > 1)
        {
            start = start.PlusDays(-1);
        }

        while (per == CapPeriod.IsoWeek ? last.DayOfWeek != IsoDayOfWeek.Sunday : per == CapPeriod.Month && last.PlusDays(1).Day > 1)
        {
            last = last.PlusDays(1);
        }

        return (per, start, calendar.EndOf(last));
    }

    /// <summary>What was redeemed, on paper.</summary>
    private sealed class Order(
        RedemptionId id, Reward reward, long coins, int quantity, IReadOnlyList<(CapPeriod Per, LocalDate Start, Instant? End)> counts, Instant at, bool fromStock)
    {
        public RedemptionId Id { get; } = id;

        public Reward Reward { get; } = reward;

        public long Coins { get; } = coins;

        public int Quantity { get; } = quantity;

        public IReadOnlyList<(CapPeriod Per, LocalDate Start, Instant? End)> Counts { get; } = counts;

        public Instant At { get; } = at;

        public bool FromStock { get; } = fromStock;

        public RedemptionStatus Status { get; private set; } = reward.Price.Cash is null ? RedemptionStatus.Placed : RedemptionStatus.AwaitsPayment;

        public Instant Since { get; private set; } = at;

        public Instant? Slot { get; set; }

        public int WrongCodes { get; set; }

        /// <summary>Was it cancelled, and what it took of a stock is gone?</summary>
        public bool Spoilt { get; set; }

        public void Move(RedemptionStatus status, Instant at) => (Status, Since) = (status, at);
    }
}
