using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Replays;

/// <summary>What one resident's past would have been under another programme. Unit: points.</summary>
/// <param name="Activities">Activities of the period, by type: how many, what they earned, what they would have earned.</param>
/// <param name="Credited">What was credited in the period.</param>
/// <param name="CreditedThen">What would have been credited.</param>
/// <param name="Balance">The balance at the end of the period.</param>
/// <param name="BalanceThen">The balance that there would be.</param>
/// <param name="SpendsMissed">Spends of the period that would not have been possible.</param>
/// <param name="PointsMissed">The points of those spends.</param>
/// <param name="Difference">What the period would have given more, after reversals; negative for less.</param>
/// <param name="First">The sequence of the first transaction of the period; 0 where there is none.</param>
/// <param name="Last">The sequence of its last one.</param>
public sealed record ReplayedWallet(
    ImmutableDictionary<ActivityType, ReplayedActivities> Activities,
    Points Credited,
    Points CreditedThen,
    Points Balance,
    Points BalanceThen,
    long SpendsMissed,
    Points PointsMissed,
    Points Difference,
    long First,
    long Last);

/// <summary>Activities of one type.</summary>
/// <param name="Count">How many.</param>
/// <param name="Credited">Points that they earned; of a whole community more than a number of points may be.</param>
/// <param name="CreditedThen">Points that they would have earned.</param>
public readonly record struct ReplayedActivities(long Count, Int128 Credited, Int128 CreditedThen)
{
    /// <summary>Both together.</summary>
    public static ReplayedActivities operator +(ReplayedActivities left, ReplayedActivities right) =>
        new(left.Count + right.Count, left.Credited + right.Credited, left.CreditedThen + right.CreditedThen);
}

/// <summary>
/// Decides one wallet's past again, by another programme, with the functions that decide commands; the books are not touched.
/// </summary>
/// <remarks>
/// Until the period begins the past is as it was; from then on each transaction is decided anew on what the wallet would hold by then: activities,
/// spends, refunds, reversals, adjustments, and what falls due. What was refused is not asked again, for the journal does not keep what was asked.
/// An award that waited for a decision waits again, and is decided as and when it was, unless its time is over first; one that counted at once
/// then is approved at once. What was rejected is taken back also where the programme asks for no approval. What became of awards of the period after it,
/// until another instant, counts in the difference and nowhere else.
/// </remarks>
public sealed class WalletReplay
{
    private readonly PublishedProgrammes _programmes;
    private readonly Instant _from;
    private readonly Instant _until;
    private readonly Instant _knownUntil;
    private readonly GivenAwards _awards = new();
    private readonly GivenAwards _awardsThen = new();
    private readonly bool _pays;
    private readonly CommunityId _community;
    private readonly ResidentId _resident;
    private readonly Dictionary<long, CommandKey> _keys = [];
    private readonly Dictionary<long, MerchantReference> _holds = [];
    private readonly Dictionary<MerchantReference, CommandKey> _keyOfHold = [];
    private readonly Dictionary<CommandKey, Transaction> _byKey = [];
    private readonly List<Transaction> _replayed = [];
    private readonly Dictionary<ActivityType, ReplayedActivities> _activities = [];
    private long _first;
    private WalletState _actual = WalletState.Empty;
    private WalletState _then = WalletState.Empty;
    private long _spendsMissed;
    private Points _pointsMissed;
    private Points _differenceLater;
    private bool _periodIsOver;

    /// <param name="stream">Whose wallet.</param>
    /// <param name="programmes">The programme to try (<see cref="PublishedProgrammes.Trying"/>), beside those that are pinned in the past.</param>
    /// <param name="from">The first instant of the period.</param>
    /// <param name="until">The first instant after it.</param>
    /// <param name="knownUntil">The first instant at which what became of awards of the period is not looked at any more; null: the end of the period.</param>
    /// <param name="pays">Is the difference to be paid? Then a campaign with a budget gives what it gave then, at most: nothing is drawn a second time.</param>
    /// <exception cref="ArgumentException">The stream is no wallet.</exception>
    public WalletReplay(StreamId stream, PublishedProgrammes programmes, Instant from, Instant until, Instant? knownUntil = null, bool pays = false)
    {
        _pays = pays;
        _knownUntil = knownUntil ?? until;
        _programmes = programmes;
        (_community, _from, _until) = (stream.Community, from, until);
        _resident = stream.Resident ?? throw new ArgumentException($"{stream} is no wallet.", nameof(stream));
    }

    /// <summary>Was there anything before the end of the period?</summary>
    public bool HasPast => _keys.Count > 0;

    /// <summary>Takes the next transaction of the wallet, in order; of those after the period only what they did to its awards.</summary>
    /// <exception cref="InvalidOperationException">The transaction does not follow the one before it.</exception>
    public void Add(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.EffectiveAt >= _until)
        {
            if (transaction.EffectiveAt < _knownUntil)
            {
                Follow(transaction);
            }

            return;
        }

