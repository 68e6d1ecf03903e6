using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Transactions;

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

    /// <summary>A spend and what came back of it.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Spent">What was spent.</param>
    /// <param name="Refunded">Points that came back.</param>
    public sealed record Spend(long Sequence, PointsSpent Spent, Points Refunded) : Thawed
    {
        /// <summary>Points that may still come back.</summary>
        public Points Left => Spent.Points - Refunded;
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

    /// <summary>Puts together what became of a transaction.</summary>
    /// <param name="target">The transaction referred to.</param>
    /// <param name="later">Later transactions of the wallet: at least all that refer to it or expire its lots; others do no harm.</param>
    public static Thawed From(Transaction target, IEnumerable<Transaction> later)
    {
        var events = target.Events.Concat(later.Where(t => t.Sequence > target.Sequence).SelectMany(t => t.Events));
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
                return new Spend(target.Sequence, spent, Sum(events, e => e is SpendRefunded r && r.Of == target.Sequence ? r.Points : default));
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

    private static Points ExpiredOf(long sequence, IEnumerable<WalletEvent> events) => Sum(events, e => e switch
    {
        PointsExpired expired => Sum(expired.Lots, sequence),
        SpendRefunded refunded => Sum(refunded.ExpiredAtOnce, sequence),
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
