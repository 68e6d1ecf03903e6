using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Take back points of an earning because its activity was cancelled or corrected.</summary>
/// <param name="Of">The earning's command. When the wallet does not know it yet, the reversal waits for it.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is left. What is more than is left is ignored.</param>
public sealed record ReverseEarning(CommandKey Of, Points? Points) : WalletCommand;

/// <summary>Points of an earning were taken back.</summary>
/// <param name="Of">The earning's transaction.</param>
/// <param name="Activity">The earning's activity type.</param>
/// <param name="Requested">How many were asked for; null for all that was left.</param>
/// <param name="Claimed">How many were taken: from a fund, from lots, into debt, or written off.</param>
/// <param name="From">The lots that gave, the earning's own first.</param>
/// <param name="Debt">The part that became debt.</param>
/// <param name="WrittenOff">The part that the community bears.</param>
/// <param name="CapsRestored">Periods that got room back.</param>
/// <param name="FromPending">What the earning's own lot gave before it became active; null for nothing.</param>
/// <param name="FromFund">What a fund gave back that the earning had overflowed into; null for nothing.</param>
public sealed record EarningReversed(
    long Of,
    ActivityType Activity,
    Points? Requested,
    Points Claimed,
    ImmutableArray<LotPoints> From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Debt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points WrittenOff,
    ImmutableArray<CapRestored> CapsRestored,
    LotPoints? FromPending = null,
    FundPoints? FromFund = null) : WalletEvent
{
    /// <summary>The part of <see cref="Claimed"/> that the resident gave or owes.</summary>
    [JsonIgnore]
    public Points ClawedBack => Claimed - WrittenOff - (FromFund?.Points ?? Points.Zero);
}

/// <summary>A period that got room back.</summary>
/// <param name="Per">The period's kind.</param>
/// <param name="Start">Its first local date.</param>
/// <param name="Points">Points of room; zero where only a time became free.</param>
/// <param name="Times">Awards of room: 1 where the whole award is gone, else 0.</param>
/// <param name="Scope">What counts together: a shared cap; null for the type of activity by itself.</param>
public sealed record CapRestored(
    CapPeriod Per,
    LocalDate Start,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Times = 0,
    string? Scope = null);

/// <summary>A reversal came before its activity and waits for it.</summary>
/// <param name="Of">The command it waits for.</param>
/// <param name="Points">How many to take back; null for all.</param>
public sealed record ReversalWaiting(CommandKey Of, Points? Points) : WalletEvent;

