using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Households;
using Ledger.Merchants;
using Ledger.Paycodes;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Rules;
using Ledger.Settlements;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Json;

/// <summary>One of everything that is stored: with all that it can hold, and where members may be absent, without them.</summary>
internal static class Samples
{
    private static readonly Instant Morning = Instant.FromUtc(2024, 2, 29, 1, 30);
    private static readonly Instant Precise = Morning + Duration.FromNanoseconds(123_456_789);
    private static readonly Instant End = Instant.FromUtc(2024, 3, 29, 16, 0);
    private static readonly ActivityType Service = ActivityType.Parse("charity-service");
    private static readonly MerchantId TeaHouse = MerchantId.Parse("tea-house");
    private static readonly RewardId Tea = new("tea-box");
    private static readonly RedemptionId Redemption = new("0123456789abcdef0123456789abcdef");
    private static readonly ResidentId Neighbour = ResidentId.Parse("r-1030");
    private static readonly HouseholdId Home = new("lake-7-402");
    private static readonly MerchantReference Sale = new(TeaHouse, "sale-17");
    private static readonly PaycodeDigest Digest = Paycode.Of("12345678901234567")!.Value.DigestIn(CommunityId.Parse("garden"));
    private static readonly CommandKey Of = CommandKey.Event("/apps/volunteers", "ev-17 \"五\"");
    private static readonly ActivityDetails? Details = ActivityDetails.Of(
        [new("venue", AttributeValue.Of("hall-1")), new("amount", AttributeValue.Of(3000)), new("below", AttributeValue.Of(-1))], ["volunteer", "senior"]);

    private static readonly MoneyRate Rate = new(1, new(3), "CNY", Rounding.HalfUp);

    private static readonly LocalDate Day = new(2024, 2, 29);

    private static readonly LotSlice Slice = new(new(3), new(40), Precise, End);
    private static readonly LotSlice Endless = new(new(4, 1), new(2), Morning, null);

    private static readonly ImmutableArray<IntegritySignal> Signals =
    [
        new IntegritySignal.Overlap(2, Morning, Precise, 30) { Holds = true },
        new IntegritySignal.HoursPerDay(new(2024, 2, 29), 660, 600),
        new IntegritySignal.EntryRate(21, 20),
        new IntegritySignal.OrganiserIsBeneficiary("r-1029"),
    ];

