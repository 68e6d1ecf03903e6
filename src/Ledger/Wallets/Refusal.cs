using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>A business "no": final for its command, with the numbers behind it. A closed set.</summary>
/// <remarks>
/// Ranked: where several apply, the first in this file is the answer. The order goes from what the command is not even looked at for (its own
/// time, how the wallet stands) over what no state can cure (times, programme) and what is referred to, to what depends on the balance, so that
/// an answer is as stable as it can be.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "code")]
[JsonDerivedType(typeof(TimeRunsBackwards), "time_runs_backwards")]
[JsonDerivedType(typeof(Erased), "resident_erased")]
[JsonDerivedType(typeof(Closed), "wallet_closed")]
[JsonDerivedType(typeof(Frozen), "wallet_frozen")]
[JsonDerivedType(typeof(OccurredInFuture), "occurred_in_future")]
[JsonDerivedType(typeof(OccurredTooLongAgo), "occurred_too_long_ago")]
[JsonDerivedType(typeof(NoProgramme), "no_programme")]
[JsonDerivedType(typeof(UnknownActivity), "unknown_activity")]
[JsonDerivedType(typeof(UnknownFund), "unknown_fund")]
[JsonDerivedType(typeof(GiftsNotOffered), "gifts_not_offered")]
[JsonDerivedType(typeof(GiftToSelf), "gift_to_self")]
[JsonDerivedType(typeof(ReceiverUnknown), "receiver_unknown")]
[JsonDerivedType(typeof(GiftOutsideHousehold), "gift_outside_household")]
[JsonDerivedType(typeof(NotInHousehold), "not_in_household")]
[JsonDerivedType(typeof(InOtherHousehold), "in_other_household")]
[JsonDerivedType(typeof(UnknownTransaction), "unknown_transaction")]
[JsonDerivedType(typeof(NotAnEarning), "not_an_earning")]
[JsonDerivedType(typeof(NotASpend), "not_a_spend")]
[JsonDerivedType(typeof(ShareOfPool), "share_of_pool")]
[JsonDerivedType(typeof(NotAwaitingApproval), "not_awaiting_approval")]
[JsonDerivedType(typeof(ApprovalAlreadyDecided), "approval_already_decided")]
[JsonDerivedType(typeof(ApprovalOwnEntry), "approval_own_entry")]
[JsonDerivedType(typeof(ApproverShareExceeded), "approver_share_exceeded")]
[JsonDerivedType(typeof(HoldNotFound), "hold_not_found")]
[JsonDerivedType(typeof(ReferenceVoided), "reference_voided")]
[JsonDerivedType(typeof(ReferenceReused), "reference_reused")]
[JsonDerivedType(typeof(RedemptionVoided), "redemption_voided")]
[JsonDerivedType(typeof(RewardNotOffered), "reward_not_offered")]
[JsonDerivedType(typeof(UnknownRedemption), "unknown_redemption")]
[JsonDerivedType(typeof(RedemptionStepNotAllowed), "redemption_step_not_allowed")]
[JsonDerivedType(typeof(CancellationNotAllowed), "cancellation_not_allowed")]
[JsonDerivedType(typeof(PickupCodeLocked), "pickup_code_locked")]
[JsonDerivedType(typeof(WrongPickupCode), "wrong_pickup_code")]
[JsonDerivedType(typeof(MerchantSuspended), "merchant_suspended")]
[JsonDerivedType(typeof(UnknownTerminal), "unknown_terminal")]
[JsonDerivedType(typeof(PaycodeExpired), "paycode_expired")]
[JsonDerivedType(typeof(PaycodeUsed), "paycode_used")]
[JsonDerivedType(typeof(NothingToReverse), "nothing_to_reverse")]
[JsonDerivedType(typeof(RefundExceedsSpend), "refund_exceeds_spend")]
[JsonDerivedType(typeof(SettledUseRefund), "settled_use_refund")]
[JsonDerivedType(typeof(HoldEnded), "hold_ended")]
[JsonDerivedType(typeof(CaptureExceedsHold), "capture_exceeds_hold")]
[JsonDerivedType(typeof(NotSettled), "wallet_not_settled")]
[JsonDerivedType(typeof(TooManyWaiting), "too_many_waiting")]
[JsonDerivedType(typeof(TooManyHolds), "too_many_holds")]
[JsonDerivedType(typeof(TooManyRedemptions), "too_many_redemptions")]
[JsonDerivedType(typeof(TooManyErrands), "too_many_errands")]
[JsonDerivedType(typeof(GiftExpired), "gift_expired")]
[JsonDerivedType(typeof(GiftLimitExceeded), "gift_limit_exceeded")]
[JsonDerivedType(typeof(PoolLimitExceeded), "pool_limit_exceeded")]
[JsonDerivedType(typeof(AwardTooLarge), "award_too_large")]
[JsonDerivedType(typeof(CapExceeded), "cap_exceeded")]
[JsonDerivedType(typeof(TooManyUndecided), "too_many_undecided")]
[JsonDerivedType(typeof(RewardTierRequired), "reward_tier_required")]
[JsonDerivedType(typeof(RewardLimitReached), "reward_limit_reached")]
[JsonDerivedType(typeof(InsufficientPoints), "insufficient_points")]
[JsonDerivedType(typeof(BalanceLimit), "balance_limit")]
[JsonDerivedType(typeof(DebtLimit), "debt_limit")]
[JsonDerivedType(typeof(LifetimeLimit), "lifetime_limit")]
public abstract record Refusal
{
    private protected Refusal()
    {
    }

