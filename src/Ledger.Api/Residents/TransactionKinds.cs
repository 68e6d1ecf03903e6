using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Api.Json;
using Ledger.Rewards;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What a transaction was about, in one word.</summary>
internal static class TransactionKinds
{
    public static string Of(ImmutableArray<WalletEvent> events)
    {
        // What fell due comes first; the command's own event says what it was about.
        var kind = "nothing";
        foreach (var happened in events)
        {
            kind = happened switch
            {
                PointsEarned => "earned",
                PointsSpent => "spent",
                PointsHeld => "held",
                RewardRedeemed => "redeemed",
                RedemptionMoved { To: RedemptionStatus.Placed } => "paid",
                RedemptionMoved moved => EnumWords.Of(moved.To),
                RedemptionCancelled => "cancelled",
                HoldRepeated => "repeated",
                HoldCaptured => "captured",
                HoldReleased { How: HoldEnd.Captured } => kind,
                HoldReleased { How: HoldEnd.Released } => "released",
                HoldReleased { How: HoldEnd.Voided } => "voided",
                HoldReleased { How: HoldEnd.TimedOut } => "timed_out",
                SpendRefunded => kind == "voided" ? kind : "refunded",
                EarningReversed => kind == "earned" ? kind : "reversed",
                ReversalWaiting => "waiting",
                PointsAdjusted => "adjusted",
                AdjustmentProposed => "proposed",
                AwardApproved { By: not null } => "approved",
                EntryRejected { By: not null } => "rejected",
                AwardApproved => kind is "nothing" or "tier_changed" ? "approved" : kind,
                EntryRejected => kind is "nothing" or "tier_changed" ? "rejected" : kind,
                PointsCorrected => "corrected",
                GiftSent => "gift_sent",
                GiftReceived => "gift_received",
                GiftDelivered => "gift_delivered",
                GiftReturned => "gift_returned",
                ErrandPutOff => "put_off",
                PointsDonated => "donated",
                ExpiryChosen => "expiry_chosen",
                HouseholdJoined => "household_joined",
                HouseholdLeft => "household_left",
                PoolConsentGiven => "pool_consent_given",
                WalletFrozen => "frozen",
                WalletUnfrozen => "unfrozen",
                WalletClosed => "closed",
                ResidentErased => "erased",
                CommandRefused => "refused",
                PointsExpired => kind is "nothing" or "activated" or "timed_out" or "approved" or "rejected" or "tier_changed" ? "expired" : kind,
                PointsActivated => kind is "nothing" or "tier_changed" ? "activated" : kind,
                TierChanged => kind == "nothing" ? "tier_changed" : kind,
                ExpiryWarned => kind is "nothing" or "tier_changed" ? "warned" : kind,
                _ => kind,
            };
        }

        return kind;
    }

    /// <summary>By how much the resident's balance changed.</summary>
    public static long ChangeOf(ImmutableArray<Posting> postings)
    {
        var change = 0L;
        foreach (var posting in postings)
        {
            change += (posting.To.IsResident ? posting.Points.Value : 0) - (posting.From.IsResident ? posting.Points.Value : 0);
        }

        return change;
    }
}
