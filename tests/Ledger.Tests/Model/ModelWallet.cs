using System.Numerics;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>
/// A wallet as one would play it with coins on a table: no slices, no order kept, nothing forgotten, all found by looking at everything.
/// Counts in coins; a coin is worth <paramref name="worth"/> points, so that the largest balances can be played too.
/// </summary>
internal sealed partial class ModelWallet(IReadOnlyList<PublishedProgramme> versions, long worth, MerchantBook? merchants = null)
{
    private const long Limit = 9_007_199_254_740_991;
    private const long LifeLimit = 1_152_921_504_606_846_976;

    private readonly Dictionary<CommandKey, Deed> _deeds = [];
    private readonly Dictionary<MerchantReference, Deed> _sales = [];
    private readonly List<Counted> _counted = [];
    private readonly List<(LocalDate Date, long Coins)> _gifts = [];

    // What others set aside since the owner joined, by the month for which it counts.
    private readonly List<(LocalDate Month, Deed Hold)> _shares = [];
    private bool _undone;
    private FundId? _heir;
    private readonly List<string> _approvers = [];
    private readonly HashSet<(Instant End, int Days)> _given = [];
    private readonly Dictionary<ResidentAct, Instant> _acts = [];
    private List<Bell> _bells = [];
    private bool _idles;

    /// <summary>Who has no wallet.</summary>
    public static readonly ResidentId Nobody = ResidentId.Parse("nobody");

    public List<Coin> Table { get; } = [];

    public ModelTiers Tiers { get; } = new();

    /// <summary>Coins that are not active yet.</summary>
    public List<Coin> Later { get; } = [];

    /// <summary>Holds that have not ended, each with its coins.</summary>
    public IEnumerable<(MerchantReference Reference, Instant Until, long Captured, IReadOnlyList<Coin> Coins)> SetAside =>
        Live.Select(hold => (hold.Sale!.Reference, hold.Until, hold.PaidInAll, (IReadOnlyList<Coin>)hold.Kept));

    /// <summary>Coins of awards that wait for a decision.</summary>
    public List<Coin> Undecided { get; } = [];

    /// <summary>What the owner was warned of by the last command.</summary>
    public List<ExpiryWarned> Warned { get; } = [];

    /// <summary>When the next warning that has something to warn of is due.</summary>
    public Instant? NextWarning => _bells.Where(HasCoins).Select(bell => (Instant?)bell.At).Min();

    /// <summary>Since when the wallet is frozen.</summary>
    public Instant? FrozenSince { get; private set; }

    /// <summary>Since when the wallet is closed.</summary>
    public Instant? ClosedSince { get; private set; }

    /// <summary>Since when its owner is erased.</summary>
    public Instant? ErasedSince { get; private set; }

    public long Debt { get; private set; }

    public List<(CommandKey Of, long? Coins)> Waiting { get; } = [];

    public long Sequence { get; private set; }

    public Instant LastAt { get; private set; } = Instant.MinValue;

    public long Earned { get; private set; }

    public long Spent { get; private set; }

    public long Expired { get; private set; }

    public BigInteger RejectedPoints { get; private set; }

    public BigInteger CappedPoints { get; private set; }

    public long ClawedBack { get; private set; }

    public long Restored { get; private set; }

    public long Shortfall { get; private set; }

    public long Adjusted { get; private set; }

    public long Given { get; private set; }

    /// <summary>Where coins go that lapse.</summary>
    public FundId? ExpiryFund { get; private set; }

    public long Sent { get; private set; }

    public long Received { get; private set; }

    /// <summary>The household that the owner belongs to; null for none.</summary>
    public (HouseholdId Name, Instant Since)? Home { get; private set; }

    /// <summary>What others may spend.</summary>
    public PoolConsent? PoolConsent { get; private set; }

    /// <summary>Gifts that neither arrived nor came back.</summary>
    public List<Parcel> UnderWay { get; } = [];

    /// <summary>What funds got from this wallet and did not give back.</summary>
    public long InFund { get; private set; }

    public bool Knows(CommandKey key) => _deeds.ContainsKey(key);

    private IEnumerable<Deed> Live => _deeds.Values.Where(deed => deed.Kept.Count > 0).OrderBy(deed => deed.Until).ThenBy(deed => deed.Sequence);

    /// <summary>When something next happens by itself.</summary>
    public Instant? NextDue => Table.Select(coin => coin.ExpiresAt).Append(NextAfter(LastAt)).Append(NextWarning).Min();

    // Whatever waits for a warning does not end by itself.
    private IEnumerable<Coin> Ending
    {
        get
        {
            var required = _bells.Where(bell => bell.Required).Select(bell => (Instant?)bell.End).ToHashSet();
            var waiting = Table.Where(coin => coin.Warnings?.NoWarningNoExpiry == true && required.Contains(coin.ExpiresAt)).Select(coin => coin.ExpiresAt).ToHashSet();
            return Table.Where(coin => coin.ExpiresAt is not null && !waiting.Contains(coin.ExpiresAt));
        }
    }

    private Instant? NextAfter(Instant since) => Ending.Select(coin => coin.ExpiresAt)
        .Concat(Later.Select(coin => (Instant?)coin.ActiveAt)).Concat(Live.Select(hold => (Instant?)hold.Until))
        .Concat(DecidedByTime.Select(due => (Instant?)due)).Append(Tiers.NextFall(since)).Min();

    /// <summary>Does a command that is not known yet; the refusal, or null.</summary>
    /// <param name="envelope">The command.</param>
    /// <param name="elsewhere">Does the command that it names belong to another resident?</param>
    /// <param name="taken">What its reference stands for outside this wallet; null for nothing.</param>
    public Refusal? Do(CommandEnvelope envelope, bool elsewhere, Thawed.Taken? taken = null)
    {
        Warned.Clear();
        var lapsed = Lapse(envelope.At) + (envelope.Historic ? 0 : Warn(envelope.At));
        var deed = new Deed { Sequence = Sequence + 1 };
        var refusal = envelope.At < LastAt
            ? new Refusal.TimeRunsBackwards(envelope.At, LastAt)
            : NotTaken(envelope) ?? envelope.Command switch
            {
                EarnPoints earn => Earn(envelope, earn, deed),
                SpendPoints spend => Spend(envelope, spend, deed),
                RefundSpend refund => Refund(envelope, refund, elsewhere),
                ReverseEarning reverse => Reverse(envelope, reverse, elsewhere),
                AdjustPoints adjust => ProposeOrAdjust(envelope, adjust, deed),
                CorrectPoints correct => Correct(envelope, correct, deed),
                ApproveEntry approve => Approve(envelope, approve, deed, elsewhere),
                RejectEntry reject => WhyNot(reject.Of, elsewhere) ?? Reject(envelope, _deeds[reject.Of]),
                HoldPoints hold => SetPointsAside(envelope, hold, deed, taken),
                CaptureHold capture => Capture(envelope, capture),
                ReleaseHold release => Release(envelope, release),
                VoidHold undone => Void(envelope, undone),
                RedeemReward redeem => Redeem(envelope, redeem, deed, taken),
                FulfilRedemption fulfil => Fulfil(envelope, fulfil),
                CancelRedemption cancel => CallOff(envelope, cancel),
                GivePoints give => Gift(envelope, give, deed),
                ReceiveGift receive => Receive(envelope, receive, deed),
                EndGift end => End(envelope, end),
                PutOffErrand putOff => PutOff(envelope, putOff),
                DonatePoints donate => Donate(envelope, donate),
                ChooseExpiry choose => Choose(envelope, choose),
                JoinHousehold join => Join(envelope, join.Household),
                LeaveHousehold leave => Leave(leave.Household),
                ConsentToPool consent => Consent(consent.Consent),
                FreezeWallet => Freeze(envelope.At),
                UnfreezeWallet => Freeze(null),
                CloseWallet close => Close(envelope, close.Fund, close.ForgivesDebt, erases: false),
                EraseResident erase => Close(envelope, erase.Fund, erase.ForgivesDebt, erases: true),
                _ => null,
            };
        if ((envelope.Command is ApplyDue || (envelope.Command is VoidHold or CloseWallet or EraseResident or EndGift or PutOffErrand or JoinHousehold or LeaveHousehold && !_undone)) && lapsed == 0 && refusal is null)
        {
            return null;
        }

        if (refusal is not null)
        {
            RejectedPoints += envelope.Command switch
            {
                SpendPoints spend => spend.Points.Value,
                HoldPoints hold => hold.Points.Value,
                _ => 0,
            };
        }

        if (envelope.Command is HoldPoints sale && taken is null && !_sales.ContainsKey(sale.Reference))
        {
            (deed.Sale, deed.Asked, deed.Refusal) = (sale, envelope.At > LastAt ? envelope.At : LastAt, refusal);
            _sales[sale.Reference] = deed;
        }

        if (_idles && refusal is null && (envelope.Command is EarnPoints or SpendPoints or RedeemReward || (deed.Kept.Count > 0 && envelope.Command is HoldPoints { Share: null or { Own: true } })))
        {
            _acts[envelope.Command is EarnPoints ? ResidentAct.Earned : ResidentAct.Spent] = envelope.At;
        }

        if (ClosedSince is not null)
        {
            GiveAllAway();
        }

        Sequence++;
        LastAt = envelope.At > LastAt ? envelope.At : LastAt;
        _bells = [.. _bells.Where(HasCoins).Where(bell => bell.At > LastAt || bell.Required)];
        _deeds[envelope.Key] = deed;
        Waiting.RemoveAll(waiting => waiting.Of == envelope.Key);
        return refusal;
    }

