using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class CorrectingTests
{
    [Fact]
    public void What_was_too_much_is_taken_from_lots_and_the_rest_is_owed()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 6);
        Correct(story, -7);

        Assert.Equal((0, 3), (story.Available, story.Debt));
    }

    [Fact]
    public void A_community_that_bears_clawbacks_forgives_only_what_will_never_be_there()
    {
        var service = Story.Plain.Activities[Story.Service];
        var story = new Story(Story.Plain with
        {
            Clawback = Clawback.WriteOff,
            Activities = Story.Plain.Activities.SetItem(Story.Service, service with { Pending = new PendingPolicy.ForDays(5) }),
        });
        story.Earn("later", 100);
        Correct(story, -150);
        Assert.Equal((0, 100), (story.Available, story.Debt));

        story.On("2024-01-16 12:00").ApplyDue();
        Assert.Equal((0, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void What_was_too_little_repays_a_debt_and_becomes_a_lot()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.Reverse("r", "e", 4);
        Correct(story, 7);

        Assert.Equal((3, 0), (story.Available, story.Debt));
    }

    private static void Correct(Story story, long points) => Story.Accepted(story.Do("c", new CorrectPoints("q7", 1, 1, new(points))));
}
