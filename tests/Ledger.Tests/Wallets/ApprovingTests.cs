using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

/// <summary>Awards and adjustments that a second person decides; times of Shanghai, from noon on 10 January 2024.</summary>
public sealed class ApprovingTests
{
    private static readonly ApprovalPolicy TwoWeeks = new ApprovalPolicy.SecondPerson(14);
    private static readonly ApprovalPolicy AWeek = new ApprovalPolicy.Objection(7);

    [Fact]
    public void An_award_that_waits_is_pending_and_cannot_be_spent()
    {
        var story = Asking(TwoWeeks);

        story.Earn("e", 40);

        Assert.Equal(new Balances(new(0), new(40), new(0), new(0)), story.State.Balances);
        Assert.Equal(new Posting(Account.Issuance(Story.Service), Account.Pending, new(40), new(1)), Assert.Single(Postings.Of(story.Last<PointsEarned>())));
        Assert.IsType<Refusal.InsufficientPoints>(Story.Refused(story.Spend("s", 1)));
        Assert.Equal(Story.Local("2024-01-24 00:00"), story.State.NextDue);
    }

    [Fact]
    public void Approved_it_can_be_spent_at_once()
    {
        var story = Asking(TwoWeeks);
        story.Earn("e", 40);
        story.On("2024-01-12 09:00").Approve("a", "e");

        Assert.Equal(40, story.Available);
        Assert.Equal(1, story.Journal[^1].RefersTo);
        Assert.Equal(new Lot(new(1), Story.Local("2024-01-10 12:00"), Story.Local("2024-02-24 00:00"), new(40)), Assert.Single(story.State.Lots));
        Story.Accepted(story.Spend("s", 40));
    }

    [Fact]
    public void Points_that_are_decided_on_the_last_day_stay_usable_for_as_long_as_those_of_a_late_event()
    {
        // A month after 10 January is 10 February. Decided on the 24th, 30 days more are 23 February, less than the month of an activity of that day.
        var story = Asking(TwoWeeks);
        story.Earn("e", 40);

        Assert.Equal(Story.Local("2024-02-24 00:00"), story.Last<PointsEarned>().Lot!.Value.ExpiresAt);
    }

    [Fact]
    public void Rejected_it_goes_back_to_where_it_came_from()
    {
        var story = Asking(TwoWeeks);
        story.Earn("e", 40);
        story.Reject("r", "e");

        Assert.Equal(default, story.State.Balances);
        Assert.Equal(new Posting(Account.Pending, Account.Issuance(Story.Service), new(40), new(1)), Assert.Single(Postings.Of(story.Last<EntryRejected>())));
        Assert.Equal((40, 40), (story.State.Lifetime.Earned.Value, story.State.Lifetime.ClawedBack.Value));
        Assert.Null(story.State.NextDue);
    }

    [Fact]
    public void Until_the_last_moment_somebody_may_approve_it_then_it_has_lapsed()
    {
        var story = Asking(TwoWeeks);
        story.Earn("in time", 1);
        story.Earn("too late", 2);
        story.On("2024-01-23 23:59:59");
        Story.Accepted(story.Approve("a1", "in time"));
        story.On("2024-01-24 00:00");

        Assert.Equal(
            new Refusal.ApprovalAlreadyDecided(Story.Key("too late"), ApprovalOutcome.Lapsed), Story.Refused(story.Approve("a2", "too late")));
        Assert.Equal((1, 0), (story.Available, story.State.Balances.Pending.Value));
        Assert.Null(story.Last<EntryRejected>().By);
    }

    [Fact]
    public void Where_objections_are_waited_for_silence_approves()
    {
        var story = Asking(AWeek);
        story.Earn("silent", 10);
        story.Earn("early", 20);
        story.Earn("objected", 30);
        story.Approve("a", "early");
        story.Reject("r", "objected");
        Assert.Equal(20, story.Available);

        story.On("2024-01-17 00:00").ApplyDue();

        Assert.Equal(30, story.Available);
        Assert.Equal(new AwardApproved(1, null, new(10), new(0), new LotSlice(new(1), new(10), Story.Local("2024-01-10 12:00"), story.Last<AwardApproved>().Lot!.Value.ExpiresAt)), story.Last<AwardApproved>());
    }

