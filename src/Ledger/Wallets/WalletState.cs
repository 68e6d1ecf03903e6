using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Accounts;
using Ledger.Paycodes;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>All that a wallet must remember to decide: bounded, however long its life. Immutable.</summary>
public sealed record WalletState
{
    // Each command leaves a new state behind: what most wallets never have lies in one object that they share, so that less is copied. Whoever sets
    // one of these to what it is, as JSON does with all that it does not find, leaves that object shared.
    private readonly Seldom _seldom = Seldom.Nothing;

    /// <summary>A wallet before its first transaction.</summary>
    public static WalletState Empty { get; } = new();

    /// <summary>The sequence of the last transaction; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>The time of the last transaction. The next one is never earlier.</summary>
    public Instant LastAt { get; init; } = Instant.MinValue;

    /// <summary>Open lots in consumption order. Their sum is what can be spent.</summary>
    public Lots Lots { get; init; } = Lots.Empty;

    /// <summary>Lots that are not yet active, first to become active first; null for none.</summary>
    public ImmutableArray<PendingLot>? PendingLots
    {
        get => _seldom.PendingLots;
        init => _seldom = _seldom.PendingLots == value ? _seldom : _seldom with { PendingLots = value };
    }

    /// <summary>Holds that have not ended, first to time out first; null for none.</summary>
    public ImmutableArray<Hold>? LiveHolds
    {
        get => _seldom.LiveHolds;
        init => _seldom = _seldom.LiveHolds == value ? _seldom : _seldom with { LiveHolds = value };
    }

    /// <summary>Redemptions of which something is still to come, oldest first; null for none.</summary>
    public ImmutableArray<Redemption>? OpenRedemptions
    {
        get => _seldom.OpenRedemptions;
        init => _seldom = _seldom.OpenRedemptions == value ? _seldom : _seldom with { OpenRedemptions = value };
    }

    /// <summary>What was redeemed in periods that have limits; null for nothing.</summary>
    public ImmutableArray<RedeemedCount>? RedeemedCounts
    {
        get => _seldom.RedeemedCounts;
        init => _seldom = _seldom.RedeemedCounts == value ? _seldom : _seldom with { RedeemedCounts = value };
    }

    /// <summary>What still has to be done in other streams, first to be due first; null for nothing.</summary>
    public ImmutableArray<Errand>? OpenErrands
    {
        get => _seldom.OpenErrands;
        init => _seldom = _seldom.OpenErrands == value ? _seldom : _seldom with { OpenErrands = value };
    }

    /// <summary>The fund that points go to when they expire; null for nowhere.</summary>
    public FundId? ExpiryFund
    {
        get => _seldom.ExpiryFund;
        init => _seldom = _seldom.ExpiryFund == value ? _seldom : _seldom with { ExpiryFund = value };
    }

    /// <summary>The household that the resident belongs to; null for none.</summary>
    public Membership? Membership
    {
        get => _seldom.Membership;
        init => _seldom = _seldom.Membership == value ? _seldom : _seldom with { Membership = value };
    }

    /// <summary>What the resident gave away lately; null for a wallet that never gave anything.</summary>
    public SentLately? SentLately
    {
        get => _seldom.SentLately;
        init => _seldom = _seldom.SentLately == value ? _seldom : _seldom with { SentLately = value };
    }

    /// <summary>Paycodes that were used and may still be shown again, and some that are over; null for none.</summary>
    public ImmutableArray<UsedPaycode>? UsedPaycodes
    {
        get => _seldom.UsedPaycodes;
        init => _seldom = _seldom.UsedPaycodes == value ? _seldom : _seldom with { UsedPaycodes = value };
    }

    /// <summary>Awards and proposed adjustments that wait for a decision, first to be due first; null for none.</summary>
    public ImmutableArray<UndecidedEntry>? UndecidedEntries
    {
        get => _seldom.UndecidedEntries;
        init => _seldom = _seldom.UndecidedEntries == value ? _seldom : _seldom with { UndecidedEntries = value };
    }

