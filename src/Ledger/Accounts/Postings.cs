using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Wallets;

namespace Ledger.Accounts;

/// <summary>Derives the double entry of what happened. Every posting names the lot that it moves.</summary>
public static class Postings
{
    /// <summary>The postings of events, in order.</summary>
    public static ImmutableArray<Posting> Of(ImmutableArray<WalletEvent> events)
    {
        var postings = ImmutableArray.CreateBuilder<Posting>(events.Length);
        foreach (var happened in events)
        {
            Add(postings, happened);
        }

        return postings.DrainToImmutable();
    }

    /// <summary>The postings of one event; none where no points moved.</summary>
    public static ImmutableArray<Posting> Of(WalletEvent happened) => Of([happened]);

    private static void Add(ImmutableArray<Posting>.Builder postings, WalletEvent happened)
    {
        switch (happened)
        {
            case PointsEarned earned:
                Credit(
                    postings,
                    Account.Issuance(earned.Activity),
                    earned.DebtRepaid,
                    earned.Lot,
                    earned is { ActiveAt: null, Approval: null } ? Account.Available : Account.Pending);
                if (earned.Overflow is { Fund: { } fund } overflow)
                {
                    Move(postings, Account.Issuance(earned.Activity), Account.Fund(fund), overflow.Points);
                }

                break;
            case PointsActivated activated:
                Move(postings, activated.Repaid, Account.Pending, Account.Debt);
                Move(postings, activated.Lots, Account.Pending, Account.Available);
                break;
            case AwardApproved approved:
                AddApproval(postings, approved);
                break;
            case EntryRejected { Activity: { } activity, Lot: { } lot }:
                postings.Add(new(Account.Pending, Account.Issuance(activity), lot.Points, lot.Lot));
                break;
            case PointsSpent spent:
                Move(postings, spent.From, Account.Available, Account.Merchant(spent.Merchant));
                break;
            case SpendRefunded refunded:
                AddRefund(postings, refunded);
                break;
            case EarningReversed reversed:
                AddReversal(postings, reversed);
                break;
            case PointsExpired expired:
                Move(postings, expired.Lots, Account.Available, Account.Breakage);
                if (expired.Fund is { } chosen)
                {
                    // They expired, like all others, and what came of it went on.
                    Move(postings, Account.Breakage, Account.Fund(chosen), expired.Lots.Total());
                }

                break;
            case PointsDonated donated:
                Move(postings, donated.From, Account.Available, Account.Fund(donated.Fund));
                break;
            case PointsAdjusted adjusted:
                Credit(postings, Account.Adjustment, adjusted.DebtRepaid, adjusted.Lot, Account.Available);
                Move(postings, adjusted.From, Account.Available, Account.Adjustment);
                break;
            case PointsHeld held:
                Move(postings, held.From, Account.Available, Account.Held);
                break;
            case HoldCaptured captured:
                Move(postings, captured.From, Account.Held, Account.Merchant(captured.Merchant));
                break;
            case HoldReleased released:
                Move(postings, released.Repaid, Account.Held, Account.Debt);
                AddReturn(postings, Account.Held, released.To, released.ExpiredAtOnce);
                break;
            case GiftSent sent:
                Move(postings, sent.From, Account.Available, Account.Transit);
                break;
            case GiftReceived received:
                Move(postings, Account.Transit, Account.Debt, received.DebtRepaid);
                Move(postings, received.Lots, Account.Transit, Account.Available);
                break;
            case GiftReturned returned:
                Move(postings, Account.Transit, Account.Debt, returned.DebtRepaid);
                AddReturn(postings, Account.Transit, returned.Back, returned.ExpiredAtOnce);
                break;
            case PointsCorrected corrected:
                Credit(postings, Account.Adjustment, corrected.DebtRepaid, corrected.Lot, Account.Available);
                Move(postings, corrected.From, Account.Available, Account.Adjustment);
                Move(postings, Account.Debt, Account.Adjustment, corrected.Debt);
                break;
            case WalletClosed closed:
                Move(postings, closed.Repaid, Account.Pending, Account.Debt);
                Move(postings, Account.Adjustment, Account.Debt, closed.DebtForgiven);
                break;
            case PointsGivenUp given:
                var taker = given.Fund is { } to ? Account.Fund(to) : Account.Breakage;
                Move(postings, given.Lots, Account.Available, taker);
                Move(postings, given.Pending, Account.Pending, taker);
                break;
            case RewardRedeemed or RedemptionMoved or RedemptionCancelled:
            case WalletFrozen or WalletUnfrozen or ResidentErased or HoldRepeated or ReversalWaiting or AdjustmentProposed or EntryRejected or TierChanged or ExpiryWarned or ExpiryExtended or GiftDelivered or ErrandPutOff or ExpiryChosen or HouseholdJoined or HouseholdLeft or PoolConsentGiven or CommandRefused:
                break;
            default:
                throw new UnreachableException($"Event {happened.GetType().Name} has no case.");
        }
    }