    /// <summary>When what waits for a decision is decided by time.</summary>
    public IEnumerable<Instant> DecidedByTime => _deeds.Values.Select(deed => deed.Awaits?.DueAt).OfType<Instant>();

    public IEnumerable<CommandKey> Spends => _deeds.Where(d => d.Value.Paid is not null).Select(d => d.Key);

    public IEnumerable<CommandKey> Earnings => _deeds.Where(d => d.Value.Activity is not null).Select(d => d.Key);

    public long LeftOf(CommandKey key) =>
        !_deeds.TryGetValue(key, out var deed) ? 0 : deed.Paid is { } paid ? paid.Count : LeftOf(deed);

    private static long LeftOf(Deed deed) => deed.Credited + deed.Donated - deed.Claimed - deed.Lapsed;

    private Points Worth(long coins) => new(coins * worth);

    private long Coins(Points points)
    {
        Assert.Equal(0, points.Value % worth);
        return points.Value / worth;
    }

    private Refusal.LifetimeLimit? TooMuchForALife(LifetimeSum sum, long coins, BigInteger points)
    {
        var left = LifeLimit - (coins * (BigInteger)worth);
        return points > left ? new(sum, new((long)left), new((long)points)) : null;
    }

    private static ModelCalendar CalendarOf(Programme programme) => ModelCalendar.Of(programme.Zone);

    private PublishedProgramme? VersionAt(Instant instant)
    {
        var found = null as PublishedProgramme;
        foreach (var version in versions)
        {
            if (version.EffectiveFrom <= instant && (found is null || version.EffectiveFrom >= found.EffectiveFrom))
            {
                found = version;
            }
        }

        return found;
    }

    // Moment by moment, and at each in the order in which a wallet does it.
    private int Lapse(Instant now)
    {
        var (moments, since) = (0, LastAt);
        for (; NextAfter(since) is { } next && next <= now; moments++)
        {
            since = next;
            foreach (var deed in _deeds.Values.Where(deed => deed.Awaits?.DueAt <= next).OrderBy(deed => deed.Sequence).ToList())
            {
                Decide(deed, deed.Awaits!.SilenceApproves ? ApprovalOutcome.Approved : ApprovalOutcome.Lapsed, next);
            }

            var active = Later.Where(coin => coin.ActiveAt <= next).OrderBy(coin => coin.Lot).ToList();
            Later.RemoveAll(active.ToHashSet().Contains);
            active.ForEach(coin => Receive(coin, coin.ActiveAt));
            foreach (var hold in Live.Where(hold => hold.Until <= next).ToList())
            {
                GiveUp(hold, HoldEnd.TimedOut, hold.Until);
            }

            var gone = Ending.Where(coin => coin.ExpiresAt <= next).ToList();
            Table.RemoveAll(gone.ToHashSet().Contains);
            gone.ForEach(CountLapsed);
        }

        return moments;
    }

    private bool HasCoins(Bell bell) => Table.Any(coin => coin.ExpiresAt == bell.End);

    // Every date once, by the last of its warnings that is due; late ones put the date off by whole days.
    private int Warn(Instant now)
    {
        while (_bells.Where(bell => bell.At <= now && HasCoins(bell)).OrderBy(bell => !bell.Required).ThenBy(bell => bell.At).ThenBy(bell => bell.Days)
            .FirstOrDefault() is { } first)
        {
            var ringing = _bells.Where(other => other.End == first.End && other.At <= now).ToList();
            var bell = ringing.Where(other => other.Required).MaxBy(other => other.Days) ?? ringing.MinBy(other => other.Days)!;
            var end = bell.End;
            if (bell.Required && end < now.Plus(Duration.FromHours(24 * bell.Days)))
            {
                do
                {
                    end = end.Plus(Duration.FromHours(24));
                }
                while (end < now.Plus(Duration.FromHours(24 * bell.Days)) || _given.Any(given => given.End == end));
            }

            foreach (var coin in Table.Where(coin => coin.ExpiresAt == bell.End))
            {
                coin.ExpiresAt = end;
            }

            if (bell.Required)
            {
                _given.Add((end, bell.Days));
            }

            _bells.RemoveAll(other => other.Days >= bell.Days
                && (other.End == bell.End || (other.End == end && !(other.Required && other.Days > bell.Days))));
            var coming = Later.Concat(Undecided.Where(coin => _deeds.Values.Single(deed => deed.Sequence == coin.Lot).Awaits!.SilenceApproves)).ToList();
            var coins = Table.Concat(coming).Count(coin => coin.ExpiresAt == end) + (end == bell.End ? 0 : coming.Count(coin => coin.ExpiresAt == bell.End))
                + Live.Where(hold => hold.Until <= end).SelectMany(hold => hold.Kept)
                    .Count(coin => (Table.Find(rest => (rest.Lot, rest.Ordinal) == (coin.Lot, coin.Ordinal))?.ExpiresAt ?? coin.ExpiresAt) == end);
            Warned.Add(new(end, Worth(coins), bell.Days, end == bell.End ? null : bell.End, ExpiryFund));
        }

        return Warned.Count;
    }

    private void Hang(Coin coin, Instant now)
    {
        if (coin is { ExpiresAt: { } end, Warnings: { } warnings })
        {
            foreach (var days in warnings.DaysBefore)
            {
                var isAhead = new Bell(end, days, false).At > now;
                var required = warnings.NoWarningNoExpiry && days == warnings.DaysBefore.Min()
                    && (isAhead || !_given.Any(given => given.End == end && given.Days >= days));
                var bell = new Bell(end, days, required);
                if (required || isAhead)
                {
                    _bells.RemoveAll(other => other.End == end && other.Days == days && required);
                    _bells.AddRange(_bells.Any(other => other.End == end && other.Days == days) ? [] : [bell]);
                }
            }
        }
    }

    private void CountLapsed(Coin coin)
    {
        Expired++;
        foreach (var deed in _deeds.Values)
        {
            deed.Lapsed += deed.Sequence == coin.Lot && deed.Activity is not null ? 1 : 0;
        }
    }

