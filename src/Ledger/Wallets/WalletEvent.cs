using System.Text.Json.Serialization;

namespace Ledger.Wallets;

/// <summary>What happened to a wallet. A closed set: each case lies in the file of its slice.</summary>
/// <remarks>
/// The JSON is stored for ever and hashed: a name with its version never changes its meaning; golden files guard it.
/// No free text and nothing personal.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PointsEarned), "points_earned.v1")]
[JsonDerivedType(typeof(PointsSpent), "points_spent.v1")]
[JsonDerivedType(typeof(SpendRefunded), "spend_refunded.v1")]
[JsonDerivedType(typeof(EarningReversed), "earning_reversed.v1")]
[JsonDerivedType(typeof(ReversalWaiting), "reversal_waiting.v1")]
[JsonDerivedType(typeof(PointsExpired), "points_expired.v1")]
[JsonDerivedType(typeof(PointsActivated), "points_activated.v1")]
[JsonDerivedType(typeof(ExpiryWarned), "expiry_warned.v1")]
[JsonDerivedType(typeof(ExpiryExtended), "expiry_extended.v1")]
[JsonDerivedType(typeof(PointsAdjusted), "points_adjusted.v1")]
[JsonDerivedType(typeof(TierChanged), "tier_changed.v1")]
[JsonDerivedType(typeof(AdjustmentProposed), "adjustment_proposed.v1")]
[JsonDerivedType(typeof(AwardApproved), "award_approved.v1")]
[JsonDerivedType(typeof(EntryRejected), "entry_rejected.v1")]
[JsonDerivedType(typeof(PointsCorrected), "points_corrected.v1")]
[JsonDerivedType(typeof(PointsHeld), "points_held.v1")]
[JsonDerivedType(typeof(HoldRepeated), "hold_repeated.v1")]
[JsonDerivedType(typeof(HoldCaptured), "hold_captured.v1")]
[JsonDerivedType(typeof(HoldReleased), "hold_released.v1")]
[JsonDerivedType(typeof(RewardRedeemed), "reward_redeemed.v1")]
[JsonDerivedType(typeof(RedemptionMoved), "redemption_moved.v1")]
[JsonDerivedType(typeof(RedemptionCancelled), "redemption_cancelled.v1")]
[JsonDerivedType(typeof(GiftSent), "gift_sent.v1")]
[JsonDerivedType(typeof(GiftReceived), "gift_received.v1")]
[JsonDerivedType(typeof(GiftDelivered), "gift_delivered.v1")]
[JsonDerivedType(typeof(GiftReturned), "gift_returned.v1")]
[JsonDerivedType(typeof(ErrandPutOff), "errand_put_off.v1")]
[JsonDerivedType(typeof(PointsDonated), "points_donated.v1")]
[JsonDerivedType(typeof(ExpiryChosen), "expiry_chosen.v1")]
[JsonDerivedType(typeof(HouseholdJoined), "household_joined.v1")]
[JsonDerivedType(typeof(HouseholdLeft), "household_left.v1")]
[JsonDerivedType(typeof(PoolConsentGiven), "pool_consent_given.v1")]
[JsonDerivedType(typeof(WalletFrozen), "wallet_frozen.v1")]
[JsonDerivedType(typeof(WalletUnfrozen), "wallet_unfrozen.v1")]
[JsonDerivedType(typeof(WalletClosed), "wallet_closed.v1")]
[JsonDerivedType(typeof(PointsGivenUp), "points_given_up.v1")]
[JsonDerivedType(typeof(ResidentErased), "resident_erased.v1")]
[JsonDerivedType(typeof(CommandRefused), "command_refused.v1")]
public abstract record WalletEvent
{
    private protected WalletEvent()
    {
    }
}

/// <summary>The command was refused; the refusal is remembered, so that a repeat never succeeds later.</summary>
/// <param name="Refusal">Why.</param>
/// <param name="Requested">The points that a refused spend or hold asked for; zero for other commands.</param>
/// <param name="Reference">The reference that a refused hold has used up; null for others.</param>
/// <param name="Redemption">The redemption that a refused redeeming has used up; null for others.</param>
public sealed record CommandRefused(
    Refusal Refusal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Requested,
    MerchantReference? Reference = null,
    RedemptionId? Redemption = null) : WalletEvent;
