using Ledger.Paycodes;
using Ledger.Tests.Laws;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class HoldTests
{
    [Fact]
    public void What_is_held_cannot_be_spent_and_is_shown()
    {
        var story = new Story();
        story.Earn("e", 10);

        Story.Accepted(story.Hold("h", 7));

        Assert.Equal((3, 7), (story.Available, story.State.Balances.Held.Value));
        Assert.Equal(Story.Local("2024-01-10 12:05"), story.State.NextDue);
        Assert.Equal(new Refusal.InsufficientPoints(new(3), new(4)), Story.Refused(story.Spend("s", 4)));
        Assert.Equal(Points.Zero, story.State.Lifetime.Spent);
    }

    [Fact]
    public void Several_captures_take_the_first_allocations_and_the_last_one_gives_the_rest_back()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-01-11 12:00").Earn("f", 10);
        story.Hold("h", 15);

        Story.Accepted(story.Capture("c1", "h", 4, final: false));
        Story.Accepted(story.Capture("c2", "h", 7));

        Assert.Equal([(1L, 6L), (2L, 1L)], story.Last<HoldCaptured>().From.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal([(2L, 4L)], story.Last<HoldReleased>().To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal((9, 0, 11), (story.Available, story.State.HeldPoints.Value, story.State.Lifetime.Spent.Value));
        Assert.Equal(3, story.Journal[^1].RefersTo);
        var ended = Assert.IsType<Refusal.HoldEnded>(Story.Refused(story.Capture("c3", "h", 1)));
        Assert.Equal((HoldEnd.Captured, story.Now, 15L, 11L), (ended.How, ended.At, ended.Held.Value, ended.Captured.Value));
    }

    [Fact]
    public void A_hold_can_be_captured_up_to_its_time_limit_and_not_at_it()
    {
        foreach (var (time, ends) in new[] { ("2024-01-10 12:04:59", false), ("2024-01-10 12:05:00", true) })
        {
            var story = new Story();
            story.Earn("e", 10);
            story.Hold("h", 10);
            var capture = story.On(time).Capture("c", "h");

            Assert.Equal(ends, capture is Decision.Refused);
            if (ends)
            {
                var ended = Assert.IsType<Refusal.HoldEnded>(Story.Refused(capture));
                Assert.Equal((HoldEnd.TimedOut, Story.Local("2024-01-10 12:05")), (ended.How, ended.At));
                Assert.Equal(10, story.Available);
            }
        }
    }

    [Fact]
    public void A_lot_that_expires_while_it_is_held_is_honoured_within_the_time_limit()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-02-10 23:58").Hold("h", 10);

        Story.Accepted(story.On("2024-02-11 00:02").Capture("c", "h"));

        Assert.Equal((10, 0), (story.State.Lifetime.Spent.Value, story.State.Lifetime.Expired.Value));
    }

    [Fact]
    public void What_is_released_to_an_expired_lot_expires_in_the_same_transaction()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-02-10 23:58").Hold("h", 10);

        Story.Accepted(story.On("2024-02-11 00:02").Capture("c", "h", 4));

        Assert.Equal([new(new(1), new(6))], story.Last<HoldReleased>().ExpiredAtOnce);
        Assert.Equal((0, 4, 6), (story.Available, story.State.Lifetime.Spent.Value, story.State.Lifetime.Expired.Value));
        story.On("2024-02-11 00:10").ApplyDue();
        Assert.Equal(0, story.State.HeldPoints.Value);
    }

    [Fact]
    public void A_hold_that_times_out_gives_back_before_anything_later_expires()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-02-10 23:50").Hold("h", 10);

        story.On("2024-02-12 12:00").ApplyDue();

        Assert.Equal([typeof(HoldReleased), typeof(PointsExpired)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal(Story.Local("2024-02-10 23:55"), story.Last<HoldReleased>().At);
        Assert.Equal(10, story.State.Lifetime.Expired.Value);
    }

    [Fact]
    public void A_reversal_never_takes_what_is_held_and_what_is_released_repays_the_debt_first()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Hold("h", 8);

        story.Reverse("r", "e");

        Assert.Equal((0, 8, 8), (story.Available, story.State.HeldPoints.Value, story.Debt));
        Story.Accepted(story.Capture("c", "h", 3));
        Assert.Equal((0, 0, 3), (story.Available, story.State.HeldPoints.Value, story.Debt));
        Assert.Equal([new(new(1), new(5))], story.Last<HoldReleased>().Repaid);
        story.Refund("back", "h");
        Assert.Equal((0, 0), (story.Available, story.Debt));
    }

    [Fact]
    public void A_refund_gives_back_of_all_captures_what_was_taken_last_first()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-01-11 12:00").Earn("f", 10);
        story.Hold("h", 20);
        story.Capture("c1", "h", 8, final: false);
        story.Refund("r1", "h", 3);
        story.Capture("c2", "h", 4, final: false);

        story.Refund("r2", "h", 6);

        Assert.Equal(
            [(2L, 2L), (1L, 2L), (1L, 2L)], story.Last<SpendRefunded>().To.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal(
            new Refusal.RefundExceedsSpend(Story.Key("h"), new(12), new(9), new(4)), Story.Refused(story.Refund("r3", "h", 4)));
    }

    [Fact]
    public void A_hold_with_nothing_captured_has_nothing_to_refund()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Hold("h", 8);

        Assert.Equal(new Refusal.RefundExceedsSpend(Story.Key("h"), new(0), new(0), new(0)), Story.Refused(story.Refund("r", "h")));
    }

    [Fact]
    public void A_void_gives_back_what_is_held_and_refunds_what_was_captured_and_nothing_twice()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Hold("h", 8);
        story.Capture("c", "h", 3, final: false);

        Story.Accepted(story.Void("v", "h"));

        Assert.Equal(HoldEnd.Voided, story.Last<HoldReleased>().How);
        Assert.Equal(3, story.Last<SpendRefunded>().Points.Value);
        Assert.Equal((10, 0), (story.Available, story.State.HeldPoints.Value));
        Assert.Empty(Assert.IsType<Decision.Accepted>(story.Void("again", "h")).Events);
        Assert.Equal(HoldEnd.Voided, Assert.IsType<Refusal.HoldEnded>(Story.Refused(story.Capture("late", "h"))).How);
    }

    [Fact]
    public void A_void_after_the_cut_off_gives_back_what_is_held_and_leaves_what_was_captured()
    {
        var story = new Story();
        story.Earn("e", 30);
        story.Hold("h", 30, minutes: 2 * 24 * 60);
        story.Capture("c", "h", 5, final: false);
        story.Later(Duration.FromDays(1));

        var voided = Assert.IsType<Decision.Accepted>(story.Void("v", "h"));

        Assert.Equal(HoldEnd.Voided, Assert.IsType<HoldReleased>(Assert.Single(voided.Events)).How);
        Assert.Equal((25, 0), (story.Available, story.State.HeldPoints.Value));
        Assert.Equal((5, 0), Story.Refused(story.Void("again", "h")) is Refusal.SettledUseRefund settled ? (settled.Captured.Value, settled.Refunded.Value) : default);
        Story.Accepted(story.Refund("r", "h"));
        Assert.Equal(30, story.Available);
        Assert.Empty(Assert.IsType<Decision.Accepted>(story.Void("late", "h")).Events);
    }

    [Fact]
    public void A_reference_stands_for_its_hold_for_ever_also_where_that_was_refused()
    {
        var story = new Story();
        Story.Refused(story.Hold("h", 8));
        story.Earn("e", 10);

        Assert.IsType<Refusal.InsufficientPoints>(Story.Refused(story.Do("again", new HoldPoints(Story.Sale("h"), new(8), 5))));
        Assert.Null(story.Journal[^1].Reference);
        Assert.Equal(
            new Refusal.ReferenceReused(Story.Sale("h"), new(8), story.Now),
            Story.Refused(story.Do("other", new HoldPoints(Story.Sale("h"), new(7), 5))));
        Assert.Equal(10, story.Available);
    }

    [Fact]
    public void A_hold_that_comes_again_under_another_key_moves_nothing_and_refers_to_the_first()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Hold("h", 8);
        var (standing, until) = (Play.Standing(story.State), story.State.NextDue!.Value);

        Story.Accepted(story.On("2024-01-10 12:01").Do("again", new HoldPoints(Story.Sale("h"), new(8), 5)));

        Assert.Equal(new HoldRepeated(2, Story.Sale("h"), new(8), until), story.Last<HoldRepeated>());
        Assert.Equal((2L, null), (story.Journal[^1].RefersTo, story.Journal[^1].Reference));
        Assert.Equal(standing, Play.Standing(story.State));
        Assert.Equal((until, 1), (story.State.NextDue, story.State.Holds.Length));
    }

    [Fact]
    public void What_comes_back_after_its_date_and_was_not_warned_of_waits_for_its_warning()
    {
        var story = new Story(Story.Plain with { Warnings = new([1], NoWarningNoExpiry: true) });
        story.Earn("e", 10);
        Story.Accepted(story.On("2024-02-09 12:00").Hold("h", 10, Holding.MinutesMax));

        story.On("2024-02-13 12:00").ApplyDue();

        Assert.Empty(story.Last<HoldReleased>().ExpiredAtOnce);
        Assert.Equal((10L, Story.Local("2024-02-11 00:00")), (story.Available, story.Last<ExpiryWarned>().PutOffFrom));
    }

    [Fact]
    public void What_comes_back_after_its_date_and_was_warned_of_is_gone()
    {
        var story = new Story(Story.Plain with { Warnings = new([1], NoWarningNoExpiry: true) });
        story.Earn("e", 10);
        Story.Accepted(story.On("2024-02-10 12:00").Hold("h", 4, Holding.MinutesMax));
        Assert.Equal(10, story.Last<ExpiryWarned>().Points.Value);

        story.On("2024-02-12 12:00").ApplyDue();
        story.On("2024-02-14 12:00").ApplyDue("later");

        Assert.Equal([new(new(1), new(4))], story.Last<HoldReleased>().ExpiredAtOnce);
        Assert.Equal((0L, 10L), (story.Available, story.State.Lifetime.Expired.Value));
    }

    [Fact]
    public void What_is_held_counts_to_the_most_that_awards_bring_a_wallet_to()
    {
        var story = new Story(Story.Plain with { Holding = new(new(10), null) });
        story.Earn("e", 8);
        story.Hold("h", 8);

        story.Earn("f", 5);

        Assert.Equal((2L, 8L), (story.Available, story.State.HeldPoints.Value));
    }

    [Fact]
    public void Capturing_is_never_refused_for_what_was_spent_in_a_life()
    {
        var story = new Story();
        for (var i = 0; i < 128; i++)
        {
            Story.Accepted(story.Adjust($"a{i}", Points.Max.Value));
            Story.Accepted(story.Spend($"s{i}", Points.Max.Value));
        }

        Story.Accepted(story.Earn("e", 150));
        Story.Accepted(story.Hold("h", 100));

        Assert.Equal(new Refusal.LifetimeLimit(LifetimeSum.Spent, new(28), new(29)), Story.Refused(story.Spend("s", 29)));
        Assert.Equal(new Refusal.LifetimeLimit(LifetimeSum.Spent, new(28), new(29)), Story.Refused(story.Hold("g", 29)));
        Story.Accepted(story.Spend("t", 28));
        Story.Accepted(story.Capture("c", "h"));
    }

    [Fact]
    public void A_paycode_makes_one_hold_within_its_minute()
    {
        var story = new Story();
        story.Earn("e", 10);

        Story.Accepted(story.HoldBy(1, "h", 3, "2024-01-10 12:00"));
        var second = story.On("2024-01-10 12:00:59").HoldBy(1, "i", 3, "2024-01-10 12:00");
        var late = story.On("2024-01-10 12:01").HoldBy(2, "j", 3, "2024-01-10 12:00");
        var lateAndUsed = story.HoldBy(1, "k", 3, "2024-01-10 12:00");

        Assert.Equal(new PaycodeUse(Story.Code(1), Story.Local("2024-01-10 12:01")), story.Journal[1].Events.OfType<PointsHeld>().Single().Paycode);
        Assert.Equal(new Refusal.PaycodeUsed(Story.Local("2024-01-10 12:00")), Story.Refused(second));
        Assert.Equal(new Refusal.PaycodeExpired(Story.Local("2024-01-10 12:01")), Story.Refused(late));
        Assert.Equal(new Refusal.PaycodeExpired(Story.Local("2024-01-10 12:01")), Story.Refused(lateAndUsed));
        Assert.Equal(3, story.State.HeldPoints.Value);
    }

    [Fact]
    public void A_refused_hold_does_not_use_a_paycode_up_and_a_hold_that_was_given_back_has()
    {
        var story = new Story();
        story.Earn("e", 10);

        Assert.IsType<Refusal.InsufficientPoints>(Story.Refused(story.HoldBy(1, "too much", 11, "2024-01-10 12:00")));
        Story.Accepted(story.HoldBy(1, "h", 3, "2024-01-10 12:00"));
        Story.Accepted(story.Release("r", "h"));

        Assert.IsType<Refusal.PaycodeUsed>(Story.Refused(story.HoldBy(1, "again", 3, "2024-01-10 12:00")));
    }

    [Fact]
    public void The_same_reference_with_the_same_code_is_the_same_hold_also_when_the_code_is_forgotten()
    {
        var story = new Story();
        story.Earn("e", 10);
        Story.Accepted(story.HoldBy(1, "h", 3, "2024-01-10 12:00"));
        var hold = new HoldPoints(Story.Sale("h"), new(3), 5, Paycode: Story.Code(1));

        Story.Accepted(story.On("2024-01-20 12:00").Do("again", hold));

        Assert.Equal(2, story.Last<HoldRepeated>().Of);
        Assert.Equal(new Refusal.PaycodeExpired(null), Story.Refused(story.Do("other", hold with { Reference = Story.Sale("i") })));
    }

    [Fact]
    public void A_wallet_remembers_used_codes_until_they_end()
    {
        var story = new Story();
        story.Earn("e", 100);
        for (var minute = 0; minute < 10; minute++)
        {
            story.On($"2024-01-10 13:{minute:00}");
            Story.Accepted(story.HoldBy(2 * minute, $"h{minute}", 1, $"2024-01-10 13:{minute:00}"));
            Story.Accepted(story.HoldBy((2 * minute) + 1, $"i{minute}", 1, $"2024-01-10 13:{minute:00}"));

            Assert.Equal(2, story.State.UsedPaycodes!.Value.Length);
        }
    }
}
