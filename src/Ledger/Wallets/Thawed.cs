using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Rewards;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>
/// What a command refers to, read from the journal before the decision: state keeps nothing of what is closed, so that it stays bounded.
/// </summary>
public abstract record Thawed
{
    private protected Thawed()
    {
    }

    /// <summary>Nothing was read: the command refers to nothing, or what it refers to is unknown in this wallet.</summary>
    public sealed record Nothing : Thawed
    {
        /// <summary>The only one.</summary>
        public static readonly Nothing Instance = new();
    }

    /// <summary>The wallet that a gift is for exists.</summary>
    public sealed record Receiver : Thawed
    {
        /// <summary>The only one.</summary>
        public static readonly Receiver Instance = new();
    }

    /// <summary>The named command is another resident's.</summary>
    public sealed record Elsewhere : Thawed
    {
        /// <summary>The only one.</summary>
        public static readonly Elsewhere Instance = new();
    }

    /// <summary>The named command neither earned nor spent nor proposed anything.</summary>
    public sealed record Other : Thawed
    {
        /// <summary>The only one.</summary>
        public static readonly Other Instance = new();
    }

    /// <summary>An earning and what became of it.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Earned">What was awarded.</param>
    /// <param name="Claimed">Points already taken back, rejected, written off or turned into debt.</param>
    /// <param name="Expired">Points of its lot that expired.</param>
    /// <param name="Decided">How it was decided, where the journal tells; null for others.</param>
    public sealed record Earning(
        long Sequence, PointsEarned Earned, Points Claimed, Points Expired, ApprovalOutcome? Decided = null) : Thawed
    {
        /// <summary>What became of an award that waits no longer; null where it never did. An approval by silence may leave no trace but its time.</summary>
        [JsonIgnore]
        public ApprovalOutcome? Outcome => Earned.Approval is null ? null
            : Decided ?? (Left.IsPositive || Expired.IsPositive ? ApprovalOutcome.Approved : ApprovalOutcome.Reversed);

        /// <summary>Points that a reversal may still take.</summary>
        public Points Left => Earned.Issued - Claimed - Expired;

        /// <summary>The part of it that lies in a fund: what came on top goes first, as if the award had been smaller.</summary>
        public FundPoints? LeftInFund => Earned.Overflow is { Fund: { } fund, Donated: var donated } && donated > Claimed
            ? new(fund, donated - Claimed)
            : null;
    }

    /// <summary>A spend, or the captures of a hold, and what has not come back of it.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Merchant">Who was owed for it.</param>
    /// <param name="Spent">Points that were taken.</param>
    /// <param name="Out">Those that did not come back yet, in the order in which they were taken.</param>
    /// <param name="ProgrammeVersion">The version whose policies decide a refund.</param>
    public sealed record Spend(long Sequence, MerchantId Merchant, Points Spent, ImmutableArray<LotSlice> Out, int ProgrammeVersion) : Thawed
    {
        /// <summary>Points that may still come back.</summary>
        public Points Left => Out.Total();

        /// <summary>The hold that it was captured from; null for a direct spend.</summary>
        public PointsHeld? Hold { get; init; }

        /// <summary>How its first points counted for the merchant's settlement; null where that was not pinned, and before the first capture.</summary>
        public SettlementPart? Settlement { get; init; }

        /// <summary>What its refunds gave back of the cash that was paid beside the points, in minor units.</summary>
        public long CashBack { get; init; }
    }

    /// <summary>A hold and what became of it.</summary>
    /// <param name="Redemption">What was captured; its transaction is the hold's.</param>
    /// <param name="Points">Points that were set aside.</param>
    /// <param name="End">
    /// How it ended, if it has: what neither a capture nor a release has ended, and is not live any more, has timed out.
    /// </param>
    /// <param name="EndedAt">When, if it has.</param>
    public sealed record Held(Spend Redemption, Points Points, HoldEnd End, Instant EndedAt) : Thawed
    {
        /// <summary>The hold's transaction.</summary>
        public long Sequence => Redemption.Sequence;
    }

    /// <summary>A redeemed reward and what became of it.</summary>
    /// <param name="Redemption">The redemption, as far as the journal tells.</param>
    /// <param name="Paid">The points that were taken for it, and what has not come back of them.</param>
    /// <param name="PayableUntil">When its points were given back unless the cash was paid; null where none was to be paid.</param>
    public sealed record Redeemed(Redemption Redemption, Spend Paid, Instant? PayableUntil) : Thawed
    {
        /// <summary>How it stands where it is not open any more: what nothing has ended has timed out.</summary>
        [JsonIgnore]
        public Redemption Ended => Redemption.IsOpen && PayableUntil is { } until
            ? Redemption with { Status = RedemptionStatus.TimedOut, ChangedAt = until, By = null }
            : Redemption;
    }