    /// <summary>The stable code that clients switch on.</summary>
    [JsonIgnore]
    public string Code => Codes[GetType()];

    /// <summary>Every code by its case: one list for storage and for callers.</summary>
    public static IReadOnlyDictionary<Type, string> Codes { get; } = JsonCases.Of<Refusal>();

    /// <summary>An imported row lies before what the wallet has already seen.</summary>
    /// <param name="At">Its time.</param>
    /// <param name="LastAt">The wallet's last time.</param>
    public sealed record TimeRunsBackwards(Instant At, Instant LastAt) : Refusal;

    /// <summary>The resident was erased; the id is never used again.</summary>
    /// <param name="Since">Since when.</param>
    public sealed record Erased(Instant Since) : Refusal;

    /// <summary>The wallet was closed for good.</summary>
    /// <param name="Since">Since when.</param>
    public sealed record Closed(Instant Since) : Refusal;

    /// <summary>An operator froze the wallet: nothing leaves it by an act of the resident.</summary>
    /// <param name="Since">Since when.</param>
    public sealed record Frozen(Instant Since) : Refusal;

    /// <summary>The activity lies too far in the future.</summary>
    /// <param name="OccurredAt">When it is said to have occurred.</param>
    /// <param name="At">When it was recorded.</param>
    /// <param name="MinutesAheadMax">How far ahead is accepted.</param>
    public sealed record OccurredInFuture(Instant OccurredAt, Instant At, int MinutesAheadMax) : Refusal;

    /// <summary>The activity lies too far in the past.</summary>
    /// <param name="OccurredAt">When it is said to have occurred.</param>
    /// <param name="At">When it was recorded.</param>
    /// <param name="DaysMax">How late is accepted from this source.</param>
    public sealed record OccurredTooLongAgo(Instant OccurredAt, Instant At, int DaysMax) : Refusal;

    /// <summary>No programme was in force then.</summary>
    /// <param name="At">The time that was asked for.</param>
    public sealed record NoProgramme(Instant At) : Refusal;

    /// <summary>The programme has no rule for this type of activity.</summary>
    /// <param name="Activity">The type.</param>
    /// <param name="ProgrammeVersion">The version that was asked.</param>
    public sealed record UnknownActivity(ActivityType Activity, int ProgrammeVersion) : Refusal;

    /// <summary>The programme names no such fund.</summary>
    /// <param name="Fund">The fund.</param>
    /// <param name="ProgrammeVersion">The version that was asked.</param>
    public sealed record UnknownFund(FundId Fund, int ProgrammeVersion) : Refusal;

    /// <summary>The programme lets nobody give points.</summary>
    /// <param name="ProgrammeVersion">The version that was asked.</param>
    public sealed record GiftsNotOffered(int ProgrammeVersion) : Refusal;

