using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Tests.Sequences;

/// <summary>A community and what happens to one wallet in it.</summary>
internal sealed record Sequence(Setup Setup, ImmutableArray<Step> Steps)
{
    /// <summary>The same with other programmes.</summary>
    public Sequence With(Func<Programme, Programme> change) => this with
    {
        Setup = Setup with { Versions = [.. Setup.Versions.Select(version => version with { Programme = change(version.Programme) })] },
    };

    public override string ToString() => $"{Setup}\n{string.Join('\n', Steps)}";
}

/// <summary>Makes sequences, mostly of edges, and makes failing ones shorter.</summary>
internal static class Cases
{
    public static Arbitrary<Sequence> Any() => Arb.From(Of(Setups(1), Acts), Shorter);

    /// <summary>Sequences in which the resident goes to the mall as well.</summary>
    public static Arbitrary<Sequence> Shopping() => Arb.From(Of(Setups(1), ShoppingActs), Shorter);

    /// <summary>Sequences of a resident who joins households and leaves them, and whose points others spend; now and then the wallet is frozen.</summary>
    public static Arbitrary<Sequence> Sharing() =>
        Arb.From(
            Of(Setups(1), Gen.Frequency(
                (40, Acts), (4, Gen.Constant(Act.Join)), (1, Gen.Constant(Act.Leave)), (3, Gen.Constant(Act.Consent)), (10, Gen.Constant(Act.Share)), (4, Gen.Constant(Act.Capture)), (6, Gen.Constant(Act.Refund)),
                (1, Gen.Constant(Act.Freeze)), (2, Gen.Constant(Act.Unfreeze)))).Select(
                    sequence => sequence.With(programme => programme with { Gifts = programme.Gifts is { } gifts ? gifts with { WithinHousehold = true } : null })),
            Shorter);

    /// <summary>Sequences in which operators freeze the wallet now and then, and close it some day.</summary>
    public static Arbitrary<Sequence> Interrupted() =>
        Arb.From(
            Of(Setups(1), Gen.Frequency(
                (80, ShoppingActs), (2, Gen.Constant(Act.Freeze)), (4, Gen.Constant(Act.Unfreeze)), (3, Gen.Constant(Act.Close)), (1, Gen.Constant(Act.Erase)))),
            Shorter);

    /// <summary>Sequences in wallets that can be filled to their limit.</summary>
    public static Arbitrary<Sequence> Large() => Arb.From(Of(Setups(Setup.LargeCoin), Acts), Shorter);