internal static class Reversing
{
    /// <summary>Reversals that a wallet may have waiting, so that a confused app cannot make it grow without bound.</summary>
    public const int WaitingMax = 100;

    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, ReverseEarning command, Thawed thawed) => thawed switch
        {
            Thawed.Nothing when !envelope.Historic => Wait(wallet, command),
            Thawed.Nothing or Thawed.Elsewhere => new Refusal.UnknownTransaction(command.Of),
            Thawed.Earning { Left.IsPositive: false } spent =>
                new Refusal.NothingToReverse(command.Of, spent.Earned.Issued, spent.Claimed, spent.Expired),
            Thawed.Earning earning => Decide(wallet, earning, Reverse(PolicyOf(programmes, wallet, earning), wallet, earning, command.Points)),
            _ => new Refusal.NotAnEarning(command.Of),
        };

    /// <summary>The reversals that waited for an activity, now that it came. They add no debt beyond what the activity just repaid.</summary>
    public static IEnumerable<WalletEvent> OfWaiting(
        PublishedProgramme published, WalletState wallet, CommandEnvelope envelope, PointsEarned earned)
    {
        if (wallet.Waiting.IsEmpty)
        {
            yield break;
        }

        var sequence = wallet.Sequence + 1;
        var after = Earning.Evolve(wallet, earned);
        var claimed = Points.Zero;
        foreach (var waiting in wallet.Waiting.Where(w => w.Of == envelope.Key))
        {
            var earning = new Thawed.Earning(sequence, earned, claimed, Points.Zero);
            if (!earning.Left.IsPositive)
            {
                yield break;
            }

            var reversed = Reverse(published.Programme.Clawback, after, earning, waiting.Points);
            after = Evolve(after, reversed);
            claimed += reversed.Claimed;
            yield return reversed;
        }
    }

    public static WalletState Evolve(WalletState wallet, EarningReversed reversed)
    {
        var undecided = reversed.FromPending is null ? null : Approving.Find(wallet, reversed.Of);
        return wallet with
        {
            Lots = wallet.Lots.TakeAll(reversed.From),
            PendingLots = reversed.FromPending is { } active && undecided is null ? Activating.Take(wallet.Pending, active) : wallet.PendingLots,
            UndecidedEntries = reversed.FromPending is { } taken && undecided is not null
                ? Approving.Take(wallet, undecided, taken.Points)
                : wallet.UndecidedEntries,
            ServedIntervals = Checking.TakeBack(wallet, reversed.Of, reversed.Claimed),
            Debt = wallet.Debt + reversed.Debt,
            CapBuckets = Restore(wallet.CapBuckets, reversed.Activity, reversed.CapsRestored),
            Lifetime = wallet.Lifetime with
            {
                ClawedBack = wallet.Lifetime.ClawedBack + reversed.ClawedBack,
                Shortfall = wallet.Lifetime.Shortfall + reversed.WrittenOff,
            },
        };
    }

    /// <summary>With room given back.</summary>
    public static CapBuckets Restore(CapBuckets buckets, ActivityType activity, ImmutableArray<CapRestored> restored)
    {
        foreach (var cap in restored)
        {
            var key = new CapBucketKey(cap.Scope ?? activity.Value, cap.Per, cap.Start);
            buckets = cap.Times > 0 ? buckets.Restore(key, CapUnit.Times, cap.Times) : buckets.Restore(key, CapUnit.Points, cap.Points.Value);
        }

        return buckets;
    }

    public static WalletState Evolve(WalletState wallet, ReversalWaiting waiting) => wallet with
    {
        Waiting = wallet.Waiting.Add(new(waiting.Of, waiting.Points, wallet.Sequence + 1)),
    };

    private static Verdict Decide(WalletState wallet, Thawed.Earning earning, EarningReversed reversed) =>
        wallet.Debt + reversed.Debt > Points.Max
            ? new Refusal.DebtLimit(wallet.Debt, reversed.Debt, Points.Max)
            : Verdict.Accept(reversed, earning.Earned.ProgrammeVersion, earning.Sequence);

    // A closed wallet waits for nothing, for no activity comes any more.
    private static Verdict Wait(WalletState wallet, ReverseEarning command) => Admitting.Ended(wallet) is { } ended ? ended
        : wallet.Waiting.Length >= WaitingMax ? new Refusal.TooManyWaiting(WaitingMax)
        : Verdict.Accept(new ReversalWaiting(command.Of, command.Points));

    // Nobody repays what a closed wallet would owe.
    private static Clawback PolicyOf(PublishedProgrammes programmes, WalletState wallet, Thawed.Earning earning) => wallet.Closed is null
        ? programmes.Find(earning.Earned.ProgrammeVersion)?.Programme.Clawback ?? Clawback.Debt
        : Clawback.WriteOff;

    private static EarningReversed Reverse(Clawback policy, WalletState wallet, Thawed.Earning earning, Points? requested)
    {
        var claimed = Points.Min(requested ?? earning.Left, earning.Left);
        var fund = earning.LeftInFund is { } left ? left with { Points = Points.Min(left.Points, claimed) } : null as FundPoints?;
        var rest = claimed - (fund?.Points ?? Points.Zero);
        var pending = TakePending(wallet, earning.Sequence, rest);
        rest -= pending?.Points ?? Points.Zero;
        var from = Take(wallet.Lots, earning.Sequence, rest);
        rest -= from.Total();
        return new(
            earning.Sequence,
            earning.Earned.Activity,
            requested,
            claimed,
            from,
            policy == Clawback.Debt ? rest : Points.Zero,
            policy == Clawback.WriteOff ? rest : Points.Zero,
            Restored(CapsOf(wallet, earning), claimed, fund?.Points ?? Points.Zero, isAll: claimed == earning.Left),
            pending,
            fund);
    }

    private static ImmutableArray<CountedCap> CapsOf(WalletState wallet, Thawed.Earning earning) =>
        Tiering.WithoutApproved(earning.Earned.Caps, Approving.Find(wallet, earning.Sequence)?.Award?.ForTiers);

    private static LotPoints? TakePending(WalletState wallet, long sequence, Points claimed)
    {
        if (claimed.IsPositive && Approving.Find(wallet, sequence) is { } undecided)
        {
            return new(new(sequence), Points.Min(undecided.Points, claimed));
        }

        foreach (var lot in wallet.Pending)
        {
            if (lot.Id == new LotId(sequence) && claimed.IsPositive)
            {
                return new(lot.Id, Points.Min(lot.Points, claimed));
            }
        }

        return null;
    }

    // The earning's own lot first, then others as a spend would take them.
    private static ImmutableArray<LotPoints> Take(Lots lots, long sequence, Points claimed)
    {
        var from = ImmutableArray.CreateBuilder<LotPoints>();
        if (claimed.IsPositive && lots.Find(new LotId(sequence)) is { } own)
        {
            var taken = Points.Min(own.Open, claimed);
            from.Add(new(own.Id, taken));
            lots = lots.Take(own, taken);
            claimed -= taken;
        }

        foreach (var slice in lots.Allocate(claimed))
        {
            from.Add(new(slice.Lot, slice.Points));
        }

        return from.ToImmutable();
    }

    /// <summary>The caps that get room back when an award is taken back.</summary>
    public static IEnumerable<CountedCap> Restoring(ImmutableArray<CountedCap> caps) =>
        caps.Where(cap => cap is { OnReversal: CapReversal.Restore, Per: not CapPeriod.Event });

    /// <summary>The room that caps get back.</summary>
    /// <param name="caps">What counted the award.</param>
    /// <param name="claimed">The points that are taken back.</param>
    /// <param name="fromFund">So many of them from a fund: they never counted for a tier.</param>
    /// <param name="isAll">Is nothing left of the award then?</param>
    public static ImmutableArray<CapRestored> Restored(ImmutableArray<CountedCap> caps, Points claimed, Points fromFund, bool isAll)
    {
        var restored = ImmutableArray.CreateBuilder<CapRestored>();
        foreach (var cap in Restoring(caps))
        {
            if (cap.Unit == CapUnit.Points)
            {
                restored.Add(new(cap.Per, cap.Start, cap.Scope == TierPolicy.Scope ? claimed - fromFund : claimed, Scope: cap.Scope));
            }
            else if (isAll)
            {
                restored.Add(new(cap.Per, cap.Start, Points.Zero, Times: 1, cap.Scope));
            }
        }

        return restored.ToImmutable();
    }
}