    /// <summary>A gift to the giver.</summary>
    /// <param name="To">Who was to get it.</param>
    public sealed record GiftToSelf(ResidentId To) : Refusal;

    /// <summary>A gift to a resident who has no wallet yet: more likely mistyped than new.</summary>
    /// <param name="To">Who was to get it.</param>
    public sealed record ReceiverUnknown(ResidentId To) : Refusal;

    /// <summary>The programme lets residents give within a household only, and the receiver is in no common one.</summary>
    /// <param name="To">Who was to get it.</param>
    /// <param name="Household">The giver's household; null for none.</param>
    public sealed record GiftOutsideHousehold(ResidentId To, HouseholdId? Household) : Refusal;

    /// <summary>The resident does not belong to this household, or to none.</summary>
    /// <param name="Household">Which; null for any.</param>
    public sealed record NotInHousehold(HouseholdId? Household) : Refusal;

    /// <summary>The resident belongs to another household; each belongs to one.</summary>
    /// <param name="Household">Which.</param>
    /// <param name="Since">Since when.</param>
    public sealed record InOtherHousehold(HouseholdId Household, Instant Since) : Refusal;

    /// <summary>This wallet has no transaction of that command.</summary>
    /// <param name="Of">The command that was named.</param>
    public sealed record UnknownTransaction(CommandKey Of) : Refusal;

    /// <summary>Only an earning can be reversed; the named command did something else or was itself refused.</summary>
    /// <param name="Of">The command that was named.</param>
    public sealed record NotAnEarning(CommandKey Of) : Refusal;

    /// <summary>Only a spend can be refunded; the named command did something else or was itself refused.</summary>
    /// <param name="Of">The command that was named.</param>
    public sealed record NotASpend(CommandKey Of) : Refusal;

    /// <summary>It is a member's share of a pooled spend, which is refunded as a whole.</summary>
    /// <param name="Household">The household.</param>
    /// <param name="Spend">The spend, a transaction of the household.</param>
    public sealed record ShareOfPool(HouseholdId Household, long Spend) : Refusal;

    /// <summary>The named command asked for nobody's decision: it counted at once, or was itself refused.</summary>
    /// <param name="Of">The command that was named.</param>
    public sealed record NotAwaitingApproval(CommandKey Of) : Refusal;

    /// <summary>It was decided before, by somebody or by time.</summary>
    /// <param name="Of">The command that was named.</param>
    /// <param name="Outcome">How.</param>
    public sealed record ApprovalAlreadyDecided(CommandKey Of, ApprovalOutcome Outcome) : Refusal;

    /// <summary>Who entered it, organised it or gets the points cannot approve it.</summary>
    /// <param name="Of">The command that was named.</param>
    /// <param name="By">Who wanted to approve it.</param>
    public sealed record ApprovalOwnEntry(CommandKey Of, string By) : Refusal;

    /// <summary>One person would have approved nearly all of the resident's last awards: somebody else is to decide.</summary>
    /// <param name="Of">The command that was named.</param>
    /// <param name="By">Who wanted to approve it.</param>
    /// <param name="Approved">Approvals of that person, this one included.</param>
    /// <param name="Last">Of so many of the resident's, this one included.</param>
    /// <param name="BasisPointsMax">The largest share of one person, in ten-thousandths.</param>
    public sealed record ApproverShareExceeded(CommandKey Of, string By, int Approved, int Last, int BasisPointsMax) : Refusal;

    /// <summary>This wallet has no hold of that reference.</summary>
    /// <param name="Reference">The reference that was named.</param>
    public sealed record HoldNotFound(MerchantReference Reference) : Refusal;

    /// <summary>The reference was voided before any hold came with it.</summary>
    /// <param name="Reference">The reference.</param>
    /// <param name="At">When it was voided.</param>
    public sealed record ReferenceVoided(MerchantReference Reference, Instant At) : Refusal;

    /// <summary>The reference stands for another hold.</summary>
    /// <param name="Reference">The reference.</param>
    /// <param name="Points">Points that the other hold asked for.</param>
    /// <param name="At">When it did.</param>
    public sealed record ReferenceReused(MerchantReference Reference, Points Points, Instant At) : Refusal;

