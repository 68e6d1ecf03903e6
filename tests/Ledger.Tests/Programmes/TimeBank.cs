using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Tests.Laws;
using Ledger.Tests.Wallets;
using Ledger.Wallets;

namespace Ledger.Tests.Programmes;

/// <summary>The time bank of docs/examples, told from the first hour to the last. A point is a minute; every number is worked out by hand.</summary>
public sealed class TimeBank
{
    private static readonly ActivityType Help = ActivityType.Parse("neighbour-help");
    private static readonly ActivityType Night = ActivityType.Parse("night-care");

    private readonly Story _story;

    public TimeBank()
    {
        var reading = ProgrammeReader.Read(File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", "time-bank.json")));
        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Warnings);
        _story = new(reading.Programme);
    }

    [Fact]
    public void Hours_are_saved_up_to_fifteen_hundred_and_the_rest_is_given_to_charity()
    {
        // Five hours, then four of which eight in all count for a day; a night at one and a half.
        Story.Accepted(_story.Earn("help", 300, Help));
        Story.Accepted(_story.Earn("more", 240, Help));
        Story.Accepted(_story.Earn("night", 401, Night));
        Is(available: 300 + 180 + 601, charity: 0);

        // What was saved elsewhere comes in by hand: 1,499 hours.
        Story.Accepted(_story.Adjust("moved in", 88_859));
        Is(available: 89_940, charity: 0);

        _story.On("2024-01-11 09:00");
        Story.Accepted(_story.Earn("over", 120, Help));
        Is(available: 90_000, charity: 60);
        var earned = _story.Last<PointsEarned>();
        Assert.Equal((120L, 60L), (earned.Computed.Value, earned.Credited.Value));
        Assert.Equal(new Overflow(new(60), new(90_000), new(89_940), new("charity")), earned.Overflow);

        Story.Accepted(_story.Earn("full", 40, Night));
        Is(available: 90_000, charity: 120);
        Assert.Null(_story.Last<PointsEarned>().Lot);
    }

    [Fact]
    public void A_correction_takes_back_from_charity_first_and_leaves_what_the_right_hours_would_have_left()
    {
        _story.Adjust("moved in", 89_940);
        _story.Earn("help", 120, Help);
        Story.Accepted(_story.Reverse("an hour and a half it was", "help", 30));
        Is(available: 90_000, charity: 30);
        Story.Accepted(_story.Reverse("none it was", "help"));
        Is(available: 89_940, charity: 0);
        Assert.Equal((30L, 90L), (_story.Last<EarningReversed>().FromFund!.Value.Points.Value, _story.Last<EarningReversed>().Claimed.Value));
        Assert.IsType<Refusal.NothingToReverse>(Story.Refused(_story.Reverse("again", "help")));

        // The day has its eight hours again.
        Story.Accepted(_story.Earn("eight hours", 480, Help));
        Is(available: 90_000, charity: 420);
    }

    [Fact]
    public void Only_awards_are_held_to_the_most_whatever_comes_back_is_kept()
    {
        _story.Adjust("moved in", 90_000);
        _story.Spend("cleaning", 120);
        Story.Accepted(_story.Earn("help", 120, Help));
        Story.Accepted(_story.Refund("not done", "cleaning"));
        Is(available: 90_120, charity: 0);
        Story.Accepted(_story.Earn("more", 10, Help));
        Is(available: 90_120, charity: 10);
    }

    [Fact]
    public void Minutes_that_nobody_was_warned_of_stay_until_a_week_after_the_warning()
    {
        _story.Earn("help", 300, Help);
        _story.Earn("night", 20, Night);
        Assert.Equal(Story.Local("2029-12-02 00:00"), _story.State.NextDue);

        // Usable through 2029; nobody looks in December before the 28th at noon, and a week from then ends within 4 January.
        _story.On("2029-12-28 12:00").ApplyDue();
        Assert.Equal(
            new ExpiryWarned(Story.Local("2030-01-05 00:00"), new(330), 7, Story.Local("2030-01-01 00:00")), _story.Last<ExpiryWarned>());

        Story.Accepted(_story.On("2030-01-04 23:59").Spend("just in time", 30));
        Assert.Empty(_story.Journal[^1].Events.OfType<ExpiryWarned>());
        _story.On("2030-01-05 00:00").ApplyDue("end");
        Assert.Equal((0L, 300L), (_story.Available, _story.State.Lifetime.Expired.Value));
        Assert.Null(_story.State.NextDue);
        Assert.Null(_story.State.Warnings);
    }

    private void Is(long available, long charity)
    {
        var books = new Books();
        foreach (var transaction in _story.Journal)
        {
            books.Post(transaction);
        }

        books.MustBeTrueTo(_story.State);
        Assert.Equal((available, charity), (_story.Available, (long)books.Of(Account.Fund(new("charity")))));
    }
}