    private Refusal? Earn(CommandEnvelope envelope, EarnPoints command, Deed deed)
    {
        if (!envelope.Historic && Untimely(envelope, command) is { } untimely)
        {
            return untimely;
        }

        if (VersionAt(command.OccurredAt) is not { } version)
        {
            return new Refusal.NoProgramme(command.OccurredAt);
        }

        if (!version.Programme.Activities.TryGetValue(command.Activity, out var rule) && (rule = version.Programme.AnyActivity) is null)
        {
            return new Refusal.UnknownActivity(command.Activity, version.Version);
        }

        var computed = Award(rule.Rules[0].Formula, command.Quantity);
        if (computed > Limit)
        {
            return new Refusal.AwardTooLarge(command.Activity, command.Quantity, new(Limit));
        }

        var calendar = CalendarOf(version.Programme);
        var date = calendar.DateAt(command.OccurredAt);
        var granted = computed;
        foreach (var cap in rule.Caps.OrderBy(cap => cap.OnExcess))
        {
            var used = UsedCoins(command.Activity, cap.Per, date) * (BigInteger)worth;
            var free = BigInteger.Max(cap.Limit - used, 0);
            if (cap.OnExcess == CapExcess.Refuse && granted > free)
            {
                var start = cap.Per == CapPeriod.Month ? new LocalDate(date.Year, date.Month, 1) : date;
                return new Refusal.CapExceeded(
                    command.Activity, cap.Per, start, CapUnit.Points, cap.Limit, (long)used, new((long)granted), null);
            }

            granted = BigInteger.Min(granted, free);
        }

        var counted = FirstDate(rule.Pending, date);
        var days = rule.Approval switch
        {
            ApprovalPolicy.SecondPerson second => second.ExpiresAfterDays,
            ApprovalPolicy.Objection objection => objection.Days,
            _ => 0,
        };
        var waits = days > 0 && !envelope.Historic && granted > 0;
        var due = calendar.EndOf(ModelCalendar.DaysAfter(calendar.DateAt(envelope.At), days).PlusDays(-1));
        var activeLater = rule.Pending is not null && calendar.EndOf(counted.PlusDays(-1)) > envelope.At;
        var credited = granted;
        if (version.Programme.Holding is { } holding)
        {
            // Coin by coin: what repays a debt always fits, the rest while there is room.
            var repays = activeLater || waits ? 0 : BigInteger.Min(granted, Debt * (BigInteger)worth);
            var room = BigInteger.Max(0, holding.PointsMax.Value - (Mine * (BigInteger)worth));
            credited = BigInteger.Min(granted, repays + room);
            deed.Donated = holding.Fund is null ? 0 : Coins(new((long)(granted - credited)));
        }

        if (credited + (Holds * (BigInteger)worth) > Limit)
        {
            return new Refusal.BalanceLimit(Worth(Holds), new((long)credited), new(Limit));
        }

        if (TooMuchForALife(LifetimeSum.Earned, Earned, credited) is { } limit)
        {
            return limit;
        }

        Act(ResidentAct.Earned, envelope.At);
        deed.Activity = command.Activity;
        deed.Clawback = version.Programme.Clawback;
        deed.CountedFor = version.Programme.Tiers?.Basis is null or TierBasis.Lifetime ? null : date;
        deed.Credited = Coins(new((long)credited));
        deed.RestoredPeriods = [.. rule.Caps.Where(cap => cap.OnReversal == CapReversal.Restore).Select(cap => (cap.Per, date))];
        _counted.AddRange(rule.Caps.Select(cap => new Counted(command.Activity, cap.Per, date, deed.Credited + deed.Donated)));
        Earned += deed.Credited;
        CappedPoints += computed - credited - (deed.Donated * (BigInteger)worth);
        InFund += deed.Donated;
        var arrives = waits ? due : envelope.At;
        var active = calendar.EndOf(counted.PlusDays(-1));
        var expiry = rule.Expiry ?? version.Programme.Expiry;
        var end = EndOfLot(version.Programme, rule, envelope, counted, arrives, activeLater && active > arrives ? active : arrives);
        if (waits && deed.Credited > 0)
        {
            deed.Awaits = new(due, rule.Approval is ApprovalPolicy.Objection, envelope.Key.Source, default);
            deed.Share = rule.Checks.OfType<IntegrityCheck.ApproverShare>().FirstOrDefault();
            Undecided.AddRange(Enumerable.Range(0, (int)deed.Credited).Select(_ => new Coin
            {
                Lot = deed.Sequence,
                EarnedAt = command.OccurredAt,
                ExpiresAt = end,
                ActiveAt = rule.Pending is null ? Instant.MinValue : calendar.EndOf(counted.PlusDays(-1)),
                Warnings = version.Programme.Warnings,
                Idle = expiry as ExpiryPolicy.Inactivity,
            }));
        }
        else if (activeLater)
        {
            Later.AddRange(Enumerable.Range(0, (int)deed.Credited).Select(_ => new Coin
            {
                Lot = deed.Sequence,
                EarnedAt = command.OccurredAt,
                ExpiresAt = end,
                ActiveAt = calendar.EndOf(counted.PlusDays(-1)),
                Warnings = version.Programme.Warnings,
                Idle = expiry as ExpiryPolicy.Inactivity,
            }));
        }
        else
        {
            Give(deed.Credited, command.OccurredAt, end, deed.Sequence, version.Programme, expiry, envelope.At);
        }

        _idles |= (waits || activeLater) && deed.Credited > 0 && expiry is ExpiryPolicy.Inactivity;

        CountForTiers(deed, deed.Credited);
        foreach (var (_, coins) in Waiting.Where(waiting => waiting.Of == envelope.Key).ToList())
        {
            Claw(deed, coins);
        }

        Tiers.JudgeEarned(VersionAt(envelope.At), envelope.At);
        return null;
    }

    // What a second person must agree to counts from then on.
    private void CountForTiers(Deed deed, long coins)
    {
        if (deed.Awaits is not { SilenceApproves: false })
        {
            Tiers.Count(coins * (BigInteger)worth, deed.CountedFor);
        }
    }

    // What is under way may come back.
    private long Holds => Mine + UnderWay.Sum(gift => (long)gift.Coins.Count);

    private long Mine => Table.Count + Later.Count + Undecided.Count + Kept;

    private Refusal? WhyNot(CommandKey of, bool elsewhere) => elsewhere || !_deeds.TryGetValue(of, out var deed)
        ? new Refusal.UnknownTransaction(of)
        : deed.Awaits is not null ? null
        : deed.Outcome is { } outcome ? new Refusal.ApprovalAlreadyDecided(of, outcome) : new Refusal.NotAwaitingApproval(of);

    private Refusal? Approve(CommandEnvelope envelope, ApproveEntry command, Deed own, bool elsewhere)
    {
        if (WhyNot(command.Of, elsewhere) is { } refusal)
        {
            return refusal;
        }

        var deed = _deeds[command.Of];
        var by = envelope.Key.Source.Replace("client:", "", StringComparison.Ordinal);
        if (deed.Awaits!.Maker == by)
        {
            return new Refusal.ApprovalOwnEntry(command.Of, by);
        }

        if (deed.Activity is null)
        {
            var refused = Adjust(envelope, deed.Awaits.Proposed, own);
            deed.Settle(refused is null ? ApprovalOutcome.Approved : null);
            return refused;
        }

        if (deed.Share is { Holds: true } share && _approvers.Count >= share.Last - 1)
        {
            var approved = 1 + _approvers.TakeLast(share.Last - 1).Count(approver => approver == by);
            if (approved * 10_000 > share.Last * share.BasisPointsMax)
            {
                return new Refusal.ApproverShareExceeded(command.Of, by, approved, share.Last, share.BasisPointsMax);
            }
        }

        _approvers.Add(by);
        Decide(deed, ApprovalOutcome.Approved, envelope.At);
        Tiers.JudgeEarned(VersionAt(envelope.At), envelope.At);
        return null;
    }

    private Refusal? Reject(CommandEnvelope envelope, Deed deed)
    {
        Decide(deed, ApprovalOutcome.Rejected, envelope.At);
        if (deed.Activity is not null)
        {
            Tiers.JudgeReversed(envelope.At);
        }

        return null;
    }

    private long Kept => Live.Sum(hold => (long)hold.Kept.Count);

    private void Decide(Deed deed, ApprovalOutcome outcome, Instant at)
    {
        var coins = Undecided.Where(coin => coin.Lot == deed.Sequence).ToList();
        Undecided.RemoveAll(coins.ToHashSet().Contains);
        var hadCounted = deed.Awaits!.SilenceApproves;
        deed.Settle(outcome);
        if (outcome == ApprovalOutcome.Approved)
        {
            CountForTiers(deed, hadCounted ? 0 : coins.Count);
            Later.AddRange(coins.Where(coin => coin.ActiveAt > at));
            coins.Where(coin => coin.ActiveAt <= at).ToList().ForEach(coin => Receive(coin, at));
            return;
        }

        CountForTiers(deed, hadCounted ? -coins.Count : 0);
        deed.Claimed += coins.Count;
        ClawedBack += coins.Count;
        foreach (var (per, date) in deed.RestoredPeriods)
        {
            _counted.Add(new(deed.Activity!.Value, per, date, -coins.Count));
        }
    }

