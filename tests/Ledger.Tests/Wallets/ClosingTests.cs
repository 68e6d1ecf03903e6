using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class ClosingTests
{
    private static readonly FundId s_charity = new("charity");

    [Fact]
    public void What_is_left_counts_as_expired_or_goes_to_a_fund()
    {
        foreach (var (fund, account) in new[] { (null as FundId?, Account.Breakage), (s_charity, Account.Fund(s_charity)) })
        {
            var story = new Story(Story.Generous);
            story.Earn("e", 10);
            story.On("2024-01-12 12:00").Earn("f", 5);

            Story.Accepted(story.Do("close", new CloseWallet(fund, false)));

            Assert.Equal([new(Account.Available, account, new(10), new LotId(1)), new(Account.Available, account, new(5), new LotId(2))], Postings.Of(story.Journal[^1].Events));
            Assert.Equal(default, story.State.Balances);
            Assert.Equal(new Closure(story.Now, "event:/app", fund), story.State.Closed);
            Assert.Equal((fund is null ? 15 : 0, fund is null ? 0 : 15), (story.State.Lifetime.Expired.Value, story.State.Lifetime.Given.Value));
            Assert.Null(story.State.NextDue);
            Assert.IsType<WalletClosed>(story.Journal[^1].Deed);
        }
    }

    [Fact]
    public void A_fund_that_the_programme_does_not_name_gets_nothing_and_the_wallet_stays_open()
    {
        var story = new Story(Story.Generous);
        story.Earn("e", 10);

        var unknown = new Refusal.UnknownFund(new("charty"), 1);
        Assert.Equal(unknown, Story.Refused(story.Do("close", new CloseWallet(new("charty"), true))));
        Assert.Equal(unknown, Story.Refused(story.Do("erase", new EraseResident(new("charty"), true))));

        Assert.Equal(10, story.Available);
        Story.Accepted(story.Do("close again", new CloseWallet(s_charity, true)));
    }

    [Fact]
    public void What_is_under_way_keeps_the_wallet_open_and_is_told_in_numbers()
    {
        var story = new Story(Story.Plain with { Adjustments = new(5, 14) });
        story.Earn("e", 10);
        story.Hold("h", 3);
        story.Hold("g", 2);
        story.Adjust("a", 6);

        Assert.Equal(new Refusal.NotSettled(2, new(5), 1, new(0)), Story.Refused(story.Do("close", new CloseWallet(null, true))));

        // Time ends the holds, and nobody decides.
        story.Later(Duration.FromDays(15));
        Story.Accepted(story.Do("close again", new CloseWallet(null, false)));
    }

    [Fact]
    public void A_debt_keeps_it_open_unless_it_is_forgiven_and_what_is_not_active_yet_repays_it_first()
    {
        var story = new Story(Story.Plain with
        {
            Activities = Story.Plain.Activities.SetItem(Story.Class, Story.Plain.Activities[Story.Class] with { Pending = new PendingPolicy.ForDays(3) }),
        });
        story.Earn("e", 10);
        story.Spend("s", 10);
        story.Reverse("r", "e");
        story.Earn("c", 1, Story.Class);
        Assert.Equal((10, 7), (story.Debt, story.State.PendingPoints.Value));

        Assert.Equal(new Refusal.NotSettled(0, new(0), 0, new(3)), Story.Refused(story.Do("close", new CloseWallet(null, false))));
        Story.Accepted(story.Do("forgive", new CloseWallet(null, true)));

        Assert.Equal(
            [new(Account.Pending, Account.Debt, new(7), new LotId(4)), new(Account.Adjustment, Account.Debt, new(3), null)],
            Postings.Of(story.Journal[^1].Events));
        Assert.Equal((default, 3), (story.State.Balances, story.State.Lifetime.Adjusted.Value));
    }

    [Fact]
    public void A_debt_is_not_forgiven_where_too_much_was_adjusted_in_a_life()
    {
        var story = new Story(Story.Generous);
        story.Earn("e", 10);
        story.Spend("s", 10);
        for (var i = 0; i < 128; i++)
        {
            Story.Accepted(story.Adjust($"a{i}", Points.Max.Value));
            Story.Accepted(story.Spend($"s{i}", Points.Max.Value));
        }

        story.Adjust("to the brim", 128 - 5);
        story.Later(Duration.FromDays(40)).Reverse("r", "e");

        Assert.Equal(
            new Refusal.LifetimeLimit(LifetimeSum.Adjusted, new(5), new(10)), Story.Refused(story.Do("close", new CloseWallet(null, true))));
    }

    [Fact]
    public void Points_that_are_not_active_yet_are_given_up_as_all_others()
    {
        var story = new Story(Story.Generous with
        {
            Activities = Story.Plain.Activities.SetItem(Story.Class, Story.Plain.Activities[Story.Class] with { Pending = new PendingPolicy.ForDays(3) }),
        });
        story.Earn("e", 10);
        story.Earn("c", 1, Story.Class);

        Story.Accepted(story.Do("close", new CloseWallet(s_charity, false)));

        Assert.Equal(new PointsGivenUp(s_charity, [new(new(1), new(10))], [new(new(2), new(7))]).Fund, story.Last<PointsGivenUp>().Fund);
        Assert.Equal([new(new(2), new(7))], story.Last<PointsGivenUp>().Pending);
        Assert.Equal((default, 17), (story.State.Balances, story.State.Lifetime.Given.Value));
    }

    [Fact]
    public void A_refund_that_comes_late_goes_where_the_rest_went()
    {
        foreach (var (fund, account) in new[] { (null as FundId?, Account.Breakage), (s_charity, Account.Fund(s_charity)) })
        {
            var story = new Story(Story.Generous);
            story.Earn("e", 10);
            story.Spend("s", 4);
            story.Hold("h", 3);
            story.Capture("c", "h");
            story.Do("close", new CloseWallet(fund, false));

            Story.Accepted(story.Refund("r", "s", 1));
            Story.Accepted(story.Void("v", "h"));

            Assert.IsType<SpendRefunded>(story.Journal[^1].Deed);
            Assert.Equal(
                [new(Account.Merchant(Story.TeaHouse), Account.Available, new(3), new LotId(1)), new(Account.Available, account, new(3), new LotId(1))],
                Postings.Of(story.Journal[^1].Events));
            Assert.Equal((default, 7), (story.State.Balances, (story.State.Lifetime.Given + story.State.Lifetime.Expired).Value));
            Assert.Equal(new Refusal.RefundExceedsSpend(Story.Key("s"), new(4), new(1), new(4)), Story.Refused(story.Refund("r2", "s", 4)));
        }
    }

    [Fact]
    public void A_reversal_that_comes_late_is_borne_by_the_community_but_never_takes_what_expired()
    {
        foreach (var (fund, left) in new[] { (null as FundId?, 4), (s_charity, 10) })
        {
            var story = new Story(Story.Generous);
            story.Earn("e", 10);
            story.Spend("s", 4);
            story.Do("close", new CloseWallet(fund, false));

            Story.Accepted(story.Reverse("r", "e"));

            Assert.Equal((left, left), (story.Last<EarningReversed>().Claimed.Value, story.Last<EarningReversed>().WrittenOff.Value));
            Assert.Equal((default, left), (story.State.Balances, story.State.Lifetime.Shortfall.Value));
        }
    }

    [Fact]
    public void Closing_again_changes_nothing_and_what_was_chosen_first_stands()
    {
        var story = new Story(Story.Generous);
        story.Earn("e", 10);
        story.Do("freeze", new FreezeWallet());
        story.Do("close", new CloseWallet(s_charity, false));
        Assert.Null(story.State.Frozen);

        Assert.Empty(Assert.IsType<Decision.Accepted>(story.Do("again", new CloseWallet(null, false))).Events);

        Assert.Equal(s_charity, story.State.Closed!.Fund);
        Assert.Equal(new Refusal.Closed(story.Now), Story.Refused(story.Earn("f", 1)));
    }

    [Fact]
    public void Erasing_closes_first_and_is_done_once()
    {
        var story = new Story(Story.Generous);
        story.Earn("e", 10);
        story.Spend("s", 4);
        story.Hold("h", 1);
        Assert.IsType<Refusal.NotSettled>(Story.Refused(story.Do("too early", new EraseResident(null, false))));
        story.Release("r", "h");

        Story.Accepted(story.Do("erase", new EraseResident(s_charity, false)));

        Assert.IsType<ResidentErased>(story.Journal[^1].Deed);
        Assert.Equal((new Erasure(story.Now, "event:/app"), new Closure(story.Now, "event:/app", s_charity)), (story.State.Erased, story.State.Closed));
        Assert.Empty(Assert.IsType<Decision.Accepted>(story.Do("again", new EraseResident(null, false))).Events);
        Assert.Equal(new Refusal.Erased(story.Now), Story.Refused(story.Spend("s2", 1)));
        Assert.Equal(new Decision.Repeated(2), story.Spend("s", 4));
        Story.Accepted(story.Refund("late", "s"));
        Assert.Equal(10, story.State.Lifetime.Given.Value);
    }
}
