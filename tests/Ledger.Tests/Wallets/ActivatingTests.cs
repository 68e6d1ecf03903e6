using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class ActivatingTests
{
    private static readonly PendingPolicy Fortnight = new PendingPolicy.ForDays(14);

    [Fact]
    public void A_pending_award_is_shown_and_cannot_be_spent_until_its_day_begins()
    {
        var story = Pending(Fortnight);
        Story.Accepted(story.Earn("e", 10));

        Assert.Equal((0L, 10L), (story.Available, story.State.Balances.Pending.Value));
        Assert.Equal(Story.Local("2024-01-24 00:00"), story.State.NextDue);
        Assert.IsType<Refusal.InsufficientPoints>(Story.Refused(story.On("2024-01-23 23:59:59").Spend("too early", 1)));
        Story.Accepted(story.On("2024-01-24 00:00").Spend("s", 4));
        Assert.Equal((6L, 0L), (story.Available, story.State.Balances.Pending.Value));
        Assert.Equal([typeof(PointsActivated), typeof(PointsSpent)], story.Journal[^1].Events.Select(e => e.GetType()));
    }

    [Fact]
    public void How_long_it_is_usable_counts_from_the_day_on_which_it_becomes_active()
    {
        var story = Pending(Fortnight);
        story.Earn("e", 10);

        Assert.Equal(Story.Local("2024-02-25 00:00"), story.Last<PointsEarned>().Lot!.Value.ExpiresAt);
        Story.Accepted(story.On("2024-02-24 23:59").Spend("s", 10));
    }

    [Fact]
    public void What_becomes_active_and_expires_before_anybody_looks_does_both_in_order()
    {
        var story = Pending(Fortnight);
        story.Earn("e", 10);

        story.On("2024-06-01 00:00").ApplyDue();

        Assert.Equal([typeof(PointsActivated), typeof(PointsExpired)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal((0L, 0L, 10L), (story.Available, story.State.Balances.Pending.Value, story.State.Lifetime.Expired.Value));
        Assert.Null(story.State.NextDue);
    }

    [Fact]
    public void A_reversal_takes_what_is_not_yet_active_first()
    {
        var story = Pending(Fortnight);
        story.Earn("other", 5, Story.Huge);
        story.Earn("e", 10);
        Story.Accepted(story.Reverse("r", "e", 4));

        Assert.Equal((10L, 6L), (story.Available, story.State.Balances.Pending.Value));
        Story.Accepted(story.Reverse("all", "e"));
        Assert.Equal((10L, 0L, 0L), (story.Available, story.State.Balances.Pending.Value, story.Debt));
        Assert.Empty(story.State.Pending);
    }

    [Fact]
    public void It_repays_a_debt_when_it_becomes_active_and_not_before()
    {
        var story = Pending(Fortnight);
        story.Earn("spent", 3, Story.Huge);
        story.Spend("s", 6);
        story.Reverse("r", "spent");
        story.Earn("e", 10);
        Assert.Equal((6L, 10L), (story.Debt, story.State.Balances.Pending.Value));

        story.On("2024-01-24 00:00").ApplyDue();

        Assert.Equal((0L, 4L), (story.Debt, story.Available));
        Assert.Equal(
            [new Posting(Account.Pending, Account.Debt, new(6), new(4)), new Posting(Account.Pending, Account.Available, new(4), new(4))],
            Postings.Of(story.Journal[^1].Events));
    }

    [Fact]
    public void A_day_that_has_come_already_makes_nothing_pending()
    {
        var story = Pending(new PendingPolicy.UntilDate(new LocalDate(2024, 1, 12)));
        Story.Accepted(story.Earn("before", 1));
        Story.Accepted(story.On("2024-01-12 00:00").Earn("on the day", 2));
        Story.Accepted(story.Earn("late", 4, occurred: "2024-01-11 12:00"));

        Assert.Equal((7L, 0L), (story.Available, story.State.Balances.Pending.Value));
    }

    [Fact]
    public void What_is_pending_counts_for_the_most_that_a_wallet_may_hold()
    {
        var story = Pending(Fortnight);
        Story.Accepted(story.Earn("e", Points.Max.Value));

        Assert.IsType<Refusal.BalanceLimit>(Story.Refused(story.Adjust("a", 1)));
        Assert.IsType<Refusal.BalanceLimit>(Story.Refused(story.Earn("f", 1, Story.Huge)));
    }

    private static Story Pending(PendingPolicy policy) => new(Story.Plain with
    {
        Activities = Story.Plain.Activities.SetItem(
            Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Pending = policy }),
    });
}