    /// <summary>The redemption was voided before the command that was to make it arrived.</summary>
    /// <param name="Redemption">The redemption.</param>
    /// <param name="At">When it was voided.</param>
    public sealed record RedemptionVoided(RedemptionId Redemption, Instant At) : Refusal;

    /// <summary>The mall does not offer this reward now.</summary>
    /// <param name="Reward">The reward.</param>
    /// <param name="At">When it was asked for.</param>
    /// <param name="From">The first instant at which it is offered; null where it always was, or where there is no such reward.</param>
    /// <param name="Until">The first instant at which it is no longer offered; null for never, or where there is no such reward.</param>
    public sealed record RewardNotOffered(RewardId Reward, Instant At, Instant? From, Instant? Until) : Refusal;

    /// <summary>The resident has no such redemption.</summary>
    /// <param name="Redemption">The redemption that was named.</param>
    public sealed record UnknownRedemption(RedemptionId Redemption) : Refusal;

    /// <summary>Where the redemption stands, this cannot be done with it.</summary>
    /// <param name="Redemption">The redemption.</param>
    /// <param name="Step">What was wanted.</param>
    /// <param name="Standing">Where it stands.</param>
    /// <param name="Since">Since when.</param>
    /// <param name="Handover">How the reward comes to the resident.</param>
    /// <param name="Slot">The appointment that stands in the way: one that is not ahead cannot be booked, one that is ahead cannot be missed. Null for none.</param>
    public sealed record RedemptionStepNotAllowed(
        RedemptionId Redemption, RedemptionStep Step, RedemptionStatus Standing, Instant Since, Handover Handover, Instant? Slot = null) : Refusal;

    /// <summary>The reward's rules do not let this party cancel, or not any more; then it does not move the appointment either.</summary>
    /// <param name="Redemption">The redemption.</param>
    /// <param name="Standing">Where it stands.</param>
    /// <param name="By">Who wanted to.</param>
    /// <param name="Until">Until when it was allowed; null where it never was.</param>
    public sealed record CancellationNotAllowed(RedemptionId Redemption, RedemptionStatus Standing, Party By, Instant? Until) : Refusal;

    /// <summary>Too many wrong codes were shown for the redemption.</summary>
    /// <param name="Redemption">The redemption.</param>
    /// <param name="WrongCodesMax">How many are allowed.</param>
    public sealed record PickupCodeLocked(RedemptionId Redemption, int WrongCodesMax) : Refusal;

    /// <summary>The code that was shown is not the redemption's.</summary>
    /// <param name="Redemption">The redemption.</param>
    /// <param name="AttemptsLeft">How often another one may be tried.</param>
    public sealed record WrongPickupCode(RedemptionId Redemption, int AttemptsLeft) : Refusal;
    /// <summary>The merchant may not sell now.</summary>
    /// <param name="Merchant">The merchant.</param>
    public sealed record MerchantSuspended(MerchantId Merchant) : Refusal;

    /// <summary>The merchant has no such till, or has it no longer.</summary>
    /// <param name="Merchant">The merchant.</param>
    /// <param name="Terminal">The till that was named.</param>
    public sealed record UnknownTerminal(MerchantId Merchant, string Terminal) : Refusal;

    /// <summary>The paycode was too old when it came.</summary>
    /// <param name="ExpiredAt">When it ended; null where that is so long ago that nobody knows any more.</param>
    public sealed record PaycodeExpired(Instant? ExpiredAt) : Refusal;

    /// <summary>The paycode made another hold before.</summary>
    /// <param name="At">When it did.</param>
    public sealed record PaycodeUsed(Instant At) : Refusal;

    /// <summary>All of the earning has been taken back or has expired.</summary>
    /// <param name="Of">The earning's command.</param>
    /// <param name="Credited">Points it gave.</param>
    /// <param name="AlreadyClaimed">Points already taken back, written off or turned into debt.</param>
    /// <param name="AlreadyExpired">Points of its lot that expired.</param>
    public sealed record NothingToReverse(CommandKey Of, Points Credited, Points AlreadyClaimed, Points AlreadyExpired) : Refusal;

