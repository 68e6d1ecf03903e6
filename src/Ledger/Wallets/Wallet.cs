using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Budgets;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>One resident's book as pure functions: decide, then evolve. Knows no clock, no database, no chance.</summary>
public static class Wallet
{
    /// <summary>Decides a command. Changes nothing.</summary>
    /// <param name="programmes">All versions of the community.</param>
    /// <param name="wallet">The replay of every transaction so far.</param>
    /// <param name="envelope">The command; its time is not before <see cref="WalletState.LastAt"/>, unless it is historic.</param>
    /// <param name="thawed">What the command refers to (<see cref="Thawed.TargetOf"/>).</param>
    /// <param name="budgets">What campaigns with a budget may give; null holds none of them to it.</param>
    /// <param name="merchants">The registered merchants; null when nobody is.</param>
    /// <param name="rewards">What the mall offers; null for nothing.</param>
    /// <param name="enteredBefore">How many activities the maker of this one (<see cref="Makers"/>) has entered within the last hour. Default: none.</param>
    public static Decision Decide(
        PublishedProgrammes programmes,
        WalletState wallet,
        CommandEnvelope envelope,
        Thawed thawed,
        BudgetsAtHand? budgets = null,
        MerchantBook? merchants = null,
        RewardBook? rewards = null,
        long enteredBefore = 0) => Decide(programmes, wallet, envelope, envelope.KeyHash, thawed, budgets, merchants, rewards, enteredBefore);

    /// <summary>The same for whoever knows the hash of the key already.</summary>
    internal static Decision Decide(
        PublishedProgrammes programmes,
        WalletState wallet,
        CommandEnvelope envelope,
        KeyHash keyHash,
        Thawed thawed,
        BudgetsAtHand? budgets = null,
        MerchantBook? merchants = null,
        RewardBook? rewards = null,
        long enteredBefore = 0)
    {
        if (wallet.Recent.SequenceOf(keyHash) is { } sequence)
        {
            return new Decision.Repeated(sequence);
        }

        Debug.Assert(envelope.Historic || envelope.At >= wallet.LastAt, "Time never runs backwards inside a wallet.");
        var (current, due) = Due.Apply(wallet, envelope.At, warns: !envelope.Historic);
        var (acting, extended) = Idling.Act(programmes, current, envelope);
        var verdict = envelope.At < wallet.LastAt && envelope.Command is not ApplyDue
            ? new Refusal.TimeRunsBackwards(envelope.At, wallet.LastAt)
            : Decide(
                programmes,
                acting,
                envelope,
                envelope.Command,
                thawed.After(due),
                budgets ?? BudgetsAtHand.NotHeld,
                merchants ?? MerchantBook.Empty,
                rewards ?? RewardBook.Empty,
                enteredBefore);
        var version = verdict.ProgrammeVersion ?? programmes.InForceAt(envelope.At)?.Version ?? 0;
        return verdict.Refusal is { } refusal
            ? new Decision.Refused(refusal, due.Add(new CommandRefused(
                refusal, RequestedBy(envelope.Command), ReferenceOf(envelope.Command, thawed), RedemptionOf(envelope.Command, thawed))), version)
            { Offers = verdict.Offers }
            : new Decision.Accepted(
                [.. due, .. verdict.Events is [HoldRepeated] ? [] : extended, .. Closing.GiveUpAfter(acting, Tiering.Judge(programmes, acting, envelope.At, verdict.Events))], version, verdict.RefersTo)
            {
                Offers = verdict.Offers,
            };
    }