    private Refusal? ProposeOrAdjust(CommandEnvelope envelope, AdjustPoints command, Deed deed)
    {
        if (envelope.Historic || VersionAt(envelope.At)?.Programme is not { Adjustments: { } policy } programme
            || Math.Abs(command.Points.Value) <= policy.SecondOperatorAbove)
        {
            return Adjust(envelope, command.Points, deed);
        }

        var calendar = CalendarOf(programme);
        var last = ModelCalendar.DaysAfter(calendar.DateAt(envelope.At), policy.ExpiresAfterDays - 1);
        deed.Awaits = new(calendar.EndOf(last), false, envelope.Key.Source, command.Points);
        return null;
    }

    private static LocalDate FirstDate(PendingPolicy? policy, LocalDate occurred)
    {
        var first = policy switch
        {
            PendingPolicy.ForDays days => ModelCalendar.DaysAfter(occurred, days.Days),
            PendingPolicy.UntilDate until => until.Date,
            _ => occurred,
        };
        return first > occurred ? first : occurred;
    }

    private Refusal? Untimely(CommandEnvelope envelope, EarnPoints command)
    {
        var lateness = VersionAt(envelope.At)?.Programme.Lateness;
        var minutesAhead = lateness?.MinutesAheadMax ?? 5;
        if (command.OccurredAt > envelope.At.Plus(Duration.FromMinutes(minutesAhead)))
        {
            return new Refusal.OccurredInFuture(command.OccurredAt, envelope.At, minutesAhead);
        }

        var days = lateness?.DaysMax ?? 30;
        foreach (var (source, other) in lateness?.DaysMaxBySource ?? Lateness.Default.DaysMaxBySource)
        {
            days = source == envelope.Key.Source ? other : days;
        }

        return command.OccurredAt < envelope.At.Minus(Duration.FromHours(24 * days))
            ? new Refusal.OccurredTooLongAgo(command.OccurredAt, envelope.At, days)
            : null;
    }

    private static BigInteger Award(AwardFormula formula, long quantity)
    {
        if (formula is not AwardFormula.PerUnit perUnit)
        {
            return ((AwardFormula.Fixed)formula).Points.Value;
        }

        var product = (BigInteger)quantity * perUnit.Points.Value;
        var whole = product / perUnit.Units;
        var twiceTheRest = (product - (whole * perUnit.Units)) * 2;
        return perUnit.Rounding switch
        {
            Rounding.Up when twiceTheRest > 0 => whole + 1,
            Rounding.HalfUp when twiceTheRest >= perUnit.Units => whole + 1,
            _ => whole,
        };
    }

    private long UsedCoins(ActivityType activity, CapPeriod per, LocalDate date)
    {
        var used = 0L;
        foreach (var counted in _counted)
        {
            var same = counted.Activity == activity && counted.Per == per && counted.Date.Year == date.Year
                && counted.Date.Month == date.Month && (per == CapPeriod.Month || counted.Date.Day == date.Day);
            used += same ? counted.Coins : 0;
        }

        return used;
    }

    private static Instant? EndOfLot(Programme programme, ActivityRule rule, CommandEnvelope envelope, LocalDate occurred, Instant arrives, Instant usable)
    {
        var calendar = CalendarOf(programme);
        var today = calendar.DateAt(arrives);
        if ((rule.Expiry ?? programme.Expiry) is ExpiryPolicy.Inactivity idle)
        {
            return calendar.EndOf(WithNotice(programme, LastDate(idle, occurred > today ? occurred : today)!.Value, arrives));
        }

        if (LastDate(rule.Expiry ?? programme.Expiry, occurred) is not { } last)
        {
            return null;
        }

        if (!envelope.Historic && occurred < today)
        {
            var least = ModelCalendar.DaysAfter(today, programme.Lateness.ValidityDaysMin);
            var fresh = LastDate(rule.Expiry ?? programme.Expiry, today)!.Value;
            least = least < fresh ? least : fresh;
            last = last > least ? last : least;
        }

        return calendar.EndOf(WithNotice(programme, last, usable));
    }

    private static LocalDate WithNotice(Programme programme, LocalDate last, Instant now)
    {
        var least = programme.Warnings is { NoWarningNoExpiry: true } warnings ? DateWithNotice(programme, warnings, now) : last;
        return last > least ? last : least;
    }

    private static LocalDate DateWithNotice(Programme programme, ExpiryWarnings warnings, Instant now)
    {
        var calendar = CalendarOf(programme);
        var days = warnings.DaysBefore.Min();
        var date = ModelCalendar.DaysAfter(calendar.DateAt(now), days);
        while (calendar.EndOf(date) <= now.Plus(Duration.FromHours(24 * days)))
        {
            date = ModelCalendar.DaysAfter(date, 1);
        }

        return date;
    }

    private static LocalDate? LastDate(ExpiryPolicy policy, LocalDate earned)
    {
        if (policy is ExpiryPolicy.Inactivity idle)
        {
            return ModelCalendar.MonthsAfter(earned, idle.Months);
        }

        if (policy is not ExpiryPolicy.Rolling rolling)
        {
            return null;
        }

        var last = ModelCalendar.MonthsAfter(earned, rolling.Months);
        return rolling.RoundUp switch
        {
            RoundUp.Month => ModelCalendar.EndOfGroup(last, 1),
            RoundUp.Quarter => ModelCalendar.EndOfGroup(last, 3),
            RoundUp.Year => ModelCalendar.EndOfGroup(last, 12),
            _ => last,
        };
    }

    // Coin by coin: a debt swallows them first.
    private void Give(long coins, Instant earnedAt, Instant? expiresAt, long lot, Programme? programme, ExpiryPolicy? expiry, Instant now)
    {
        for (var i = 0L; i < coins; i++)
        {
            Receive(new() { Lot = lot, EarnedAt = earnedAt, ExpiresAt = expiresAt, Warnings = programme?.Warnings, Idle = expiry as ExpiryPolicy.Inactivity }, now);
        }
    }

    private void Receive(Coin coin, Instant now)
    {
        if (Debt > 0)
        {
            Debt--;
        }
        else
        {
            Table.Add(coin);
            Hang(coin, now);
            _idles |= coin.Idle is not null;
        }
    }

    // Whatever idles and is kept by this act expires so long after it.
    private void Act(ResidentAct act, Instant now)
    {
        var left = new HashSet<Instant?>();
        var moved = new HashSet<Coin>();
        var idle = Table.Concat(Live.SelectMany(hold => hold.Kept)).Where(coin => coin.Idle?.Counts.Contains(act) == true).ToList();
        foreach (var coin in VersionAt(now) is null ? [] : idle)
        {
            if (EndAfter(coin.Idle!, VersionAt(now)!.Programme, now) is var end && coin.ExpiresAt < end)
            {
                left.UnionWith(Table.Contains(coin) ? [coin.ExpiresAt] : []);
                moved.Add(coin);
                coin.ExpiresAt = end;
            }
        }

        if (left.Count > 0)
        {
            _bells =
            [
                .. _bells.Where(bell => !left.Contains(bell.End)),
                .. _bells.Where(bell => left.Contains(bell.End))
                    .Select(bell => (Bell: bell, By: Table.Where(coin => coin.ExpiresAt == bell.End && coin.Warnings?.DaysBefore.Contains(bell.Days) == true).ToList()))
                    .Where(one => one.By.Count > 0)
                    .Select(one => one.Bell with
                    {
                        Required = one.Bell.Required && one.By.Exists(coin => coin.Warnings!.NoWarningNoExpiry && coin.Warnings.DaysBefore.Min() == one.Bell.Days),
                    }),
            ];
            Table.Where(moved.Contains).ToList().ForEach(coin => Hang(coin, now));
        }
    }

    private static Instant EndAfter(ExpiryPolicy.Inactivity idle, Programme programme, Instant act) => CalendarOf(programme)
        .EndOf(WithNotice(programme, ModelCalendar.MonthsAfter(CalendarOf(programme).DateAt(act), idle.Months), act));