    /// <summary>More would come back than was spent.</summary>
    /// <param name="Of">The spend's command.</param>
    /// <param name="Spent">Points it took.</param>
    /// <param name="AlreadyRefunded">Points that came back before.</param>
    /// <param name="Requested">Points asked for now; zero when all that is left was asked for and nothing is.</param>
    public sealed record RefundExceedsSpend(CommandKey Of, Points Spent, Points AlreadyRefunded, Points Requested) : Refusal;

    /// <summary>The settlement day of what was captured is over, so it cannot be voided.</summary>
    /// <param name="Reference">The sale.</param>
    /// <param name="SettledAt">The cut-off that has passed.</param>
    /// <param name="Captured">Points that were captured.</param>
    /// <param name="Refunded">Points of them that came back.</param>
    public sealed record SettledUseRefund(MerchantReference Reference, Instant SettledAt, Points Captured, Points Refunded) : Refusal;

    /// <summary>The hold has ended.</summary>
    /// <param name="Reference">Its reference.</param>
    /// <param name="How">How it ended.</param>
    /// <param name="At">When.</param>
    /// <param name="Held">Points that it set aside.</param>
    /// <param name="Captured">Points of them that were taken.</param>
    public sealed record HoldEnded(MerchantReference Reference, HoldEnd How, Instant At, Points Held, Points Captured) : Refusal;

    /// <summary>More would be taken than is held.</summary>
    /// <param name="Reference">The hold's reference.</param>
    /// <param name="Held">Points that are still held.</param>
    /// <param name="Requested">Points asked for.</param>
    public sealed record CaptureExceedsHold(MerchantReference Reference, Points Held, Points Requested) : Refusal;

    /// <summary>A wallet cannot be closed while anything in it is under way.</summary>
    /// <param name="Holds">Holds that have not ended.</param>
    /// <param name="Held">Points in them.</param>
    /// <param name="Undecided">Awards and proposed adjustments that wait for a decision.</param>
    /// <param name="Debt">Points owed; zero where they were to be forgiven.</param>
    /// <param name="Errands">What still has to be done in other streams, such as gifts under way.</param>
    /// <param name="Redemptions">Rewards that were redeemed and not handed over yet.</param>
    public sealed record NotSettled(
        int Holds,
        Points Held,
        int Undecided,
        Points Debt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Errands = 0,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Redemptions = 0) : Refusal;

    /// <summary>Too many reversals wait for activities that never came.</summary>
    /// <param name="WaitingMax">How many a wallet may have.</param>
    public sealed record TooManyWaiting(int WaitingMax) : Refusal;

    /// <summary>Too many holds wait to be captured or released.</summary>
    /// <param name="HoldsMax">How many a wallet may have at once.</param>
    public sealed record TooManyHolds(int HoldsMax) : Refusal;

    /// <summary>Too many redemptions are open.</summary>
    /// <param name="OpenMax">How many a wallet may have at once.</param>
    public sealed record TooManyRedemptions(int OpenMax) : Refusal;

    /// <summary>Too much still has to be done in other streams.</summary>
    /// <param name="ErrandsMax">How much a wallet may have open at once.</param>
    public sealed record TooManyErrands(int ErrandsMax) : Refusal;

    /// <summary>Points of a gift expired on the way.</summary>
    /// <param name="Expired">How many.</param>
    /// <param name="Points">Of so many.</param>
    public sealed record GiftExpired(Points Expired, Points Points) : Refusal;

    /// <summary>More would be given than the programme allows.</summary>
    /// <param name="Per">What the limit counts.</param>
    /// <param name="Limit">The most.</param>
    /// <param name="Used">What was counted before.</param>
    /// <param name="Requested">Points that would be given.</param>
    public sealed record GiftLimitExceeded(GiftSpan Per, Points Limit, Points Used, Points Requested) : Refusal;

    /// <summary>Other members of the household would spend more than the resident consented to.</summary>
    /// <param name="Per">What the limit counts.</param>
    /// <param name="Limit">The most.</param>
    /// <param name="Used">What was counted before.</param>
    /// <param name="Requested">Points that would be spent.</param>
    public sealed record PoolLimitExceeded(PoolSpan Per, Points Limit, Points Used, Points Requested) : Refusal;