    /// <summary>The wallet after an event.</summary>
    /// <exception cref="InvalidOperationException">The event does not belong to this state.</exception>
    public static WalletState Evolve(WalletState wallet, WalletEvent happened) => happened switch
    {
        PointsEarned earned => Earning.Evolve(wallet, earned),
        PointsSpent spent => Spending.Evolve(wallet, spent),
        SpendRefunded refunded => Refunding.Evolve(wallet, refunded),
        EarningReversed reversed => Reversing.Evolve(wallet, reversed),
        ReversalWaiting waiting => Reversing.Evolve(wallet, waiting),
        PointsExpired expired => Expiring.Evolve(wallet, expired),
        PointsActivated activated => Activating.Evolve(wallet, activated),
        PointsHeld held => Holding.Evolve(wallet, held),
        HoldRepeated => wallet,
        HoldCaptured captured => Capturing.Evolve(wallet, captured),
        HoldReleased released => Releasing.Evolve(wallet, released),
        GiftSent sent => Giving.Evolve(wallet, sent),
        GiftReceived received => Receiving.Evolve(wallet, received),
        GiftDelivered delivered => Returning.Evolve(wallet, delivered),
        GiftReturned returned => Returning.Evolve(wallet, returned),
        ErrandPutOff putOff => Errands.Evolve(wallet, putOff),
        PointsDonated donated => Donating.Evolve(wallet, donated),
        ExpiryChosen chosen => ChoosingExpiry.Evolve(wallet, chosen),
        HouseholdJoined joined => Pooling.Evolve(wallet, joined),
        HouseholdLeft => wallet with { Membership = null },
        PoolConsentGiven given => Pooling.Evolve(wallet, given),
        ExpiryWarned warned => Warning.Evolve(wallet, warned),
        ExpiryExtended extended => Idling.Evolve(wallet, extended),
        PointsAdjusted adjusted => Adjusting.Evolve(wallet, adjusted),
        TierChanged changed => Tiering.Evolve(wallet, changed),
        AdjustmentProposed proposed => Adjusting.Evolve(wallet, proposed),
        AwardApproved approved => Approving.Evolve(wallet, approved),
        EntryRejected rejected => Approving.Evolve(wallet, rejected),
        PointsCorrected corrected => Correcting.Evolve(wallet, corrected),
        RewardRedeemed redeemed => Redeeming.Evolve(wallet, redeemed),
        RedemptionMoved moved => Fulfilling.Evolve(wallet, moved),
        RedemptionCancelled cancelled => Cancelling.Evolve(wallet, cancelled),
        WalletFrozen frozen => Freezing.Evolve(wallet, frozen),
        WalletClosed closed => Closing.Evolve(wallet, closed),
        PointsGivenUp given => Closing.Evolve(wallet, given),
        ResidentErased erased => Erasing.Evolve(wallet, erased),
        WalletUnfrozen => wallet with { Frozen = null },
        CommandRefused refused => Refused(wallet, refused),
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    };

    /// <summary>The wallet after a transaction: the same from the journal as from a decision just made.</summary>
    /// <exception cref="InvalidOperationException">The transaction does not follow this state.</exception>
    public static WalletState Evolve(WalletState wallet, Transaction transaction)
    {
        if (transaction.Sequence != wallet.Sequence + 1)
        {
            throw new InvalidOperationException($"Transaction {transaction.Sequence} does not follow {wallet.Sequence}.");
        }

        return Evolve(wallet, transaction.Events, transaction.EffectiveAt, transaction.Key, transaction.KeyHash);
    }

    /// <summary>Turns a decision into the transaction that records it, and the wallet after it.</summary>
    /// <param name="wallet">The wallet that decided.</param>
    /// <param name="envelope">The command.</param>
    /// <param name="decision">Accepted or refused, with at least one event.</param>
    /// <param name="recordedAt">The silo's clock.</param>
    public static (Transaction Transaction, WalletState After) Record(
        WalletState wallet, CommandEnvelope envelope, Decision decision, Instant recordedAt)
    {
        var (events, outcome, version, refersTo) = decision switch
        {
            Decision.Accepted { Events: [.., ReversalWaiting or AdjustmentProposed] } waiting => (waiting.Events, Transaction.Waiting, waiting.ProgrammeVersion, null),
            Decision.Accepted accepted => (accepted.Events, Transaction.Accepted, accepted.ProgrammeVersion, accepted.RefersTo),
            Decision.Refused refused => (refused.Events, refused.Refusal.Code, refused.ProgrammeVersion, null),
            _ => throw new UnreachableException($"Decision {decision.GetType().Name} is not recorded."),
        };
        var effectiveAt = Instant.Max(envelope.At, wallet.LastAt);
        var keyHash = envelope.KeyHash;
        var after = Evolve(wallet, events, effectiveAt, envelope.Key, keyHash);
        var transaction = new Transaction
        {
            Sequence = after.Sequence,
            Key = envelope.Key,
            KeyHash = keyHash,
            Fingerprint = envelope.Fingerprint(),
            RecordedAt = recordedAt,
            EffectiveAt = effectiveAt,
            Outcome = outcome,
            Events = events,
            ProgrammeVersion = version,
            RefersTo = refersTo,
            After = after.Balances,
        };
        return (transaction, after);
    }