    /// <summary>When the resident served, as far as checks ask for it; null for nothing.</summary>
    public ImmutableArray<ServedInterval>? ServedIntervals
    {
        get => _seldom.ServedIntervals;
        init => _seldom = _seldom.ServedIntervals == value ? _seldom : _seldom with { ServedIntervals = value };
    }

    /// <summary>Who approved the resident's last awards, newest last; null for nobody.</summary>
    public ImmutableArray<string>? Approvers
    {
        get => _seldom.Approvers;
        init => _seldom = _seldom.Approvers == value ? _seldom : _seldom with { Approvers = value };
    }

    /// <summary>Warnings that will fall due before lots expire; null for none.</summary>
    public WarningSchedule? Warnings { get; init; }

    /// <summary>That the wallet is frozen; null for not.</summary>
    public Freeze? Frozen
    {
        get => _seldom.Frozen;
        init => _seldom = _seldom.Frozen == value ? _seldom : _seldom with { Frozen = value };
    }

    /// <summary>That the wallet is closed for good; null for not.</summary>
    public Closure? Closed
    {
        get => _seldom.Closed;
        init => _seldom = _seldom.Closed == value ? _seldom : _seldom with { Closed = value };
    }

    /// <summary>That the resident is erased; null for not.</summary>
    public Erasure? Erased
    {
        get => _seldom.Erased;
        init => _seldom = _seldom.Erased == value ? _seldom : _seldom with { Erased = value };
    }

    /// <summary>When the resident last acted; null for a wallet that never had points which idle.</summary>
    public LastActs? Acts { get; init; }

    /// <summary>What the resident owes; zero or more.</summary>
    public Points Debt { get; init; }

    /// <summary>Points counted under caps, in periods that late events may still ask for.</summary>
    public CapBuckets CapBuckets { get; init; } = CapBuckets.Empty;

    /// <summary>The tier; null for a wallet that never had one.</summary>
    public TierStanding? Tiers { get; init; }

    /// <summary>Reversals that came before their activity.</summary>
    public ImmutableArray<WaitingReversal> Waiting { get; init; } = [];

    /// <summary>The last commands, so that a quick repeat is answered without the database.</summary>
    public RecentCommands Recent { get; init; } = RecentCommands.Empty;

    /// <summary>Sums over the wallet's life.</summary>
    public LifetimeTotals Lifetime { get; init; }

    /// <summary>Points that can be spent.</summary>
    [JsonIgnore]
    public Points Available => Lots.Total;

    /// <summary>Lots that are not yet active, first to become active first.</summary>
    [JsonIgnore]
    public ImmutableArray<PendingLot> Pending => PendingLots ?? [];

    /// <summary>Awards and proposed adjustments that wait for a decision, first to be due first.</summary>
    [JsonIgnore]
    public ImmutableArray<UndecidedEntry> Undecided => UndecidedEntries ?? [];

    /// <summary>When the resident served, as far as checks ask for it.</summary>
    [JsonIgnore]
    public ImmutableArray<ServedInterval> Served => ServedIntervals ?? [];

    /// <summary>The points in lots that are not yet active.</summary>
    [JsonIgnore]
    public Points ActivatingPoints => Sum(Pending, static lot => lot.Points);

    /// <summary>The points in awards that wait for a decision.</summary>
    [JsonIgnore]
    public Points UndecidedPoints => Sum(Undecided, static entry => entry.Award is null ? Points.Zero : entry.Points);

    /// <summary>The points in lots that are not yet active, and in awards that wait for a decision.</summary>
    [JsonIgnore]
    public Points PendingPoints => ActivatingPoints + UndecidedPoints;

    /// <summary>Holds that have not ended, first to time out first.</summary>
    [JsonIgnore]
    public ImmutableArray<Hold> Holds => LiveHolds ?? [];

    /// <summary>The points in them.</summary>
    [JsonIgnore]
    public Points HeldPoints => Sum(Holds, static hold => hold.Points);

    /// <summary>Redemptions of which something is still to come, oldest first.</summary>
    [JsonIgnore]
    public ImmutableArray<Redemption> Redemptions => OpenRedemptions ?? [];

    /// <summary>What was redeemed in periods that have limits.</summary>
    [JsonIgnore]
    public ImmutableArray<RedeemedCount> Redeemed => RedeemedCounts ?? [];

