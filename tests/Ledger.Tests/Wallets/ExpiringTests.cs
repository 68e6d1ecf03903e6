using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class ExpiringTests
{
    [Fact]
    public void Lots_that_end_together_expire_together_and_others_in_order()
    {
        var story = new Story();
        story.Earn("a", 1);
        story.Earn("b", 2);
        story.On("2024-01-11 12:00").Earn("c", 3);
        story.On("2024-01-20 12:00").Earn("d", 4);

        Story.Accepted(story.On("2024-02-13 12:00").ApplyDue());

        Assert.Equal(
            [(Story.Local("2024-02-11 00:00"), 2), (Story.Local("2024-02-12 00:00"), 1)],
            story.Journal[^1].Events.Cast<PointsExpired>().Select(e => (e.ExpiredAt, e.Lots.Length)));
        Assert.Equal((4, 6), (story.Available, story.State.Lifetime.Expired.Value));
    }

    [Fact]
    public void When_nothing_is_due_nothing_is_recorded()
    {
        var story = new Story();
        story.Earn("a", 1);

        var decision = story.On("2024-02-10 23:59:59").ApplyDue();

        Assert.True(Assert.IsType<Decision.Accepted>(decision).Events.IsEmpty);
        Assert.Single(story.Journal);
    }

    [Fact]
    public void What_fell_due_comes_before_the_command_in_one_transaction()
    {
        var story = new Story();
        story.Earn("a", 1);

        story.On("2024-02-11 00:00").Earn("b", 5);

        Assert.Equal([typeof(PointsExpired), typeof(PointsEarned)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal(5, story.Available);
    }

    [Fact]
    public void A_wallet_tells_when_something_falls_due_next()
    {
        var story = new Story();
        Assert.Null(story.State.NextDue);
        story.Earn("a", 1);
        story.On("2024-01-05 12:00");
        story.Earn("late", 1, occurred: "2024-01-05 12:00");

        // The wallet's time never went back: the late one lives its least validity.
        Assert.Equal(Story.Local("2024-02-10 00:00"), story.State.NextDue);
        Assert.Equal(Story.Local("2024-02-11 00:00"), Due.Apply(story.State, Story.Local("2024-02-10 00:00")).After.NextDue);
    }

    [Fact]
    public void Reading_at_the_last_moment_and_at_the_first_after_it_differ()
    {
        var story = new Story();
        story.Earn("a", 5);
        var end = Story.Local("2024-02-11 00:00");

        Assert.Equal(5, Due.Apply(story.State, end - Duration.Epsilon).After.Available.Value);
        Assert.Equal(0, Due.Apply(story.State, end).After.Available.Value);
    }
}
