using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class SpendingTests
{
    [Fact]
    public void What_expires_first_is_spent_first_then_what_was_earned_first()
    {
        var never = Story.Plain.Activities[Story.Class] with { Expiry = ExpiryPolicy.Never.Instance };
        var story = new Story(Story.Plain with { Activities = Story.Plain.Activities.SetItem(Story.Class, never) });
        story.Earn("never", 1, Story.Class);
        story.On("2024-01-12 12:00").Earn("second", 10);
        story.On("2024-01-12 13:00").Earn("first, for it arrived late", 5, occurred: "2024-01-12 09:00");
        story.Earn("third", 10, occurred: "2024-01-12 12:00");

        story.Spend("s", 28);

        Assert.Equal([(3L, 5L), (2, 10), (4, 10), (1, 3)], story.Last<PointsSpent>().From.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal(4, story.Available);
    }

    [Fact]
    public void All_can_be_spent_and_not_one_more()
    {
        var story = new Story();
        story.Earn("e", 10);

        Assert.Equal(new Refusal.InsufficientPoints(new(10), new(11)), Story.Refused(story.Spend("too much", 11)));
        Story.Accepted(story.Spend("all", 10));
        Assert.Equal(0, story.Available);
        Assert.Empty(story.State.Lots);
        Assert.Equal(1, Assert.IsType<Refusal.InsufficientPoints>(Story.Refused(story.Spend("one", 1))).Missing.Value);
    }

    [Fact]
    public void Refused_spends_are_summed_and_never_bring_the_wallet_to_a_stop()
    {
        var story = new Story();
        for (var i = 0; i < 1030; i++)
        {
            Story.Refused(story.Spend($"s{i}", Points.Max.Value));
        }

        Assert.Equal(long.MaxValue, story.State.Lifetime.Rejected.Value);
    }

    [Fact]
    public void Points_can_be_spent_until_the_last_moment_of_their_last_day()
    {
        var story = new Story();
        story.Earn("e", 10);

        Story.Accepted(story.On("2024-02-10 23:59:59").Spend("in time", 1));
        Story.Refused(story.On("2024-02-11 00:00").Spend("too late", 1));
        Assert.Equal([typeof(PointsExpired), typeof(CommandRefused)], story.Journal[^1].Events.Select(e => e.GetType()));
    }

    [Fact]
    public void A_spend_needs_no_programme()
    {
        var story = new Story(PublishedProgrammes.None);
        story.Adjust("a", 5);

        Story.Accepted(story.Spend("s", 5));

        Assert.Equal(0, story.Last<PointsSpent>().ProgrammeVersion);
        Assert.Equal(0, story.Journal[^1].ProgrammeVersion);
        Story.Accepted(story.Refund("r", "s"));
    }
}
