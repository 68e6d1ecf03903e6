using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class AdjustingTests
{
    [Fact]
    public void Points_added_by_hand_are_a_lot_with_the_expiry_of_the_programme()
    {
        var story = new Story();

        Story.Accepted(story.Adjust("a", 10));

        Assert.Equal(new LotSlice(new(1), new(10), story.Now, Story.Local("2024-02-11 00:00")), story.Last<PointsAdjusted>().Lot);
        Assert.Equal((10, 10), (story.Available, story.State.Lifetime.Adjusted.Value));
    }

    [Fact]
    public void Without_a_programme_they_never_expire()
    {
        var story = new Story(PublishedProgrammes.None);

        story.Adjust("a", 10);

        Assert.Null(story.State.NextDue);
    }

    [Fact]
    public void Points_are_removed_as_a_spend_would_take_them()
    {
        var story = new Story();
        story.Earn("a", 5);
        story.Earn("b", 5);

        Story.Accepted(story.Adjust("x", -7));

        Assert.Equal([new LotPoints(new(1), new(5)), new(new(2), new(2))], story.Last<PointsAdjusted>().From);
        Assert.Equal((3, -7), (story.Available, story.State.Lifetime.Adjusted.Value));
    }

    [Fact]
    public void Not_more_can_be_removed_than_is_there() =>
        Assert.Equal(new Refusal.InsufficientPoints(new(0), new(1)), Story.Refused(new Story().Adjust("x", -1)));

    [Fact]
    public void What_is_added_repays_a_debt_first()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.Reverse("r", "e");

        story.Adjust("part", 4);
        Assert.Equal((new Points(4), null), (story.Last<PointsAdjusted>().DebtRepaid, story.Last<PointsAdjusted>().Lot));
        story.Adjust("more", 10);
        Assert.Equal((4, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void The_event_holds_a_digest_and_never_the_text()
    {
        var story = new Story();
        var note = new Note("for the lamp of the neighbour", new byte[16]);

        story.Do(story.Envelope("a", new AdjustPoints(new(1))) with { Note = note });

        var stored = System.Text.Encoding.UTF8.GetString(Ledger.Json.LedgerJson.BytesOf(story.Journal[^1].Events));
        Assert.Contains(note.Digest(), stored, StringComparison.Ordinal);
        Assert.DoesNotContain("lamp", stored, StringComparison.Ordinal);
        Assert.NotEqual(note.Digest(), (note with { Salt = new byte[] { 1 } }).Digest());
        Assert.Equal(64, note.Digest().Length);
    }

    [Fact]
    public void What_was_added_by_hand_can_be_spent_refunded_and_expires_but_is_no_earning()
    {
        var story = new Story();
        story.Adjust("a", 10);
        story.Spend("s", 10);
        story.Refund("r", "s", 4);

        Assert.Equal(new Refusal.NotAnEarning(Story.Key("a")), Story.Refused(story.Reverse("v", "a")));
        Story.Accepted(story.On("2024-02-11 00:00").ApplyDue());
        Assert.Equal(0, story.Available);
    }
}
