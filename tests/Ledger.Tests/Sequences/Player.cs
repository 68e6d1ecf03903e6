using Ledger.Paycodes;
using Ledger.Rewards;
using Ledger.Tests.Model;
using Ledger.Tests.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Sequences;

/// <summary>Turns steps into commands that fit the moment.</summary>
internal sealed class Player(Setup setup, RecordedWallet wallet)
{
    private const long Largest = 9_007_199_254_740_991;

    private readonly ModelCalendar _calendar = ModelCalendar.Of(setup.Place.Zone);
    private readonly List<CommandKey> _early = [];
    private readonly List<CommandKey> _sent = [];
    private readonly List<HoldPoints> _holds = [];
    private readonly List<RedemptionId> _redeemed = [];

    // Until when each counts; one that was forgotten is not among them.
    private readonly Dictionary<PaycodeDigest, Instant> _codes = [];
    private Instant _clock = setup.Start;
    private int _next;
    private long _received;

    public CommandEnvelope Envelope(Step step)
    {
        _clock = Move(step.Clock);
        var key = KeyOf(step);
        var known = wallet.Find(key);
        var at = step.Historic && step.Act is not Act.Repeat ? _clock : Instant.Max(_clock, wallet.State.LastAt);
        var command = CommandOf(step, at, key);
        _sent.Add(key);
        return wallet.Envelope(command, at, key, step.Historic && known is null && step.Act != Act.ApplyDue) with
        {
            PaycodeUntil = command is HoldPoints { Paycode: { } code } && _codes.TryGetValue(code, out var until) ? until : null,
        };
    }

    private Instant Move(Clock clock)
    {
        var now = Instant.Max(_clock, wallet.State.LastAt);
        var today = _calendar.DateAt(now);
        return clock switch
        {
            Clock.OneTick => now.Plus(Duration.Epsilon),
            Clock.AnHour => now.Plus(Duration.FromHours(1)),
            Clock.ADay => now.Plus(Duration.FromDays(1)),
            Clock.AMonth => now.Plus(Duration.FromDays(ModelCalendar.DaysIn(today.Year, today.Month))),
            Clock.Backwards => now.Minus(Duration.FromMinutes(1)),
            Clock.UntilDue => Instant.Max(now, wallet.State.NextDue ?? now),
            Clock.JustBeforeDue => Instant.Max(now, (wallet.State.NextDue ?? now).Minus(Duration.Epsilon)),
            Clock.UntilMidnight => _calendar.EndOf(today),
            Clock.JustBeforeMidnight => Instant.Max(now, _calendar.EndOf(today).Minus(Duration.Epsilon)),
            Clock.UntilOddDate => setup.Place.OddDates.Order().Select(_calendar.EndOf).FirstOrDefault(end => end > now, now),
            _ => now,
        };
    }

    private CommandKey KeyOf(Step step)
    {
        if (step.Act == Act.Repeat && _sent.Count > 0)
        {
            return _sent[step.Number % _sent.Count];
        }

        if (step.Act is Act.Earn or Act.Spend && step.Target == Target.Early && _early.Count > 0)
        {
            // Mostly one that is still waited for.
            var awaited = _early.Where(key => wallet.Find(key) is null).ToList();
            return awaited.Count > 0 && step.Number % 8 != 0 ? awaited[step.Number % awaited.Count] : _early[step.Number % _early.Count];
        }

        if (step.Act is Act.Approve or Act.Reject)
        {
            return Fresh(step.Number % 4 == 0 ? "event:/app" : $"client:op-{step.Number % 2}");
        }

        if (step.Act == Act.Refund && wallet.State.Membership is not null && step.Number % 3 == 0)
        {
            return Fresh(CommandKey.ShareBackSource);
        }

        return Fresh(step.Historic ? CommandKey.ImportSource : step.Number % 4 == 0 ? "event:/clinic" : "event:/app");
    }

    private CommandKey Fresh(string source) => new(source, $"c{++_next}");

