using System.Collections.Immutable;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Laws;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Rules;

public sealed class RuleLaws
{
    private const int Steps = 40;

    [Fact]
    public void Rules_caps_and_campaigns_give_what_one_would_count_by_hand() => Law.Holds(Seeds(), 400, seed =>
    {
        var random = new RandomProgramme(seed);
        var programme = random.Read();
        var model = new ModelRules(programme);
        Play(random, (wallet, envelope, decision, awarded) =>
        {
            if (envelope.Command is EarnPoints earn)
            {
                // Where awards are held to a most, none is too much for a wallet.
                var before = programme.Holding is null ? wallet.State.Available - (awarded?.Lot?.Points ?? Points.Zero) : Points.Zero;
                var expected = model.Do(envelope.Key.Id, earn.Activity, earn.Quantity, earn.Details, earn.OccurredAt, envelope.At, before, awarded?.Overflow?.Points ?? Points.Zero);
                var actual = awarded is null ? null as (BigInteger, BigInteger)? : (awarded.Computed.Value, awarded.AfterCaps.Value);
                Assert.True(expected == actual, $"{random.Json}\n{string.Join('\n', wallet.Journal.Select(t => t.Events[^1]))}\n{decision}\nby hand: {expected}");
            }
            else if (envelope.Command is ReverseEarning reverse && decision is Decision.Accepted { Events: var events })
            {
                model.Reverse(reverse.Of.Id, events.OfType<EarningReversed>().Single().Claimed.Value, envelope.At);
            }

            var held = wallet.State.Tiers?.Held ?? [];
            Assert.True(model.Tiers.HeldAt(envelope.At).SequenceEqual(held), $"{random.Json}\n{string.Join('\n', wallet.Journal.Select(t => t.Events[^1]))}\n{string.Join(' ', held)}\nby hand: {string.Join(' ', model.Tiers.HeldAt(envelope.At))}");
        });
    });

