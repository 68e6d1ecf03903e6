using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

/// <summary>What is looked at in hours that people entered; times of Shanghai, from noon on 10 January 2024. A quantity is minutes.</summary>
public sealed class CheckingTests
{
    [Fact]
    public void Two_activities_at_the_same_time_are_shown_with_their_overlap()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: false));
        story.Earn("morning", 120, occurred: "2024-01-10 11:00");
        Assert.Null(story.Last<PointsEarned>().Signals);

        // From 10:15 to 11:45; the first one lasted from 9 to 11.
        story.Earn("again", 90, occurred: "2024-01-10 11:45");

        Assert.Equal(
            [new IntegritySignal.Overlap(1, Story.Local("2024-01-10 09:00"), Story.Local("2024-01-10 11:00"), 45)], story.Last<PointsEarned>().Signals!.Value);
        Assert.Null(story.Last<PointsEarned>().Approval);
        Assert.Equal(210, story.Available);
    }

    [Fact]
    public void Of_several_the_longest_overlap_is_shown()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: false));
        story.Earn("a", 60, occurred: "2024-01-10 09:00");
        story.Earn("b", 60, occurred: "2024-01-10 10:00");
        story.Earn("both", 90, occurred: "2024-01-10 10:00");

        Assert.Equal((2L, 60L), (Only<IntegritySignal.Overlap>(story).With, Only<IntegritySignal.Overlap>(story).Minutes));
    }

    [Fact]
    public void What_follows_at_once_does_not_overlap()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: true));
        story.Earn("a", 60, occurred: "2024-01-10 09:00");
        story.Earn("b", 60, occurred: "2024-01-10 10:00");

        Assert.Null(story.Last<PointsEarned>().Signals);
    }

    [Fact]
    public void What_was_taken_back_after_a_part_had_expired_was_not_served()
    {
        var checking = Story.Plain.Activities[Story.Service] with { Checks = [new IntegrityCheck.Overlap(Holds: false)] };
        var story = new Story(Story.Plain with
        {
            Expiry = new ExpiryPolicy.OnDate(new LocalDate(2024, 1, 12)),
            Activities = Story.Plain.Activities.SetItem(Story.Service, checking),
        });
        story.Earn("a", 60, occurred: "2024-01-10 09:00");
        story.Spend("s", 20);
        story.On("2024-01-13 12:00").Reverse("r", "a");
        story.Earn("instead", 60, occurred: "2024-01-10 09:00");

        Assert.Null(story.Last<PointsEarned>().Signals);
    }

    [Fact]
    public void What_was_rejected_or_wholly_taken_back_was_not_served()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: true));
        story.Earn("wrong", 60, occurred: "2024-01-10 09:00");
        story.Reverse("part", "wrong", 59);
        story.Earn("overlapping", 60, occurred: "2024-01-10 09:00");
        Assert.True(Only<IntegritySignal.Overlap>(story).Holds);
        story.Reject("no", "overlapping");
        story.Reverse("rest", "wrong", 1);

        story.Earn("right", 60, occurred: "2024-01-10 09:00");

        Assert.Null(story.Last<PointsEarned>().Signals);
    }

    [Fact]
    public void A_hit_that_holds_asks_for_a_second_person_who_has_thirty_days()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: true));
        story.Earn("a", 60);
        story.Earn("b", 60);

        Assert.Equal((60, 60), (story.Available, story.State.Balances.Pending.Value));
        Assert.Equal(Story.Local("2024-02-09 00:00"), story.Last<PointsEarned>().Approval!.DueAt);
        Assert.False(story.Last<PointsEarned>().Approval!.SilenceApproves);
        Assert.Equal(1, Assert.Single(Assert.Single(story.State.Undecided).Award!.Signals!.Value.OfType<IntegritySignal.Overlap>()).With);
    }

    [Fact]
    public void Silence_does_not_approve_what_a_check_holds()
    {
        var story = With(new ApprovalPolicy.Objection(3), new IntegrityCheck.OrganiserIsBeneficiary(Holds: true));
        story.Do("own", new EarnPoints(Story.Service, 60, story.Now, Entry: new(null, "r-1")));
        story.Do("other", new EarnPoints(Story.Service, 50, story.Now, Entry: new(null, "r-2")));

        story.On("2024-02-20 00:00").ApplyDue();

        Assert.Equal((50, 60), (story.State.Lifetime.Earned.Value - story.State.Lifetime.ClawedBack.Value, story.State.Lifetime.ClawedBack.Value));
    }

    [Fact]
    public void More_hours_in_a_local_day_than_anybody_serves_are_shown()
    {
        var story = With(new IntegrityCheck.HoursPerDay(600, Holds: false));
        story.Earn("yesterday", 500, occurred: "2024-01-09 23:59");
        story.Earn("just", 600, occurred: "2024-01-10 00:00");
        Assert.Null(story.Last<PointsEarned>().Signals);

        story.Earn("one more", 1, occurred: "2024-01-10 11:59");
        Assert.Equal(new IntegritySignal.HoursPerDay(new(2024, 1, 10), 601, 600), Only<IntegritySignal.HoursPerDay>(story));
    }

    [Fact]
    public void More_entries_within_an_hour_than_anybody_makes_are_shown()
    {
        var story = With(new IntegrityCheck.EntryRate(3, Holds: false));
        story.Earn("first", 60);
        story.Later(Duration.FromMinutes(1)).Earn("second", 60);
        story.Earn("third", 60);
        Assert.Null(story.Last<PointsEarned>().Signals);
        story.Later(Duration.FromMinutes(58)).Earn("fourth", 60);
        Assert.Equal(new IntegritySignal.EntryRate(4, 3), Only<IntegritySignal.EntryRate>(story));

        // An hour after the first one, and the second is taken back: the third, the fourth and this one.
        story.Later(Duration.FromMinutes(1)).Reverse("r", "second");
        story.Earn("fifth", 60);
        Assert.Null(story.Last<PointsEarned>().Signals);
    }

    [Fact]
    public void More_entries_of_one_person_for_whomever_than_anybody_makes_are_shown_with_who_it_was()
    {
        var story = With(new IntegrityCheck.MakerRate(3, Holds: false));
        story.EnteredBefore = 2;
        story.Do("third", new EarnPoints(Story.Service, 60, story.Now, Entry: new("coordinator-4", null)));
        Assert.Equal(("coordinator-4", null), (story.Last<PointsEarned>().Maker, story.Last<PointsEarned>().Signals));

        story.EnteredBefore = 3;
        story.Do("fourth", new EarnPoints(Story.Service, 60, story.Now, Entry: new("coordinator-4", null)));
        Assert.Equal(new IntegritySignal.MakerRate("coordinator-4", 4, 3), Only<IntegritySignal.MakerRate>(story));

        // Where the app names nobody it is the app that entered it.
        story.Earn("fifth", 60);
        Assert.Equal(new IntegritySignal.MakerRate(Story.Key("fifth").Source, 4, 3), Only<IntegritySignal.MakerRate>(story));
        Assert.Empty(story.State.Served);
    }

    [Fact]
    public void A_maker_who_enters_in_bulk_is_held_where_the_check_holds()
    {
        var story = With(new IntegrityCheck.MakerRate(1, Holds: true));
        story.EnteredBefore = 1;
        story.Do("bulk", new EarnPoints(Story.Service, 60, story.Now, Entry: new("coordinator-4", null)));

        Assert.Equal((0L, 60L), (story.Available, story.State.UndecidedPoints.Value));
        Assert.False(story.Last<PointsEarned>().Approval!.SilenceApproves);
        Assert.Equal(new Refusal.ApprovalOwnEntry(Story.Key("bulk"), "coordinator-4"), Story.Refused(story.Approve("a", "bulk", "coordinator-4")));
    }

    [Fact]
    public void Who_entered_it_is_remembered_only_where_something_counts_it()
    {
        var story = With(new IntegrityCheck.EntryRate(3, Holds: false));
        story.Do("e", new EarnPoints(Story.Service, 60, story.Now, Entry: new("coordinator-4", null)));
        var counting = With(new IntegrityCheck.MakerRate(3, Holds: false));
        counting.Do("e", new EarnPoints(Story.Service, 60, counting.Now, Entry: new("coordinator-4", null)), historic: true);

        Assert.Equal((null, null), (story.Last<PointsEarned>().Maker, counting.Last<PointsEarned>().Maker));
    }

    [Fact]
    public void An_activity_of_which_only_the_entry_counts_takes_no_time()
    {
        var hours = Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down));
        var story = new Story(Story.Plain with
        {
            Activities = Story.Plain.Activities
                .SetItem(Story.Service, hours with { Checks = [new IntegrityCheck.Overlap(Holds: false), new IntegrityCheck.HoursPerDay(60, Holds: false)] })
                .SetItem(Story.Huge, hours with { Checks = [new IntegrityCheck.EntryRate(1000, Holds: false)] }),
        });
        story.Earn("purchase", 12_050, Story.Huge);
        story.Earn("service", 60);

        Assert.Null(story.Last<PointsEarned>().Signals);
        Assert.Equal([0L, 60], story.Journal.Select(t => t.Events.OfType<PointsEarned>().Single().Served!.Value.Minutes));
    }

    [Fact]
    public void The_largest_quantity_is_checked_like_any_other()
    {
        var story = With(new IntegrityCheck.HoursPerDay(600, Holds: true), new IntegrityCheck.Overlap(Holds: true));
        story.Earn("a", Points.Max.Value / 2);

        Assert.Equal(366 * 24 * 60, Only<IntegritySignal.HoursPerDay>(story).Minutes);
    }

    [Fact]
    public void One_person_who_approves_nearly_all_is_shown_or_asked_to_leave_it_to_somebody_else()
    {
        // At most three of four.
        var story = With(new ApprovalPolicy.SecondPerson(14), new IntegrityCheck.ApproverShare(4, 7_500, Holds: true));
        foreach (var name in new[] { "1", "2", "3", "4", "5" })
        {
            story.Earn($"e{name}", 10);
        }

        Story.Accepted(story.Approve("a1", "e1", "ann"));
        Story.Accepted(story.Approve("a2", "e2", "ann"));
        Story.Accepted(story.Approve("a3", "e3", "ann"));
        Assert.Equal(new Refusal.ApproverShareExceeded(Story.Key("e4"), "ann", 4, 4, 7_500), Story.Refused(story.Approve("a4", "e4", "ann")));
        Story.Accepted(story.Approve("b4", "e4", "bo"));
        Story.Accepted(story.Approve("a5", "e5", "ann"));

        Assert.Equal(["ann", "ann", "ann", "bo", "ann"], story.State.Approvers!.Value);
        Assert.Null(story.Last<AwardApproved>().Signals);
    }

    [Fact]
    public void A_share_that_only_shows_is_stored_with_the_approval()
    {
        var story = With(new ApprovalPolicy.SecondPerson(14), new IntegrityCheck.ApproverShare(2, 5_000, Holds: false));
        story.Earn("e1", 10);
        story.Earn("e2", 10);
        story.Approve("a1", "e1", "ann");
        story.Approve("a2", "e2", "ann");

        Assert.Equal([new IntegritySignal.ApproverShare("ann", 2, 2, 5_000)], story.Last<AwardApproved>().Signals!.Value);
    }

    [Fact]
    public void Times_are_kept_for_as_long_as_a_late_event_may_overlap_them_and_no_longer()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: false));
        for (var day = 0; day < 200; day++)
        {
            story.Later(Duration.FromDays(1)).Earn($"e{day}", 60);
            Assert.InRange(story.State.Served.Length, 1, 34);
        }
    }

    [Fact]
    public void Imported_history_is_not_checked()
    {
        var story = With(new IntegrityCheck.Overlap(Holds: true));
        story.Do("a", new EarnPoints(Story.Service, 60, story.Now), historic: true);
        story.Do("b", new EarnPoints(Story.Service, 60, story.Now), historic: true);

        Assert.Equal(120, story.Available);
        Assert.Empty(story.State.Served);
    }

    private static T Only<T>(Story story)
        where T : IntegritySignal => Assert.Single(story.Last<PointsEarned>().Signals!.Value.OfType<T>());

    private static Story With(params ImmutableArray<IntegrityCheck> checks) => With(null, checks);

    private static Story With(ApprovalPolicy? approval, params ImmutableArray<IntegrityCheck> checks) => new(Story.Plain with
    {
        Activities = Story.Plain.Activities.SetItem(
            Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Approval = approval, Checks = checks }),
    });
}