    private WalletCommand CommandOf(Step step, Instant at, CommandKey key) => step.Act switch
    {
        Act.Earn or Act.Repeat => EarnOf(step, at, key),
        Act.Spend => new SpendPoints(MerchantOf(step), Positive(step, wallet.State.Available.Value), TillOf(step)),
        Act.Refund => RefundOf(step),
        Act.Reverse => ReverseOf(step),
        Act.Adjust => AdjustOf(step),
        Act.Approve => new ApproveEntry(TargetOf(step, t => t.Events.Any(Waits))),
        Act.Reject => new RejectEntry(TargetOf(step, t => t.Events.Any(Waits))),
        Act.Hold => HoldOf(step),
        Act.Capture => CaptureOf(step),
        Act.Release => new ReleaseHold(SaleOf(step)),
        Act.Void => new VoidHold(SaleOf(step)),
        Act.Redeem => RedeemOf(step, key),
        Act.Fulfil => FulfilOf(step, at),
        Act.CancelRedemption => new CancelRedemption(RedemptionOf(step), (Party)(step.Number % 3)),
        Act.Give => GiftOf(step),
        Act.Receive => ReceivedOf(step, at),
        Act.EndGift => EndOf(step),
        Act.Donate => new DonatePoints(new(step.Target == Target.Unknown ? "nobodys" : "charity"), Positive(step, wallet.State.Available.Value)),
        Act.ChooseExpiry => new ChooseExpiry(step.Number % 3 == 0 ? null : new FundId(step.Target == Target.Unknown ? "nobodys" : "charity")),
        Act.Join => new JoinHousehold(HouseholdOf(step)),
        Act.Leave => new LeaveHousehold(wallet.State.Membership?.Household ?? HouseholdOf(step)),
        Act.Consent => new ConsentToPool(ConsentOf(step)),
        Act.Share => ShareOf(step),
        Act.PutOff => new PutOffErrand(ErrandOf(step), step.Number % 5 == 0 ? 7 : wallet.State.FindErrand(ErrandOf(step))?.Tries ?? 0),
        Act.Freeze => new FreezeWallet(),
        Act.Unfreeze => new UnfreezeWallet(),
        Act.Close => new CloseWallet(step.Number % 2 == 0 ? new FundId("charity") : null, step.Number % 3 > 0),
        Act.Erase => new EraseResident(step.Number % 2 == 0 ? new FundId("charity") : null, step.Number % 3 > 0),
        _ => new ApplyDue(),
    };

    private EarnPoints EarnOf(Step step, Instant at, CommandKey key)
    {
        var activity = Setup.Activities[step.Number % Setup.Activities.Length];
        var occurredAt = step.Historic ? at : OccurredAt(step.Occurred, at, key);
        if (activity != Setup.Service && activity != Setup.Huge)
        {
            return new(activity, (step.Number % 10) + 1, occurredAt);
        }

        // Only what a limit refuses, a cap cuts or large coins fill may be large: the model counts coins.
        var large = step.Amount == Amount.Largest && (activity == Setup.Huge || setup.CoinWorth > 1);
        var coins = step.Amount is Amount.Largest or Amount.Unsaid or Amount.OneMore && setup.CoinWorth > 1
            ? Largest / setup.CoinWorth - (wallet.State.Available.Value / setup.CoinWorth) + (step.Amount == Amount.OneMore ? 1 : 0)
            : (step.Number % 23) + 1;
        return new(activity, large && activity == Setup.Huge ? Largest : Math.Max(1, coins) * setup.CoinWorth, occurredAt);
    }