    private static Verdict Decide(
        PublishedProgrammes programmes,
        WalletState wallet,
        CommandEnvelope envelope,
        WalletCommand command,
        Thawed thawed,
        BudgetsAtHand budgets,
        MerchantBook merchants,
        RewardBook rewards,
        long enteredBefore) => Admitting.WhyNot(wallet, command, thawed) is { } refusal ? refusal : command switch
        {
            EarnPoints earn => Earning.Decide(programmes, wallet, envelope, earn, budgets, enteredBefore),
            SpendPoints spend => Spending.Decide(programmes, wallet, envelope, spend, merchants),
            RefundSpend refund => Refunding.Decide(programmes, wallet, envelope, refund, thawed, merchants),
            ReverseEarning reverse => Reversing.Decide(programmes, wallet, envelope, reverse, thawed),
            AdjustPoints adjust => Adjusting.Decide(programmes, wallet, envelope, adjust),
            HoldPoints hold => Holding.Decide(programmes, wallet, envelope, hold, thawed, merchants),
            CaptureHold capture => Capturing.Decide(programmes, wallet, envelope, capture, thawed, merchants),
            ReleaseHold release => Releasing.Decide(wallet, envelope, release, thawed),
            VoidHold undone => Voiding.Decide(programmes, wallet, envelope, undone, thawed, merchants),
            RedeemReward redeem => Redeeming.Decide(programmes, wallet, envelope, redeem, thawed, merchants, rewards),
            FulfilRedemption fulfil => Fulfilling.Decide(programmes, wallet, envelope, fulfil, thawed, merchants),
            CancelRedemption cancel => Cancelling.Decide(programmes, wallet, envelope, cancel, thawed, merchants),
            ApproveEntry approve => Approving.Decide(programmes, wallet, envelope, approve, thawed),
            RejectEntry reject => Approving.Decide(wallet, envelope, reject, thawed),
            CorrectPoints correct => Correcting.Decide(programmes, wallet, envelope, correct),
            GivePoints give => Giving.Decide(programmes, wallet, envelope, give, thawed),
            ReceiveGift receive => Receiving.Decide(wallet, envelope, receive),
            EndGift end => Returning.Decide(wallet, envelope, end),
            PutOffErrand putOff => Errands.Decide(wallet, envelope, putOff),
            DonatePoints donate => Donating.Decide(programmes, wallet, envelope, donate),
            ChooseExpiry choose => ChoosingExpiry.Decide(programmes, envelope, choose),
            JoinHousehold join => Pooling.Decide(wallet, join),
            LeaveHousehold leave => Pooling.Decide(wallet, leave),
            ConsentToPool consent => Pooling.Decide(wallet, consent),
            FreezeWallet => Freezing.Freeze(envelope),
            UnfreezeWallet => Freezing.Unfreeze(envelope),
            CloseWallet close => Closing.Decide(programmes, wallet, envelope, close),
            EraseResident erase => Erasing.Decide(programmes, wallet, envelope, erase),
            ApplyDue => Verdict.Nothing,
            _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
        };

    /// <summary>The wallet after all events of one command.</summary>
    internal static WalletState Evolve(
        WalletState wallet, ImmutableArray<WalletEvent> events, Instant effectiveAt, CommandKey key, KeyHash keyHash)
    {
        var sequence = wallet.Sequence + 1;
        var after = wallet with { LastAt = effectiveAt };
        foreach (var happened in events)
        {
            after = Evolve(after, happened);
        }

        return after with
        {
            Sequence = sequence,
            Recent = wallet.Recent.Add(keyHash, sequence),
            Waiting = WithoutArrived(after.Waiting, key),
            Warnings = after.Warnings?.After(effectiveAt, after),
            Acts = Idling.Remember(wallet.Acts, events, effectiveAt),
        };
    }

    // What waited for this command was answered with it, also where the command was refused.
    private static ImmutableArray<WaitingReversal> WithoutArrived(ImmutableArray<WaitingReversal> waiting, CommandKey key) =>
        waiting.IsEmpty ? waiting : waiting.RemoveAll(reversal => reversal.Of == key);

    private static WalletState Refused(WalletState wallet, CommandRefused refused)
    {
        if (refused.Refusal is Refusal.WrongPickupCode)
        {
            return Fulfilling.Evolve(wallet, refused);
        }

        var rejected = LifetimeTotals.Saturated(wallet.Lifetime.Rejected, refused.Requested);
        return refused.Requested.IsZero ? wallet : wallet with { Lifetime = wallet.Lifetime with { Rejected = rejected } };
    }

    private static Points RequestedBy(WalletCommand command) => command switch
    {
        SpendPoints spend => spend.Points,
        HoldPoints hold => hold.Points,
        _ => Points.Zero,
    };

    // A refused hold has used its reference up, unless the reference stands for something already. That of a share stands for the household's spend.
    private static MerchantReference? ReferenceOf(WalletCommand command, Thawed thawed) =>
        command is HoldPoints { Share: null } hold && thawed is not Thawed.Taken ? hold.Reference : null;

    // So has a refused redeeming: it stays refused, whoever asks for it under which key.
    private static RedemptionId? RedemptionOf(WalletCommand command, Thawed thawed) =>
        command is RedeemReward redeem && thawed is not Thawed.Taken ? redeem.Redemption : null;
}
