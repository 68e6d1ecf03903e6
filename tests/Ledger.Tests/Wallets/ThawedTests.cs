using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class ThawedTests
{
    [Fact]
    public void An_earning_is_put_together_from_what_became_of_it_and_others_do_no_harm()
    {
        var story = new Story();
        story.Earn("other", 9);
        story.Reverse("early", "e", 2);
        story.Earn("e", 20);
        story.Spend("s", 12);
        story.Reverse("r", "e", 5);
        story.Reverse("r of other", "other", 1);
        story.On("2024-03-01 12:00").Refund("back", "s");

        var thawed = Assert.IsType<Thawed.Earning>(Thawed.From(story.Journal[2], story.Journal));

        Assert.Equal((3L, 20L, 7L), (thawed.Sequence, thawed.Earned.Credited.Value, thawed.Claimed.Value));

        // Of its lot 3 were spent and came back too late; 9 were left and expired; 1 had paid for the other.
        Assert.Equal(12, thawed.Expired.Value);
        Assert.Equal(1, thawed.Left.Value);
        Assert.Equal(
            thawed,
            Thawed.From(story.Journal[2], story.Journal.Where(t => t.RefersTo == 3 || t.Events.Any(e => e is PointsExpired))) with { });
    }

    [Fact]
    public void A_spend_is_put_together_from_its_refunds()
    {
        var story = new Story();
        story.Earn("e", 20);
        story.Spend("s", 12);
        story.Spend("t", 3);
        story.Refund("r", "s", 5);
        story.Refund("q", "t", 3);

        var thawed = Assert.IsType<Thawed.Spend>(Thawed.From(story.Journal[1], story.Journal));

        Assert.Equal((2L, 12L, 7L), (thawed.Sequence, thawed.Spent.Value, thawed.Left.Value));
    }

    [Fact]
    public void What_neither_earned_nor_spent_is_something_else()
    {
        var story = new Story();
        story.Spend("refused", 12);
        story.Reverse("waits", "x");
        story.Adjust("a", 1);

        Assert.All(story.Journal, transaction => Assert.IsType<Thawed.Other>(Thawed.From(transaction, story.Journal)));
    }

    [Fact]
    public void Only_refunds_and_reversals_refer_to_a_command()
    {
        Assert.Equal(Story.Key("x"), Thawed.TargetOf(new ReverseEarning(Story.Key("x"), null)));
        Assert.Equal(Story.Key("x"), Thawed.TargetOf(new RefundSpend(Story.Key("x"), null)));
        Assert.Null(Thawed.TargetOf(new ApplyDue()));
        Assert.Null(Thawed.TargetOf(new SpendPoints(Story.TeaHouse, new(1))));
        Assert.Null(Thawed.TargetOf(new AdjustPoints(new(1))));
        Assert.Null(Thawed.TargetOf(new EarnPoints(Story.Service, 1, default)));
        Assert.Null(Thawed.TargetOf(new CaptureHold(Story.Sale("x"), null, true)));
        Assert.Equal(Story.Sale("x"), Thawed.HoldOf(new CaptureHold(Story.Sale("x"), null, true)));
        Assert.Equal(Story.Sale("x"), Thawed.HoldOf(new ReleaseHold(Story.Sale("x"))));
        Assert.Equal(Story.Sale("x"), Thawed.HoldOf(new VoidHold(Story.Sale("x"))));
        Assert.Null(Thawed.HoldOf(new HoldPoints(Story.Sale("x"), new(1), 5)));
    }
}