    public static ReadOnlyMemory<byte> Salt { get; } = new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255 };

    public static ImmutableArray<CommandKey> Keys { get; } =
    [
        Of, CommandKey.Client("till-7", "00000000-0000-0000-0000-000000000001"), CommandKey.Import("17"), CommandKey.Event("a", "bc"),
        CommandKey.Event("ab", "c"), new(CommandKey.SweepSource, "🌱"),
    ];

    public static CommandEnvelope Envelope { get; } = new()
    {
        Community = CommunityId.Parse("garden"),
        Resident = ResidentId.Parse("r-1029"),
        Key = Of,
        Command = new SpendPoints(TeaHouse, new(40)),
        At = Precise,
        Historic = true,
        Note = new("为邻居修灯", Salt),
    };

    private static readonly Dictionary<string, WalletEvent> Events = new()
    {
        ["event.points_earned.v1"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(42), new(2), Slice,
            [
                new(CapPeriod.LocalDay, new(2024, 2, 29), 100, 58, CapReversal.Keep, new(2024, 4, 1)),
                new(CapPeriod.Month, new(2024, 2, 1), 300, 0, CapReversal.Restore, new(2024, 4, 1)),
            ]),
        ["event.points_earned.v1.rules"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(42), new(0), Slice,
            [
                new(CapPeriod.Event, new(2024, 2, 29), 100, 0, CapReversal.Keep, new(2024, 4, 1), OnExcess: CapExcess.Refuse),
                new(CapPeriod.IsoWeek, new(2024, 2, 26), 3, 2, CapReversal.Restore, new(2024, 4, 1), CapUnit.Times, Scope: "cap/weekly"),
                new(CapPeriod.Lifetime, new(1, 1, 1), null, 8, CapReversal.Keep, new(9900, 12, 31), CapUnit.Activities),
                new(CapPeriod.Campaign, new(1, 1, 1), 20, 15, CapReversal.Keep, new(9901, 2, 1), Scope: "campaign/leap", Points: new(5)),
            ],
            new([new("rule/base", new(37)), new("campaign/leap", new(10))], Details, ["streak/charity-service/week"])),
        ["event.points_earned.v1.maker"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(47), new(0), new(new(3), new(47), Precise, End), [],
            Entry: new("coordinator-4", null), Signals: [new IntegritySignal.MakerRate("coordinator-4", 31, 30)], Maker: "coordinator-4"),
        ["event.points_earned.v1.tier"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(40), new(0), Slice,
            [new(CapPeriod.Month, new(2024, 2, 1), null, 58, CapReversal.Restore, new(2025, 3, 3), Scope: "tiers/points")],
            new([new("rule/base", new(40)), new("tier/gold", new(7))], null, Tier: "gold")),
        ["event.tier_changed.v1"] = new TierChanged(Precise, "silver", [new("gold", End), new("silver", null)], 2),
        ["event.tier_changed.v1.none"] = new TierChanged(End, "gold", [], 2),
        ["event.tier_changed.v1.first"] = new TierChanged(Precise, null, [new("silver", End)], 2),
        ["event.points_earned.v1.details"] = new PointsEarned(
            Service, 1, Morning, 1, new(0), new(0), new(0), null, [], new(null, ActivityDetails.Of([], ["volunteer"]))),
        ["event.points_earned.v1.nothing"] = new PointsEarned(Service, 1, Morning, 1, new(0), new(0), new(0), null, []),
        ["event.points_spent.v1"] = new PointsSpent(TeaHouse, new(42), [Slice, Endless], 2),
        ["event.points_spent.v1.settlement"] = new PointsSpent(
            TeaHouse, new(40), [Slice], 2, new(new(2024, 2, 29), End, Terminal: "t-1", Cashier: "c-9")),
        ["event.spend_refunded.v1.settlement"] = new SpendRefunded(
            7, TeaHouse, new(40), new(0), [Slice], [], new(new(2024, 3, 1), End, Rate, 13, "sale-17", "t-2", CashBack: 250)),
        ["event.spend_refunded.v1"] = new SpendRefunded(7, TeaHouse, new(50), new(3), [Slice, Endless], [new(new(1), new(5))]),
        ["event.spend_refunded.v1.plain"] = new SpendRefunded(7, TeaHouse, new(40), new(0), [Slice], []),
        ["event.earning_reversed.v1"] = new EarningReversed(
            3, Service, new(60), new(47), [new(new(3), new(40))], new(4), new(3), [new(CapPeriod.Month, new(2024, 2, 1), new(47))]),
        ["event.earning_reversed.v1.caps"] = new EarningReversed(
            3, Service, null, new(47), [new(new(3), new(47))], new(0), new(0),
            [
                new(CapPeriod.IsoWeek, new(2024, 2, 26), new(0), 1, "cap/weekly"),
                new(CapPeriod.LocalDay, new(2024, 2, 29), new(47), Scope: "cap/weekly"),
            ]),
        ["event.earning_reversed.v1.whole"] = new EarningReversed(3, Service, null, new(40), [new(new(3), new(40))], new(0), new(0), []),
        ["event.reversal_waiting.v1"] = new ReversalWaiting(Of, new(5)),
        ["event.reversal_waiting.v1.whole"] = new ReversalWaiting(Of, null),
        ["event.points_earned.v1.pending"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(40), new(0), Slice, [], ActiveAt: Instant.FromUtc(2024, 3, 14, 16, 0)),
        ["event.points_earned.v1.budgets"] = new PointsEarned(
            Service, 95, Precise, 2, new(77), new(60), new(0), Slice, [], new([new("rule/base", new(37)), new("campaign/leap", new(40))], null),
            Budgets: [new("campaign/leap", new(23), Offered: new(40), AtHand: new(25)), new("campaign/spring", new(5))]),
        ["event.points_activated.v1"] = new PointsActivated(Instant.FromUtc(2024, 3, 14, 16, 0), [Slice], [new(new(3), new(2))]),
        ["event.earning_reversed.v1.pending"] = new EarningReversed(
            3, Service, new(60), new(47), [], new(0), new(0), [], FromPending: new(new(3), new(47))),
        ["event.points_earned.v1.approval"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(40), new(0), Slice, [],
            Entry: new("coordinator-4", "r-1029"),
            Approval: new(End, SilenceApproves: true, ["volunteers-app", "coordinator-4", "r-1029"]),
            Served: new(new(2024, 2, 29), 95, new(2024, 4, 1)),
            Signals: Signals,
            Evidence: Envelope.Note!.Digest()),
        ["event.points_earned.v1.entry"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(40), new(0), Slice, [], Entry: new("coordinator-4", null), Approval: new(End, false, ["volunteers-app"]),
            Served: new(new(2024, 2, 29), 0, new(2024, 4, 1))),
        ["event.award_approved.v1"] = new AwardApproved(
            3, "operator-2", new(42), new(2), Slice, Signals: [new IntegritySignal.ApproverShare("operator-2", 4, 5, 7_500)], Reason: Envelope.Note!.Digest()),
        ["event.award_approved.v1.by-time"] = new AwardApproved(3, null, new(40), new(0), null, End),
        ["event.entry_rejected.v1"] = new EntryRejected(
            3, "operator-2", Service, new(new(3), new(40)), [new(CapPeriod.Month, new(2024, 2, 1), new(40))], Envelope.Note!.Digest()),
        ["event.entry_rejected.v1.proposal"] = new EntryRejected(3, null, null, null, []),
        ["event.adjustment_proposed.v1"] = new AdjustmentProposed(new(-2_000), new(End, false, ["operator-1"]), Envelope.Note!.Digest()),
        ["event.points_adjusted.v1.approved"] = new PointsAdjusted(new(-10), new(0), null, [new(new(3), new(10))], null, 7, "operator-2"),
        ["event.points_earned.v1.overflow"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(40), new(0), Slice, [], Overflow: new(new(7), new(90_000), new(89_960), new("charity"))),
        ["event.points_earned.v1.overflow-cut"] = new PointsEarned(
            Service, 95, Precise, 2, new(47), new(0), new(0), null, [], Overflow: new(new(47), new(90_000), new(90_000), null)),
        ["event.earning_reversed.v1.fund"] = new EarningReversed(
            3, Service, new(10), new(10), [new(new(3), new(3))], new(0), new(0), [], FromFund: new(new("charity"), new(7))),
        ["event.points_earned.v1.warnings"] = new PointsEarned(
            Service, 95, Precise, 2, new(40), new(40), new(0), Slice with { Warnings = new([30, 7], true) }, []),
        ["event.points_earned.v1.idle"] = new PointsEarned(
            Service, 95, Precise, 2, new(40), new(40), new(0), Slice with { Idle = new(12, [ResidentAct.Earned, ResidentAct.Spent]) }, []),
        ["event.expiry_extended.v1"] = new ExpiryExtended(new(12, [ResidentAct.Spent]), End),
        ["event.expiry_warned.v1"] = new ExpiryWarned(End, new(42), 30),
        ["event.expiry_warned.v1.late"] = new ExpiryWarned(End, new(42), 7, Morning),
        ["event.points_expired.v1"] = new PointsExpired(End, [new(new(3), new(40)), new(new(4, 1), new(2))]),
        ["event.points_adjusted.v1.added"] = new PointsAdjusted(new(10), new(3), new(new(9), new(7), Morning, null), [], Envelope.Note!.Digest()),
        ["event.points_adjusted.v1.removed"] = new PointsAdjusted(new(-10), new(0), null, [new(new(3), new(10))], null),
        ["event.points_corrected.v1.given"] = new PointsCorrected("q7", 3, 9, new(10), new(3), new(new(12), new(7), Morning, End), [], new(0), new(0)),
        ["event.points_corrected.v1.taken"] = new PointsCorrected("q7", 3, 9, new(-10), new(0), null, [new(new(3), new(6))], new(4), new(0)),
        ["event.points_corrected.v1.forgiven"] = new PointsCorrected("q7", 3, 9, new(-10), new(0), null, [], new(0), new(10)),
        ["event.reward_redeemed.v1"] = new RewardRedeemed(
            Redemption, Tea, 3, TeaHouse, 2, new(new(240), new(1980, "CNY")), Handover.PickUp,
            [
                new(RedemptionStatus.Placed, [Party.Resident, Party.Operator], 10_000, WithinMinutes: 60),
                new(RedemptionStatus.Booked, [Party.Merchant], 5_000, BeforeSlotMinutes: 90),
            ],
            [new(CapPeriod.Month, new(2024, 2, 1), End), new(CapPeriod.Lifetime, new(1, 1, 1), null)],
            "gold", "048213", new("r-7")),
        ["event.reward_redeemed.v1.plain"] = new RewardRedeemed(Redemption, Tea, 1, TeaHouse, 1, new(new(120)), Handover.Delivery, []),
        ["event.redemption_moved.v1"] = new RedemptionMoved(7, Redemption, RedemptionStatus.Booked, "clinic-desk", End),
        ["event.redemption_moved.v1.plain"] = new RedemptionMoved(7, Redemption, RedemptionStatus.PickedUp, "clinic-desk"),
        ["event.redemption_cancelled.v1"] = new RedemptionCancelled(7, Redemption, Party.Merchant, "clinic-desk", new(60)),
        ["event.reward_redeemed.v1.from_stock"] = new RewardRedeemed(
            Redemption, Tea, 1, TeaHouse, 1, new(new(120)), Handover.Delivery,
            [new(RedemptionStatus.Ready, [Party.Resident], 10_000, KeepsStock: true)], FromStock: true),
        ["event.redemption_cancelled.v1.keeps_stock"] = new RedemptionCancelled(7, Redemption, Party.Resident, "app", new(60), KeepsStock: true),
        ["event.redemption_cancelled.v1.nothing"] = new RedemptionCancelled(7, Redemption, Party.Resident, "app", new(0)),
        ["event.command_refused.v1.redemption"] = new CommandRefused(new Refusal.InsufficientPoints(new(1), new(2)), new(0), Redemption: Redemption),
        ["event.points_held.v1"] = new PointsHeld(Sale, new(42), [Slice, Endless], End, 2, "t-1", "c-9"),
        ["event.points_held.v1.plain"] = new PointsHeld(Sale, new(40), [Slice], End, 0),
        ["event.points_held.v1.paycode"] = new PointsHeld(Sale, new(40), [Slice], End, 2, Paycode: new(Digest, End)),
        ["event.hold_repeated.v1"] = new HoldRepeated(7, Sale, new(42), End),
        ["event.points_held.v1.cash"] = new PointsHeld(Sale, new(40), [Slice], End, 0, Cash: 1_250),
        ["event.hold_captured.v1.settlement"] = new HoldCaptured(
            7, TeaHouse, new(40), [Slice], new(new(2024, 2, 29), End, Rate, 0, "sale-17", "t-1", "c-9")),
        ["event.hold_captured.v1"] = new HoldCaptured(7, TeaHouse, new(42), [Slice, Endless]),
        ["event.hold_released.v1"] = new HoldReleased(
            7, HoldEnd.TimedOut, End, [new(new(9), new(1))], [Slice, Endless], [new(new(1), new(5))]),
        ["event.hold_released.v1.plain"] = new HoldReleased(7, HoldEnd.Captured, Precise, [], [Slice], []),
        ["event.points_held.v1.share"] = new PointsHeld(Sale, new(40), [Slice], End, 2, Share: new(Home, 12, Month: new(2024, 2, 1))),
        ["event.points_held.v1.own_share"] = new PointsHeld(Sale, new(40), [Slice], End, 2, Share: new(Home, 12, Own: true)),
        ["event.household_joined.v1"] = new HouseholdJoined(Home),
        ["event.household_left.v1"] = new HouseholdLeft(Home),
        ["event.pool_consent_given.v1"] = new PoolConsentGiven(new(new(50), new(200))),
        ["event.pool_consent_given.v1.none"] = new PoolConsentGiven(null),
        ["event.gift_sent.v1"] = new GiftSent(Neighbour, new(42), [Slice, Endless], Precise, new(2024, 2, 29), Envelope.Note!.Digest()),
        ["event.gift_sent.v1.plain"] = new GiftSent(Neighbour, new(40), [Slice], Morning, new(2024, 2, 29)),
        ["event.gift_sent.v1.household"] = new GiftSent(Neighbour, new(40), [Slice], Morning, new(2024, 2, 29), Household: Home),
        ["event.gift_received.v1"] = new GiftReceived(Neighbour, 7, new(45), [Slice, Endless], [Slice with { Points = new(3) }]),
        ["event.gift_received.v1.plain"] = new GiftReceived(Neighbour, 7, new(40), [Slice]),
        ["event.gift_delivered.v1"] = new GiftDelivered(7, Neighbour, new(42)),
        ["event.gift_returned.v1"] = new GiftReturned(7, Neighbour, GiftEnd.Refused, "gift_expired", new(1), [Endless], [new(new(3), new(40))]),
        ["event.gift_returned.v1.plain"] = new GiftReturned(7, Neighbour, GiftEnd.TakenBack, null, new(0), [Slice], []),
        ["event.points_donated.v1"] = new PointsDonated(new("charity"), new(42), [new(new(3), new(40)), new(new(4, 1), new(2))]),
        ["event.expiry_chosen.v1"] = new ExpiryChosen(new("charity")),
        ["event.expiry_chosen.v1.none"] = new ExpiryChosen(null),
        ["event.points_expired.v1.fund"] = new PointsExpired(End, [new(new(3), new(40))], new("charity")),
        ["event.expiry_warned.v1.fund"] = new ExpiryWarned(End, new(42), 7, Fund: new("charity")),
        ["event.errand_put_off.v1"] = new ErrandPutOff(7, End),
        ["event.wallet_frozen.v1"] = new WalletFrozen("operator-1", Envelope.Note!.Digest()),
        ["event.wallet_frozen.v1.plain"] = new WalletFrozen("operator-1"),
        ["event.wallet_unfrozen.v1"] = new WalletUnfrozen("operator-2", Envelope.Note!.Digest()),
        ["event.wallet_closed.v1"] = new WalletClosed("operator-1", new("charity"), [new(new(3), new(2))], new(5), Envelope.Note!.Digest()),
        ["event.wallet_closed.v1.plain"] = new WalletClosed("operator-1", null, [], new(0)),
        ["event.points_given_up.v1"] = new PointsGivenUp(new("charity"), [new(new(3), new(40)), new(new(4, 1), new(2))], [new(new(5), new(1))]),
        ["event.points_given_up.v1.expired"] = new PointsGivenUp(null, [new(new(3), new(40))], []),
        ["event.resident_erased.v1"] = new ResidentErased("operator-1"),
        ["event.command_refused.v1.hold"] = new CommandRefused(new Refusal.InsufficientPoints(new(1), new(2)), new(2), Sale),
        ["event.command_refused.v1"] = new CommandRefused(new Refusal.InsufficientPoints(new(1), new(2)), new(2)),
        ["event.command_refused.v1.no-points"] = new CommandRefused(new Refusal.UnknownTransaction(Of), new(0)),
    };

    private static readonly Dictionary<string, WalletCommand> Commands = new()
    {
        ["command.earn_points.v1"] = new EarnPoints(Service, 95, Precise),
        ["command.earn_points.v1.details"] = new EarnPoints(Service, 95, Precise, Details),
        ["command.spend_points.v1"] = new SpendPoints(TeaHouse, new(40)),
        ["command.spend_points.v1.till"] = new SpendPoints(TeaHouse, new(40), "t-1", "c-9"),
        ["command.refund_spend.v1.till"] = new RefundSpend(Of, new(5), "t-2", "c-9"),
        ["command.hold_points.v1.cash"] = new HoldPoints(Sale, new(40), 5, Cash: 1_250),
        ["command.capture_hold.v1.till"] = new CaptureHold(Sale, new(5), false, "t-2", "c-9"),
        ["command.refund_spend.v1"] = new RefundSpend(Of, new(5)),
        ["command.refund_spend.v1.whole"] = new RefundSpend(Of, null),
        ["command.reverse_earning.v1"] = new ReverseEarning(Of, new(5)),
        ["command.reverse_earning.v1.whole"] = new ReverseEarning(Of, null),
        ["command.adjust_points.v1"] = new AdjustPoints(new(-10)),
        ["command.earn_points.v1.entry"] = new EarnPoints(Service, 95, Precise, Details, new("coordinator-4", "r-1029")),
        ["command.approve_entry.v1"] = new ApproveEntry(Of),
        ["command.reject_entry.v1"] = new RejectEntry(Of),
        ["command.correct_points.v1"] = new CorrectPoints("q7", 3, 9, new(-10)),
        ["command.hold_points.v1"] = new HoldPoints(Sale, new(40), 5, "t-1", "c-9"),
        ["command.hold_points.v1.plain"] = new HoldPoints(Sale, new(40), 4320),
        ["command.hold_points.v1.paycode"] = new HoldPoints(Sale, new(40), 5, "t-1", "c-9", Paycode: Digest),
        ["command.hold_points.v1.share"] = new HoldPoints(Sale, new(40), 4320, Share: new(Home, 12)),
        ["command.join_household.v1"] = new JoinHousehold(Home),
        ["command.leave_household.v1"] = new LeaveHousehold(Home),
        ["command.consent_to_pool.v1"] = new ConsentToPool(new(null, new(200))),
        ["command.consent_to_pool.v1.none"] = new ConsentToPool(null),
        ["command.capture_hold.v1"] = new CaptureHold(Sale, new(5), false),
        ["command.capture_hold.v1.whole"] = new CaptureHold(Sale, null, true),
        ["command.release_hold.v1"] = new ReleaseHold(Sale),
        ["command.void_hold.v1"] = new VoidHold(Sale),
        ["command.redeem_reward.v1"] = new RedeemReward(Tea, 2, Redemption, new("r-7")),
        ["command.redeem_reward.v1.plain"] = new RedeemReward(Tea, 1, Redemption),
        ["command.fulfil_redemption.v1"] = new FulfilRedemption(Redemption, RedemptionStep.Book, End),
        ["command.fulfil_redemption.v1.by"] = new FulfilRedemption(Redemption, RedemptionStep.Book, End, By: Party.Resident),
        ["command.fulfil_redemption.v1.code"] = new FulfilRedemption(Redemption, RedemptionStep.PickUp, Code: "048213"),
        ["command.cancel_redemption.v1"] = new CancelRedemption(Redemption, Party.Resident),
        ["command.give_points.v1"] = new GivePoints(Neighbour, new(40)),
        ["command.receive_gift.v1"] = new ReceiveGift(Neighbour, 7, [Slice, Endless]),
        ["command.receive_gift.v1.household"] = new ReceiveGift(Neighbour, 7, [Slice], Home),
        ["command.end_gift.v1"] = new EndGift(7, GiftEnd.Refused, "balance_limit"),
        ["command.end_gift.v1.plain"] = new EndGift(7, GiftEnd.TakenBack),
        ["command.donate_points.v1"] = new DonatePoints(new("charity"), new(40)),
        ["command.choose_expiry.v1"] = new ChooseExpiry(new("charity")),
        ["command.choose_expiry.v1.none"] = new ChooseExpiry(null),
        ["command.put_off_errand.v1"] = new PutOffErrand(7, 2),
        ["command.freeze_wallet.v1"] = new FreezeWallet(),
        ["command.unfreeze_wallet.v1"] = new UnfreezeWallet(),
        ["command.close_wallet.v1"] = new CloseWallet(new("charity"), true),
        ["command.close_wallet.v1.plain"] = new CloseWallet(null, false),
        ["command.erase_resident.v1"] = new EraseResident(new("charity"), true),
        ["command.erase_resident.v1.plain"] = new EraseResident(null, false),
        ["command.apply_due.v1"] = new ApplyDue(),
    };

    private static readonly Refusal[] Refusals =
    [
        new Refusal.TimeRunsBackwards(Morning, Precise),
        new Refusal.Erased(Morning),
        new Refusal.Closed(Morning),
        new Refusal.Frozen(Morning),
        new Refusal.OccurredInFuture(End, Morning, 5),
        new Refusal.OccurredTooLongAgo(Morning, End, 30),
        new Refusal.NoProgramme(Morning),
        new Refusal.UnknownActivity(Service, 2),
        new Refusal.UnknownFund(new("charity"), 2),
        new Refusal.GiftsNotOffered(2),
        new Refusal.GiftToSelf(Neighbour),
        new Refusal.ReceiverUnknown(Neighbour),
        new Refusal.GiftOutsideHousehold(Neighbour, Home),
        new Refusal.NotInHousehold(Home),
        new Refusal.InOtherHousehold(Home, Morning),
        new Refusal.UnknownTransaction(Of),
        new Refusal.NotAnEarning(Of),
        new Refusal.NotASpend(Of),
        new Refusal.ShareOfPool(Home, 12),
        new Refusal.NotAwaitingApproval(Of),
        new Refusal.ApprovalAlreadyDecided(Of, ApprovalOutcome.Lapsed),
        new Refusal.ApprovalOwnEntry(Of, "operator-2"),
        new Refusal.ApproverShareExceeded(Of, "operator-2", 4, 5, 7_500),
        new Refusal.HoldNotFound(Sale),
        new Refusal.ReferenceVoided(Sale, Morning),
        new Refusal.ReferenceReused(Sale, new(40), Morning),
        new Refusal.RedemptionVoided(Redemption, Morning),
        new Refusal.RewardNotOffered(Tea, Precise, Morning, End),
        new Refusal.UnknownRedemption(Redemption),
        new Refusal.RedemptionStepNotAllowed(Redemption, RedemptionStep.NoShow, RedemptionStatus.PickedUp, Morning, Handover.PickUp),
        new Refusal.CancellationNotAllowed(Redemption, RedemptionStatus.Booked, Party.Resident, End),
        new Refusal.PickupCodeLocked(Redemption, 5),
        new Refusal.WrongPickupCode(Redemption, 4),
        new Refusal.MerchantSuspended(TeaHouse),
        new Refusal.UnknownTerminal(TeaHouse, "t-9"),
        new Refusal.PaycodeExpired(Morning),
        new Refusal.PaycodeUsed(Morning),
        new Refusal.NothingToReverse(Of, new(40), new(30), new(10)),
        new Refusal.RefundExceedsSpend(Of, new(40), new(30), new(11)),
        new Refusal.SettledUseRefund(Sale, Morning, new(40), new(5)),
        new Refusal.HoldEnded(Sale, HoldEnd.TimedOut, Morning, new(40), new(5)),
        new Refusal.CaptureExceedsHold(Sale, new(40), new(41)),
        new Refusal.NotSettled(2, new(40), 1, new(5)),
        new Refusal.TooManyWaiting(100),
        new Refusal.TooManyUndecided(200),
        new Refusal.TooManyHolds(100),
        new Refusal.TooManyRedemptions(100),
        new Refusal.TooManyErrands(100),
        new Refusal.GiftExpired(new(5), new(42)),
        new Refusal.GiftLimitExceeded(GiftSpan.LocalDay, new(100), new(90), new(11)),
        new Refusal.PoolLimitExceeded(PoolSpan.Month, new(200), new(190), new(11)),
        new Refusal.AwardTooLarge(Service, 9_007_199_254_740_991, Points.Max),
        new Refusal.CapExceeded(Service, CapPeriod.IsoWeek, new(2024, 2, 26), CapUnit.Times, 3, 3, new(47), "cap/weekly"),
        new Refusal.RewardTierRequired(Tea, "silver", ["gold"]),
        new Refusal.RewardLimitReached(Tea, CapPeriod.Month, new(2024, 2, 1), 2, 1, 2, End),
        new Refusal.InsufficientPoints(new(1), new(2)),
        new Refusal.BalanceLimit(Points.Max, new(1), Points.Max),
        new Refusal.DebtLimit(Points.Max, new(1), Points.Max),
        new Refusal.LifetimeLimit(LifetimeSum.Earned, new(128), new(129)),
    ];

    private static readonly ImmutableArray<PoolPart> Shares = [new(Neighbour, new(30)), new(new("r-1031"), new(10))];

    private static readonly HouseholdStanding Standing = new(
        [new(Neighbour, Morning), new(new("r-1031"), Precise)],
        [
            new MemberMove(new("r-1031"), Joins: true) { Of = 7, Since = Morning, LookAt = End },
            new SpendUnderWay(SpendPhase.GivingBack, Neighbour, Sale, Shares, End, "t-1", "c-9") { Of = 12, Since = Morning, LookAt = End },
            new SpendUnderWay(SpendPhase.Holding, Neighbour, Sale, Shares, End) { Of = 13, Since = Morning, LookAt = End },
            new RefundUnderWay(11, Shares, "t-1", "c-9") { Of = 15, Since = Morning, LookAt = End },
        ]);

    private static readonly WalletState State = new()
    {
        Sequence = 12,
        LastAt = Precise,
        Lots = Lots.From([new(new(4, 1), Morning, null, new(2)), new(new(3), Precise, End, new(40))]),
        Debt = new(0),
        CapBuckets = CapBuckets.From(
            [
                new(new(Service.Value, CapPeriod.Month, new(2024, 2, 1)), new(new(42), new(2024, 4, 1))),
                new(new(Service.Value, CapPeriod.LocalDay, new(2024, 2, 29)), new(new(42), new(2024, 4, 1))),
                new(new("a", CapPeriod.Month, new(2024, 2, 1)), new(new(1), new(2024, 4, 1))),
            ],
            new(2023, 12, 31)),
        Waiting = [new(Of, new(5), 11), new(Of, null, 12)],
        Recent = RecentCommands.From([new(Of.HashIn(Envelope.Community), 11), new(CommandKey.Import("17").HashIn(Envelope.Community), 12)]),
        Lifetime = new()
        {
            Earned = new(1),
            Spent = new(2),
            Expired = new(3),
            Rejected = new(4),
            Capped = new(5),
            ClawedBack = new(6),
            Restored = new(7),
            Shortfall = new(8),
            Adjusted = new(-9),
        },
    };

    private static readonly Transaction Transaction = new()
    {
        Sequence = 12,
        Key = Of,
        KeyHash = Of.HashIn(Envelope.Community),
        Fingerprint = Envelope.Fingerprint(),
        RecordedAt = Precise,
        EffectiveAt = Morning,
        Outcome = Ledger.Transactions.Transaction.Accepted,
        Events = [Events["event.points_expired.v1"], Events["event.points_spent.v1"]],
        ProgrammeVersion = 2,
        RefersTo = 3,
        After = new(new(5), new(0), new(0), new(1)),
    };

    public static SortedDictionary<string, object> All { get; } = new(
        Events.Select(e => (e.Key, Value: (object)e.Value))
            .Concat(Commands.Select(c => (c.Key, Value: (object)c.Value)))
            .Concat(Refusals.Select(r => (Key: $"refusal.{r.Code}", Value: (object)r)))
            .Append(("events", ImmutableArray.Create(Events["event.points_expired.v1"], Events["event.command_refused.v1"])))
            .Append(("wallet-state", State))
            .Append(("wallet-state.empty", WalletState.Empty))
            .Append(("wallet-state.tiers", WalletState.Empty with
            {
                Tiers = new([new("gold", End), new("silver", null)], [new(null, Morning), new("silver", Precise)], 2, [new("gold", End)]),
            }))
            .Append(("wallet-state.undecided", WalletState.Empty with
            {
                UndecidedEntries =
                [
                    new(3, new(40), Morning, new(Precise, true, ["volunteers-app"]), new(
                        Service, Morning, End, Precise, [new(CapPeriod.Month, new(2024, 2, 1), 300, 0, CapReversal.Restore, new(2024, 4, 1))], Signals)),
                    new(4, new(-2_000), Morning, new(End, false, ["operator-1"]), null),
                ],
                ServedIntervals = [new(3, Morning, Precise, new(2024, 2, 29), End, new(2024, 4, 1), new(40))],
                Approvers = ["operator-2", "operator-1"],
            }))
            .Append(("wallet-state.warnings", WalletState.Empty with
            {
                Sequence = 3,
                Lots = Lots.From([new(new(3), Precise, End, new(40), new([30, 7]))]),
                PendingLots = [new(new(2), Morning, Precise, End, new(2), new([30, 7], true))],
                Warnings = new([new(End, 7, true), new(End, 30)], [new(Precise, 7)]),
            }))
            .Append(("wallet-state.holds", State with { LiveHolds = [new(Sale, 11, End, new(2), [Slice, Endless])] }))
            .Append(("wallet-state.household", WalletState.Empty with
            {
                Membership = new(Home, 5, Morning, new(new(50), new(200)), new(new(2024, 2, 1), new(42))),
                LiveHolds = [new(Sale, 11, End, new(0), [Slice], Share: new(Home, 12, Month: new(2024, 2, 1)))],
            }))
            .Append(("wallet-state.household.plain", WalletState.Empty with { Membership = new(Home, 5, Morning) }))
            .Append(("household.member_added.v1", new MemberAdded(Neighbour) { After = Standing }))
            .Append(("household.member_removed.v1", new MemberRemoved(Neighbour) { After = Standing }))
            .Append(("household.member_settled.v1", new MemberSettled(7, Neighbour, new Refusal.Closed(Morning)) { After = Standing }))
            .Append(("household.member_settled.v1.plain", new MemberSettled(7, Neighbour)))
            .Append(("household.pooled_spend_opened.v1", new PooledSpendOpened(Neighbour, Sale, new(40), Shares, End, "t-1", "c-9") { After = Standing }))
            .Append(("household.pooled_spend_opened.v1.plain", new PooledSpendOpened(Neighbour, Sale, new(40), Shares, End)))
            .Append(("household.pooled_spend_decided.v1", new PooledSpendDecided(12)))
            .Append(("household.pooled_spend_decided.v1.back", new PooledSpendDecided(12, new HouseholdRefusal.ShareRefused(Neighbour, new(10), new Refusal.Frozen(Morning)))))
            .Append(("household.pooled_spend_ended.v1", new PooledSpendEnded(12, Taken: true)))
            .Append(("household.pooled_refund_opened.v1", new PooledRefundOpened(12, new(20), Shares, "t-1", "c-9") { After = Standing }))
            .Append(("household.pooled_refund_opened.v1.plain", new PooledRefundOpened(12, new(20), Shares)))
            .Append(("household.pooled_refund_ended.v1", new PooledRefundEnded(12, 15)))
            .Append(("household.undertaking_put_off.v1", new UndertakingPutOff(12, End)))
            .Append(("household.household_refused.v1", new HouseholdRefused(new HouseholdRefusal.PoolTooSmall(new(90), Shares), Sale)))
            .Append(("household.household_refused.v1.plain", new HouseholdRefused(new HouseholdRefusal.Full(20))))
            .Append(("household.command.add_member.v1", new AddMember(Neighbour)))
            .Append(("household.command.remove_member.v1", new RemoveMember(Neighbour)))
            .Append(("household.command.spend_together.v1", new SpendTogether(Neighbour, Sale, new(40), "t-1", "c-9")))
            .Append(("household.command.spend_together.v1.plain", new SpendTogether(Neighbour, Sale, new(40))))
            .Append(("household.command.refund_together.v1", new RefundTogether(12, new(20), "t-1", "c-9")))
            .Append(("household.command.refund_together.v1.plain", new RefundTogether(12, null)))
            .Append(("household.command.tell_household.v1", new TellHousehold(12, SpendPhase.Holding, StepOutcome.Refused, Neighbour, new Refusal.Frozen(Morning))))
            .Append(("household.command.tell_household.v1.plain", new TellHousehold(12, null, StepOutcome.Done)))
            .Append(("household.refusal.reference_reused", new HouseholdRefusal.ReferenceTaken(Sale)))
            .Append(("household.refusal.not_a_member", new HouseholdRefusal.NotAMember(Neighbour)))
            .Append(("household.refusal.buyer_refused", new HouseholdRefusal.BuyerRefused(new Refusal.Frozen(Morning))))
            .Append(("household.refusal.household_full", new HouseholdRefusal.Full(20)))
            .Append(("household.refusal.household_busy", new HouseholdRefusal.Busy(20)))
            .Append(("household.refusal.pool_too_small", new HouseholdRefusal.PoolTooSmall(new(90), Shares)))
            .Append(("household.refusal.share_refused", new HouseholdRefusal.ShareRefused(Neighbour, new(10), new Refusal.InsufficientPoints(new(1), new(10)))))
            .Append(("household.refusal.pool_not_in_time", new HouseholdRefusal.NotInTime(End)))
            .Append(("household.refusal.till_refused", new HouseholdRefusal.TillRefused(new Refusal.UnknownTerminal(TeaHouse, "t-9"))))
            .Append(("household.refusal.pooled_spend_not_captured", new HouseholdRefusal.NotTaken(12)))
            .Append(("household.refusal.pooled_refund_exceeds", new HouseholdRefusal.RefundExceeds(12, new(40), new(30), new(11))))
            .Append(("stream.household", StreamId.OfHousehold(Envelope.Community, Home)))
            .Append(("wallet-state.expiry-fund", WalletState.Empty with { ExpiryFund = new("charity") }))
            .Append(("wallet-state.redemptions", State with
            {
                OpenRedemptions =
                [
                    new(11, Morning, (RewardRedeemed)Events["event.reward_redeemed.v1"], RedemptionStatus.Booked, Precise, "clinic-desk", End, 2),
                    new(12, Morning, (RewardRedeemed)Events["event.reward_redeemed.v1.plain"], RedemptionStatus.Placed, Morning),
                ],
                RedeemedCounts = [new(Tea, CapPeriod.Month, new(2024, 2, 1), 2, End), new(Tea, CapPeriod.Lifetime, new(1, 1, 1), 2, null)],
            }))
            .Append(("envelope.pickup", Envelope with { Note = null, Historic = false, Command = new ApplyDue(), PickupCode = "048213" }))
            .Append(("wallet-state.errands", WalletState.Empty with
            {
                OpenErrands =
                [
                    new GiftUnderWay(Neighbour, [Slice, Endless], Morning) { Of = 7, DueAt = Precise },
                    new GiftUnderWay(Neighbour, [Slice], Morning) { Of = 5, DueAt = End, Tries = 2 },
                ],
                SentLately = new(new(2024, 2, 29), new(42), new(82)),
                Lifetime = new() { Sent = new(82), Received = new(3) },
            }))
            .Append(("wallet-state.errands.household", WalletState.Empty with
            {
                OpenErrands = [new GiftUnderWay(Neighbour, [Slice], Morning, Home) { Of = 7, DueAt = Precise }],
            }))
            .Append(("wallet-state.holds.till", WalletState.Empty with
            {
                LiveHolds = [new(Sale, 11, End, new(2), [Slice], "t-1", "c-9", Rate, new(1))],
            }))
            .Append(("merchant", new Merchant
            {
                Id = TeaHouse,
                NameZh = "湖畔茶馆",
                NameEn = "Lakeside tea house",
                Category = "shops",
                Status = MerchantStatus.Suspended,
                Terminals = ["t-1", "t-2"],
                Cashiers = [new("c-9", ResidentId.Parse("r-1003")), new("c-10", null)],
                Terms = [new(Morning, LocalTime.Midnight, null), new(End, new(22, 0), Rate)],
            }))
            .Append(("merchant.plain", new Merchant
            {
                Id = TeaHouse,
                NameZh = "湖畔茶馆",
                NameEn = "Lakeside tea house",
                Category = "shops",
                Status = MerchantStatus.Active,
            }))
            .Append(("merchant.limits", new Merchant
            {
                Id = TeaHouse,
                NameZh = "湖畔茶馆",
                NameEn = "Lakeside tea house",
                Category = "shops",
                Status = MerchantStatus.Active,
                Limits = new(new(5, SignalAction.Flag), SignalAction.Hold, new(0, SignalAction.Hold)),
            }))
            .Append(("settlement.statement_closed.v1", new StatementClosed(
                Day,
                new(Day, new(new(47), [new("CNY", 1_250), new("USD", -3)])),
                new(new(5), [new("CNY", 1_000)]),
                2,
                new(new(50), [new("CNY", 300)]),
                1,
                new(new(8), [new("CNY", 50), new("USD", 3)]),
                new(
                    [new(Envelope.Resident, 6, new(60), 5, SignalAction.Flag)],
                    [new("c-9", Envelope.Resident, 1, new(10), SignalAction.Hold)],
                    [new("t-1", new(50), new(40), SignalAction.Flag)],
                    Hold: true))))
            .Append(("settlement.statement_closed.v1.plain", new StatementClosed(
                Day, new(Day, Owed.Nothing), Owed.Nothing, 0, Owed.Nothing, 0, Owed.Nothing)))
            .Append(("settlement.statement_disputed.v1", new StatementDisputed(Day, new(Day, Owed.Nothing), "00ff")))
            .Append(("settlement.statement_confirmed.v1", new StatementConfirmed(Day, new(Day, Owed.Nothing), "00ff")))
            .Append(("settlement.statement_cleared.v1", new StatementCleared(Day, new(Day, Owed.Nothing), "00ff")))
            .Append(("settlement.statement_paid.v1", new StatementPaid(
                Day, new(Day.PlusDays(1), new(new(-3), [])), new(new(42), [new("CNY", 250)]), "bank-17")))
            .Append(("settlement.statement_refused.v1", new StatementRefused(Day, new(Day, Owed.Nothing), StatementObjection.AlreadyPaid, Envelope.At)))
            .Append(("settlement.statement_refused.v1.first", new StatementRefused(Day, null, StatementObjection.NotDue, Envelope.At)))
            .Append(("settlement.command.close_statement.v1", new CloseStatement(Day)))
            .Append(("settlement.command.dispute_statement.v1", new DisputeStatement(Day)))
            .Append(("settlement.command.confirm_statement.v1", new ConfirmStatement(Day)))
            .Append(("settlement.command.clear_statement.v1", new ClearStatement(Day)))
            .Append(("settlement.command.pay_statement.v1", new PayStatement(Day, "bank-17")))
            .Append(("stock.stock_adjusted.v1", new StockAdjusted(-3) { After = new(97, 2, 1, 7) }))
            .Append(("stock.stock_reserved.v1", new StockReserved(Redemption, 2, End) { After = new(97, 2, 0, 7) }))
            .Append(("stock.stock_recalled.v1", new StockRecalled(Redemption, 2, End) { After = new(97, 2, 0, 7) }))
            .Append(("stock.stock_put_off.v1", new StockPutOff(Redemption, 2, Morning, End, Recalled: true) { After = new(97, 2, 0, 7) }))
            .Append(("stock.stock_put_off.v1.plain", new StockPutOff(Redemption, 2, Morning, End) { After = new(97, 2, 0, 7) }))
            .Append(("stock.stock_sold.v1", new StockSold(Redemption, 2) { After = new(97, 0, 2) }))
            .Append(("stock.stock_freed.v1", new StockFreed(Redemption, 2) { After = new(99, 0, 0) }))
            .Append(("stock.stock_freed.v1.voided", new StockFreed(Redemption, 2, Voided: true) { After = new(99, 0, 0) }))
            .Append(("stock.stock_refused.v1", new StockRefused(2, Redemption) { After = new(1, 0, 99) }))
            .Append(("stock.stock_refused.v1.by_hand", new StockRefused(2) { After = new(1, 0, 99) }))
            .Append(("stock.command.adjust_stock.v1", new AdjustStock(100)))
            .Append(("stock.command.reserve_stock.v1", new ReserveStock(Redemption, 2)))
            .Append(("stock.command.recall_stock.v1", new RecallStock(Redemption, 2)))
            .Append(("stock.command.settle_stock.v1", new SettleStock(Redemption, RedemptionFate.Unknown, End)))
            .Append(("stock.command.settle_stock.v1.never", new SettleStock(Redemption, RedemptionFate.Never)))
            .Append(("stream.stock", StreamId.OfStock(Envelope.Community, Tea)))
            .Append(("envelope.from_stock", Envelope with { Note = null, Historic = false, Command = new ApplyDue(), FromStock = true }))
            .Append(("stream.settlement", StreamId.OfSettlement(Envelope.Community, TeaHouse)))
            .Append(("wallet-state.paycodes", WalletState.Empty with { UsedPaycodes = [new(Digest, End, Precise)] }))
            .Append(("envelope.paycode", Envelope with { Note = null, Historic = false, PaycodeUntil = End, Command = Commands["command.hold_points.v1.paycode"] }))
            .Append(("stream.reference", StreamId.OfReference(Envelope.Community, Sale)))
            .Append(("wallet-state.frozen", WalletState.Empty with { Frozen = new(Morning, "operator-1") }))
            .Append(("wallet-state.closed", WalletState.Empty with { Closed = new(Morning, "operator-1", new("charity")), Lifetime = new() { Given = new(40) } }))
            .Append(("wallet-state.erased", WalletState.Empty with { Closed = new(Morning, "operator-1", null), Erased = new(Precise, "operator-2") }))
            .Append(("wallet-state.idle", WalletState.Empty with
            {
                Sequence = 3,
                Lots = Lots.From([new(new(3), Precise, End, new(40), Idle: new(12, [ResidentAct.Earned, ResidentAct.Spent]))]),
                PendingLots = [new(new(2), Morning, Precise, End, new(2), Idle: new(1, [ResidentAct.Spent]))],
                UndecidedEntries = [new(1, new(40), Morning, new(Precise, true, []), new(Service, Morning, End, null, [], null, Idle: new(1, [ResidentAct.Earned])))],
                Acts = new(Precise, Morning),
            }))
            .Append(("transaction", Transaction))
            .Append(("transaction.bare", Transaction with { RefersTo = null, Events = [], Outcome = "waiting" }))
            .Append(("envelope", Envelope))
            .Append(("envelope.client", Envelope with { Note = null, Historic = false, Client = "volunteers-app", Command = new ApplyDue() }))
            .Append(("envelope.bare", Envelope with { Note = null, Historic = false, Command = new ApplyDue() }))
            .Append(("posting", new Posting(Account.Merchant(TeaHouse), Account.Available, new(5), new LotId(3))))
            .Append(("posting.no-lot", new Posting(Account.Debt, Account.Issuance(Service), new(5), null)))
            .Append(("stream", StreamId.Of(Envelope.Community, Envelope.Resident)))
            .ToDictionary(sample => sample.Key, sample => sample.Value, StringComparer.Ordinal),
        StringComparer.Ordinal);
}