    private Instant OccurredAt(Occurred occurred, Instant at, CommandKey key)
    {
        var lateness = wallet.Programmes.InForceAt(at)?.Programme.Lateness ?? Ledger.Programmes.Lateness.Default;
        var days = lateness.DaysMaxBySource.GetValueOrDefault(key.Source, lateness.DaysMax);
        var oldest = at.Minus(Duration.FromDays(days));
        var newest = at.Plus(Duration.FromMinutes(lateness.MinutesAheadMax));
        return occurred switch
        {
            Occurred.AnHourAgo => at.Minus(Duration.FromHours(1)),
            Occurred.YesterdaySameTime => at.Minus(Duration.FromDays(1)),
            Occurred.JustInTime => oldest,
            Occurred.JustTooLate => oldest.Minus(Duration.Epsilon),
            Occurred.JustInTimeAhead => newest,
            Occurred.JustTooFarAhead => newest.Plus(Duration.Epsilon),
            Occurred.BeforeAnyProgramme => setup.Versions[0].EffectiveFrom.Minus(Duration.Epsilon),
            _ => at,
        };
    }

    private HoldPoints HoldOf(Step step)
    {
        if (step.Target == Target.Early && _holds.Count > 0)
        {
            // The same once more, under a key of its own.
            return _holds[step.Number % _holds.Count];
        }

        var reference = new MerchantReference(MerchantOf(step), $"sale-{_next}");
        if (step.Target == Target.Unfitting && _holds.Count > 0)
        {
            reference = _holds[step.Number % _holds.Count].Reference;
        }
        else if (step.Target is Target.Unknown or Target.Elsewhere)
        {
            wallet.TakenElsewhere[reference] = new(step.Target == Target.Unknown ? null : new Points(step.Number), _clock);
        }

        var hold = new HoldPoints(
            reference,
            Positive(step, wallet.State.Available.Value),
            (step.Number % 4) switch { 0 => 5, 1 => 1, 2 => 24 * 60, _ => Holding.MinutesMax },
            TillOf(step),
            Cash: step.Number % 2 == 1 ? (step.Number * 7) + 1 : null,
            Paycode: CodeOf(step));
        _holds.Add(hold);
        return hold;
    }

    private static HouseholdId HouseholdOf(Step step) => new(step.Number % 4 == 3 ? "other" : "home");

    private PoolConsent? ConsentOf(Step step) => step.Number % 5 == 0 ? null : new(
        step.Number % 3 == 0 ? null : new(((step.Number % 20) + 1) * setup.CoinWorth), step.Number % 2 == 0 ? null : new(((step.Number % 30) + 1) * setup.CoinWorth));

    // Its reference is its household's: no other hold ever comes with it.
    private HoldPoints ShareOf(Step step) => new(
        new(MerchantOf(step), $"share-{_next}"),
        Positive(step, wallet.State.Available.Value),
        step.Number % 4 == 0 ? 5 : Holding.MinutesMax,
        TillOf(step),
        Share: new(HouseholdOf(step), step.Number, Own: step.Number % 3 == 0));

    // Often none; a new one that lives a while; one that was shown before, however it ended.
    private PaycodeDigest? CodeOf(Step step)
    {
        switch (step.Number % 5)
        {
            case 0 or 1:
                return null;
            case 2 when _codes.Count > 0:
                return _codes.Keys.ElementAt(Math.Max(0, _codes.Count - 1 - (step.Number % 7)));
            case 3 when step.Number % 3 == 0:
                return new($"forgotten {_codes.Count}");
            default:
                var code = new PaycodeDigest($"code {_codes.Count}");
                _codes[code] = Instant.Max(_clock, wallet.State.LastAt) + Duration.FromSeconds(60 * (step.Number % 4));
                return code;
        }
    }

    private CaptureHold CaptureOf(Step step)
    {
        var sale = SaleOf(step);
        var points = step.Amount == Amount.Unsaid ? null as Points? : Positive(step, wallet.State.FindHold(sale)?.Points.Value ?? 0);
        return new(sale, points, step.Number % 2 == 0, Cashier: step.Number % 5 == 0 ? "c-1" : null);
    }

    private MerchantReference SaleOf(Step step) => step.Target switch
    {
        Target.Unknown or Target.Elsewhere => new(MerchantId.Parse("m0"), "never"),
        Target.Fitting when wallet.State.Holds is [.. var live, var last] => live.IsEmpty ? last.Reference : live[step.Number % live.Length].Reference,
        _ => _holds.Count == 0 ? new(MerchantId.Parse("m0"), "none") : _holds[^(1 + (step.Number % _holds.Count))].Reference,
    };