    private List<Coin> InOrderOfUse() =>
        [.. Table.OrderBy(c => c.ExpiresAt is null).ThenBy(c => c.ExpiresAt).ThenBy(c => c.EarnedAt).ThenBy(c => (c.Lot, c.Ordinal))];

    private List<Coin> TakeNext(long coins) => TakeNext(coins, _ => true);

    private List<Coin> TakeNext(long coins, Func<Coin, bool> which)
    {
        var taken = InOrderOfUse().Where(which).Take((int)coins).ToList();
        var gone = taken.ToHashSet();
        Table.RemoveAll(gone.Contains);
        return taken;
    }

    private Refusal? Spend(CommandEnvelope envelope, SpendPoints command, Deed deed)
    {
        deed.Merchant = command.Merchant;
        if (!envelope.Historic && NotSelling(command.Merchant, command.Terminal) is { } closed)
        {
            return closed;
        }

        if (command.Points.Value > (BigInteger)Table.Count * worth)
        {
            return new Refusal.InsufficientPoints(Worth(Table.Count), command.Points);
        }

        if (TooMuchForALife(LifetimeSum.Spent, Spent + Kept, command.Points.Value) is { } limit)
        {
            return limit;
        }

        Act(ResidentAct.Spent, envelope.At);
        deed.Paid = TakeNext(Coins(command.Points));
        deed.PaidInAll = deed.Paid.Count;
        deed.RefundPolicy = VersionAt(envelope.At)?.Programme;
        Spent += deed.PaidInAll;
        return null;
    }

    private Refusal? Refund(CommandEnvelope envelope, RefundSpend command, bool elsewhere)
    {
        if (elsewhere || !_deeds.TryGetValue(command.Of, out var deed))
        {
            return new Refusal.UnknownTransaction(command.Of);
        }

        if (deed.Paid is not { } paid)
        {
            return new Refusal.NotASpend(command.Of);
        }

        if (deed.Sale?.Share is { } share && envelope.Key.Source != "share-back")
        {
            return new Refusal.ShareOfPool(share.Household, share.Spend);
        }

        if (envelope.Key.Source != "share-back" && NoTill(deed.Merchant, command.Terminal) is { } gone)
        {
            return gone;
        }

        var asked = command.Points is { } points ? Coins(points) : paid.Count;
        if (envelope.Historic && asked > paid.Count)
        {
            asked = paid.Count;
        }

        if (asked == 0 || asked > paid.Count)
        {
            return new Refusal.RefundExceedsSpend(
                command.Of, Worth(deed.PaidInAll), Worth(deed.PaidInAll - paid.Count), command.Points ?? Worth(paid.Count));
        }

        return GiveBack(envelope, deed, paid, asked);
    }

    private Refusal.BalanceLimit? GiveBack(CommandEnvelope envelope, Deed deed, List<Coin> paid, long asked)
    {
        var coming = paid.AsEnumerable().Reverse().Take((int)asked).ToList();
        foreach (var coin in deed.RefundPolicy is null ? [] : coming.Where(coin => coin.Idle is not null))
        {
            foreach (var (_, at) in _acts.Where(act => coin.Idle!.Counts.Contains(act.Key)))
            {
                coin.ExpiresAt = EndAfter(coin.Idle!, deed.RefundPolicy!, at) is var end && coin.ExpiresAt < end ? end : coin.ExpiresAt;
            }
        }

        var repaying = (int)Math.Min(Debt, asked);
        var entering = coming.Skip(repaying).Where(coin => !(coin.ExpiresAt <= envelope.At) || DateGiven(coin, envelope.At, deed.RefundPolicy) is not null).ToList();
        if ((BigInteger)(Holds + entering.Count) * worth > Limit)
        {
            return new Refusal.BalanceLimit(Worth(Holds), Worth(entering.Count), new(Limit));
        }

        var given = entering.ToDictionary(coin => coin, coin => DateGiven(coin, envelope.At, deed.RefundPolicy));
        paid.RemoveRange(paid.Count - (int)asked, (int)asked);
        Debt -= repaying;
        Restored += asked;
        foreach (var coin in coming.Skip(repaying))
        {
            if (entering.Contains(coin))
            {
                PutBack(coin, envelope.At, given[coin], deed.RefundPolicy);
            }
            else
            {
                CountLapsed(coin);
            }
        }

        return null;
    }

    private Refusal? Gift(CommandEnvelope envelope, GivePoints command, Deed deed)
    {
        if (VersionAt(envelope.At) is not { } version)
        {
            return new Refusal.NoProgramme(envelope.At);
        }

        if (version.Programme.Gifts is not { } policy)
        {
            return new Refusal.GiftsNotOffered(version.Version);
        }

        if (command.To == envelope.Resident)
        {
            return new Refusal.GiftToSelf(command.To);
        }

        if (command.To == Nobody)
        {
            return new Refusal.ReceiverUnknown(command.To);
        }

        if (policy.WithinHousehold && Home is null)
        {
            return new Refusal.GiftOutsideHousehold(command.To, null);
        }

        if (UnderWay.Count >= 100)
        {
            return new Refusal.TooManyErrands(100);
        }

        var today = CalendarOf(version.Programme).DateAt(envelope.At);
        var date = _gifts.Count > 0 && _gifts[^1].Date > today ? _gifts[^1].Date : today;
        var ofDay = _gifts.Where(gift => gift.Date == date).Sum(gift => gift.Coins);
        var ofMonth = _gifts.Where(gift => (gift.Date.Year, gift.Date.Month) == (date.Year, date.Month)).Sum(gift => gift.Coins);
        foreach (var (span, limit, used) in new[] { (GiftSpan.Gift, policy.PointsMax, 0L), (GiftSpan.LocalDay, policy.PerDayMax, ofDay), (GiftSpan.Month, policy.PerMonthMax, ofMonth) })
        {
            if (limit is { } most && (used * (BigInteger)worth) + command.Points.Value > most.Value)
            {
                return new Refusal.GiftLimitExceeded(span, most, Worth(used), command.Points);
            }
        }

        var delivery = envelope.At.Plus(policy.CoolingOff);
        var until = envelope.At.Plus(Duration.FromHours(24 * policy.ValidityDaysMin));
        bool Lasts(Coin coin) => !(coin.ExpiresAt <= delivery) && !(coin.ExpiresAt <= until);
        if (Table.Count(Lasts) is var found && command.Points.Value > found * (BigInteger)worth)
        {
            return new Refusal.InsufficientPoints(Worth(found), command.Points);
        }

        if (TooMuchForALife(LifetimeSum.Sent, Sent, command.Points.Value) is { } tooMuch)
        {
            return tooMuch;
        }

        var coins = TakeNext(Coins(command.Points), Lasts);
        Sent += coins.Count;
        _gifts.Add((date, coins.Count));
        UnderWay.Add(new(deed.Sequence, command.To, coins) { DueAt = delivery });
        return null;
    }

    private Refusal? Receive(CommandEnvelope envelope, ReceiveGift command, Deed deed)
    {
        if (command.Household is { } household && Home?.Name != household)
        {
            return new Refusal.GiftOutsideHousehold(envelope.Resident, household);
        }

        var coming = command.Lots.Sum(lot => Coins(lot.Points));
        if (command.Lots.Where(lot => lot.ExpiresAt <= envelope.At).Sum(lot => Coins(lot.Points)) is > 0 and var late)
        {
            return new Refusal.GiftExpired(Worth(late), Worth(coming));
        }

        var entering = coming - Math.Min(Debt, coming);
        if ((BigInteger)(Holds + entering) * worth > Limit)
        {
            return new Refusal.BalanceLimit(Worth(Holds), Worth(entering), new(Limit));
        }

        if (TooMuchForALife(LifetimeSum.Received, Received, coming * (BigInteger)worth) is { } tooMuch)
        {
            return tooMuch;
        }

        Received += coming;
        var ordinals = command.Lots.SelectMany(lot => Enumerable.Repeat(lot, (int)Coins(lot.Points))).Skip((int)Math.Min(Debt, coming))
            .Select(lot => lot.Lot).Distinct().Index().ToDictionary(lot => lot.Item, lot => lot.Index);
        foreach (var lot in command.Lots)
        {
            for (var i = 0L; i < Coins(lot.Points); i++)
            {
                Receive(
                    new()
                    {
                        Lot = deed.Sequence,
                        Ordinal = ordinals.GetValueOrDefault(lot.Lot),
                        EarnedAt = lot.EarnedAt,
                        ExpiresAt = lot.ExpiresAt,
                        Warnings = lot.Warnings,
                    },
                    envelope.At);
            }
        }

        return null;
    }