    [Fact]
    public void Days_that_points_are_pending_run_beside_the_approval_and_the_later_one_counts()
    {
        var story = Asking(TwoWeeks, new PendingPolicy.ForDays(3));
        story.Earn("first", 10);
        story.Earn("second", 20);
        story.On("2024-01-11 12:00").Approve("a1", "first");
        Assert.Equal((0, 30), (story.Available, story.State.Balances.Pending.Value));
        Assert.Empty(Postings.Of(story.Last<AwardApproved>()));

        story.On("2024-01-13 00:00").ApplyDue();
        Assert.Equal((10, 20), (story.Available, story.State.Balances.Pending.Value));

        story.On("2024-01-14 12:00").Approve("a2", "second");
        Assert.Equal((30, 0), (story.Available, story.State.Balances.Pending.Value));
    }

    [Fact]
    public void What_is_approved_repays_a_debt_first()
    {
        var story = new Story();
        story.Earn("spent", 15);
        story.Spend("s", 15);
        story.Reverse("r", "spent");
        story.Programmes = new([new(1, Instant.MinValue, Programme(TwoWeeks))]);
        story.Earn("e", 40);
        Assert.Equal(15, story.Debt);

        story.Approve("a", "e");

        Assert.Equal((25, 0), (story.Available, story.Debt));
        Assert.Equal(
            [new(Account.Pending, Account.Debt, new(15), new(4)), new(Account.Pending, Account.Available, new(25), new(4))],
            Postings.Of(story.Last<AwardApproved>()));
    }

    [Fact]
    public void A_reversal_takes_from_what_waits_and_a_rejection_only_the_rest()
    {
        var story = Asking(TwoWeeks);
        story.Earn("e", 40);
        story.Reverse("r1", "e", 15);
        Assert.Equal(25, story.State.Balances.Pending.Value);

        story.Reject("no", "e");
        Assert.Equal(25, story.Last<EntryRejected>().Lot!.Value.Points.Value);
        Assert.Equal(
            new Refusal.NothingToReverse(Story.Key("e"), new(40), new(40), new(0)), Story.Refused(story.Reverse("r2", "e")));
    }

    [Fact]
    public void A_rejection_gives_caps_their_room_back_that_give_it_back_on_reversal()
    {
        // class: 7 points, at most 10 a day (kept) and 20 a month (restored).
        var story = new Story(Story.Plain with
        {
            Activities = Story.Plain.Activities.SetItem(Story.Class, Story.Plain.Activities[Story.Class] with { Approval = TwoWeeks }),
        });
        story.Earn("e1", 1, Story.Class);
        story.Reject("r1", "e1");
        story.Earn("e2", 1, Story.Class);

        Assert.Equal([7L, 0], story.Last<PointsEarned>().Caps.Select(cap => cap.Used));
        Assert.Equal(3, story.Last<PointsEarned>().Credited.Value);
    }

    [Fact]
    public void Nobody_who_entered_or_organised_or_gets_it_approves_it_but_may_take_it_back()
    {
        var story = Asking(TwoWeeks);
        story.Do(story.Envelope("e", new EarnPoints(Story.Service, 40, story.Now, Entry: new("coordinator", "organiser"))) with { Client = "app" });

        foreach (var by in new[] { "app", "coordinator", "organiser", "r-1" })
        {
            Assert.Equal(new Refusal.ApprovalOwnEntry(Story.Key("e"), by), Story.Refused(story.Approve($"by {by}", "e", by)));
        }

        Story.Accepted(story.Reject("taken back", "e", "coordinator"));
    }