    private RedeemReward RedeemOf(Step step, CommandKey key)
    {
        var redemption = RedemptionId.Of(key.HashIn(RecordedWallet.Community));
        if (step.Target == Target.Elsewhere)
        {
            wallet.Voided[redemption] = new(null, _clock);
        }

        _redeemed.Add(redemption);
        return new(TestMall.All[step.Number % TestMall.All.Length], 1 + (step.Number % 7 / 3), redemption, step.Number % 5 == 0 ? new ResidentId("r-2") : null);
    }

    private FulfilRedemption FulfilOf(Step step, Instant at)
    {
        var id = RedemptionOf(step);
        var open = wallet.State.FindRedemption(id);

        // Mostly what can follow, for else few redemptions would come to an end.
        var then = step.Number % 4 == 0 || open is null ? (RedemptionStep)(step.Number % 6) : (open.Status, open.Made.Handover) switch
        {
            (RedemptionStatus.AwaitsPayment, _) => RedemptionStep.Pay,
            (RedemptionStatus.Placed, Handover.Appointment) => RedemptionStep.Book,
            (RedemptionStatus.Placed, _) when step.Number % 3 > 0 => RedemptionStep.Ready,
            (RedemptionStatus.Booked, _) when step.Number % 3 > 0 => RedemptionStep.NoShow,
            (_, Handover.PickUp) => RedemptionStep.PickUp,
            _ => RedemptionStep.Deliver,
        };
        return new(
            id,
            then,
            then == RedemptionStep.Book ? at.Plus(Duration.FromHours(step.Number % 50)) : null,
            then == RedemptionStep.PickUp ? CodeFor(step, open) : null,
            then == RedemptionStep.Book ? (Party)(step.Number % 3) : null);
    }

    // Who was wrong once is mostly wrong again: else nobody would ever be locked out.
    private static string? CodeFor(Step step, Redemption? redemption) => (step.Number % 5, redemption?.WrongCodes) switch
    {
        (0, _) => null,
        (1, _) or (2 or 3, > 0) => "999999",
        _ => TestMall.Code,
    };

    private RedemptionId RedemptionOf(Step step) => step.Target switch
    {
        Target.Unknown or Target.Elsewhere => RedemptionId.Of(CommandKey.Event("/nobody", "x").HashIn(RecordedWallet.Community)),
        Target.Fitting when wallet.State.Redemptions is { IsEmpty: false } open => open[step.Number % open.Length].Id,
        _ => _redeemed.Count == 0 ? RedemptionId.Of(default) : _redeemed[^(1 + (step.Number % _redeemed.Count))],
    };

    private GivePoints GiftOf(Step step) => new(
        step.Target switch
        {
            Target.Unknown => ModelWallet.Nobody,
            Target.Elsewhere => RecordedWallet.Resident,
            _ => ResidentId.Parse("neighbour"),
        },
        Positive(step, wallet.State.Available.Value));

    // One to three lots; of a fifth of them the date has just come.
    private ReceiveGift ReceivedOf(Step step, Instant at)
    {
        var programme = wallet.Programmes.InForceAt(at)?.Programme;
        var points = step.Amount == Amount.Largest && setup.CoinWorth > 1 ? new Points(Largest / setup.CoinWorth * setup.CoinWorth) : new Points(((step.Number % 7) + 1) * setup.CoinWorth);
        var lots = Enumerable.Range(0, 1 + (step.Number % 3)).Select(i => new LotSlice(
            new(step.Number + 1, i),
            points,
            at.Minus(Duration.FromDays(3 - i)),
            i == 2 ? null : step.Number % 5 == 0 ? at : _calendar.EndOf(_calendar.DateAt(at).PlusDays(20 * i)),
            i == 2 ? null : programme?.Warnings,
            i == 2 ? null : programme?.Expiry as Ledger.Programmes.ExpiryPolicy.Inactivity));
        return new(ResidentId.Parse("neighbour"), ++_received, [.. lots], wallet.State.Membership is null ? null : HouseholdOf(step));
    }