    private Refusal? End(CommandEnvelope envelope, EndGift command)
    {
        var gift = UnderWay.Find(gift => gift.Of == command.Gift);
        _undone = gift is not null;
        if (gift is not null && command.How != GiftEnd.Delivered)
        {
            Sent -= gift.Coins.Count;
            UnderWay.Remove(gift);
            PutBack(gift.Coins, envelope.At);
        }

        UnderWay.RemoveAll(other => other == gift);
        return null;
    }

    private Refusal? UnknownFund(CommandEnvelope envelope, FundId fund) => VersionAt(envelope.At) is not { } version ? new Refusal.NoProgramme(envelope.At)
        : version.Programme.Funds.Any(named => named.Key == fund) ? null
        : new Refusal.UnknownFund(fund, version.Version);

    private Refusal? Donate(CommandEnvelope envelope, DonatePoints command)
    {
        if (UnknownFund(envelope, command.Fund) is { } unknown)
        {
            return unknown;
        }

        if (command.Points.Value > (BigInteger)Table.Count * worth)
        {
            return new Refusal.InsufficientPoints(Worth(Table.Count), command.Points);
        }

        if (TooMuchForALife(LifetimeSum.Given, Given, command.Points.Value) is { } limit)
        {
            return limit;
        }

        Given += TakeNext(Coins(command.Points)).Count;
        return null;
    }

    private Refusal? Choose(CommandEnvelope envelope, ChooseExpiry command)
    {
        if (command.Fund is { } fund && UnknownFund(envelope, fund) is { } unknown)
        {
            return unknown;
        }

        ExpiryFund = command.Fund;
        return null;
    }

    private Refusal? PutOff(CommandEnvelope envelope, PutOffErrand command)
    {
        var gift = UnderWay.Find(gift => gift.Of == command.Of && gift.Tries == command.Tries);
        _undone = gift is not null;
        if (gift is not null)
        {
            gift.DueAt = envelope.At.Plus(Duration.FromMinutes(Math.Min(256, Math.Pow(2, gift.Tries))));
            gift.Tries++;
            UnderWay.Remove(gift);
            UnderWay.Add(gift);
        }

        return null;
    }

    private Refusal? SetPointsAside(CommandEnvelope envelope, HoldPoints command, Deed deed, Thawed.Taken? taken)
    {
        if (taken is { Points: null })
        {
            return new Refusal.ReferenceVoided(command.Reference, taken.At);
        }

        if (taken is null && _sales.GetValueOrDefault(command.Reference) is { } same && same.Sale == command)
        {
            return same.Refusal;
        }

        if (taken is not null || _sales.ContainsKey(command.Reference))
        {
            return taken is not null
                ? new Refusal.ReferenceReused(command.Reference, taken.Points!.Value, taken.At)
                : new Refusal.ReferenceReused(command.Reference, _sales[command.Reference].Sale!.Points, _sales[command.Reference].Asked);
        }

        deed.Merchant = command.Reference.Merchant;
        if (command.Share is { } share && Home?.Name != share.Household)
        {
            return new Refusal.NotInHousehold(share.Household);
        }

        if (NotSelling(deed.Merchant, command.Terminal) is { } closed)
        {
            return closed;
        }

        if (command.Paycode is { } code)
        {
            if (envelope.PaycodeUntil is not { } until || envelope.At >= until)
            {
                return new Refusal.PaycodeExpired(envelope.PaycodeUntil);
            }

            if (_sales.Values.FirstOrDefault(sale => sale.Sale!.Paycode == code && sale.Refusal is null) is { } first)
            {
                return new Refusal.PaycodeUsed(first.Asked);
            }
        }

        if (Live.Count() >= 100)
        {
            return new Refusal.TooManyHolds(100);
        }

        var month = MonthOf(envelope.At);
        if (command.Share is { Own: false } && NotConsented(command.Points, month) is { } more)
        {
            return more;
        }

        if (command.Points.Value > (BigInteger)Table.Count * worth)
        {
            return new Refusal.InsufficientPoints(Worth(Table.Count), command.Points);
        }

        if (TooMuchForALife(LifetimeSum.Spent, Spent + Kept, command.Points.Value) is { } limit)
        {
            return limit;
        }

        if (command.Share is { Own: false })
        {
            _shares.Add((month, deed));
        }
        else
        {
            Act(ResidentAct.Spent, envelope.At);
        }

        deed.Kept = TakeNext(Coins(command.Points));
        deed.Until = envelope.At.Plus(Duration.FromMinutes(command.Minutes));
        deed.Paid = [];
        deed.RefundPolicy = VersionAt(envelope.At)?.Programme;
        return null;
    }

    private Refusal? Capture(CommandEnvelope envelope, CaptureHold command)
    {
        if (Ended(command.Hold) is { } ended)
        {
            return ended;
        }

        var hold = _sales[command.Hold];
        var coins = command.Points is { } points ? Coins(points) : hold.Kept.Count;
        if (coins > hold.Kept.Count)
        {
            return new Refusal.CaptureExceedsHold(command.Hold, Worth(hold.Kept.Count), Worth(coins));
        }

        hold.SettlesAt ??= CutOffAfter(hold.Merchant, envelope.At);
        hold.Paid!.AddRange(hold.Kept.Take((int)coins));
        hold.Kept.RemoveRange(0, (int)coins);
        hold.PaidInAll += coins;
        Spent += coins;
        if (command.Final || hold.Kept.Count == 0)
        {
            GiveUp(hold, HoldEnd.Captured, envelope.At);
        }

        return null;
    }

    private Refusal? Release(CommandEnvelope envelope, ReleaseHold command)
    {
        if (Ended(command.Hold) is { } ended)
        {
            return ended;
        }

        GiveUp(_sales[command.Hold], HoldEnd.Released, envelope.At);
        return null;
    }

    private Refusal.InOtherHousehold? Join(CommandEnvelope envelope, HouseholdId household)
    {
        _undone = Home is null;
        if (Home is { } home)
        {
            return home.Name == household ? null : new(home.Name, home.Since);
        }

        Home = (household, envelope.At);
        _shares.Clear();
        PoolConsent = null;
        return null;
    }

    private Refusal? Leave(HouseholdId household)
    {
        _undone = Home?.Name == household;
        (Home, PoolConsent) = _undone ? (null, null) : (Home, PoolConsent);
        return null;
    }

    private Refusal.NotInHousehold? Consent(PoolConsent? consent)
    {
        if (Home is null)
        {
            return new(null);
        }

        PoolConsent = consent;
        return null;
    }

    private Refusal.PoolLimitExceeded? NotConsented(Points points, LocalDate month)
    {
        if (PoolConsent is not { } consent)
        {
            return new(PoolSpan.Spend, new(0), new(0), points);
        }

        var used = _shares.Where(share => share.Month == month).Sum(share => share.Hold.PaidInAll + share.Hold.Kept.Count);
        return points > consent.PerSpendMax ? new(PoolSpan.Spend, consent.PerSpendMax.Value, new(0), points)
            : consent.PerMonthMax is { } most && (used * (BigInteger)worth) + points.Value > most.Value ? new(PoolSpan.Month, most, Worth(used), points)
            : null;
    }

    // Of the last share, where a programme that lies further west would go back behind it.
    private LocalDate MonthOf(Instant at)
    {
        var date = (VersionAt(at) is { } version ? CalendarOf(version.Programme) : ModelCalendar.Of(DateTimeZoneProviders.Tzdb["Asia/Shanghai"])).DateAt(at);
        var month = new LocalDate(date.Year, date.Month, 1);
        return _shares is [.., var last] && last.Month > month ? last.Month : month;
    }

