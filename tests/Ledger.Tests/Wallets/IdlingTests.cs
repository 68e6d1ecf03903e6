using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class IdlingTests
{
    private static readonly ExpiryPolicy.Inactivity TwoMonths = new(2, ExpiryPolicy.Inactivity.DefaultCounts);

    [Fact]
    public void Points_expire_when_nothing_happened_for_so_many_months()
    {
        var story = Idle();
        story.Earn("e", 10);
        Assert.Equal(Story.Local("2024-03-11 00:00"), story.State.NextDue);

        story.On("2024-03-11 00:00").ApplyDue();
        Assert.Equal(0, story.Available);
    }

    [Fact]
    public void Whoever_earns_or_spends_keeps_all_points_for_as_long_again()
    {
        var story = Idle();
        story.Earn("a", 10);
        story.On("2024-01-31 23:59").Earn("b", 5);
        Assert.Equal(new ExpiryExtended(TwoMonths, Story.Local("2024-04-01 00:00")), story.Last<ExpiryExtended>());
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-04-01 00:00"), lot.ExpiresAt));

        story.On("2024-03-31 23:59").Spend("s", 1);
        Assert.Equal(Story.Local("2024-06-01 00:00"), story.State.NextDue);
    }

    [Fact]
    public void An_act_on_the_same_day_extends_nothing_and_a_refused_one_is_none()
    {
        var story = Idle();
        story.Earn("a", 10);
        story.Earn("b", 5);
        Assert.DoesNotContain(story.Journal[^1].Events, e => e is ExpiryExtended);

        story.On("2024-02-20 12:00").Spend("too much", 16);
        Assert.Equal(Story.Local("2024-03-11 00:00"), story.State.NextDue);
    }

    [Fact]
    public void What_others_do_is_no_act_of_the_resident()
    {
        var story = Idle();
        story.Earn("e", 10);
        story.Spend("s", 4);
        story.On("2024-02-20 12:00").Refund("r", "s");
        story.Reverse("v", "e", 1);
        story.Adjust("up", 3);
        story.Adjust("down", -1);
        story.ApplyDue();

        Assert.DoesNotContain(story.Journal, t => t.Events.Any(e => e is ExpiryExtended));
        Assert.Equal([Story.Local("2024-03-11 00:00"), Story.Local("2024-04-21 00:00")], story.State.Lots.Select(lot => lot.ExpiresAt));
    }

    [Fact]
    public void Only_what_is_named_counts_and_points_idle_at_the_earliest_from_when_they_came_in()
    {
        var story = new Story(Story.Plain with { Expiry = new ExpiryPolicy.Inactivity(2, [ResidentAct.Spent]) });
        story.Earn("a", 10);
        story.On("2024-02-20 12:00").Earn("b", 5);
        Assert.Equal([Story.Local("2024-03-11 00:00"), Story.Local("2024-04-21 00:00")], story.State.Lots.Select(lot => lot.ExpiresAt));

        story.On("2024-03-10 12:00").Spend("s", 1);
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-05-11 00:00"), lot.ExpiresAt));
    }

    [Fact]
    public void Lots_of_other_policies_stay_where_they_are_also_on_the_same_date()
    {
        var walk = Story.Plain.Activities[Story.Class] with { Expiry = new ExpiryPolicy.Rolling(2, RoundUp.None) };
        var hours = Story.Plain.Activities[Story.Huge] with { Expiry = new ExpiryPolicy.Inactivity(3, TwoMonths.Counts) };
        var story = new Story(Story.Plain with
        {
            Expiry = TwoMonths,
            Activities = Story.Plain.Activities.SetItem(Story.Class, walk).SetItem(Story.Huge, hours),
        });
        story.Earn("idle", 10);
        story.Earn("rolling", 1, Story.Class);
        story.Earn("longer", 1, Story.Huge);

        // The rolling lot is now the first to expire, so it pays.
        story.On("2024-02-20 12:00").Spend("s", 1);
        Assert.Equal(
            [(new LotId(2), Story.Local("2024-03-11 00:00")), (new LotId(1), Story.Local("2024-04-21 00:00")), (new LotId(3), Story.Local("2024-05-21 00:00"))],
            story.State.Lots.Select(lot => (lot.Id, lot.ExpiresAt!.Value)));
        Assert.Equal(new LotId(2), Assert.Single(story.Last<PointsSpent>().From).Lot);
    }

    [Fact]
    public void A_refund_comes_back_to_the_date_that_the_last_act_gave_also_where_the_lot_was_empty()
    {
        var story = Idle();
        story.Earn("a", 10);
        story.Spend("s", 10);
        story.On("2024-02-20 12:00").Earn("b", 5);

        story.On("2024-04-01 12:00").Refund("r", "s");
        Assert.Equal(15, story.Available);
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-04-21 00:00"), lot.ExpiresAt));
        Assert.Equal(new LastActs(Story.Local("2024-02-20 12:00"), Story.Local("2024-01-10 12:00")), story.State.Acts);
    }

    [Fact]
    public void A_refund_after_too_long_without_an_act_expires_at_once()
    {
        var story = Idle();
        story.Earn("a", 10);
        story.On("2024-01-20 12:00").Spend("s", 10);
        story.On("2024-03-21 00:00").Refund("r", "s");

        Assert.Equal([new LotPoints(new(1), new(10))], story.Last<SpendRefunded>().ExpiredAtOnce);
    }

    [Fact]
    public void What_is_not_active_yet_and_what_waits_for_a_decision_idles_from_the_last_day_of_that()
    {
        var later = Story.Plain.Activities[Story.Class] with { Pending = new PendingPolicy.ForDays(20) };
        var approved = Story.Plain.Activities[Story.Huge] with { Approval = new ApprovalPolicy.SecondPerson(14) };
        var story = new Story(Story.Plain with
        {
            Expiry = TwoMonths,
            Activities = Story.Plain.Activities.SetItem(Story.Class, later).SetItem(Story.Huge, approved),
        });
        story.Earn("later", 1, Story.Class);
        story.Earn("waits", 1, Story.Huge);
        story.Approve("yes", "waits");
        story.On("2024-01-20 12:00").Earn("act", 1);
        Assert.Equal(Story.Local("2024-03-31 00:00"), story.State.Pending[0].ExpiresAt);
        Assert.Equal([Story.Local("2024-03-21 00:00"), Story.Local("2024-03-25 00:00")], story.State.Lots.Select(lot => lot.ExpiresAt));

        story.On("2024-02-10 12:00").Earn("another", 1);
        Assert.Equal(4, story.State.Lots.Count);
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-04-11 00:00"), lot.ExpiresAt));
    }

    [Fact]
    public void An_act_takes_the_warnings_of_the_old_date_away_and_brings_those_of_the_new_one()
    {
        var story = new Story(Story.Plain with { Expiry = TwoMonths, Warnings = new([30, 7]) });
        story.Earn("a", 10);
        story.On("2024-02-09 12:00").Spend("s", 1);
        Assert.Equal(
            [(Story.Local("2024-04-10 00:00"), 30), (Story.Local("2024-04-10 00:00"), 7)],
            story.State.Warnings!.Ahead.Select(warning => (warning.ExpiresAt, warning.DaysBefore)));

        story.On("2024-03-11 00:00").ApplyDue();
        Assert.Equal(new ExpiryWarned(Story.Local("2024-04-10 00:00"), new(9), 30), story.Last<ExpiryWarned>());
        story.On("2024-04-04 12:00").ApplyDue("late");
        story.On("2024-04-05 12:00").Earn("b", 1);
        Assert.Equal(Story.Local("2024-05-07 00:00"), story.State.NextDue);
    }

    [Fact]
    public void What_needs_a_warning_is_extended_far_enough_for_one()
    {
        var story = new Story(Story.Plain with { Expiry = new ExpiryPolicy.Inactivity(1, TwoMonths.Counts), Warnings = new([60], NoWarningNoExpiry: true) });
        story.Do("a", new EarnPoints(Story.Service, 10, story.Now), historic: true);
        story.On("2024-01-20 12:00").Do("s", new SpendPoints(Story.TeaHouse, new(1)), historic: true);

        Assert.Equal(Story.Local("2024-03-21 00:00"), story.State.Lots.First!.ExpiresAt);
        Assert.Equal([new ScheduledWarning(Story.Local("2024-03-21 00:00"), 60, Required: true)], story.State.Warnings!.Ahead);
    }

    [Fact]
    public void A_late_activity_is_an_act_of_today_and_history_is_one_of_its_own_day()
    {
        var story = Idle();
        story.Earn("late", 10, occurred: "2024-01-02 12:00");
        Assert.Equal(Story.Local("2024-03-11 00:00"), story.State.NextDue);

        var history = Idle();
        history.On("2024-01-02 12:00").Do("import", new EarnPoints(Story.Service, 10, history.Now), historic: true);
        history.On("2024-02-20 12:00").Do("spend", new SpendPoints(Story.TeaHouse, new(1)), historic: true);
        Assert.Equal(Story.Local("2024-04-21 00:00"), history.State.NextDue);
    }

    [Fact]
    public void A_later_programme_changes_neither_what_idles_nor_what_does_not()
    {
        var programmes = new[]
        {
            new PublishedProgramme(1, Story.Local("2020-01-01 00:00"), Story.Plain with { Expiry = TwoMonths }),
            new PublishedProgramme(2, Story.Local("2024-01-15 00:00"), Story.Plain with { Expiry = new ExpiryPolicy.Rolling(1, RoundUp.None) }),
        };
        var story = new Story(new PublishedProgrammes(programmes));
        story.Earn("idle", 10);
        story.On("2024-01-20 12:00").Earn("rolling", 10);
        story.On("2024-02-10 12:00").Spend("s", 1);

        Assert.Equal([Story.Local("2024-02-21 00:00"), Story.Local("2024-04-11 00:00")], story.State.Lots.Select(lot => lot.ExpiresAt));
    }

    private static Story Idle() => new(Story.Plain with { Expiry = TwoMonths });
}
