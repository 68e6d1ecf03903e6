using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class EarningTests
{
    [Fact]
    public void An_activity_earns_what_its_rule_computes_in_a_lot_of_its_own()
    {
        var story = new Story();

        Story.Accepted(story.Earn("e", 95));

        var earned = story.Last<PointsEarned>();
        Assert.Equal((95, 95, 0), (earned.Computed.Value, earned.Credited.Value, earned.DebtRepaid.Value));
        Assert.Equal(new LotSlice(new(1), new(95), story.Now, Story.Local("2024-02-11 00:00")), earned.Lot);
        Assert.Equal(1, earned.ProgrammeVersion);
        Assert.Equal(95, story.Available);
    }

    [Theory]
    // The activity's local date in Shanghai decides, though it is still the day before in UTC.
    [InlineData("2024-01-31 00:00", "2024-03-01 00:00")]
    [InlineData("2024-01-31 23:59", "2024-03-01 00:00")]
    [InlineData("2024-02-01 00:00", "2024-03-02 00:00")]
    [InlineData("2023-01-31 12:00", "2023-03-01 00:00")]
    [InlineData("2024-02-29 12:00", "2024-03-30 00:00")]
    [InlineData("2023-12-31 23:59", "2024-02-01 00:00")]
    public void A_lot_ends_with_its_last_local_day(string occurred, string end)
    {
        var story = new Story().On(occurred);

        story.Earn("e", 1);

        Assert.Equal(Story.Local(end), story.State.NextDue);
    }

    [Fact]
    public void A_rule_may_have_an_expiry_of_its_own()
    {
        var rule = Story.Plain.Activities[Story.Service] with { Expiry = ExpiryPolicy.Never.Instance };
        var story = new Story(Story.Plain with { Activities = Story.Plain.Activities.SetItem(Story.Service, rule) });

        story.Earn("e", 1);

        Assert.Null(story.State.NextDue);
    }

    [Fact]
    public void A_day_is_full_and_then_a_month_is_full()
    {
        var story = new Story();

        var credited = new List<long>();
        foreach (var day in new[] { 10, 10, 10, 11, 12 })
        {
            story.On($"2024-01-{day} 12:00");
            story.Earn($"e{credited.Count}", 1, Story.Class);
            credited.Add(story.Last<PointsEarned>().Credited.Value);
        }

        // 7, then 3 to fill the day's 10, then nothing; 7 on the next day; 3 to fill the month's 20.
        Assert.Equal([7, 3, 0, 7, 3], credited);
        Assert.Equal(15, story.State.Lifetime.Capped.Value);
        story.On("2024-02-01 00:00").Earn("february", 1, Story.Class);
        Assert.Equal(7, story.Last<PointsEarned>().Credited.Value);
    }

    [Fact]
    public void An_award_tells_what_each_cap_saw()
    {
        var story = new Story();
        story.Earn("a", 1, Story.Class);
        story.Earn("b", 1, Story.Class);

        var caps = story.Last<PointsEarned>().Caps;

        Assert.Equal(
            [
                (CapPeriod.LocalDay, new LocalDate(2024, 1, 10), (long?)10, 7L, 3L, CapReversal.Keep),
                (CapPeriod.Month, new LocalDate(2024, 1, 1), (long?)20, 7L, 13L, CapReversal.Restore),
            ],
            caps.Select(cap => (cap.Per, cap.Start, cap.Limit, cap.Used, cap.Free, cap.OnReversal)));
    }

    [Fact]
    public void A_late_event_counts_in_its_own_day_and_lives_at_least_so_many_days()
    {
        var story = new Story();
        story.Earn("today", 1, Story.Class);

        story.Earn("late", 1, Story.Class, occurred: "2023-12-11 12:00");

        var late = story.Last<PointsEarned>();
        Assert.Equal((7, 0), (late.Credited.Value, late.Caps[0].Used));
        Assert.Equal(new LocalDate(2023, 12, 11), late.Caps[0].Start);

        // Its month would have ended on 11 January; thirty days from now it ends on 9 February.
        Assert.Equal(Story.Local("2024-02-10 00:00"), late.Lot?.ExpiresAt);
    }

    [Fact]
    public void A_late_event_gets_no_longer_life_than_one_of_today()
    {
        var story = new Story(Story.Plain with { Lateness = Lateness.Default with { ValidityDaysMin = 366 } });

        story.Earn("late", 1, occurred: "2024-01-01 12:00");

        Assert.Equal(Story.Local("2024-02-11 00:00"), story.Last<PointsEarned>().Lot?.ExpiresAt);
    }

    [Fact]
    public void A_late_event_that_lives_longer_anyway_keeps_its_own_end()
    {
        var story = new Story(Story.Plain with { Expiry = new ExpiryPolicy.Rolling(12, RoundUp.None) });

        story.Earn("late", 1, occurred: "2024-01-01 12:00");

        Assert.Equal(Story.Local("2025-01-02 00:00"), story.Last<PointsEarned>().Lot?.ExpiresAt);
    }

    [Theory]
    [InlineData("2023-12-11 12:00:00", "accepted")]
    [InlineData("2023-12-11 11:59:59", "occurred_too_long_ago")]
    [InlineData("2024-01-10 12:05:00", "accepted")]
    [InlineData("2024-01-10 12:05:01", "occurred_in_future")]
    public void An_activity_may_be_30_days_late_and_5_minutes_early(string occurred, string outcome)
    {
        var story = new Story();

        story.Earn("e", 1, occurred: occurred);

        Assert.Equal(outcome, story.Journal[^1].Outcome);
    }

    [Fact]
    public void A_source_may_have_a_bound_of_its_own()
    {
        var story = new Story(Story.Plain with
        {
            Lateness = Lateness.Default with { DaysMaxBySource = ImmutableDictionary<string, int>.Empty.Add("event:/app", 2) },
        });

        var refusal = Story.Refused(story.Earn("e", 1, occurred: "2024-01-08 11:59"));

        Assert.Equal(new Refusal.OccurredTooLongAgo(Story.Local("2024-01-08 11:59"), story.Now, 2), refusal);
        Story.Accepted(story.Earn("f", 1, occurred: "2024-01-08 12:00"));
        var envelope = story.Envelope("g", new EarnPoints(Story.Service, 1, Story.Local("2023-12-20 12:00"))) with { Key = CommandKey.Event("/clinic", "g") };
        Story.Accepted(story.Do(envelope));
    }

    [Fact]
    public void The_version_in_force_when_it_occurred_decides_and_that_of_today_says_what_is_late()
    {
        var v2 = Story.Plain with
        {
            Activities = Story.Plain.Activities.SetItem(Story.Service, Story.Rule(new AwardFormula.Fixed(new(1000)))),
            Lateness = Lateness.Default with { DaysMax = 5 },
        };
        var story = new Story(new PublishedProgrammes([new(1, Instant.MinValue, Story.Plain), new(2, Story.Local("2024-01-09 00:00"), v2)]));

        story.Earn("before", 3, occurred: "2024-01-08 23:59");
        Assert.Equal((1, 3L), (story.Last<PointsEarned>().ProgrammeVersion, story.Last<PointsEarned>().Credited.Value));
        Assert.Equal(1, story.Journal[^1].ProgrammeVersion);
        story.Earn("after", 3, occurred: "2024-01-09 00:00");
        Assert.Equal((2, 1000L), (story.Last<PointsEarned>().ProgrammeVersion, story.Last<PointsEarned>().Credited.Value));
        Assert.Equal(5, Assert.IsType<Refusal.OccurredTooLongAgo>(Story.Refused(story.Earn("old", 3, occurred: "2024-01-05 11:59"))).DaysMax);
    }

    [Fact]
    public void An_activity_before_any_programme_is_refused_with_its_time()
    {
        var story = new Story(new PublishedProgrammes([new(1, Story.Local("2024-01-09 00:00"), Story.Plain)]));

        Assert.Equal(new Refusal.NoProgramme(Story.Local("2024-01-08 23:59")), Story.Refused(story.Earn("e", 1, occurred: "2024-01-08 23:59")));
    }

    [Fact]
    public void The_rule_for_any_activity_counts_caps_by_the_activity_itself()
    {
        var any = Story.Rule(new AwardFormula.Fixed(new(7)), new Cap(CapPeriod.LocalDay, 10, CapReversal.Keep));
        var story = new Story(Story.Plain with { AnyActivity = any });

        foreach (var (name, activity) in new[] { ("a", "swim"), ("b", "swim"), ("c", "sing") })
        {
            story.Earn(name, 1, ActivityType.Parse(activity));
        }

        Assert.Equal([7, 3, 7], story.Journal.Select(t => ((PointsEarned)t.Events[0]).Credited.Value));
    }

    [Fact]
    public void What_is_earned_repays_a_debt_first()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.Reverse("r", "e");
        Assert.Equal((0, 10), (story.Available, story.Debt));

        story.Earn("part", 4);
        Assert.Equal((new Points(4), null), (story.Last<PointsEarned>().DebtRepaid, story.Last<PointsEarned>().Lot));
        story.Earn("more", 9);
        Assert.Equal(6, story.Last<PointsEarned>().DebtRepaid.Value);
        Assert.Equal((3, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void A_wallet_can_hold_the_largest_number_and_not_one_more()
    {
        var story = new Story();

        Story.Accepted(story.Earn("e", Points.Max.Value));
        Assert.Equal(new Refusal.BalanceLimit(Points.Max, new(1), Points.Max), Story.Refused(story.Earn("f", 1)));
        story.Spend("s", 1);
        Story.Accepted(story.Earn("g", 1));
    }

    [Fact]
    public void An_award_of_more_than_the_largest_number_is_refused() => Assert.Equal(
        new Refusal.AwardTooLarge(Story.Huge, Points.Max.Value, Points.Max), Story.Refused(new Story().Earn("e", Points.Max.Value, Story.Huge)));

    [Fact]
    public void History_has_no_bounds_and_no_least_validity()
    {
        var story = new Story(new PublishedProgrammes([new(1, Instant.MinValue, Story.Plain)])).On("2020-01-01 00:00");

        Story.Accepted(story.Do("e", new EarnPoints(Story.Service, 5, story.Now), historic: true));

        Assert.Equal(Story.Local("2020-02-02 00:00"), story.State.NextDue);
        Assert.Equal(story.Now, story.State.LastAt);
        Story.Accepted(story.Do("old", new EarnPoints(Story.Service, 5, Story.Local("2020-01-01 00:00") - Duration.FromDays(20)), historic: true));
        Assert.Equal(Story.Local("2020-01-13 00:00"), story.State.NextDue);
    }

    [Fact]
    public void The_last_year_of_the_calendar_is_no_failure()
    {
        var story = new Story();
        var end = Instant.FromUtc(9999, 12, 31, 23, 59, 59);

        foreach (var (name, activity) in new[] { ("e", Story.Service), ("f", Story.Class) })
        {
            Story.Accepted(story.Do(story.Envelope(name, new EarnPoints(activity, 1, end), historic: true) with { At = end }));
        }

        Story.Accepted(story.Do(story.Envelope("a", new AdjustPoints(new(1)), historic: true) with { At = end }));
        Assert.Null(story.State.NextDue);
    }

    [Fact]
    public void What_caps_cut_however_often_never_brings_a_wallet_to_a_stop()
    {
        var rule = new ActivityRule(
            [EarnRule.Plain(new AwardFormula.PerUnit(new(1), 1, Rounding.Down))],
            [new(CapPeriod.LocalDay, 1, CapReversal.Keep)],
            null,
            ImmutableDictionary<string, string>.Empty);
        var story = new Story(Story.Plain with { Activities = Story.Plain.Activities.SetItem(Story.Service, rule) });

        for (var i = 0; i < 1_030; i++)
        {
            Story.Accepted(story.Earn($"e{i}", Points.Max.Value));
        }

        Assert.Equal(long.MaxValue, story.State.Lifetime.Capped.Value);
        Assert.Equal(1, story.Available);
    }
}