    /// <summary>What still has to be done in other streams, first to be due first.</summary>
    [JsonIgnore]
    public ImmutableArray<Errand> Errands => OpenErrands ?? [];

    /// <summary>Gifts that left and were not recorded as arrived or come back.</summary>
    [JsonIgnore]
    public IEnumerable<GiftUnderWay> GiftsUnderWay => Errands.OfType<GiftUnderWay>();

    /// <summary>Points that left and may come back, by the lots that they lay in.</summary>
    [JsonIgnore]
    internal IEnumerable<LotSlice> Returnable => Holds.SelectMany(hold => hold.Lots).Concat(GiftsUnderWay.SelectMany(gift => gift.Lots));

    /// <summary>The four accounts.</summary>
    [JsonIgnore]
    public Balances Balances => new(Available, PendingPoints, HeldPoints, Debt);

    /// <summary>When something next falls due; null for never.</summary>
    [JsonIgnore]
    public Instant? NextDue => Due.Earliest(NextDecision, NextActivation, NextTimeOut, Lots.NextExpiry, Tiers?.Until, Warnings?.NextDue);

    /// <summary>When somebody has to come by, for something falls due or an errand is to be done; null for never.</summary>
    [JsonIgnore]
    public Instant? NextCall => Due.Earliest(NextDue, OpenErrands is [var first, ..] ? first.DueAt : null);

    /// <summary>When an entry is next decided by itself; null for never.</summary>
    [JsonIgnore]
    public Instant? NextDecision => UndecidedEntries is [var first, ..] ? first.Approval.DueAt : null;

    /// <summary>When a lot next becomes active; null for never.</summary>
    [JsonIgnore]
    public Instant? NextActivation => PendingLots is [var first, ..] ? first.ActiveAt : null;

    /// <summary>When a hold next times out; null for never.</summary>
    [JsonIgnore]
    public Instant? NextTimeOut => LiveHolds is [var first, ..] ? first.Until : null;

    /// <summary>With a further lot and the warnings that it brings.</summary>
    internal WalletState Add(LotSlice lot) => Add([lot], LastAt);

    /// <summary>With further lots, of which no point was here before, and the warnings that they bring.</summary>
    /// <param name="lots">The lots.</param>
    /// <param name="at">When they come in.</param>
    internal WalletState Add(ImmutableArray<LotSlice> lots, Instant at) => this with
    {
        Lots = lots.Aggregate(Lots, static (all, lot) => all.Add(lot.ToLot())),
        Warnings = WarningsWith(lots, at),
    };

    /// <summary>With a further lot, or, where none came, without what some lots gave.</summary>
    internal WalletState AddOrTake(LotSlice? lot, ImmutableArray<LotPoints> taken) =>
        lot is { } added ? Add(added) : this with { Lots = Lots.TakeAll(taken) };

    /// <summary>With points back in their lots, each made again when it was empty, and with the warnings that they bring.</summary>
    /// <param name="slices">The points.</param>
    /// <param name="at">When they come in.</param>
    internal WalletState Restore(ImmutableArray<LotSlice> slices, Instant at) =>
        this with { Lots = Lots.Restore(slices), Warnings = WarningsWith(slices, at) };

    /// <summary>Do points that left, and expire at no date without its warning, still lack that warning?</summary>
    internal bool AwaitsWarning(LotSlice slice) =>
        slice is { ExpiresAt: { } end, Warnings: { NoWarningNoExpiry: true } warnings } && Warnings?.IsGiven(end, warnings.NoticeDays) != true;

    /// <summary>The warnings with those that some points bring.</summary>
    internal WarningSchedule? WarningsWith(ImmutableArray<LotSlice> slices, Instant at)
    {
        var warnings = Warnings;
        foreach (var slice in slices)
        {
            warnings = slice is { ExpiresAt: { } end, Warnings: { } of } ? (warnings ?? WarningSchedule.Empty).With(end, of, at) : warnings;
        }

        return warnings;
    }