    /// <summary>The reference of a hold, or a redemption, stands for a transaction already.</summary>
    /// <param name="Points">The points of the first hold; null where the reference was voided.</param>
    /// <param name="At">When it was recorded.</param>
    /// <param name="Same">The first hold, where it is the very same one under another key; null where it is something else.</param>
    public sealed record Taken(Points? Points, Instant At, Transaction? Same = null) : Thawed
    {
        /// <summary>What took the reference of a hold.</summary>
        public static Taken By(Transaction first, CommandEnvelope hold) => new(
            first.Events switch
            {
                [.., PointsHeld held] => held.Points,
                [.., CommandRefused refused] => refused.Requested,
                _ => null,
            },
            first.EffectiveAt,
            first.Fingerprint.Span.SequenceEqual(hold.Fingerprint().Span) ? first : null);
    }

    /// <summary>A proposed adjustment and what became of it.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Decided">How it was decided, where the journal tells.</param>
    public sealed record Proposal(long Sequence, ApprovalOutcome? Decided) : Thawed
    {
        /// <summary>What became of a proposal that waits no longer: what nobody decided has lapsed.</summary>
        [JsonIgnore]
        public ApprovalOutcome Outcome => Decided ?? ApprovalOutcome.Lapsed;
    }

    /// <summary>The command that a command refers to; null for most.</summary>
    public static CommandKey? TargetOf(WalletCommand command) => command switch
    {
        ReverseEarning reverse => reverse.Of,
        RefundSpend refund => refund.Of,
        ApproveEntry approve => approve.Of,
        RejectEntry reject => reject.Of,
        _ => null,
    };

    /// <summary>The hold that a command refers to; null for most.</summary>
    public static MerchantReference? HoldOf(WalletCommand command) => command switch
    {
        CaptureHold capture => capture.Hold,
        ReleaseHold release => release.Hold,
        VoidHold undone => undone.Hold,
        _ => null,
    };

    /// <summary>The redemption that a command refers to; null for most.</summary>
    public static RedemptionId? RedemptionOf(WalletCommand command) => command switch
    {
        FulfilRedemption fulfil => fulfil.Redemption,
        CancelRedemption cancel => cancel.Redemption,
        _ => null,
    };

    /// <summary>Puts together what became of a redeemed reward.</summary>
    /// <param name="target">The transaction that redeemed it; or one that was refused, of which nothing can become.</param>
    /// <param name="later">As in <see cref="From"/>.</param>
    public static Thawed RedemptionFrom(Transaction target, IEnumerable<Transaction> later)
    {
        if (target.Events is not [.., RewardRedeemed made])
        {
            return Nothing.Instance;
        }

        var after = later.Where(t => t.Sequence > target.Sequence).ToList();
        var redemption = Redemption.Of(target.Sequence, target.EffectiveAt, made);
        foreach (var transaction in after)
        {
            foreach (var happened in transaction.Events)
            {
                redemption = redemption.After(happened, transaction.EffectiveAt);
            }
        }

        return From(target, after) switch
        {
            Spend spend => new Redeemed(redemption, spend, null),
            Held held => new Redeemed(redemption, held.Redemption, held.EndedAt),
            _ => throw new UnreachableException("Points are spent or held for every reward."),
        };
    }

    /// <summary>Puts together what became of a transaction.</summary>
    /// <param name="target">The transaction referred to.</param>
    /// <param name="later">Later transactions of the wallet: at least all that refer to it or expire its lots; others do no harm.</param>
    public static Thawed From(Transaction target, IEnumerable<Transaction> later)
    {
        var after = later.Where(t => t.Sequence > target.Sequence).ToList();
        var events = target.Events.Concat(after.SelectMany(t => t.Events));
        foreach (var happened in target.Events)
        {
            if (happened is PointsEarned earned)
            {
                return EarningFrom(target.Sequence, earned, events);
            }

            if (happened is AdjustmentProposed)
            {
                return new Proposal(target.Sequence, OutcomeIn(target.Sequence, events));
            }

            if (happened is PointsSpent spent)
            {
                return Followed(new(target.Sequence, spent.Merchant, spent.Points, spent.From, spent.ProgrammeVersion) { Settlement = spent.Settlement }, events);
            }

            if (happened is PointsHeld held)
            {
                return HeldFrom(target.Sequence, held, after);
            }
        }

        return Other.Instance;
    }

