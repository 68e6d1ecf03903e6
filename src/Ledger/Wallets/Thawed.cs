using System.Collections.Immutable;
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

    /// <summary>The named command neither earned nor spent.</summary>
    public sealed record Other : Thawed
    {
        /// <summary>The only one.</summary>
        public static readonly Other Instance = new();
    }

    /// <summary>An earning and what became of it.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Earned">What was awarded.</param>
    /// <param name="Claimed">Points already taken back, written off or turned into debt.</param>
    /// <param name="Expired">Points of its lot that expired.</param>
    public sealed record Earning(long Sequence, PointsEarned Earned, Points Claimed, Points Expired) : Thawed
    {
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

    /// <summary>The command that a command refers to; null for most.</summary>
    public static CommandKey? TargetOf(WalletCommand command) => command switch
    {
        ReverseEarning reverse => reverse.Of,
        RefundSpend refund => refund.Of,
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

            if (happened is PointsSpent spent)
            {
                return new Spend(target.Sequence, spent, Sum(events, e => e is SpendRefunded r && r.Of == target.Sequence ? r.Points : default));
            }
        }

        return Other.Instance;
    }

    /// <summary>The same after what fell due since it was read: points of the lot may have expired just now.</summary>
    internal Thawed After(ImmutableArray<WalletEvent> due) =>
        this is Earning earning ? earning with { Expired = earning.Expired + ExpiredOf(earning.Sequence, due) } : this;

    private static Earning EarningFrom(long sequence, PointsEarned earned, IEnumerable<WalletEvent> events) => new(
        sequence,
        earned,
        Sum(events, e => e is EarningReversed r && r.Of == sequence ? r.Claimed : default),
        ExpiredOf(sequence, events));

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
