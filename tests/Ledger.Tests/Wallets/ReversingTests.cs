using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class ReversingTests
{
    [Fact]
    public void The_earnings_own_lot_gives_first_then_others_as_a_spend_would_take_them()
    {
        var story = new Story();
        story.Earn("a", 10);
        story.On("2024-01-12 12:00").Earn("b", 10);
        story.On("2024-01-13 12:00").Earn("c", 10);
        story.Spend("s", 12);

        Story.Accepted(story.Reverse("r", "b"));

        var reversed = story.Last<EarningReversed>();
        Assert.Equal([new LotPoints(new(2), new(8)), new(new(3), new(2))], reversed.From);
        Assert.Equal((10, 0, 0), (reversed.Claimed.Value, reversed.Debt.Value, reversed.WrittenOff.Value));
        Assert.Equal((2L, 2L), (reversed.Of, story.Journal[^1].RefersTo!.Value));
        Assert.Equal(8, story.Available);
    }

    [Fact]
    public void What_is_not_there_becomes_debt()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 7);

        story.Reverse("r", "e");

        Assert.Equal((7, 0), (story.Last<EarningReversed>().Debt.Value, story.Last<EarningReversed>().WrittenOff.Value));
        Assert.Equal((0, 7), (story.Available, story.Debt));
        Assert.Equal((10, 0), (story.State.Lifetime.ClawedBack.Value, story.State.Lifetime.Shortfall.Value));
    }

    [Fact]
    public void What_is_not_there_is_written_off_where_the_programme_of_the_award_says_so()
    {
        var story = new Story(new PublishedProgrammes(
            [new(1, Instant.MinValue, Story.Plain with { Clawback = Clawback.WriteOff }), new(2, Story.Local("2024-01-11 00:00"), Story.Plain)]));
        story.Earn("e", 10);
        story.Spend("s", 7);

        story.On("2024-01-12 12:00").Reverse("r", "e");

        Assert.Equal((0, 7), (story.Last<EarningReversed>().Debt.Value, story.Last<EarningReversed>().WrittenOff.Value));
        Assert.Equal((0, 0), (story.Available, story.Debt));
        Assert.Equal((3, 7), (story.State.Lifetime.ClawedBack.Value, story.State.Lifetime.Shortfall.Value));
        Assert.Equal(1, story.Journal[^1].ProgrammeVersion);
    }

    [Fact]
    public void A_part_is_taken_and_what_is_more_than_is_left_is_ignored()
    {
        var story = new Story();
        story.Earn("e", 10);

        story.Reverse("r1", "e", 4);
        Assert.Equal(4, story.Last<EarningReversed>().Claimed.Value);
        story.Reverse("r2", "e", 100);
        Assert.Equal((new Points(100), new Points(6)), (story.Last<EarningReversed>().Requested, story.Last<EarningReversed>().Claimed));
        Assert.Equal(
            new Refusal.NothingToReverse(Story.Key("e"), new(10), new(10), new(0)), Story.Refused(story.Reverse("r3", "e")));
    }

    [Fact]
    public void What_expired_is_not_taken_a_second_time()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 4);
        story.On("2024-02-11 00:00").ApplyDue();

        story.Reverse("r", "e");

        Assert.Equal((4, 4), (story.Last<EarningReversed>().Claimed.Value, story.Debt));
    }

    [Fact]
    public void What_expires_in_the_very_transaction_of_the_reversal_is_not_taken_a_second_time()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 4);

        story.On("2024-02-11 00:00").Reverse("r", "e");

        Assert.Equal([typeof(PointsExpired), typeof(EarningReversed)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal((4, 4), (story.Last<EarningReversed>().Claimed.Value, story.Debt));
        Assert.Equal(new Refusal.NothingToReverse(Story.Key("e"), new(10), new(4), new(6)), Story.Refused(story.Reverse("again", "e")));
    }

    [Fact]
    public void What_expired_on_its_way_back_from_a_spend_is_not_taken_a_second_time()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.On("2024-03-01 12:00").Refund("back", "s", 7);

        story.Reverse("r", "e");

        Assert.Equal((3, 3), (story.Last<EarningReversed>().Claimed.Value, story.Debt));
    }

    [Fact]
    public void A_lot_that_lives_on_by_grace_gives_first_though_it_stands_elsewhere()
    {
        var story = new Story(Story.Plain with { RefundGraceDays = 60 });
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.On("2024-03-01 12:00").Earn("f", 10);
        story.Refund("back", "s", 6);

        story.Reverse("r", "e");

        Assert.Equal([new LotPoints(new(1), new(6)), new(new(3), new(4))], story.Last<EarningReversed>().From);
    }

    [Fact]
    public void A_cap_gets_its_room_back_or_not_as_the_award_says()
    {
        var story = new Story();
        story.Earn("e", 1, Story.Class);
        story.Earn("f", 1, Story.Class);

        story.Reverse("r", "e", 5);

        // The day keeps its 10, the month goes from 10 to 5.
        Assert.Equal([new CapRestored(CapPeriod.Month, new LocalDate(2024, 1, 1), new(5))], story.Last<EarningReversed>().CapsRestored);
        story.Earn("g", 1, Story.Class);
        Assert.Equal([(10L, 0L), (5, 15)], story.Last<PointsEarned>().Caps.Select(cap => (cap.Used, cap.Free)));
        Assert.Equal(0, story.Last<PointsEarned>().Credited.Value);
    }

    [Fact]
    public void Room_given_back_to_a_month_long_past_changes_nothing()
    {
        var story = new Story();
        story.Earn("e", 1, Story.Class);
        story.Spend("s", 7);
        story.On("2024-06-01 12:00").Earn("f", 1, Story.Class);

        Story.Accepted(story.Reverse("r", "e"));

        Assert.All(story.State.CapBuckets.All, bucket => Assert.Equal(7, bucket.Value.Used.Value));
    }

    [Fact]
    public void An_award_that_a_cap_cut_to_nothing_has_nothing_to_reverse()
    {
        var story = new Story();
        story.Earn("a", 1, Story.Class);
        story.Earn("b", 1, Story.Class);
        story.Earn("c", 1, Story.Class);

        Assert.Equal(new Refusal.NothingToReverse(Story.Key("c"), new(0), new(0), new(0)), Story.Refused(story.Reverse("r", "c")));
    }

    [Fact]
    public void An_award_that_repaid_a_debt_is_taken_back_all_the_same()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.Reverse("r", "e");
        story.Earn("f", 15);

        story.Reverse("r2", "f");

        Assert.Equal((15, 10), (story.Last<EarningReversed>().Claimed.Value, story.Last<EarningReversed>().Debt.Value));
        Assert.Equal((0, 10), (story.Available, story.Debt));
    }

    [Fact]
    public void A_reversal_that_comes_first_waits_and_is_done_with_its_activity()
    {
        var story = new Story();

        Story.Accepted(story.Reverse("r", "e", 4));
        Assert.Equal(Transaction.Waiting, story.Journal[^1].Outcome);
        Assert.Equal([new WaitingReversal(Story.Key("e"), new(4), 1)], story.State.Waiting);
        story.Earn("e", 10);

        Assert.Equal((2L, 4L), (story.Last<EarningReversed>().Of, story.Last<EarningReversed>().Claimed.Value));
        Assert.Equal((6, 0), (story.Available, story.State.Waiting.Length));
        Story.Accepted(story.Reverse("rest", "e"));
        Assert.Equal(6, story.Last<EarningReversed>().Claimed.Value);
    }

    [Fact]
    public void Several_that_wait_are_done_in_order_until_nothing_is_left()
    {
        var story = new Story();
        story.Reverse("r1", "e", 4);
        story.Reverse("x", "another");
        story.Reverse("r2", "e", 5);
        story.Reverse("r3", "e", 3);
        story.Reverse("r4", "e");

        story.Earn("e", 10);

        Assert.Equal([4L, 5, 1], story.Journal[^1].Events.OfType<EarningReversed>().Select(e => e.Claimed.Value));
        Assert.Equal([Story.Key("another")], story.State.Waiting.Select(waiting => waiting.Of));
        Assert.Equal(0, story.Available);
    }

    [Fact]
    public void Several_that_wait_take_what_those_before_them_left()
    {
        var story = new Story();
        story.Earn("a", 5);
        story.Spend("s", 5);
        story.Reverse("owes", "a");
        story.Reverse("r1", "e", 4);
        story.Reverse("r2", "e", 4);

        story.Earn("e", 10);

        // Five repaid the debt, five are a lot: four of it to the first, one to the second, who leaves a debt of three.
        Assert.Equal([(4L, 0L), (1, 3)], story.Journal[^1].Events.OfType<EarningReversed>().Select(e => (e.From.Sum(lot => lot.Points.Value), e.Debt.Value)));
        Assert.Equal((0, 3), (story.Available, story.Debt));
    }

    [Fact]
    public void What_waited_for_an_activity_that_was_refused_waits_no_longer()
    {
        var story = new Story();
        story.Reverse("r", "e");

        Story.Refused(story.Earn("e", 1, ActivityType.Parse("unruled")));

        Assert.Empty(story.State.Waiting);
    }

    [Fact]
    public void What_waited_for_what_turned_out_to_be_a_spend_waits_no_longer()
    {
        var story = new Story();
        story.Earn("a", 5);
        story.Reverse("r", "s");

        Story.Accepted(story.Spend("s", 5));

        Assert.Empty(story.State.Waiting);
        Assert.Single(story.Journal[^1].Events);
    }

    [Fact]
    public void A_hundred_may_wait_and_no_more()
    {
        var story = new Story();
        for (var i = 0; i < 100; i++)
        {
            Story.Accepted(story.Reverse($"r{i}", $"e{i}"));
        }

        Assert.Equal(new Refusal.TooManyWaiting(100), Story.Refused(story.Reverse("r100", "e100")));
        story.Earn("e7", 1);
        Story.Accepted(story.Reverse("r101", "e100"));
    }

    [Fact]
    public void A_reversal_of_itself_does_not_wait_for_ever()
    {
        var story = new Story();

        story.Reverse("r", "r");

        Assert.Empty(story.State.Waiting);
    }

    [Fact]
    public void History_does_not_wait() =>
        Assert.IsType<Refusal.UnknownTransaction>(Story.Refused(new Story().Do("r", new ReverseEarning(Story.Key("e"), null), historic: true)));
}