    /// <summary>The same after what fell due since it was read: its time may have been over, or points of the lot may have expired, just now.</summary>
    internal Thawed After(ImmutableArray<WalletEvent> due) => this is Earning earning
        ? earning with
        {
            Claimed = earning.Claimed + ClaimedOf(earning.Sequence, due),
            Expired = earning.Expired + ExpiredOf(earning.Sequence, due),
            Decided = earning.Decided ?? OutcomeIn(earning.Sequence, due),
        }
        : this;

    private static Earning EarningFrom(long sequence, PointsEarned earned, IEnumerable<WalletEvent> events) => new(
        sequence,
        earned,
        ClaimedOf(sequence, events),
        ExpiredOf(sequence, events),
        OutcomeIn(sequence, events));

    private static Points ClaimedOf(long sequence, IEnumerable<WalletEvent> events) => Sum(events, e => e switch
    {
        EarningReversed reversed when reversed.Of == sequence => reversed.Claimed,
        EntryRejected { Lot: { } lot } rejected when rejected.Of == sequence => lot.Points,
        _ => default,
    });

    private static ApprovalOutcome? OutcomeIn(long sequence, IEnumerable<WalletEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case AwardApproved approved when approved.Of == sequence:
                case PointsAdjusted adjusted when adjusted.Of == sequence:
                    return ApprovalOutcome.Approved;
                case EntryRejected rejected when rejected.Of == sequence:
                    return rejected.By is null ? ApprovalOutcome.Lapsed : ApprovalOutcome.Rejected;
            }
        }

        return null;
    }

    private static Held HeldFrom(long sequence, PointsHeld held, List<Transaction> later)
    {
        var redemption = Followed(
            new(sequence, held.Reference.Merchant, Points.Zero, [], held.ProgrammeVersion) { Hold = held }, later.SelectMany(t => t.Events));
        var (end, at) = (HoldEnd.TimedOut, held.Until);
        foreach (var transaction in later)
        {
            foreach (var happened in transaction.Events)
            {
                (end, at) = happened switch
                {
                    HoldReleased released when released.Of == sequence => (released.How, released.At),
                    HoldCaptured captured when captured.Of == sequence && redemption.Spent == held.Points =>
                        (HoldEnd.Captured, transaction.EffectiveAt),
                    _ => (end, at),
                };
            }
        }

        return new(redemption, held.Points, end, at);
    }

    // What was taken last comes back first, also where more is captured after a refund.
    private static Spend Followed(Spend first, IEnumerable<WalletEvent> events)
    {
        var spend = first;
        foreach (var happened in events)
        {
            spend = happened switch
            {
                HoldCaptured captured when captured.Of == spend.Sequence =>
                    spend with
                    {
                        Spent = spend.Spent + captured.Points,
                        Out = [.. spend.Out, .. captured.From],
                        Settlement = spend.Spent.IsPositive ? spend.Settlement : captured.Settlement,
                    },
                SpendRefunded refunded when refunded.Of == spend.Sequence =>
                    spend with
                    {
                        Out = [.. spend.Out.TakePoints(spend.Left - refunded.Points)],
                        CashBack = spend.CashBack + (refunded.Settlement?.CashBack ?? 0),
                    },
                _ => spend,
            };
        }

        return spend;
    }

    private static Points ExpiredOf(long sequence, IEnumerable<WalletEvent> events) => Sum(events, e => e switch
    {
        PointsExpired expired => Sum(expired.Lots, sequence),
        SpendRefunded refunded => Sum(refunded.ExpiredAtOnce, sequence),
        HoldReleased released => Sum(released.ExpiredAtOnce, sequence),
        GiftReturned returned => Sum(returned.ExpiredAtOnce, sequence),
        PointsGivenUp { Fund: null } given => Sum(given.Lots, sequence) + Sum(given.Pending, sequence),
        _ => default,
    });

    private static Points Sum(IEnumerable<WalletEvent> events, Func<WalletEvent, Points> points)
    {
        var sum = Points.Zero;
        foreach (var happened in events)
        {
            sum += points(happened);
        }

        return sum;
    }

    private static Points Sum(IEnumerable<LotPoints> lots, long sequence)
    {
        var sum = Points.Zero;
        foreach (var lot in lots)
        {
            sum += lot.Lot.Sequence == sequence ? lot.Points : default;
        }

        return sum;
    }
}