    /// <summary>One activity would earn more than a number may be.</summary>
    /// <param name="Activity">The type.</param>
    /// <param name="Quantity">The quantity it came with.</param>
    /// <param name="PointsMax">The most that one award may be.</param>
    public sealed record AwardTooLarge(ActivityType Activity, long Quantity, Points PointsMax) : Refusal;

    /// <summary>A cap that refuses rather than clips has no room for the award.</summary>
    /// <param name="Activity">The type.</param>
    /// <param name="Per">The cap's period.</param>
    /// <param name="Start">The period's first local date.</param>
    /// <param name="Unit">What the cap counts.</param>
    /// <param name="Limit">The most in the period.</param>
    /// <param name="Used">What was counted in it before.</param>
    /// <param name="Requested">Points that the activity would earn.</param>
    /// <param name="Scope">The cap, where several types of activity share it.</param>
    public sealed record CapExceeded(
        ActivityType Activity, CapPeriod Per, LocalDate Start, CapUnit Unit, long Limit, long Used, Points Requested, string? Scope) : Refusal;

    /// <summary>Too many awards and proposals of the resident wait for a decision.</summary>
    /// <param name="UndecidedMax">How many a wallet may have.</param>
    public sealed record TooManyUndecided(int UndecidedMax) : Refusal;

    /// <summary>The reward is for holders of other tiers.</summary>
    /// <param name="Reward">The reward.</param>
    /// <param name="Tier">The resident's tier; null for none.</param>
    /// <param name="Tiers">The tiers that may redeem it.</param>
    public sealed record RewardTierRequired(RewardId Reward, string? Tier, ImmutableArray<string> Tiers) : Refusal
    {
        /// <summary>By what is in the list, as refusals are compared.</summary>
        public bool Equals(RewardTierRequired? other) =>
            other is not null && (Reward, Tier) == (other.Reward, other.Tier) && Tiers.AsSpan().SequenceEqual(other.Tiers.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Reward, Tier);
    }

    /// <summary>The resident has redeemed as many as a period allows.</summary>
    /// <param name="Reward">The reward.</param>
    /// <param name="Per">The kind of period.</param>
    /// <param name="Start">The period's first local date.</param>
    /// <param name="Limit">The most in the period.</param>
    /// <param name="Used">How many were redeemed in it before.</param>
    /// <param name="Requested">How many were asked for.</param>
    /// <param name="ResetsAt">When the next period begins; null for a lifetime.</param>
    public sealed record RewardLimitReached(
        RewardId Reward, CapPeriod Per, LocalDate Start, long Limit, long Used, int Requested, Instant? ResetsAt) : Refusal;

    /// <summary>The wallet holds fewer points than asked for.</summary>
    /// <param name="Available">Points that can be spent.</param>
    /// <param name="Requested">Points asked for.</param>
    public sealed record InsufficientPoints(Points Available, Points Requested) : Refusal
    {
        /// <summary>Points that are missing.</summary>
        [JsonIgnore]
        public Points Missing => Requested - Available;
    }

    /// <summary>The wallet would hold more than a number may be.</summary>
    /// <param name="Available">Points that it holds now.</param>
    /// <param name="Credited">Points that would be added.</param>
    /// <param name="PointsMax">The most that a wallet may hold.</param>
    public sealed record BalanceLimit(Points Available, Points Credited, Points PointsMax) : Refusal;

    /// <summary>The resident would owe more than a number may be.</summary>
    /// <param name="Debt">Points that are owed now.</param>
    /// <param name="Added">Points that would be owed on top.</param>
    /// <param name="PointsMax">The most that a resident may owe.</param>
    public sealed record DebtLimit(Points Debt, Points Added, Points PointsMax) : Refusal;

    /// <summary>A sum over the wallet's life would become larger than is counted: only wrong quantities lead there.</summary>
    /// <param name="Sum">Which sum.</param>
    /// <param name="Left">Points that may still be added to it; fewer than requested.</param>
    /// <param name="Requested">Points that would be added to it now.</param>
    public sealed record LifetimeLimit(LifetimeSum Sum, Points Left, Points Requested) : Refusal;
}