    [Fact]
    public void The_cases_of_these_laws_reach_what_tiers_can_do()
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 120; seed++)
        {
            Play(new RandomProgramme(seed), (wallet, _, _, awarded) =>
            {
                var tier = awarded?.Reason?.Tier;
                Reach("a factor that gives more", awarded?.Reason?.Grants?.Any(grant => grant.By == $"tier/{tier}") == true);
                Reach("a late activity under another tier than today's", awarded is not null && awarded.OccurredAt < wallet.State.Tiers?.Since && tier != wallet.State.Tiers.Tier);
                Reach("a tier that falls by itself", wallet.Journal[^1].Events is [TierChanged, PointsEarned or EarningReversed, ..]);
                Reach("a tier that falls with a reversal", wallet.Journal[^1].Events is [EarningReversed, TierChanged { Was: not null }]);
            });
        }

        Assert.Equal(
            ["a factor that gives more", "a late activity under another tier than today's", "a tier that falls by itself", "a tier that falls with a reversal"], reached);

        void Reach(string what, bool isSo)
        {
            if (isSo)
            {
                reached.Add(what);
            }
        }
    }

    [Fact]
    public void No_cap_of_any_kind_is_exceeded_whatever_comes_and_goes_back() => Law.Holds(Seeds(), 300, seed =>
    {
        var random = new RandomProgramme(seed);
        Play(random, (wallet, _, _, awarded) =>
        {
            foreach (var cap in (awarded?.Caps ?? []).Where(cap => cap is { Limit: not null, Per: not CapPeriod.Event }))
            {
                var counted = wallet.State.CapBuckets.Of(cap.KeyFor(awarded!.Activity)).In(cap.Unit);
                Assert.True(counted >= 0 && counted <= Math.Max(cap.Limit!.Value, cap.Used), $"{counted} counted of {cap} by {awarded}");
            }
        });
    });

    [Fact]
    public void The_order_of_rules_caps_and_campaigns_changes_no_award() => Law.Holds(Seeds(), 200, seed =>
    {
        var random = new RandomProgramme(seed);
        var programme = random.Read();
        var turned = programme with
        {
            Activities = programme.Activities.ToImmutableDictionary(a => a.Key, a => Turned(a.Value)),
            AnyActivity = programme.AnyActivity is { } any ? Turned(any) : null,
            Caps = [.. programme.Caps.Reverse()],

            // Where campaigns have limits it matters for later awards which one of them a cap cuts.
            Campaigns = programme.Campaigns.Any(campaign => campaign is not { PointsMax: null, TimesMax: null, Budget: null })
                ? programme.Campaigns
                : [.. programme.Campaigns.Reverse()],
        };
        var mirror = WalletOf(turned);
        Play(random, (_, envelope, _, awarded) =>
        {
            mirror.Send(envelope);
            var other = mirror.Journal[^1].Events.OfType<PointsEarned>().SingleOrDefault();
            Assert.Equal((awarded?.Computed, awarded?.Credited), (other?.Computed, other?.Credited));
            Assert.Equal(awarded?.Reason?.Grants?.Select(grant => (grant.By, grant.Points)).Order(), other?.Reason?.Grants?.Select(grant => (grant.By, grant.Points)).Order());
        });
    });

    [Fact]
    public void What_is_stored_tells_again_what_was_decided_then() => Law.Holds(Seeds(), 300, seed =>
    {
        var random = new RandomProgramme(seed);
        var programme = random.Read();
        Play(random, (_, _, _, awarded) =>
        {
            if (awarded is not { Reason: { } reason })
            {
                return;
            }

            var told = Retelling.Of(programme, awarded);
            var counted = told.Where(outcome => outcome.Fate == RuleFate.Counted).ToList();
            Assert.Equal(awarded.Computed.Value, counted.Sum(outcome => outcome.Points.Value));
            if (reason.Grants is { } grants)
            {
                Assert.Equal(grants.Select(g => (g.By, g.Points)).Order(), counted.Select(o => (o.Name, o.Points)).Where(o => grants.Any(g => g.By == o.Name)).Order());
            }

            Assert.All(told, outcome => Assert.Equal(outcome.Fate == RuleFate.NotMatched, outcome.Missing is not null));
        });
    });

    [Fact]
    public void Whatever_is_stored_is_read_back_the_same() => Law.Holds(Seeds(), 100, seed =>
    {
        var wallet = Play(new RandomProgramme(seed), (_, _, _, _) => { });

        Assert.Equal(Laws.Play.Text(wallet.State), Laws.Play.Text(Laws.Play.Replay(wallet.Stored())));
    });

    [Fact]
    public void A_rule_that_is_changed_disabled_or_gone_later_changes_no_reversal() => Law.Holds(Seeds(), 150, seed =>
    {
        var random = new RandomProgramme(seed);
        var wallet = Play(random, (_, _, _, _) => { });
        if (wallet.State.Available is { IsPositive: true } available)
        {
            // So that reversals find too little, and must ask what becomes of the rest.
            wallet.Send(new SpendPoints(MerchantId.Parse("m"), available), wallet.State.LastAt);
        }

        var later = wallet.State.LastAt + Duration.FromDays(1);
        var gone = new Programme { Zone = DateTimeZone.Utc, Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty };
        foreach (var changed in new[] { gone, Disabled(random.Read()), new RandomProgramme(~seed).Read() with { Clawback = Clawback.WriteOff } })
        {
            var (pinned, other) = (Laws.Play.Copy(wallet), Laws.Play.Copy(wallet));
            other.Programmes = new([.. wallet.Programmes.Versions, new(2, later, changed)]);
            foreach (var earning in wallet.Journal.Where(t => t.Events.Any(e => e is PointsEarned)).Select(t => t.Key))
            {
                foreach (var points in new[] { new Points(3), null as Points? })
                {
                    var envelope = pinned.Envelope(new ReverseEarning(earning, points), later);
                    pinned.Send(envelope);
                    other.Send(envelope);
                }
            }

            Assert.Equal(Laws.Play.Text(pinned.State), Laws.Play.Text(other.State));
        }
    });

    // As an operator does it who wants to keep the rules: nothing matches any more.
    private static Programme Disabled(Programme programme) => programme with
    {
        Activities = programme.Activities.ToImmutableDictionary(activity => activity.Key, activity => new ActivityRule(
            [.. activity.Value.Rules.Select(rule => rule with { When = [new Condition.DateWithin(new(1, 1, 1), new(1, 1, 1))] })],
            activity.Value.Caps,
            activity.Value.Expiry,
            activity.Value.Names)),
        Campaigns = [],
    };

    private static ActivityRule Turned(ActivityRule rule) => new([.. rule.Rules.Reverse()], [.. rule.Caps.Reverse()], rule.Expiry, rule.Names)
    {
        Pending = rule.Pending,
        Approval = rule.Approval,
        Checks = rule.Checks,
    };

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue).ToArbitrary();

    private static RecordedWallet WalletOf(Programme programme) => new(new PublishedProgrammes([new(1, Instant.MinValue, programme)]));

    /// <summary>Plays activities, late ones too, and takes some back; shows every step with its award, if there was one.</summary>
    private static RecordedWallet Play(RandomProgramme random, Action<RecordedWallet, CommandEnvelope, Decision, PointsEarned?> seen)
    {
        var wallet = WalletOf(random.Read());
        var now = random.Start;
        for (var step = 0; step < Steps; step++)
        {
            now = random.After(now);
            var late = random.Late();
            var (activity, quantity, details) = random.Activity();
            var earnings = wallet.Journal.Where(t => t.Events.Any(e => e is PointsEarned)).Select(t => t.Key).ToArray();
            WalletCommand command = earnings.Length > 0 && random.Happens(5)
                ? new ReverseEarning(random.Any(earnings), random.Happens(2) ? null : new Points(random.Any(1, 3, 10)))
                : new EarnPoints(activity, quantity, now - late, details);
            if (command is EarnPoints && wallet.Programmes.InForceAt(now)!.Programme.RuleFor(activity) is null)
            {
                continue;
            }

            var envelope = wallet.Envelope(command, now);
            var decision = wallet.Send(envelope);
            seen(wallet, envelope, decision, (decision as Decision.Accepted)?.Events.OfType<PointsEarned>().SingleOrDefault());
        }

        return wallet;
    }
}