    // Nobody spends from a frozen wallet, and a closed one only takes back; a hold that is sent again is none.
    private Refusal? NotTaken(CommandEnvelope envelope) => envelope.Command switch
    {
        HoldPoints hold when _sales.GetValueOrDefault(hold.Reference)?.Sale == hold => null,
        FulfilRedemption or CancelRedemption => null,
        RefundSpend or ReverseEarning or CaptureHold or ReleaseHold or VoidHold or ApplyDue or CloseWallet or EraseResident or EndGift or PutOffErrand or LeaveHousehold => null,
        _ when Over() is { } over => over,
        SpendPoints or HoldPoints or RedeemReward or GivePoints or ReceiveGift or DonatePoints when FrozenSince is { } since => new Refusal.Frozen(since),
        _ => null,
    };

    private Refusal? Over() => ErasedSince is { } erased ? new Refusal.Erased(erased) : ClosedSince is { } closed ? new Refusal.Closed(closed) : null;

    private Refusal? Close(CommandEnvelope envelope, FundId? fund, bool forgives, bool erases)
    {
        _undone = ClosedSince is null || (erases && ErasedSince is null);
        if (ClosedSince is null)
        {
            if (fund is { } named && UnknownFund(envelope, named) is { } unknown)
            {
                return unknown;
            }

            var owed = Math.Max(0, Debt - Later.Count);
            var (holds, undecided) = (Live.Count(), DecidedByTime.Count());
            if (holds > 0 || undecided > 0 || UnderWay.Count > 0 || Open.Any() || (owed > 0 && !forgives))
            {
                return new Refusal.NotSettled(holds, Worth(Kept), undecided, Worth(forgives ? 0 : owed), UnderWay.Count, Open.Count());
            }

            if (TooMuchForALife(LifetimeSum.Adjusted, Adjusted, owed * worth) is { } limit)
            {
                return limit;
            }

            Adjusted += owed;
            Later.RemoveAll(Later.OrderBy(coin => coin.ActiveAt).ThenBy(coin => coin.Lot).Take((int)Math.Min(Debt, Later.Count)).ToHashSet().Contains);
            (Debt, ClosedSince, FrozenSince, _heir) = (0, envelope.At, null, fund);
            Tiers.Stop();
            Waiting.Clear();
            _deeds.Values.ToList().ForEach(deed => deed.Clawback = Clawback.WriteOff);
        }

        ErasedSince ??= erases ? envelope.At : null;
        return null;
    }

    // Now, and whenever something comes back.
    private void GiveAllAway()
    {
        foreach (var coin in Table.Concat(Later))
        {
            if (_heir is null)
            {
                CountLapsed(coin);
            }
            else
            {
                Given++;
            }
        }

        Table.Clear();
        Later.Clear();
    }

    private Refusal? Freeze(Instant? since)
    {
        FrozenSince = since is null ? null : FrozenSince ?? since;
        return null;
    }

    private Refusal? Void(CommandEnvelope envelope, VoidHold command)
    {
        _undone = false;
        if (!_sales.TryGetValue(command.Hold, out var sale) || sale.Paid is not { } paid || sale.Sale!.Share is not null)
        {
            return new Refusal.HoldNotFound(command.Hold);
        }

        var isSettled = paid.Count > 0 && sale.SettlesAt <= envelope.At;
        if (isSettled && sale.Kept.Count == 0)
        {
            return new Refusal.SettledUseRefund(command.Hold, sale.SettlesAt!.Value, Worth(sale.PaidInAll), Worth(sale.PaidInAll - paid.Count));
        }

        // Refused whole when what was captured does not fit in: then nothing of it is done.
        var (kept, table, debt, expired, lapsed) = (sale.Kept.ToList(), Table.ToList(), Debt, Expired, _deeds.Values.Select(deed => deed.Lapsed).ToList());
        var ends = Table.Concat(kept).ToDictionary(coin => coin, coin => coin.ExpiresAt);
        var (end, endedAt, bells) = (sale.End, sale.EndedAt, _bells.ToList());
        _undone = kept.Count > 0 || paid.Count > 0;
        if (kept.Count > 0)
        {
            GiveUp(sale, HoldEnd.Voided, envelope.At);
        }

        if (!isSettled && paid.Count > 0 && GiveBack(envelope, sale, paid, paid.Count) is { } full)
        {
            (sale.Kept, Debt, Expired, sale.End, sale.EndedAt, _bells) = (kept, debt, expired, end, endedAt, bells);
            Table.Clear();
            Table.AddRange(table);
            foreach (var (coin, until) in ends)
            {
                coin.ExpiresAt = until;
            }

            foreach (var (deed, before) in _deeds.Values.Zip(lapsed))
            {
                deed.Lapsed = before;
            }

            return full;
        }

        return null;
    }

    private Refusal? NotSelling(MerchantId merchant, string? till) =>
        merchants?.Find(merchant)?.Status == MerchantStatus.Suspended ? new Refusal.MerchantSuspended(merchant) : NoTill(merchant, till);

    private Refusal.UnknownTerminal? NoTill(MerchantId merchant, string? till) =>
        till is not null && merchants?.Find(merchant)?.Terminals is { Length: > 0 } tills && !tills.Contains(till) ? new(merchant, till) : null;

    // Looks at the clock on the wall, minute by minute, until it shows the time.
    private Instant CutOffAfter(MerchantId merchant, Instant at)
    {
        var terms = merchants?.Find(merchant)?.Terms.LastOrDefault(terms => terms.EffectiveFrom <= at);
        var zone = VersionAt(at)?.Programme.Zone ?? DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        return ModelCalendar.Of(zone).NextAt(terms?.CutOff ?? LocalTime.Midnight, at);
    }

    private Refusal? Ended(MerchantReference reference) =>
        !_sales.TryGetValue(reference, out var sale) || sale.Paid is null ? new Refusal.HoldNotFound(reference)
        : sale.Kept.Count > 0 ? null
        : sale.Sale!.Share is not null ? new Refusal.HoldNotFound(reference)
        : new Refusal.HoldEnded(reference, sale.End, sale.EndedAt, sale.Sale!.Points, Worth(sale.PaidInAll));

    private void GiveUp(Deed hold, HoldEnd end, Instant at)
    {
        (hold.End, hold.EndedAt) = (end, at);
        if (end == HoldEnd.TimedOut && hold.Order is { } unpaid)
        {
            unpaid.Move(RedemptionStatus.TimedOut, at);
        }

        PutBack(hold.Kept, at);
        hold.Kept = [];
    }

    private void PutBack(List<Coin> coins, Instant at)
    {
        foreach (var coin in coins.AsEnumerable().Reverse())
        {
            if (Debt > 0)
            {
                Debt--;
            }
            else if (coin.ExpiresAt <= at && !(coin.Warnings is { NoWarningNoExpiry: true } warnings
                && !_given.Any(given => given.End == coin.ExpiresAt && given.Days >= warnings.DaysBefore.Min())))
            {
                CountLapsed(coin);
            }
            else
            {
                PutBack(coin, at, null, null);
            }
        }
    }

    private LocalDate? DateGiven(Coin coin, Instant now, Programme? policy)
    {
        if (policy is null)
        {
            return null;
        }

        var lacksNotice = coin is { ExpiresAt: { } end, Warnings: { NoWarningNoExpiry: true } warnings }
            && end < now.Plus(Duration.FromHours(24 * warnings.DaysBefore.Min())) && (!_given.Any(given => given.End == end && given.Days >= warnings.DaysBefore.Min()) || end <= now);
        var dates = new List<LocalDate>();
        if (lacksNotice)
        {
            dates.Add(DateWithNotice(policy, coin.Warnings!, now));
        }

        if (coin.ExpiresAt <= now && policy.RefundGraceDays > 0)
        {
            dates.Add(ModelCalendar.DaysAfter(CalendarOf(policy).DateAt(now), policy.RefundGraceDays));
        }

        return dates.Count == 0 ? null : dates.Max();
    }