    public static Gen<Setup> Setups(long worth) =>
        from place in Gen.Elements(Place.All.AsEnumerable())
        from odd in Gen.Elements(place.OddDates.AsEnumerable())
        from daysBefore in Gen.Elements(0, 1, 27, 31, 59, 92)
        from hour in Gen.Choose(0, 23)
        let start = Instant.FromUtc(odd.Year, odd.Month, odd.Day, hour, 0).Minus(Duration.FromDays(daysBefore))
        from programmes in Programmes(place, worth).ListOf(3)
        from starts in Gen.Elements(0, 12, 24 * 20).ListOf(3)
        from count in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)))
        select new Setup(
            place,
            start,
            [.. programmes.Take(count).Select((p, i) => new PublishedProgramme(
                i + 1, i == 0 ? start.Minus(Duration.FromDays(40)) : start.Plus(Duration.FromHours(i * starts[i])), p))],
            worth);

    private static Gen<Sequence> Of(Gen<Setup> setups, Gen<Act> acts) =>
        from setup in setups
        from length in Gen.Choose(1, 120)
        from steps in Steps(acts).ListOf(length)
        select new Sequence(setup, [.. steps]);

    private static Gen<Act> ShoppingActs => Gen.Frequency(
        (43, Acts), (6, Gen.Constant(Act.Redeem)), (10, Gen.Constant(Act.Fulfil)), (2, Gen.Constant(Act.CancelRedemption)));

    private static Gen<Act> Acts => Gen.Frequency(
        (8, Gen.Constant(Act.Earn)), (6, Gen.Constant(Act.Spend)), (4, Gen.Constant(Act.Refund)), (4, Gen.Constant(Act.Reverse)),
        (2, Gen.Constant(Act.Adjust)), (8, Gen.Constant(Act.Approve)), (2, Gen.Constant(Act.Reject)), (1, Gen.Constant(Act.ApplyDue)),
        (1, Gen.Constant(Act.Repeat)), (4, Gen.Constant(Act.Hold)), (3, Gen.Constant(Act.Capture)), (2, Gen.Constant(Act.Release)),
        (2, Gen.Constant(Act.Void)), (3, Gen.Constant(Act.Give)), (2, Gen.Constant(Act.Receive)), (2, Gen.Constant(Act.EndGift)), (1, Gen.Constant(Act.PutOff)), (1, Gen.Constant(Act.Donate)), (1, Gen.Constant(Act.ChooseExpiry)));

    private static Gen<Step> Steps(Gen<Act> acts) =>
        from act in acts
        from clock in Gen.Frequency((8, Gen.Constant(Clock.Still)), (7, Gen.Elements(Enum.GetValues<Clock>())))
        from occurred in Gen.Frequency((6, Gen.Constant(Occurred.Now)), (4, Gen.Elements(Enum.GetValues<Occurred>())))
        from amount in Gen.Frequency((4, Gen.Constant(Amount.Few)), (6, Gen.Elements(Enum.GetValues<Amount>())))
        from target in Gen.Frequency(
            (8, Gen.Constant(Target.Fitting)), (1, Gen.Constant(Target.Early)), (4, Gen.Elements(Enum.GetValues<Target>())))
        from number in Gen.Choose(0, 1000)
        from historic in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(act, clock, occurred, amount, target, number, historic);

    private static Gen<Programme> Programmes(Place place, long worth) =>
        from expiry in Expiries()
        from ownExpiry in Gen.Frequency((2, Gen.Constant<ExpiryPolicy?>(null)), (1, Expiries().Select(e => (ExpiryPolicy?)e)))
        from serviceCaps in CapsOf(worth)
        from classCaps in CapsOf(worth)
        from clawback in Gen.Elements(Enum.GetValues<Clawback>())
        from grace in Gen.Elements(0, 0, 1, 3, 40)
        from daysMax in Gen.Elements(0, 1, 2, 30)
        from clinicDays in Gen.Elements(0, 3, 90)
        from ahead in Gen.Elements(0, 5)
        from validity in Gen.Elements(0, 1, 30, 366)
        from zone in Gen.Frequency((5, Gen.Constant(place.Zone)), (1, Gen.Constant(DateTimeZone.Utc)))
        from any in Gen.Elements(false, true)
        from tiers in Gen.Frequency((1, Gen.Constant<TierPolicy?>(null)), (2, Tiers(worth)))
        from pending in Gen.Elements<PendingPolicy?>(
            null, null, new PendingPolicy.ForDays(1), new PendingPolicy.ForDays(3), new PendingPolicy.UntilDate(place.OddDates[0].PlusDays(2)))
        from approval in Gen.Elements<ApprovalPolicy?>(
            null, null, new ApprovalPolicy.SecondPerson(1), new ApprovalPolicy.SecondPerson(14), new ApprovalPolicy.Objection(1), new ApprovalPolicy.Objection(7))
        from classApproval in Gen.Elements<ApprovalPolicy?>(null, null, null, null, null, null, new ApprovalPolicy.SecondPerson(2), new ApprovalPolicy.Objection(2))
        from share in Gen.Elements<ImmutableArray<IntegrityCheck>>(
            [], [new IntegrityCheck.ApproverShare(2, 5_000, Holds: true)], [new IntegrityCheck.ApproverShare(2, 5_000, Holds: true)], [new IntegrityCheck.ApproverShare(2, 5_000, Holds: false)])
        from alone in Gen.Elements<AdjustmentPolicy?>(null, null, new(10 * worth, 3))

        from holding in Gen.Elements<HoldingPolicy?>(null, null, null, new(new(30 * worth), null), new(new(25 * worth), new("charity")), new(new(60 * worth), new("charity")))
        from warnings in Gen.Elements<ExpiryWarnings?>(null, null, null, new([30, 7]), new([3, 1]), new([30, 7], true), new([3, 1], true))
        from funds in Gen.Elements(1, 1, 0)
        from gifts in Gen.Elements<GiftPolicy?>(
            null,
            new(null, null, null, Duration.Zero, 0),
            new(null, null, null, Duration.FromMinutes(10), 0),
            new(new(20 * worth), new(25 * worth), new(40 * worth), Duration.FromHours(1), 3))
        select new Programme
        {
            Gifts = gifts,
            Funds = ImmutableDictionary<FundId, ImmutableDictionary<string, string>>.Empty
                .AddRange(Enumerable.Repeat(KeyValuePair.Create(new FundId("charity"), ImmutableDictionary<string, string>.Empty), funds)),
            Warnings = warnings,
            // A fund and awards that wait for a decision do not go together.
            Holding = approval is null && classApproval is null ? holding : holding is null ? null : holding with { Fund = null },
            Zone = zone,
            Expiry = expiry,
            Clawback = clawback,
            Tiers = tiers,
            RefundGraceDays = grace,
            Adjustments = alone,
            Lateness = new(daysMax, ImmutableDictionary<string, int>.Empty.Add("event:/clinic", clinicDays), ahead, validity),
            Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty
                .Add(Setup.Service, Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down), serviceCaps, ownExpiry) with { Approval = approval, Checks = share })
                .Add(Setup.Class, Rule(new AwardFormula.Fixed(new(7 * worth)), classCaps, null) with { Pending = pending, Approval = classApproval })
                .Add(Setup.Walk, Rule(worth == 1 ? new AwardFormula.PerUnit(new(2), 3, Rounding.HalfUp) : new AwardFormula.PerUnit(new(worth), 1, Rounding.Up), [], null))
                .Add(Setup.Huge, Rule(new AwardFormula.PerUnit(new(2), 1, Rounding.Up), [], ownExpiry)),
            AnyActivity = any ? Rule(new AwardFormula.Fixed(new(worth)), classCaps, null) : null,
        };

    private static ActivityRule Rule(AwardFormula formula, ImmutableArray<Cap> caps, ExpiryPolicy? expiry) =>
        new([EarnRule.Plain(formula)], caps, expiry, ImmutableDictionary<string, string>.Empty);

    private static Gen<ExpiryPolicy> Expiries() => Gen.Frequency(
        (1, Gen.Constant<ExpiryPolicy>(ExpiryPolicy.Never.Instance)),
        (5, from months in Gen.Elements(1, 1, 1, 2, 12)
            from round in Gen.Frequency((3, Gen.Constant(RoundUp.None)), (1, Gen.Elements(Enum.GetValues<RoundUp>())))
            select (ExpiryPolicy)new ExpiryPolicy.Rolling(months, round)),
        (3, from months in Gen.Elements(1, 1, 2)
            from counts in Gen.Elements<ImmutableArray<ResidentAct>>(
                ExpiryPolicy.Inactivity.DefaultCounts, [ResidentAct.Earned], [ResidentAct.Spent])
            select (ExpiryPolicy)new ExpiryPolicy.Inactivity(months, counts)));

    // Without factors, for the model counts coins, and without what is never lost, for then it matters what was held for no time at all.
    private static Gen<TierPolicy?> Tiers(long worth) =>
        from basis in Gen.Elements<TierBasis>(
            TierBasis.Lifetime.Instance, TierBasis.CalendarYear.Instance, new TierBasis.RollingMonths(1), new TierBasis.RollingMonths(2), new TierBasis.RollingMonths(3))
        from grace in Gen.Elements(0, 0, 1, 40)
        from first in Gen.Elements(1, 5, 20)
        from more in Gen.Elements(1, 30)
        select new TierPolicy(basis, grace, null, [Level("silver", first * worth), Level("gold", (first + more) * worth)]);

    private static TierLevel Level(string id, long from) => new(id, new(from), null, null, ImmutableDictionary<string, string>.Empty);

    private static Gen<ImmutableArray<Cap>> CapsOf(long worth) =>
        from day in Gen.Elements(0, 1, 5, 12)
        from dayRule in Gen.Elements(Enum.GetValues<CapReversal>())
        from month in Gen.Elements(0, 0, 20, 40)
        from monthRule in Gen.Elements(Enum.GetValues<CapReversal>())
        from monthExcess in Gen.Elements(CapExcess.Clip, CapExcess.Clip, CapExcess.Refuse)
        from reversed in Gen.Elements(false, true)
        let caps = new Cap[] { new(CapPeriod.LocalDay, day * worth, dayRule), new(CapPeriod.Month, month * worth, monthRule, OnExcess: monthExcess) }
            .Where(cap => cap.Limit > 0)
        select (ImmutableArray<Cap>)[.. reversed ? caps.Reverse() : caps];

    // Leaves out long parts first, then single steps, then makes the single step plainer.
    private static IEnumerable<Sequence> Shorter(Sequence sequence)
    {
        var steps = sequence.Steps;
        for (var part = steps.Length / 2; part > 0; part /= 2)
        {
            for (var from = 0; from + part <= steps.Length; from += part)
            {
                yield return sequence with { Steps = steps.RemoveRange(from, part) };
            }
        }

        if (sequence.Setup.Versions.Length > 1)
        {
            yield return sequence with { Setup = sequence.Setup with { Versions = sequence.Setup.Versions[..1] } };
        }

        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            foreach (var plainer in new[]
            {
                step with { Clock = Clock.Still }, step with { Occurred = Occurred.Now }, step with { Amount = Amount.Few },
                step with { Historic = false }, step with { Number = 0 },
            }.Where(plainer => plainer != step))
            {
                yield return sequence with { Steps = steps.SetItem(i, plainer) };
            }
        }
    }
}