    private static void AddApproval(ImmutableArray<Posting>.Builder postings, AwardApproved approved)
    {
        if (approved.DebtRepaid.IsPositive)
        {
            postings.Add(new(Account.Pending, Account.Debt, approved.DebtRepaid, new(approved.Of)));
        }

        if (approved.Lot is { } lot)
        {
            postings.Add(new(Account.Pending, Account.Available, lot.Points, lot.Lot));
        }
    }

    private static void AddRefund(ImmutableArray<Posting>.Builder postings, SpendRefunded refunded)
    {
        var merchant = Account.Merchant(refunded.Merchant);
        Move(postings, merchant, Account.Debt, refunded.DebtRepaid);
        AddReturn(postings, merchant, refunded.To, refunded.ExpiredAtOnce);
    }

    private static void AddReturn(
        ImmutableArray<Posting>.Builder postings, Account from, ImmutableArray<LotSlice> to, ImmutableArray<LotPoints> expiredAtOnce)
    {
        Move(postings, to, from, Account.Available);

        // Both steps stay visible: the points came back, and were gone.
        Move(postings, expiredAtOnce, from, Account.Available);
        Move(postings, expiredAtOnce, Account.Available, Account.Breakage);
    }

    private static void AddReversal(ImmutableArray<Posting>.Builder postings, EarningReversed reversed)
    {
        var issuance = Account.Issuance(reversed.Activity);
        if (reversed.FromFund is { } given)
        {
            Move(postings, Account.Fund(given.Fund), issuance, given.Points);
        }

        if (reversed.FromPending is { } pending)
        {
            postings.Add(new(Account.Pending, issuance, pending.Points, pending.Lot));
        }

        Move(postings, reversed.From, Account.Available, issuance);
        Move(postings, Account.Debt, issuance, reversed.Debt);
        Move(postings, Account.WriteOff, issuance, reversed.WrittenOff);
    }

    private static void Credit(ImmutableArray<Posting>.Builder postings, Account from, Points debtRepaid, LotSlice? lot, Account to)
    {
        Move(postings, from, Account.Debt, debtRepaid);
        if (lot is { } slice)
        {
            postings.Add(new(from, to, slice.Points, slice.Lot));
        }
    }

    private static void Move(ImmutableArray<Posting>.Builder postings, Account from, Account to, Points points)
    {
        if (points.IsPositive)
        {
            postings.Add(new(from, to, points, null));
        }
    }

    private static void Move(ImmutableArray<Posting>.Builder postings, ImmutableArray<LotSlice> slices, Account from, Account to)
    {
        foreach (var slice in slices)
        {
            postings.Add(new(from, to, slice.Points, slice.Lot));
        }
    }

    private static void Move(ImmutableArray<Posting>.Builder postings, ImmutableArray<LotPoints> lots, Account from, Account to)
    {
        foreach (var lot in lots)
        {
            postings.Add(new(from, to, lot.Points, lot.Lot));
        }
    }
}
