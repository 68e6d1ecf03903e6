using Ledger.Programmes;
using Ledger.Tests.Laws;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class WarningTests
{
    [Fact]
    public void Each_warning_comes_once_at_its_time_with_what_is_left_then()
    {
        // Earned on 10 January, usable through 10 March: 60 days of 24 hours later 11 March begins.
        var story = Warning(new([30, 7]));
        story.Earn("e", 10);
        Assert.Equal(Story.Local("2024-02-10 00:00"), story.State.NextDue);

        story.On("2024-02-10 00:00").ApplyDue();
        Assert.Equal(new ExpiryWarned(Story.Local("2024-03-11 00:00"), new(10), 30), story.Last<ExpiryWarned>());
        Assert.Equal(Story.Local("2024-03-04 00:00"), story.State.NextDue);

        story.On("2024-02-20 12:00").Spend("s", 4);
        story.On("2024-03-04 00:00").ApplyDue("second");
        Assert.Equal(new ExpiryWarned(Story.Local("2024-03-11 00:00"), new(6), 7), story.Last<ExpiryWarned>());
        Assert.Equal(Story.Local("2024-03-11 00:00"), story.State.NextDue);
        Assert.Null(story.State.Warnings);
    }

    [Fact]
    public void Whoever_looks_late_is_warned_once_and_of_what_is_over_not_at_all()
    {
        var story = Warning(new([30, 7]));
        story.Earn("e", 10);

        story.On("2024-03-08 12:00").ApplyDue();
        Assert.Equal(7, story.Last<ExpiryWarned>().DaysBefore);
        Assert.Equal(Story.Local("2024-03-11 00:00"), story.State.NextDue);

        var other = Warning(new([30, 7]));
        other.Earn("e", 10);
        other.On("2024-03-11 00:00").ApplyDue();
        Assert.IsType<PointsExpired>(Assert.Single(other.Journal[^1].Events));
    }

    [Fact]
    public void Points_that_are_put_off_to_a_date_do_not_give_the_earlier_warning_that_others_of_it_must_have()
    {
        static Programme Expiring(int months, params int[] days) => Story.Plain with
        {
            Expiry = new ExpiryPolicy.Rolling(months, RoundUp.None),
            Warnings = new([.. days], NoWarningNoExpiry: true),
        };
        var story = new Story(new PublishedProgrammes(
            [new(1, Instant.MinValue, Expiring(2, 3, 1)), new(2, Story.Local("2024-02-01 00:00"), Expiring(1, 30, 7))]));
        story.On("2024-01-05 00:00").Earn("usable through 5 March", 1);
        story.On("2024-03-03 00:00").Earn("usable through 3 April", 1);

        // Both warnings are late: the first lot is put off to the second one's date with a day's notice, and then both to one with a week's.
        story.On("2024-04-03 00:00").ApplyDue();

        Assert.Equal([Story.Local("2024-04-04 00:00"), Story.Local("2024-04-10 00:00")], story.Journal[^1].Events.OfType<ExpiryWarned>().Select(warned => warned.ExpiresAt));
        Assert.All(story.State.Lots, lot => Assert.Equal(Story.Local("2024-04-10 00:00"), lot.ExpiresAt));
    }

    [Fact]
    public void Points_that_are_spent_bring_no_warning_and_points_that_come_back_do()
    {
        var story = Warning(new([30, 7]));
        story.Earn("e", 10);
        story.Spend("s", 10);
        Assert.Null(story.State.NextDue);
        Assert.Null(story.State.Warnings);

        story.On("2024-02-15 12:00").Refund("r", "s");
        Assert.Equal(Story.Local("2024-03-04 00:00"), story.State.NextDue);
    }

    [Fact]
    public void Lots_of_one_date_are_warned_of_together_and_a_time_that_passed_on_arrival_is_not()
    {
        var story = Warning(new([30, 7]), new ExpiryPolicy.OnDate(new LocalDate(2024, 2, 29)));
        story.Earn("e", 10);
        story.On("2024-01-31 00:00").Earn("f", 5);
        Assert.Equal(new ExpiryWarned(Story.Local("2024-03-01 00:00"), new(10), 30), story.Last<ExpiryWarned>());
        story.On("2024-02-10 12:00").Earn("g", 1);
        Assert.Equal(Story.Local("2024-02-23 00:00"), story.State.NextDue);
        story.On("2024-02-23 00:00").ApplyDue();
        Assert.Equal(new ExpiryWarned(Story.Local("2024-03-01 00:00"), new(16), 7), story.Last<ExpiryWarned>());
        story.On("2024-02-28 12:00").Earn("h", 1);
        Assert.Equal(Story.Local("2024-03-01 00:00"), story.State.NextDue);
    }

    [Fact]
    public void A_new_programme_changes_the_warnings_of_no_lot()
    {
        var story = Warning(new([30, 7]));
        story.Earn("e", 10);
        story.Programmes = new([.. story.Programmes.Versions, new(2, story.Now + Duration.FromDays(1), Story.Plain)]);
        story.On("2024-02-10 00:00").ApplyDue();

        Assert.Equal(30, story.Last<ExpiryWarned>().DaysBefore);
        story.Earn("f", 1);
        Assert.Null(story.Last<PointsEarned>().Lot!.Value.Warnings);
    }

    [Fact]
    public void History_warns_nobody_and_what_waits_for_a_warning_stays_until_somebody_is_there_to_be_warned()
    {
        var courteous = Warning(new([30, 7]));
        courteous.Do("e", new EarnPoints(Story.Service, 10, courteous.Now), historic: true);
        courteous.On("2024-02-20 00:00").Do("s", new SpendPoints(Story.TeaHouse, new(4)), historic: true);
        Assert.IsType<PointsSpent>(Assert.Single(courteous.Journal[^1].Events));
        Assert.Equal(Story.Local("2024-03-04 00:00"), courteous.State.NextDue);
        courteous.On("2024-03-11 00:00").Do("close", new ApplyDue(), historic: true);
        Assert.Equal(0, courteous.Available);

        var strict = Warning(new([30, 7], NoWarningNoExpiry: true));
        strict.Do("e", new EarnPoints(Story.Service, 10, strict.Now), historic: true);
        strict.On("2024-06-01 12:00");
        Assert.Empty(Assert.IsType<Decision.Accepted>(strict.Do("close", new ApplyDue(), historic: true)).Events);
        strict.ApplyDue();
        Assert.Equal(
            new ExpiryWarned(Story.Local("2024-06-09 00:00"), new(10), 7, Story.Local("2024-03-11 00:00")), strict.Last<ExpiryWarned>());
    }

    [Fact]
    public void Points_that_wait_for_a_warning_can_be_spent_and_are_warned_of_by_the_next_command()
    {
        var story = Warning(new([7], NoWarningNoExpiry: true));
        story.Earn("e", 10);

        Story.Accepted(story.On("2024-03-20 12:00").Spend("s", 3));
        Assert.Equal([typeof(ExpiryWarned), typeof(PointsSpent)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal(Story.Local("2024-03-28 00:00"), story.State.NextDue);
        story.On("2024-03-28 00:00").ApplyDue();
        Assert.Equal(7, story.State.Lifetime.Expired.Value);
    }

    [Fact]
    public void Where_only_some_lots_of_a_date_wait_for_a_warning_the_date_waits()
    {
        var story = Warning(new([7], NoWarningNoExpiry: true));
        story.Earn("strict", 10);
        story.Programmes = new(
            [.. story.Programmes.Versions, new(2, story.Now, story.Programmes.Versions[0].Programme with { Warnings = new([3, 1]) })]);
        story.Earn("courteous", 5);

        story.On("2024-03-20 12:00").ApplyDue();

        Assert.Equal(new ExpiryWarned(Story.Local("2024-03-28 00:00"), new(15), 7, Story.Local("2024-03-11 00:00")), story.Last<ExpiryWarned>());
        Assert.Equal((15L, Story.Local("2024-03-28 00:00")), (story.Available, story.State.NextDue));
    }

    [Fact]
    public void A_refund_of_expired_points_that_need_a_warning_gives_them_the_time_for_it()
    {
        var story = Warning(new([7], NoWarningNoExpiry: true));
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.On("2024-05-01 12:00").Refund("r", "s");

        Assert.Equal((10L, Story.Local("2024-05-09 00:00")), (story.Available, story.State.Lots.NextExpiry));
        Assert.Equal(Story.Local("2024-05-02 00:00"), story.State.NextDue);
    }

    [Fact]
    public void What_is_refunded_at_the_very_instant_of_its_warning_is_warned_of_by_whatever_comes_next()
    {
        Story Spent()
        {
            var story = Warning(new([7], NoWarningNoExpiry: true));
            story.Earn("e", 10);
            story.Spend("s", 10);
            return story.On("2024-03-04 00:00");
        }

        var (atOnce, inParts) = (Spent(), Spent());
        atOnce.Refund("all", "s");
        Assert.Equal(atOnce.Now, atOnce.State.NextDue);
        atOnce.ApplyDue();
        inParts.Refund("first", "s", 4);
        inParts.Refund("rest", "s");

        Assert.Equal([typeof(ExpiryWarned), typeof(SpendRefunded)], inParts.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal(Play.Standing(atOnce.State), Play.Standing(inParts.State));
        Assert.Equal((10L, Story.Local("2024-03-11 00:00")), (inParts.Available, inParts.State.NextDue));
    }

    [Fact]
    public void A_gift_comes_back_to_the_date_that_it_left_with_also_where_a_late_warning_put_off_the_rest_of_its_lot()
    {
        var story = new Story(Story.Generous with { Warnings = new([1], NoWarningNoExpiry: true) });
        story.Earn("e", 10);
        story.Give("before", 4);
        story.On("2024-02-13 12:00").Give("after", 3);
        Assert.Equal(new ExpiryWarned(Story.Local("2024-02-15 00:00"), new(6), 1, Story.Local("2024-02-11 00:00")), story.Last<ExpiryWarned>());

        // What left with the date that was warned of is gone with it. The other was warned of at no date yet.
        story.On("2024-02-15 00:00").EndGift("after is back", 3, GiftEnd.TakenBack);
        Assert.Equal([new(new(1), new(3))], story.Last<GiftReturned>().ExpiredAtOnce);
        story.EndGift("before is back", 2, GiftEnd.TakenBack);
        Assert.Empty(story.Last<GiftReturned>().ExpiredAtOnce);
        story.ApplyDue();

        Assert.Equal(new ExpiryWarned(Story.Local("2024-02-16 00:00"), new(4), 1, Story.Local("2024-02-11 00:00")), story.Last<ExpiryWarned>());
        Assert.Equal(4, story.Available);
    }

    private static Story Warning(ExpiryWarnings warnings, ExpiryPolicy? expiry = null) =>
        new(Story.Plain with { Expiry = expiry ?? new ExpiryPolicy.Rolling(2, RoundUp.None), Warnings = warnings });
}
