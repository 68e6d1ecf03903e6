using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class RefundingTests
{
    private static readonly Programme Grace = Story.Plain with { RefundGraceDays = 3 };

    [Fact]
    public void A_part_comes_back_to_the_lot_that_paid_last()
    {
        var story = Spent();

        Story.Accepted(story.Refund("r", "s", 4));

        Assert.Equal([new LotSlice(new(2), new(4), Story.Local("2024-01-12 12:00"), Story.Local("2024-02-13 00:00"))], story.Last<SpendRefunded>().To);
        Assert.Equal(3, story.Last<SpendRefunded>().Of);
        Assert.Equal(3, story.Journal[^1].RefersTo);
    }

    [Fact]
    public void Without_a_number_all_that_is_left_comes_back()
    {
        var story = Spent();
        story.Refund("part", "s", 4);

        Story.Accepted(story.Refund("rest", "s"));

        Assert.Equal([(2L, 1L), (1, 10)], story.Last<SpendRefunded>().To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal(20, story.Available);
    }

    [Fact]
    public void No_more_comes_back_than_was_spent()
    {
        var story = Spent();
        story.Refund("part", "s", 4);

        Assert.Equal(new Refusal.RefundExceedsSpend(Story.Key("s"), new(15), new(4), new(12)), Story.Refused(story.Refund("ra", "s", 12)));
        Story.Accepted(story.Refund("rb", "s", 11));
        Assert.Equal(new Refusal.RefundExceedsSpend(Story.Key("s"), new(15), new(15), new(0)), Story.Refused(story.Refund("rc", "s")));
        Assert.Equal(new Refusal.RefundExceedsSpend(Story.Key("s"), new(15), new(15), new(1)), Story.Refused(story.Refund("rd", "s", 1)));
    }

    [Fact]
    public void History_is_cut_to_what_is_left_and_refused_when_nothing_is()
    {
        var story = Spent();

        Story.Accepted(story.Do("ra", new RefundSpend(Story.Key("s"), new(100)), historic: true));

        Assert.Equal(15, story.Last<SpendRefunded>().Points.Value);
        Story.Refused(story.Do("rb", new RefundSpend(Story.Key("s"), new(1)), historic: true));
    }

    [Fact]
    public void What_comes_back_to_a_lot_past_its_day_expires_at_once_and_both_are_seen()
    {
        var story = Spent().On("2024-02-11 00:00");

        Story.Accepted(story.Refund("r", "s"));

        var refunded = story.Last<SpendRefunded>();
        Assert.Equal([(2L, 5L)], refunded.To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal([new LotPoints(new(1), new(10))], refunded.ExpiredAtOnce);
        Assert.Equal((15, 10), (story.State.Lifetime.Restored.Value, story.State.Lifetime.Expired.Value));
        Assert.Equal(10, story.Available);
    }

    [Fact]
    public void With_a_grace_what_comes_back_too_late_lives_some_days_more()
    {
        var story = Spent(Grace).On("2024-02-20 15:00");

        Story.Accepted(story.Refund("r", "s"));

        Assert.Equal(15, story.Available);
        Assert.Equal(Story.Local("2024-02-24 00:00"), story.State.NextDue);
        Story.Accepted(story.On("2024-02-23 23:59:59").Spend("in time", 1));
        Story.Refused(story.On("2024-02-24 00:00").Spend("late", 1));
    }

    [Fact]
    public void A_lot_filled_by_several_graces_lives_until_the_last_one()
    {
        var story = Spent(Grace);
        story.On("2024-02-20 15:00").Refund("r1", "s", 6);
        story.On("2024-02-22 15:00").Refund("r2", "s", 2);

        // Lot 2 came back on the 20th; lot 1 partly then, partly on the 22nd.
        Assert.Equal(
            [(2L, 5L, Story.Local("2024-02-24 00:00")), (1, 3, Story.Local("2024-02-26 00:00"))],
            story.State.Lots.Select(lot => (lot.Id.Sequence, lot.Open.Value, lot.ExpiresAt!.Value)));
    }

    [Fact]
    public void Points_spent_out_of_a_grace_come_back_into_it()
    {
        var story = Spent(Grace).On("2024-02-20 15:00");
        story.Refund("r", "s");
        story.Spend("s2", 12);

        Story.Accepted(story.Refund("r2", "s2"));

        Assert.Equal([(1L, 10L), (2, 5)], story.State.Lots.Select(lot => (lot.Id.Sequence, lot.Open.Value)));
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-02-24 00:00"), lot.ExpiresAt));
    }

    [Fact]
    public void The_policy_of_the_day_of_the_spend_counts()
    {
        var story = new Story(new PublishedProgrammes(
            [new(1, Instant.MinValue, Grace), new(2, Story.Local("2024-01-20 00:00"), Story.Plain)]));
        story.Earn("e", 10);
        story.Spend("under grace", 4);
        story.On("2024-01-21 12:00").Spend("under strictness", 6);

        story.On("2024-03-01 12:00").Refund("r1", "under grace");
        story.Refund("r2", "under strictness");

        Assert.Equal(4, story.Available);
        Assert.Equal(6, story.State.Lifetime.Expired.Value);
    }

    [Fact]
    public void What_comes_back_repays_a_debt_first_and_the_rest_goes_on_where_it_should()
    {
        var story = Spent();
        story.Spend("rest", 5);
        story.Reverse("v", "b");
        Assert.Equal(10, story.Debt);

        story.Refund("r1", "s", 3);
        Assert.Equal((3, 0), (story.Last<SpendRefunded>().DebtRepaid.Value, story.Last<SpendRefunded>().To.Length));
        story.Refund("r2", "s", 9);
        Assert.Equal(7, story.Last<SpendRefunded>().DebtRepaid.Value);
        Assert.Equal([(1L, 2L)], story.Last<SpendRefunded>().To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        story.Refund("r3", "s");
        Assert.Equal([(1L, 3L)], story.Last<SpendRefunded>().To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal((5, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void Of_what_would_expire_at_once_a_debt_is_repaid_all_the_same()
    {
        var story = Spent();
        story.Reverse("v", "b");
        Assert.Equal((0, 5), (story.Available, story.Debt));

        story.On("2024-04-01 12:00").Refund("r", "s");

        var refunded = story.Last<SpendRefunded>();
        Assert.Equal((15, 5), (refunded.Points.Value, refunded.DebtRepaid.Value));
        Assert.Equal([new LotPoints(new(1), new(10))], refunded.ExpiredAtOnce);
        Assert.Equal((0, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void A_full_wallet_takes_a_refund_of_which_nothing_stays()
    {
        var story = Spent().On("2024-04-01 12:00");
        story.ApplyDue();
        story.Adjust("fill", Points.Max.Value);

        Story.Accepted(story.Refund("r", "s"));

        Assert.Equal(15, story.Last<SpendRefunded>().ExpiredAtOnce.Sum(lot => lot.Points.Value));
    }

    [Fact]
    public void A_full_wallet_refuses_what_would_stay()
    {
        var story = Spent();
        story.Adjust("fill", Points.Max.Value - story.Available);

        Assert.Equal(new Refusal.BalanceLimit(Points.Max, new(15), Points.Max), Story.Refused(story.Refund("r", "s")));
    }

    [Fact]
    public void A_spend_out_of_thousands_of_lots_comes_back_whole()
    {
        var story = new Story();
        for (var i = 0; i < 3000; i++)
        {
            story.Earn($"e{i}", 2);
        }

        story.Spend("s", 5999);
        story.Refund("r1", "s", 2999);
        story.Refund("r2", "s");

        Assert.Equal(6000, story.Available);
        Assert.Equal(3000, story.State.Lots.Count);
    }

    // Two lots of ten, and fifteen spent: all of the first, five of the second.
    private static Story Spent(Programme? programme = null)
    {
        var story = new Story(programme);
        story.Earn("a", 10);
        story.On("2024-01-12 12:00").Earn("b", 10);
        story.Spend("s", 15);
        return story;
    }
}