        _keys[transaction.Sequence] = transaction.Key;
        if (HeldIn(transaction) is { } reference)
        {
            _holds[transaction.Sequence] = reference;
            _keyOfHold[reference] = transaction.Key;
        }

        _actual = Wallet.Evolve(_actual, transaction);
        if (transaction.EffectiveAt < _from)
        {
            _then = _actual;
            Keep(transaction);
            return;
        }

        _first = _first == 0 ? transaction.Sequence : _first;
        if (IsFollowed)
        {
            _awards.Add(transaction.Sequence, transaction.Events);
        }

        var decided = false;
        foreach (var happened in transaction.Events)
        {
            if (happened is AwardApproved approved)
            {
                Approve(transaction, approved);
            }
            else if (CommandOf(transaction, happened) is { } command)
            {
                Decide(transaction, happened, command);
                decided = true;
            }
        }

        if (!decided)
        {
            // Where points stay until somebody was warned, it matters when the wallet was looked at.
            Decide(transaction, transaction.Events[^1], new ApplyDue());
        }
    }

    // Also what was set aside for a reward, which is known by its redemption and not by a merchant's reference.
    private static MerchantReference? HeldIn(Transaction transaction) =>
        transaction.Reference ?? transaction.Events.OfType<PointsHeld>().Select(held => (MerchantReference?)held.Reference).FirstOrDefault();

    /// <summary>What came of it, with everything applied that fell due within the period.</summary>
    public ReplayedWallet Result()
    {
        var all = default(ReplayedActivities);
        foreach (var of in _activities.Values)
        {
            all += of;
        }

        var last = _until - Duration.Epsilon;
        var (actual, then) = (Due.Apply(_actual, last).After, Due.Apply(_then, last).After);
        return new(
            _activities.ToImmutableDictionary(),
            new((long)all.Credited),
            new((long)all.CreditedThen),
            actual.Balances.Net,
            then.Balances.Net,
            _spendsMissed,
            _pointsMissed,
            Given(then) - Given(actual) + _differenceLater,
            _first,
            _first == 0 ? 0 : _actual.Sequence);
    }

    // What was spent meanwhile and what expired is left out: only what activities gave is decided anew for ever. What nobody has agreed to
    // was not given yet.
    private static Points Given(WalletState wallet) =>
        wallet.Lifetime.Earned - wallet.Lifetime.ClawedBack - wallet.Lifetime.Shortfall - wallet.UndecidedPoints;

    private bool IsFollowed => _knownUntil > _until;

    // What was decided after the period about an award that it decided. Spends and expiry meanwhile do not matter, so no wallet is needed.
    private void Follow(Transaction transaction)
    {
        EndPeriod();
        foreach (var happened in transaction.Events)
        {
            if (AwardOf(happened) is { } of && _awards.Has(of))
            {
                var ofThen = SequenceThen(of);
                var before = _awardsThen.Given(ofThen) - _awards.Given(of);
                _awards.Add(happened);
                Follow(happened, _awardsThen, ofThen, _awards.Kept(of));
                _differenceLater += _awardsThen.Given(ofThen) - _awards.Given(of) - before;
            }
        }
    }

    // What time had decided by the end of the period may be recorded after it.
    private void EndPeriod()
    {
        if (!_periodIsOver)
        {
            _periodIsOver = true;
            _awards.Add(0, Due.Apply(_actual, _until - Duration.Epsilon).Events);
            _awardsThen.Add(0, Due.Apply(_then, _until - Duration.Epsilon).Events);
        }
    }

    // What was taken back wholly leaves what had expired, whatever it would have been; of a part the same part goes.
    private static void Follow(WalletEvent happened, GivenAwards then, long of, Points left)
    {
        switch (happened)
        {
            case EarningReversed { Requested: { } requested } part when requested == part.Claimed:
                then.Keep(of, then.Kept(of) - Points.Min(then.Kept(of), part.ClawedBack + part.WrittenOff));
                break;
            case EarningReversed or EntryRejected:
                then.Decide(of);
                then.Keep(of, Points.Min(then.Kept(of), left));
                break;
            default:
                then.Decide(of);
                break;
        }
    }

    private static long? AwardOf(WalletEvent happened) => happened switch
    {
        EarningReversed reversed => reversed.Of,
        EntryRejected rejected => rejected.Of,
        AwardApproved approved => approved.Of,
        _ => null,
    };

    private BudgetsAtHand BudgetsOf(WalletEvent happened, WalletCommand command)
    {
        var budgets = BudgetsAtHand.NotHeld;
        if (_pays && command is EarnPoints earn)
        {
            foreach (var campaign in _programmes.InForceAt(earn.OccurredAt)?.Programme.Campaigns ?? [])
            {
                budgets = campaign.Budget is null ? budgets : budgets.With(campaign.Name, Drawn(happened, campaign.Name));
            }
        }

        return budgets;
    }

    // Other wallets are not looked at: what was counted then is known where it was shown.
    private static long EnteredBefore(WalletEvent happened) =>
        (happened as PointsEarned)?.Signals?.OfType<IntegritySignal.MakerRate>().FirstOrDefault() is { } signal ? signal.Entered - 1 : 0;

    private static Points Drawn(WalletEvent happened, string campaign) =>
        (happened as PointsEarned)?.Budgets?.Where(draw => draw.Campaign == campaign).Select(draw => draw.Points).SingleOrDefault() ?? Points.Zero;

    private void Decide(Transaction transaction, WalletEvent happened, WalletCommand command)
    {
        if (command is AdjustPoints && transaction.Key.Source != CommandKey.ImportSource)
        {
            LetFallDue(transaction);
        }

        var envelope = new CommandEnvelope
        {
            Community = _community,
            Resident = _resident,
            Key = KeyOf(transaction, happened),
            Command = command,
            At = Instant.Max(transaction.EffectiveAt, _then.LastAt),

            // An import was not held to bounds on lateness, and is not now; what one operator may not adjust alone, two did.
            Historic = transaction.Key.Source == CommandKey.ImportSource || command is AdjustPoints,
        };
        var keyHash = envelope.Key == transaction.Key ? transaction.KeyHash : envelope.KeyHash;
        var decision = Wallet.Decide(_programmes, _then, envelope, keyHash, ThawedFor(command), BudgetsOf(happened, command), enteredBefore: EnteredBefore(happened));
        var events = decision switch
        {
            Decision.Accepted accepted => accepted.Events,
            Decision.Refused refused => refused.Events,
            _ => [],
        };
        if (happened is HoldCaptured { Settlement: { } settlement })
        {
            // Merchants' terms are no part of what is tried: a sale belongs to the day it belonged to, until whose end it can be voided.
            events = [.. events.Select(decided => decided is HoldCaptured captured ? captured with { Settlement = settlement } : decided)];
        }

        if (!events.IsEmpty)
        {
            // Not Wallet.Record: nobody will ever ask for the fingerprint, and it costs more than the decision.
            _then = Wallet.Evolve(_then, events, envelope.At, envelope.Key, keyHash);
            if (happened is PointsEarned { Approval: null } && Approving.AtOnce(_then, _then.Sequence, envelope.At) is { } approved)
            {
                foreach (var agreed in Tiering.Judge(_programmes, _then, envelope.At, [approved]))
                {
                    (_then, events) = (Wallet.Evolve(_then, agreed), events.Add(agreed));
                }
            }

            Keep(transaction with { Sequence = _then.Sequence, Key = envelope.Key, Events = events, After = _then.Balances });
        }

        Count(happened, decision);
    }

    private void Approve(Transaction transaction, AwardApproved approved)
    {
        var at = Instant.Max(transaction.EffectiveAt, _then.LastAt);
        var (then, due) = Due.Apply(_then, at);
        if (_byKey.TryGetValue(_keys[approved.Of], out var award) && Approving.AtOnce(then, award.Sequence, at) is { } again)
        {
            var key = KeyOf(transaction, approved);
            Record(transaction, key, [.. due, .. Tiering.Judge(_programmes, then, at, [again])], at);
        }
    }

    // An adjustment is sent as history is, and that warns nobody.
    private void LetFallDue(Transaction transaction)
    {
        var at = Instant.Max(transaction.EffectiveAt, _then.LastAt);
        if (Due.Apply(_then, at).Events is { IsEmpty: false } due)
        {
            Record(transaction, new(CommandKey.SweepSource, $"{transaction.Sequence}/due"), due, at);
        }
    }

    private void Record(Transaction transaction, CommandKey key, ImmutableArray<WalletEvent> events, Instant at)
    {
        _then = Wallet.Evolve(_then, events, at, key, key.HashIn(_community));
        Keep(transaction with { Sequence = _then.Sequence, Key = key, Events = events, After = _then.Balances });
    }

    // What was decided by time lies in another command's transaction: it is decided again under a name of its own.
    private static CommandKey KeyOf(Transaction transaction, WalletEvent happened) => happened switch
    {
        EntryRejected { By: null } rejected => new(CommandKey.SweepSource, $"{transaction.Sequence}/{rejected.Of}"),
        AwardApproved { By: null } approved => new(CommandKey.SweepSource, $"{transaction.Sequence}/{approved.Of}"),
        _ => transaction.Key,
    };

    private void Keep(Transaction transaction)
    {
        if (IsFollowed)
        {
            _awardsThen.Add(transaction.Sequence, transaction.Events);
        }

        _byKey[transaction.Key] = transaction;
        _replayed.Add(transaction);
    }

    private void Count(WalletEvent happened, Decision decision)
    {
        if (happened is PointsEarned earned)
        {
            var then = decision is Decision.Accepted { Events: var events } ? CreditedIn(events) : Points.Zero;
            _activities[earned.Activity] = _activities.GetValueOrDefault(earned.Activity) + new ReplayedActivities(1, earned.Credited.Value, then.Value);
        }
        else if (decision is Decision.Refused && SpentIn(happened) is { IsPositive: true } spent)
        {
            _spendsMissed++;
            _pointsMissed += spent;
        }
    }

    private static Points CreditedIn(ImmutableArray<WalletEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is PointsEarned earned)
            {
                return earned.Credited;
            }
        }

        return Points.Zero;
    }

    private static Points SpentIn(WalletEvent happened) => happened switch
    {
        PointsSpent spent => spent.Points,
        HoldCaptured captured => captured.Points,
        _ => Points.Zero,
    };

    // What an activity that had a waiting reversal did with it, it does again by itself; so does a void with what was captured.
    private WalletCommand? CommandOf(Transaction transaction, WalletEvent happened) => happened switch
    {
        PointsEarned earned => new EarnPoints(earned.Activity, earned.Quantity, earned.OccurredAt, earned.Reason?.Details, earned.Entry),
        PointsSpent spent => new SpendPoints(spent.Merchant, spent.Points),
        SpendRefunded refunded => new RefundSpend(_keys[refunded.Of], refunded.Points),
        EarningReversed reversed when reversed.Of != _actual.Sequence => new ReverseEarning(_keys[reversed.Of], reversed.Requested),
        EntryRejected { Activity: not null } rejected => new ReverseEarning(_keys[rejected.Of], null),
        ReversalWaiting waiting => new ReverseEarning(waiting.Of, waiting.Points),
        PointsAdjusted adjusted => new AdjustPoints(adjusted.Points),
        PointsHeld held => new HoldPoints(
            held.Reference, held.Points, (int)(held.Until - transaction.EffectiveAt).TotalMinutes, Share: held.Share is { } share ? share with { Month = null } : null),
        HoldCaptured captured when OpenBefore(captured.Of) is { } redemption => new FulfilRedemption(redemption, RedemptionStep.Pay),
        HoldReleased { How: HoldEnd.Released } released when OpenBefore(released.Of) is { } redemption => new CancelRedemption(redemption, Party.Operator),
        HoldCaptured captured => new CaptureHold(_holds[captured.Of], captured.Points, transaction.Events[^1] is HoldReleased),
        HoldReleased { How: HoldEnd.Released } released => new ReleaseHold(_holds[released.Of]),
        HoldReleased { How: HoldEnd.Voided } released => new VoidHold(_holds[released.Of]),
        PointsDonated donated => new DonatePoints(donated.Fund, donated.Points),
        ExpiryChosen chosen => new ChooseExpiry(chosen.Fund),
        HouseholdJoined joined => new JoinHousehold(joined.Household),
        HouseholdLeft left => new LeaveHousehold(left.Household),
        PoolConsentGiven given => new ConsentToPool(given.Consent),
        GiftSent sent => new GivePoints(sent.To, sent.Points),
        GiftReceived received => new ReceiveGift(received.From, received.Gift, [.. received.Repaid ?? [], .. received.Lots]),
        GiftDelivered delivered => new EndGift(SequenceThen(delivered.Of), GiftEnd.Delivered),
        GiftReturned returned => new EndGift(SequenceThen(returned.Of), returned.How, returned.Why),
        WalletClosed closed => new CloseWallet(closed.Fund, ForgivesDebt: true),
        PointsCorrected corrected => new CorrectPoints(corrected.Rerating, corrected.First, corrected.Last, corrected.Points),
        _ => null,
    };

    // What was redeemed in the period is only a spend, or a hold, here; what was redeemed before it still waits for its payment.
    private RedemptionId? OpenBefore(long sequence) => _then.FindRedemption(sequence)?.Id;

    // A gift that would have been refused has no errand to end.
    private long SequenceThen(long of) => _byKey.TryGetValue(_keys[of], out var then) ? then.Sequence : 0;

    private Thawed ThawedFor(WalletCommand command)
    {
        if (command is GivePoints)
        {
            return Thawed.Receiver.Instance;
        }

        var key = Thawed.HoldOf(command) is { } hold ? _keyOfHold[hold] : Thawed.TargetOf(command);
        return key is { } of && _byKey.TryGetValue(of, out var target) ? Thawed.From(target, _replayed) : Thawed.Nothing.Instance;
    }
}