    private EndGift EndOf(Step step) => (step.Number % 4) switch
    {
        0 => new(ErrandOf(step), GiftEnd.Delivered),
        1 => new(ErrandOf(step), GiftEnd.Refused, "balance_limit"),
        2 => new(ErrandOf(step), GiftEnd.Undeliverable),
        _ => new(ErrandOf(step), GiftEnd.TakenBack),
    };

    private long ErrandOf(Step step) => step.Target is Target.Unknown or Target.Elsewhere || wallet.State.Errands.IsEmpty
        ? step.Number
        : wallet.State.Errands[step.Number % wallet.State.Errands.Length].Of;

    private RefundSpend RefundOf(Step step)
    {
        var target = TargetOf(step, t => t.Events.Any(e => e is PointsSpent or PointsHeld));
        var left = wallet.Find(target) is { } spend
            ? Thawed.From(spend, wallet.Journal) switch
            {
                Thawed.Spend thawed => thawed.Left.Value,
                Thawed.Held held => held.Redemption.Left.Value,
                _ => 0,
            }
            : 0;
        return new(target, step.Amount == Amount.Unsaid ? null : Positive(step, left), TillOf(step));
    }

    private static MerchantId MerchantOf(Step step) => MerchantId.Parse(step.Number % 23 == 22 ? "m-closed" : $"m{step.Number % 3}");

    private static string? TillOf(Step step) => step.Number % 17 == 16 ? "t-gone" : step.Number % 2 == 0 ? "t-1" : null;

    private ReverseEarning ReverseOf(Step step)
    {
        var target = TargetOf(step, t => t.Events.Any(e => e is PointsEarned));
        var left = wallet.Find(target) is { } earning && Thawed.From(earning, wallet.Journal) is Thawed.Earning thawed ? thawed.Left.Value : 0;
        return new(target, step.Amount == Amount.Unsaid ? null : Positive(step, left));
    }

    private static bool Waits(WalletEvent happened) => happened is PointsEarned { Approval: not null } or AdjustmentProposed;

    private CommandKey TargetOf(Step step, Func<Transaction, bool> fitting)
    {
        switch (step.Target)
        {
            case Target.Early:
                // Often one more for an activity that others wait for already, or that has come meanwhile.
                if (_early.Count == 0 || step.Number % 3 == 0)
                {
                    _early.Add(Fresh("event:/app"));
                }

                return _early[^1];
            case Target.Unknown:
                return CommandKey.Event("/nobody", "x");
            case Target.Elsewhere:
                var other = CommandKey.Event("/app", "of somebody else");
                wallet.Elsewhere.Add(other);
                return other;
            default:
                var keys = wallet.Journal.Where(t => fitting(t) == (step.Target == Target.Fitting)).Select(t => t.Key).ToList();
                return keys.Count == 0 ? CommandKey.Event("/nobody", "x") : keys[^(1 + Math.Min(keys.Count - 1, step.Number % 5))];
        }
    }

    // By hand, or by a re-rating.
    private WalletCommand AdjustOf(Step step)
    {
        var points = Positive(step, wallet.State.Available.Value);
        var adds = step.Number % 2 == 0 && (setup.CoinWorth > 1 || points.Value <= 500);
        var difference = adds ? points : -points;
        return step.Number % 5 < 2 ? new CorrectPoints("q1", 1, wallet.State.Sequence, difference) : new AdjustPoints(difference);
    }

    private Points Positive(Step step, long whole)
    {
        var coins = whole / setup.CoinWorth;
        var chosen = step.Amount switch
        {
            Amount.One => 1,
            Amount.All or Amount.Unsaid => coins,
            Amount.AllButOne => coins - 1,
            Amount.OneMore => coins + 1,
            Amount.Half => coins / 2,
            Amount.Largest => Largest / setup.CoinWorth,
            _ => (step.Number % 20) + 1,
        };
        return new(Math.Clamp(chosen, 1, Largest / setup.CoinWorth) * setup.CoinWorth);
    }
}
