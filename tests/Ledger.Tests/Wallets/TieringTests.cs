using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Json;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class TieringTests
{
    private static readonly TierPolicy OfTheYear = new(TierBasis.CalendarYear.Instance, 0, null, [Level("silver", 100), Level("gold", 200)]);

    public static TierLevel Level(string id, long from, int? basisPoints = null) => new(
        id, new(from), basisPoints is { } factor ? new(factor, Rounding.Down) : null, null, ImmutableDictionary<string, string>.Empty);

    [Fact]
    public void One_point_less_is_one_point_short_and_the_next_one_reaches_the_tier_at_once()
    {
        var story = With(OfTheYear);
        story.Earn("e", 99);
        Assert.Null(story.State.Tiers);

        story.Earn("one more", 1);

        Assert.Equal(new TierChanged(story.Now, null, [new("silver", Story.Local("2025-01-01 00:00"))], 1), story.Last<TierChanged>(), Same);
        Assert.Equal(("silver", story.Now), (story.State.Tiers!.Tier, story.State.Tiers.Since));
    }

    [Fact]
    public void A_large_award_skips_a_tier()
    {
        var story = With(OfTheYear);
        story.Earn("e", 250);

        Assert.Equal(["gold"], story.State.Tiers!.Held.Select(span => span.Tier));
    }

    [Fact]
    public void The_year_ends_at_local_midnight()
    {
        var story = With(OfTheYear).On("2024-12-31 23:59:59");
        story.Earn("the last second", 60);
        story.On("2025-01-01 00:00").Earn("the first instant", 60);
        Assert.Null(story.State.Tiers);

        story.Earn("of the old year", 40, occurred: "2024-12-31 23:59:59");
        Assert.Null(story.State.Tiers);
        story.Earn("of the new year", 40, occurred: "2025-01-01 00:00");

        Assert.Equal("silver", story.State.Tiers!.Tier);
    }

    [Fact]
    public void What_lies_some_minutes_ahead_in_the_next_year_counts_there_and_at_once()
    {
        var story = With(OfTheYear).On("2024-12-31 23:58");
        story.Earn("e", 100, occurred: "2025-01-01 00:02");

        Assert.Equal([new("silver", Story.Local("2026-01-01 00:00"))], story.State.Tiers!.Held);
    }

    [Fact]
    public void A_tier_falls_when_its_time_is_over_whether_anybody_looks_or_not()
    {
        var story = With(OfTheYear with { GraceDays = 10 });
        story.Earn("e", 200);
        Assert.Equal(Story.Local("2025-01-11 00:00"), story.State.Tiers!.Until);

        story.On("2025-01-02 00:00").Earn("of the next year", 100);
        var last = Story.Local("2025-01-10 23:59:59");
        Assert.Equal("gold", Due.Apply(story.State, last).After.Tiers!.Tier);
        Assert.Equal("silver", Due.Apply(story.State, Story.Local("2025-01-11 00:00")).After.Tiers!.Tier);

        story.On("2025-02-01 00:00").ApplyDue();
        var fall = Assert.Single(story.Journal[^1].Events.OfType<TierChanged>());
        Assert.Equal(new(Story.Local("2025-01-11 00:00"), "gold", [new("silver", Story.Local("2026-01-11 00:00"))], 1), fall, Same);
        Assert.Equal(Story.Local("2025-01-11 00:00"), story.State.Tiers.Since);
        Assert.True(story.State.NextDue <= Story.Local("2026-01-11 00:00"));
    }

    [Fact]
    public void At_one_instant_lots_become_active_then_expire_and_the_tier_falls_last()
    {
        var service = Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Expiry = new ExpiryPolicy.OnDate(new(2024, 12, 31)) };
        var pending = Story.Rule(new AwardFormula.PerUnit(new(2), 1, Rounding.Down)) with { Pending = new PendingPolicy.UntilDate(new(2025, 1, 1)) };
        var story = new Story(Story.Plain with
        {
            Tiers = OfTheYear,
            Activities = Story.Plain.Activities.SetItem(Story.Service, service).SetItem(Story.Huge, pending),
        });
        story.Earn("expires", 90);
        story.Earn("pends", 5, Story.Huge);

        story.On("2025-01-01 00:00").Spend("s", 10);

        Assert.Equal(
            [typeof(PointsActivated), typeof(PointsExpired), typeof(TierChanged), typeof(PointsSpent)], story.Journal[^1].Events.Select(e => e.GetType()));
    }

    [Fact]
    public void Months_fall_out_of_a_rolling_window_one_by_one()
    {
        var story = With(new(new TierBasis.RollingMonths(3), 0, null, [Level("silver", 100), Level("gold", 200)]));
        story.On("2024-01-31 23:59").Earn("January", 100);
        story.On("2024-02-01 00:00").Earn("February", 100);
        Assert.Equal([new("gold", Story.Local("2024-04-01 00:00")), new("silver", Story.Local("2024-05-01 00:00"))], story.State.Tiers!.Held);

        // Silver lasts as long as 100 of any three months do.
        story.On("2024-03-31 23:59").Earn("March", 50);
        Assert.Equal([new("gold", Story.Local("2024-04-01 00:00")), new("silver", Story.Local("2024-05-01 00:00"))], story.State.Tiers.Held);
        story.Earn("more of March", 50);
        Assert.Equal([new("gold", Story.Local("2024-05-01 00:00")), new("silver", Story.Local("2024-06-01 00:00"))], story.State.Tiers.Held);
        Assert.Equal(300, Tiering.Counted(story.Programmes.Versions[0].Programme, story.State, story.Now).Value);
        Assert.Equal(200, Tiering.Counted(story.Programmes.Versions[0].Programme, story.State, Story.Local("2024-04-01 00:00")).Value);
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-10-15T12:00:00Z", 3, "2018-11-04T03:00:00Z")] // There was no midnight: the day began at one.
    [InlineData("America/Sao_Paulo", "2018-10-15T12:00:00Z", 4, "2018-11-05T02:00:00Z")] // Summer time by then.
    [InlineData("Pacific/Apia", "2011-11-15T12:00:00Z", 29, "2011-12-30T10:00:00Z")] // There was no 30 December: the 31st follows the 29th.
    [InlineData("Pacific/Apia", "2011-11-15T12:00:00Z", 30, "2011-12-30T10:00:00Z")]
    [InlineData("Europe/Berlin", "2024-02-10T12:00:00Z", 30, "2024-03-30T23:00:00Z")] // Winter time.
    [InlineData("Europe/Berlin", "2024-02-10T12:00:00Z", 31, "2024-03-31T22:00:00Z")] // Summer time: 31 March had 23 hours.
    public void A_month_and_its_grace_end_with_a_local_day_whatever_the_clocks_do(string zone, string earned, int graceDays, string until)
    {
        var at = NodaTime.Text.InstantPattern.ExtendedIso.Parse(earned).Value;
        var wallet = new RecordedWallet(new PublishedProgrammes([new(1, Instant.MinValue, Story.Plain with
        {
            Zone = DateTimeZoneProviders.Tzdb[zone],
            Tiers = new(new TierBasis.RollingMonths(1), graceDays, null, [Level("silver", 100)]),
        })]));

        wallet.Send(new EarnPoints(Story.Service, 100, at), at);

        Assert.Equal(NodaTime.Text.InstantPattern.ExtendedIso.Parse(until).Value, wallet.State.Tiers!.Until);
    }

    [Fact]
    public void A_late_activity_counts_in_its_own_year_as_long_as_that_can_still_count()
    {
        var story = With(OfTheYear with { GraceDays = 10 });
        story.On("2024-12-20 10:00").Earn("in time", 90);
        story.On("2025-01-10 23:59").Earn("late", 10, occurred: "2024-12-31 12:00");
        Assert.Equal([new("silver", Story.Local("2025-01-11 00:00"))], story.State.Tiers!.Held);

        story.On("2025-01-11 00:00").Earn("too late for the grace", 100, occurred: "2024-12-31 12:00");

        Assert.Empty(story.State.Tiers.Held);
    }

    [Fact]
    public void An_award_is_by_the_tier_that_was_held_at_the_time_of_the_activity()
    {
        var story = With(OfTheYear with { Levels = [Level("silver", 100, 20_000), Level("gold", 200, 30_000)] });
        story.On("2024-03-01 10:00").Earn("silver", 100);
        story.On("2024-03-02 10:00").Earn("gold", 50);
        Assert.Equal(["silver", "gold"], [story.State.Tiers!.At(Story.Local("2024-03-01 10:00")), story.State.Tiers.Tier]);
        story.On("2024-03-10 10:00");

        Assert.Equal(10, Credited("none", "2024-03-01 09:59:59"));
        Assert.Equal(20, Credited("silver then", "2024-03-01 10:00"));
        Assert.Equal(20, Credited("still silver", "2024-03-02 09:59:59"));
        Assert.Equal(30, Credited("gold then", "2024-03-02 10:00"));
        Assert.Equal("gold", story.Last<PointsEarned>().Reason!.Tier);

        long Credited(string name, string occurred)
        {
            Story.Accepted(story.Earn(name, 10, occurred: occurred));
            return story.Last<PointsEarned>().Credited.Value;
        }
    }

    [Fact]
    public void A_condition_asks_for_the_tier_at_the_time_of_the_activity()
    {
        ActivityRule rule = new(
            [
                EarnRule.Plain(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)),
                new("rule/gold", [new Condition.TierIn(["gold"])], new AwardFormula.Fixed(new(7)), Stacks: true),
            ],
            [],
            null,
            ImmutableDictionary<string, string>.Empty);
        var story = new Story(Story.Plain with { Tiers = OfTheYear, Activities = Story.Plain.Activities.SetItem(Story.Service, rule) });
        story.Earn("silver", 150);
        story.Earn("still silver", 50);
        Assert.Equal(50, story.Last<PointsEarned>().Credited.Value);
        story.Earn("gold", 1);

        Assert.Equal(8, story.Last<PointsEarned>().Credited.Value);
        var told = Retelling.Of(story.Programmes.Versions[0].Programme, story.Last<PointsEarned>());
        Assert.Equal([RuleFate.Counted, RuleFate.Counted], told.Select(outcome => outcome.Fate));
    }

    [Fact]
    public void What_is_taken_back_no_longer_counts_and_what_is_earned_again_does()
    {
        var story = With(OfTheYear).On("2024-03-01 10:00");
        story.Earn("e", 100);
        story.On("2024-03-02 10:00").Reverse("a part", "e", 1);
        Assert.Equal((null, Story.Local("2024-03-02 10:00")), (story.State.Tiers!.Tier, story.State.Tiers.Since));
        Assert.Equal(99, story.State.CapBuckets.Of(new(TierPolicy.Scope, CapPeriod.Month, new(2024, 3, 1))).Used.Value);

        story.On("2024-03-20 10:00").Earn("again", 1);

        Assert.Equal("silver", story.State.Tiers.Tier);
        story.Reverse("the rest", "e");
        Assert.Empty(story.State.Tiers.Held);
        Assert.Equal(1, story.State.CapBuckets.Of(new(TierPolicy.Scope, CapPeriod.Month, new(2024, 3, 1))).Used.Value);
    }

    [Fact]
    public void Taken_back_at_once_it_is_as_if_it_had_never_been()
    {
        var story = With(OfTheYear);
        story.Earn("e", 100);
        story.Reverse("r", "e");

        Assert.Null(story.State.Tiers);
    }

    [Fact]
    public void What_was_expected_to_be_reversed_reaches_no_tier()
    {
        var story = With(OfTheYear);
        story.Reverse("r", "e", 1);
        story.Earn("e", 100);

        Assert.Equal([typeof(PointsEarned), typeof(EarningReversed)], story.Journal[^1].Events.Select(e => e.GetType()));
    }

    [Fact]
    public void Adjustments_and_refunds_reach_no_tier()
    {
        var story = With(OfTheYear);
        story.Earn("e", 99);
        story.Adjust("a", 100);
        story.Spend("s", 50);
        story.Refund("f", "s");

        Assert.Null(story.State.Tiers);
    }

    [Fact]
    public void Nobody_falls_below_what_is_for_good_neither_with_time_nor_with_a_reversal()
    {
        var story = With(OfTheYear with { NeverBelow = 0 });
        story.Earn("e", 200);
        Assert.Equal([new("gold", Story.Local("2025-01-01 00:00")), new("silver", null)], story.State.Tiers!.Held);

        story.Reverse("r", "e");
        Assert.Equal([new("silver", null)], story.State.Tiers.Held);
        story.On("2030-01-01 00:00").Earn("years later", 1);
        Assert.Equal("silver", story.State.Tiers.Tier);
    }

    [Fact]
    public void Points_of_a_lifetime_count_from_the_first_one_also_before_there_were_tiers_and_never_lapse()
    {
        var story = new Story();
        story.Earn("before", 150);
        story.Programmes = new([.. story.Programmes.Versions, new(2, story.Now, Story.Plain with { Tiers = OfTheYear with { Basis = TierBasis.Lifetime.Instance } })]);
        Assert.Null(story.State.Tiers);
        story.Earn("the next one", 1);
        Assert.Equal([new("silver", null)], story.State.Tiers!.Held);
        Assert.Empty(story.Last<PointsEarned>().Caps);

        story.On("2034-01-01 00:00").Earn("ten years later", 49);
        Assert.Equal([new("gold", null)], story.State.Tiers.Held);
        story.Reverse("r", "ten years later", 1);
        Assert.Equal([new("silver", null)], story.State.Tiers.Held);
    }

    [Fact]
    public void A_new_version_changes_no_tier_by_itself_and_lets_everybody_keep_what_was_reached_to_its_end()
    {
        var story = With(OfTheYear);
        story.Earn("e", 200);
        var end = Story.Local("2025-01-01 00:00");
        story.Programmes = new(
            [.. story.Programmes.Versions, new(2, story.Now, Story.Plain with { Tiers = OfTheYear with { Levels = [Level("silver", 150), Level("gold", 1000)] } })]);

        story.Earn("more", 100);

        Assert.Equal(new TierChanged(story.Now, "gold", [new("gold", end)], 2), story.Last<TierChanged>(), Same);
        Assert.Equal([new TierSpan("gold", end)], story.State.Tiers!.Promised!.Value);
        story.Reverse("r", "e", 200);
        Assert.Equal([new("gold", end)], story.State.Tiers.Held);
        story.On("2025-01-01 00:00").Earn("next year", 150);
        Assert.Equal([new("silver", Story.Local("2026-01-01 00:00"))], story.State.Tiers.Held);
    }

    [Fact]
    public void A_reversal_is_judged_by_the_levels_that_judged_before()
    {
        var story = With(OfTheYear);
        story.Earn("e", 200);
        story.Programmes = new([.. story.Programmes.Versions, new(2, story.Now, Story.Plain with { Tiers = OfTheYear with { Levels = [Level("silver", 1)] } })]);

        story.Reverse("r", "e", 150);

        Assert.Null(story.State.Tiers);
    }

    [Fact]
    public void Where_tiers_are_given_up_a_tier_multiplies_nothing_and_runs_out()
    {
        var story = With(OfTheYear with { Levels = [Level("silver", 100, 20_000)] });
        story.Earn("e", 100);
        story.Programmes = new([.. story.Programmes.Versions, new(2, story.Now, Story.Plain)]);

        story.Earn("plain", 10);

        Assert.Equal((10L, null as AwardReason), (story.Last<PointsEarned>().Credited.Value, story.Last<PointsEarned>().Reason));
        Assert.Empty(story.Last<PointsEarned>().Caps);
        Assert.Equal("silver", story.State.Tiers!.Tier);
        Assert.Empty(Due.Apply(story.State, Story.Local("2025-01-01 00:00")).After.Tiers!.Held);
    }

    [Fact]
    public void An_imported_past_leads_to_the_same_tier()
    {
        var (lived, imported) = (With(OfTheYear), With(OfTheYear));
        foreach (var (on, points) in new[] { ("2024-02-01 10:00", 100L), ("2024-12-31 23:59", 100), ("2025-01-01 00:00", 100), ("2025-06-01 10:00", 1) })
        {
            lived.On(on).Earn(on, points);
            imported.On(on).Do(on, new EarnPoints(Story.Service, points, imported.Now), historic: true);
        }

        Assert.Equal(
            JsonSerializer.Serialize(lived.State, LedgerJson.Default.WalletState), JsonSerializer.Serialize(imported.State, LedgerJson.Default.WalletState));
        Assert.Equal("silver", lived.State.Tiers!.Tier);
    }

    [Fact]
    public void Without_tiers_nothing_more_is_stored()
    {
        var story = new Story();
        story.Earn("e", 100);

        Assert.DoesNotContain("tier", JsonSerializer.Serialize(story.State, LedgerJson.Default.WalletState), StringComparison.Ordinal);
        Assert.DoesNotContain("tier", System.Text.Encoding.UTF8.GetString(LedgerJson.BytesOf(story.Journal[^1].Events)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wallet_remembers_as_many_months_as_can_still_count_and_a_few_changes()
    {
        var programme = Story.Plain with { Tiers = new(new TierBasis.RollingMonths(12), 30, null, [Level("silver", 2)]) };
        var wallet = new RecordedWallet(new PublishedProgrammes([new(1, Instant.MinValue, programme)]));
        var start = Story.Local("2020-01-15 10:00");
        for (var week = 0; week < 52 * 6; week++)
        {
            var at = start + Duration.FromDays(7 * week);
            wallet.Send(new EarnPoints(Story.Service, 1, at), at);
            wallet.Send(new ReverseEarning(wallet.Journal[^1].Key, null), at + Duration.FromHours(1));
            wallet.Send(new EarnPoints(Story.Service, 1 + (week % 2), at), at + Duration.FromHours(2));
            wallet.Send(new ReverseEarning(wallet.Journal[^1].Key, new(week % 2 + 1)), at + Duration.FromHours(3));
        }

        // Twelve months, a month of grace, a month in which activities may come late, the one under way.
        Assert.InRange(wallet.State.CapBuckets.All.Count(), 12, 15);
        Assert.Equal(16, wallet.State.Tiers!.Past.Length);
    }

    [Fact]
    public void What_a_second_person_must_agree_to_gives_a_tier_once_somebody_has()
    {
        var story = Asking(new ApprovalPolicy.SecondPerson(14));
        story.Earn("agreed", 120);
        story.Earn("not agreed", 120);
        Assert.Null(story.State.Tiers);

        story.Approve("a", "agreed");
        Assert.Equal("silver", story.State.Tiers!.Tier);

        story.Reject("r", "not agreed");
        story.Reverse("half", "agreed", 30);
        Assert.Null(story.State.Tiers);
        Assert.Equal(new Points(90), Tiering.Counted(story.Programmes.InForceAt(story.Now)!.Programme, story.State, story.Now));
    }

    [Fact]
    public void What_waits_for_an_objection_only_gives_a_tier_until_somebody_objects()
    {
        var story = Asking(new ApprovalPolicy.Objection(14));
        story.Earn("e", 120);
        Assert.Equal("silver", story.State.Tiers!.Tier);

        story.Reject("r", "e");

        Assert.Null(story.State.Tiers?.Tier);
    }

    private static Story Asking(ApprovalPolicy approval) => new(Story.Plain with
    {
        Tiers = OfTheYear,
        Activities = Story.Plain.Activities.SetItem(Story.Service, Story.Plain.Activities[Story.Service] with { Approval = approval }),
    });

    private static Story With(TierPolicy tiers) => new(Story.Plain with { Tiers = tiers });

    private static bool Same(TierChanged one, TierChanged other) => LedgerJson.BytesOf([one]).AsSpan().SequenceEqual(LedgerJson.BytesOf([other]));
}