    private void PutBack(Coin coin, Instant now, LocalDate? dateGiven, Programme? policy)
    {
        if (dateGiven is { } date)
        {
            coin.ExpiresAt = CalendarOf(policy!).EndOf(date);
        }

        Hang(coin, now);

        // Coins of one lot stay together: the later end counts for all that lie on the table.
        foreach (var other in Table.Where(other => (other.Lot, other.Ordinal) == (coin.Lot, coin.Ordinal)))
        {
            var later = other.ExpiresAt is null || coin.ExpiresAt is null ? null
                : other.ExpiresAt > coin.ExpiresAt ? other.ExpiresAt : coin.ExpiresAt;
            (other.ExpiresAt, coin.ExpiresAt) = (later, later);
        }

        Table.Add(coin);
    }

    private Refusal? Reverse(CommandEnvelope envelope, ReverseEarning command, bool elsewhere)
    {
        if (elsewhere)
        {
            return new Refusal.UnknownTransaction(command.Of);
        }

        if (!_deeds.TryGetValue(command.Of, out var deed))
        {
            return Wait(envelope, command);
        }

        if (deed.Activity is null)
        {
            return new Refusal.NotAnEarning(command.Of);
        }

        if (LeftOf(deed) <= 0)
        {
            return new Refusal.NothingToReverse(command.Of, Worth(deed.Credited + deed.Donated), Worth(deed.Claimed), Worth(deed.Lapsed));
        }

        var coins = command.Points is { } points ? Coins(points) : long.MaxValue;
        var claimed = Math.Min(coins, LeftOf(deed));
        claimed -= Math.Min(claimed, deed.LeftInFund);
        var missing = claimed - Math.Min(claimed, Undecided.Concat(Later).Count(coin => coin.Lot == deed.Sequence)) - Table.Count;
        if (deed.Clawback == Clawback.Debt && (BigInteger)(Debt + missing) * worth > Limit)
        {
            return new Refusal.DebtLimit(Worth(Debt), Worth(missing), new(Limit));
        }

        Claw(deed, command.Points is null ? null : coins);
        Tiers.JudgeReversed(envelope.At);
        return null;
    }

    private Refusal? Wait(CommandEnvelope envelope, ReverseEarning command)
    {
        if (envelope.Historic)
        {
            return new Refusal.UnknownTransaction(command.Of);
        }

        if (Over() is { } over)
        {
            return over;
        }

        if (Waiting.Count >= 100)
        {
            return new Refusal.TooManyWaiting(100);
        }

        Waiting.Add((command.Of, command.Points is { } points ? Coins(points) : null));
        return null;
    }

    private void Claw(Deed deed, long? coins)
    {
        var left = LeftOf(deed);
        var claimed = coins is { } some && some < left ? some : left;
        var back = Math.Min(claimed, deed.LeftInFund);
        InFund -= back;
        deed.Claimed += claimed;
        CountForTiers(deed, back - claimed);
        TakeBack(deed, claimed - back);
        if (deed.Awaits is not null && claimed == left)
        {
            deed.Settle(ApprovalOutcome.Reversed);
        }

        foreach (var (per, date) in claimed > 0 ? deed.RestoredPeriods : [])
        {
            _counted.Add(new(deed.Activity!.Value, per, date, -claimed));
        }
    }

    private void TakeBack(Deed deed, long claimed)
    {
        var own = Undecided.Concat(Later).Concat(Table).Where(coin => coin.Lot == deed.Sequence).Take((int)claimed).ToHashSet();
        Undecided.RemoveAll(own.Contains);
        Later.RemoveAll(own.Contains);
        Table.RemoveAll(own.Contains);
        var others = TakeNext(claimed - own.Count);
        var missing = claimed - own.Count - others.Count;
        ClawedBack += own.Count + others.Count;
        if (deed.Clawback == Clawback.Debt)
        {
            Debt += missing;
            ClawedBack += missing;
        }
        else
        {
            Shortfall += missing;
        }
    }

    private Refusal? Adjust(CommandEnvelope envelope, Points points, Deed deed)
    {
        var coins = Coins(points);
        if (coins < 0 && -coins > Table.Count)
        {
            return new Refusal.InsufficientPoints(Worth(Table.Count), -points);
        }

        if (coins > 0 && (BigInteger)(Holds + coins) * worth > Limit)
        {
            return new Refusal.BalanceLimit(Worth(Holds), points, new(Limit));
        }

        if (coins > 0 && TooMuchForALife(LifetimeSum.Adjusted, Adjusted, points.Value) is { } limit)
        {
            return limit;
        }

        if (coins < 0)
        {
            TakeNext(-coins);
        }
        else
        {
            var programme = VersionAt(envelope.At)?.Programme;
            var last = programme is null ? null : LastDate(programme.Expiry, CalendarOf(programme).DateAt(envelope.At));
            Give(
                coins, envelope.At, last is { } date ? CalendarOf(programme!).EndOf(WithNotice(programme!, date, envelope.At)) : null, deed.Sequence, programme, programme?.Expiry, envelope.At);
        }

        Adjusted += coins;
        return null;
    }

    // What it gives it gives as an adjustment; what it takes and does not find is owed, or stays.
    private Refusal? Correct(CommandEnvelope envelope, CorrectPoints command, Deed deed)
    {
        var missing = -Coins(command.Points) - Table.Count;
        if (missing <= 0)
        {
            return Adjust(envelope, command.Points, deed);
        }

        var owed = VersionAt(envelope.At)?.Programme.Clawback == Clawback.WriteOff ? Math.Min(missing, Later.Count) : missing;
        if ((BigInteger)(Debt + owed) * worth > Limit)
        {
            return new Refusal.DebtLimit(Worth(Debt), Worth(owed), new(Limit));
        }

        Adjusted -= TakeNext(Table.Count).Count + owed;
        Debt += owed;
        return null;
    }

    /// <summary>A gift under way.</summary>
    internal sealed class Parcel(long of, ResidentId to, List<Coin> coins)
    {
        public long Of => of;

        public ResidentId To => to;

        public List<Coin> Coins => coins;

        public Instant DueAt { get; set; }

        public int Tries { get; set; }
    }

    private sealed record Awaited(Instant DueAt, bool SilenceApproves, string Maker, Points Proposed);

    /// <summary>A warning to come.</summary>
    private sealed record Bell(Instant End, int Days, bool Required)
    {
        public Instant At => End.Minus(Duration.FromHours(24 * Days));
    }

    private sealed record Counted(ActivityType Activity, CapPeriod Per, LocalDate Date, long Coins);

    /// <summary>What a command did, kept for ever.</summary>
    private sealed class Deed
    {
        public required long Sequence { get; init; }

        public ActivityType? Activity { get; set; }

        public Clawback Clawback { get; set; }

        public LocalDate? CountedFor { get; set; }

        public long Credited { get; set; }

        /// <summary>What a fund got of it.</summary>
        public long Donated { get; set; }

        public long LeftInFund => Math.Max(0, Donated - Claimed);

        public long Claimed { get; set; }

        public long Lapsed { get; set; }

        /// <summary>What it waits for; null when it does not, or no longer.</summary>
        public Awaited? Awaits { get; set; }

        public ApprovalOutcome? Outcome { get; private set; }

        public IntegrityCheck.ApproverShare? Share { get; set; }

        public IReadOnlyList<(CapPeriod Per, LocalDate Date)> RestoredPeriods { get; set; } = [];

        /// <summary>The coins that paid and did not come back yet, in the order in which they were taken.</summary>
        public List<Coin>? Paid { get; set; }

        public long PaidInAll { get; set; }

        public Programme? RefundPolicy { get; set; }

        public MerchantId Merchant { get; set; }

        /// <summary>The cut-off after the first capture.</summary>
        public Instant? SettlesAt { get; set; }

        /// <summary>The hold that was asked for, also where it was refused.</summary>
        public HoldPoints? Sale { get; set; }

        /// <summary>When it was.</summary>
        public Instant Asked { get; set; }

        /// <summary>Why it was; null where it was not.</summary>
        public Refusal? Refusal { get; set; }

        /// <summary>The coins still set aside, in the order in which they are taken.</summary>
        public List<Coin> Kept { get; set; } = [];

        public Instant Until { get; set; }

        public HoldEnd End { get; set; }

        public Instant EndedAt { get; set; }

        /// <summary>What was redeemed with it; null for other deeds.</summary>
        public Order? Order { get; set; }

        public void Settle(ApprovalOutcome? outcome)
        {
            Outcome = outcome;
            Awaits = outcome is null ? Awaits : null;
        }
    }
}