    [Fact]
    public void An_entry_is_decided_once()
    {
        var story = Asking(TwoWeeks);
        story.Earn("e", 40);
        Story.Accepted(story.Approve("a", "e"));

        Assert.IsType<Decision.Repeated>(story.Approve("a", "e"));
        var approved = new Refusal.ApprovalAlreadyDecided(Story.Key("e"), ApprovalOutcome.Approved);
        Assert.Equal(approved, Story.Refused(story.Approve("again", "e")));
        Assert.Equal(approved, Story.Refused(story.Reject("no", "e")));
        Assert.Equal(40, story.Available);
    }

    [Fact]
    public void An_award_of_nothing_and_one_that_is_imported_wait_for_nobody()
    {
        var story = Asking(TwoWeeks);
        story.Do("history", new EarnPoints(Story.Service, 40, story.Now), historic: true);
        Assert.Equal(40, story.Available);

        story.Programmes = new([new(1, Instant.MinValue, Programme(TwoWeeks, formula: new AwardFormula.PerUnit(new(1), 60, Rounding.Down)))]);
        story.Earn("nothing", 1);
        Assert.Null(story.Last<PointsEarned>().Approval);
        Assert.Empty(story.State.Undecided);
    }

    [Fact]
    public void A_reversal_that_waited_takes_from_what_waits()
    {
        var story = Asking(TwoWeeks);
        story.Reverse("r", "e", 15);
        story.Earn("e", 40);

        Assert.Equal(25, Assert.Single(story.State.Undecided).Points.Value);
    }

    [Fact]
    public void Above_a_limit_an_adjustment_is_a_proposal_until_a_second_operator_approves()
    {
        var story = Limited();
        Story.Accepted(story.Adjust("alone", 100));
        Assert.Equal(100, story.Available);

        story.Adjust("up", 101);
        Assert.Equal("waiting", story.Journal[^1].Outcome);
        Assert.Empty(Postings.Of(story.Journal[^1].Events));
        Assert.Equal(100, story.Available);

        story.On("2024-01-11 08:00").Approve("a", "up");
        Assert.Equal(201, story.Available);
        Assert.Equal((2L, "checker"), (story.Last<PointsAdjusted>().Of, story.Last<PointsAdjusted>().By));
        Assert.Empty(story.State.Undecided);
    }

    [Fact]
    public void A_proposal_to_remove_more_than_is_there_waits_on_until_it_can_be_done()
    {
        var story = Limited();
        story.Adjust("down", -150);
        Assert.Equal(new Refusal.InsufficientPoints(new(0), new(150)), Story.Refused(story.Approve("too early", "down")));
        story.Earn("e", 200);

        Story.Accepted(story.Approve("a", "down"));
        Assert.Equal(50, story.Available);
    }

    [Fact]
    public void A_proposal_lapses_or_is_rejected_and_nothing_moved()
    {
        var story = Limited();
        story.Adjust("p1", 101);
        story.Adjust("p2", 102);
        story.Reject("no", "p1");
        Assert.Equal(new Refusal.ApprovalAlreadyDecided(Story.Key("p1"), ApprovalOutcome.Rejected), Story.Refused(story.Approve("a1", "p1")));

        story.On("2024-01-24 00:00");
        Assert.Equal(new Refusal.ApprovalAlreadyDecided(Story.Key("p2"), ApprovalOutcome.Lapsed), Story.Refused(story.Approve("a2", "p2")));
        Assert.Equal(default, story.State.Balances);
    }

    private static Story Limited() => new(Story.Plain with { Adjustments = new(100, 14) });

    private static Story Asking(ApprovalPolicy approval, PendingPolicy? pending = null) => new(Programme(approval, pending));

    private static Programme Programme(ApprovalPolicy approval, PendingPolicy? pending = null, AwardFormula? formula = null) => Story.Plain with
    {
        Activities = Story.Plain.Activities.SetItem(
            Story.Service,
            Story.Rule(formula ?? new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Approval = approval, Pending = pending }),
    };
}
