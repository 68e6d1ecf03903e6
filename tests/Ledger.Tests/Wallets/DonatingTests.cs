using Ledger.Accounts;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

/// <summary>Points for a fund: given, or left to it when they expire.</summary>
public sealed class DonatingTests
{
    private static readonly FundId Charity = new("charity");

    private readonly Story _story = new(Story.Generous);

    [Fact]
    public void A_donation_takes_what_expires_first_and_is_in_the_fund_at_once()
    {
        _story.Earn("late", 30);
        _story.Earn("first", 20, occurred: "2024-01-08 12:00");

        Story.Accepted(_story.Do("d", new DonatePoints(Charity, new(25))));

        Assert.Equal(
            [new Posting(Account.Available, Account.Fund(Charity), new(20), new(2)), new(Account.Available, Account.Fund(Charity), new(5), new(1))],
            Postings.Of(_story.Last<PointsDonated>()));
        Assert.Equal((25L, 25L), (_story.Available, _story.State.Lifetime.Given.Value));
        Assert.Null(_story.State.OpenErrands);
    }

    [Fact]
    public void A_donated_lot_that_is_reversed_is_owed_like_one_that_was_spent()
    {
        _story.Earn("e", 30);
        _story.Do("d", new DonatePoints(Charity, new(30)));

        _story.Reverse("r", "e");

        Assert.Equal(30, _story.Debt);
    }

    [Fact]
    public void What_expires_goes_to_the_fund_that_was_chosen_and_has_still_expired()
    {
        _story.Earn("e", 30);
        Story.Accepted(_story.Do("c", new ChooseExpiry(Charity)));
        _story.On("2024-02-11 00:00").ApplyDue();

        var expired = _story.Last<PointsExpired>();
        Assert.Equal(Charity, expired.Fund);
        Assert.Equal([new Posting(Account.Available, Account.Breakage, new(30), new(1)), new(Account.Breakage, Account.Fund(Charity), new(30), null)], Postings.Of(expired));
        Assert.Equal((30L, 0L), (_story.State.Lifetime.Expired.Value, _story.State.Lifetime.Given.Value));
        Assert.Equal(new Refusal.NothingToReverse(Story.Key("e"), new(30), new(0), new(30)), Story.Refused(_story.Reverse("r", "e")));
    }

    [Fact]
    public void A_choice_counts_from_when_it_is_made_until_it_is_taken_back()
    {
        _story.Earn("before", 1);
        _story.On("2024-02-11 00:00").Do("c", new ChooseExpiry(Charity));
        Assert.Null(_story.Last<PointsExpired>().Fund);

        Story.Accepted(_story.Do("again", new ChooseExpiry(Charity)));
        Story.Accepted(_story.Do("none", new ChooseExpiry(null)));
        Assert.IsType<Decision.Repeated>(_story.Do("again", new ChooseExpiry(Charity)));
        _story.Earn("after", 1);
        _story.On("2024-04-11 00:00").ApplyDue();

        Assert.Null(_story.Last<PointsExpired>().Fund);
    }

    [Fact]
    public void A_warning_says_where_the_points_will_go()
    {
        var story = new Story(Story.Generous with { Warnings = new([7]) });
        story.Earn("e", 30);
        story.Do("c", new ChooseExpiry(Charity));

        story.On("2024-02-04 00:00").ApplyDue();

        Assert.Equal(Charity, story.Last<ExpiryWarned>().Fund);
    }
}