    /// <summary>The live hold of a merchant's reference; null when there is none. What is set aside for a reward is no merchant's to take.</summary>
    public Hold? FindHold(MerchantReference reference)
    {
        foreach (var hold in Holds)
        {
            if (hold.Reference == reference && FindRedemption(hold.Sequence) is null)
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>The open redemption of an identifier; null when there is none.</summary>
    public Redemption? FindRedemption(RedemptionId id) => Find(Redemptions, id, static redemption => redemption.Id);

    /// <summary>The open redemption that a transaction made; null when there is none.</summary>
    internal Redemption? FindRedemption(long sequence) => Find(Redemptions, sequence, static redemption => redemption.Sequence);

    /// <summary>The use of a paycode; null for one that is not remembered.</summary>
    internal UsedPaycode? UseOf(PaycodeDigest code)
    {
        foreach (var used in UsedPaycodes ?? [])
        {
            if (used.Digest == code)
            {
                return used;
            }
        }

        return null;
    }

    /// <summary>The live hold that a transaction made.</summary>
    /// <exception cref="InvalidOperationException">There is none: the event does not belong to this state.</exception>
    public Hold HoldOf(long sequence) => FindHold(sequence) ?? throw new InvalidOperationException($"Transaction {sequence} has no live hold.");

    /// <summary>The live hold that a transaction made; null when there is none.</summary>
    internal Hold? FindHold(long sequence) => Find(Holds, sequence, static hold => hold.Sequence);

    /// <summary>The errand that a transaction brought; null when there is none.</summary>
    public Errand? FindErrand(long of) => Find(Errands, of, static errand => errand.Of);

    /// <summary>The errand that a transaction brought.</summary>
    /// <exception cref="InvalidOperationException">There is none: the event does not belong to this state.</exception>
    internal Errand ErrandOf(long of) => FindErrand(of) ?? throw new InvalidOperationException($"Transaction {of} has no open errand.");

    /// <summary>Why points cannot be taken in, for the wallet would have more than a number may be; null when they can.</summary>
    /// <remarks>What left and may come back counts: it always can.</remarks>
    internal Refusal.BalanceLimit? Exceeded(Points credited) =>
        GiftsUnderWay.Aggregate(Available + PendingPoints + HeldPoints, (sum, gift) => sum + gift.Points) is var has && has + credited > Points.Max
            ? new(has, credited, Points.Max)
            : null;

    /// <summary>Why points cannot be spent or held now; null when they can.</summary>
    internal Refusal? WhyNotSpend(Points points) =>
        Available < points ? new Refusal.InsufficientPoints(Available, points) : SpentTooMuch(points);

    /// <summary>Why points cannot be spent or held, for over its life the wallet would spend too much; null when they can.</summary>
    /// <remarks>What is held counts already: a capture within its time limit is never refused.</remarks>
    internal Refusal.LifetimeLimit? SpentTooMuch(Points more) => LifetimeTotals.Exceeded(LifetimeSum.Spent, Lifetime.Spent + HeldPoints, more);

    /// <summary>A list as it is stored.</summary>
    internal static ImmutableArray<T>? OrNull<T>(ImmutableArray<T> list) => list.IsEmpty ? null : list;

    // Loops, for a wallet is asked at every command and nothing has to be allocated for it.
    private static T? Find<T, TKey>(ImmutableArray<T> list, TKey key, Func<T, TKey> keyOf)
        where T : class
        where TKey : IEquatable<TKey>
    {
        foreach (var one in list)
        {
            if (keyOf(one).Equals(key))
            {
                return one;
            }
        }

        return null;
    }

    private static Points Sum<T>(ImmutableArray<T> list, Func<T, Points> pointsOf)
    {
        var sum = Points.Zero;
        foreach (var one in list)
        {
            sum += pointsOf(one);
        }

        return sum;
    }

    /// <summary>What most wallets never have, by the names of the properties above.</summary>
    private sealed record Seldom
    {
        public static Seldom Nothing { get; } = new();

        public ImmutableArray<PendingLot>? PendingLots { get; init; }

        public ImmutableArray<Hold>? LiveHolds { get; init; }

        public ImmutableArray<Redemption>? OpenRedemptions { get; init; }

        public ImmutableArray<RedeemedCount>? RedeemedCounts { get; init; }

        public ImmutableArray<Errand>? OpenErrands { get; init; }

        public FundId? ExpiryFund { get; init; }

        public Membership? Membership { get; init; }

        public SentLately? SentLately { get; init; }

        public ImmutableArray<UsedPaycode>? UsedPaycodes { get; init; }

        public ImmutableArray<UndecidedEntry>? UndecidedEntries { get; init; }

        public ImmutableArray<ServedInterval>? ServedIntervals { get; init; }

        public ImmutableArray<string>? Approvers { get; init; }

        public Freeze? Frozen { get; init; }

        public Closure? Closed { get; init; }

        public Erasure? Erased { get; init; }
    }
}

/// <summary>A reversal that came before its activity.</summary>
/// <param name="Of">The command it waits for.</param>
/// <param name="Points">How many points to take back; null for all.</param>
/// <param name="Sequence">The transaction that recorded it.</param>
public sealed record WaitingReversal(Transactions.CommandKey Of, Points? Points, long Sequence);

/// <summary>A sum over a wallet's life that is limited; the other ones follow from these.</summary>
public enum LifetimeSum
{
    /// <summary><see cref="LifetimeTotals.Earned"/>.</summary>
    Earned,

    /// <summary><see cref="LifetimeTotals.Spent"/>.</summary>
    Spent,

    /// <summary><see cref="LifetimeTotals.Adjusted"/>.</summary>
    Adjusted,

    /// <summary><see cref="LifetimeTotals.Given"/>.</summary>
    Given,

    /// <summary><see cref="LifetimeTotals.Sent"/>.</summary>
    Sent,

    /// <summary><see cref="LifetimeTotals.Received"/>.</summary>
    Received,
}

/// <summary>Sums of points over a wallet's life. All zero or more, but <see cref="Adjusted"/>.</summary>
/// <remarks>
/// What is earned, spent, adjusted, donated, sent and received stays within <see cref="Max"/>, by refusal. That bounds the rest: no more is clawed back, owed or
/// written off than was earned, no more is restored than was spent, and what expired came in before, so it stays under five times as much.
/// </remarks>
public readonly record struct LifetimeTotals
{
    /// <summary>The most that may be earned, spent, adjusted, sent or received over a life, 2^60: a hundred and twenty-eight times the most that a wallet holds.</summary>
    public static Points Max => new(1L << 60);

    /// <summary>Credited after caps, also what still waits for a decision.</summary>
    public Points Earned { get; init; }

    /// <summary>Accepted spends, and what was captured of holds.</summary>
    public Points Spent { get; init; }

    /// <summary>Expired, including what was refunded to expired lots.</summary>
    public Points Expired { get; init; }

    /// <summary>Refused spends and holds; stays at 2^63−1 once it is reached, as no balance depends on it.</summary>
    public Points Rejected { get; init; }

    /// <summary>Cut by caps.</summary>
    public Points Capped { get; init; }

    /// <summary>Taken back from lots or into debt, and awards that were rejected.</summary>
    public Points ClawedBack { get; init; }

    /// <summary>Refunded, including what expired at once or repaid a debt.</summary>
    public Points Restored { get; init; }

    /// <summary>Clawbacks written off.</summary>
    public Points Shortfall { get; init; }

    /// <summary>Added less removed by operators and re-ratings; may be negative.</summary>
    public Points Adjusted { get; init; }

    /// <summary>Given to funds: donations, what was left when the wallet was closed, and what came back later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Points Given { get; init; }

    /// <summary>Sent to other residents as gifts and not come back; what is under way counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Points Sent { get; init; }

    /// <summary>Received from other residents.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Points Received { get; init; }

    /// <summary>Why so many points cannot be added to a sum; null when they can.</summary>
    internal static Refusal.LifetimeLimit? Exceeded(LifetimeSum sum, Points soFar, Points more) =>
        soFar + more > Max ? new(sum, Max - soFar, more) : null;

    /// <summary>The sum, or the most that a number holds: what was asked for and not given must never bring a wallet to a stop.</summary>
    internal static Points Saturated(Points sum, Points more) => sum + Points.Min(more, new Points(long.MaxValue) - sum);
}
