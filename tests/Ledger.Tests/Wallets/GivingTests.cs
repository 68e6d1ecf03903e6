using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class GivingTests
{
    private static readonly ResidentId Neighbour = ResidentId.Parse("neighbour");

    private readonly Story _story = new(Story.Generous);

    [Fact]
    public void A_gift_leaves_at_once_from_what_expires_first_and_is_under_way_until_it_is_heard_of()
    {
        _story.Earn("late", 30);
        _story.Earn("first", 20, occurred: "2024-01-08 12:00");

        Story.Accepted(_story.Give("g", 25));

        var sent = _story.Last<GiftSent>();
        Assert.Equal([(2L, 20L), (1, 5)], sent.From.Select(slice => (slice.Lot.Sequence, slice.Points.Value)));
        Assert.Equal(_story.Now + Duration.FromMinutes(10), sent.DeliverAt);
        Assert.Equal([new Posting(Account.Available, Account.Transit, new(20), new(2)), new(Account.Available, Account.Transit, new(5), new(1))], Postings.Of(sent));
        Assert.Equal((25L, 25L), (_story.Available, _story.State.Lifetime.Sent.Value));
        Assert.Equal((3L, sent.DeliverAt), (Assert.Single(_story.State.GiftsUnderWay).Of, _story.State.NextCall));
    }

    [Fact]
    public void Nothing_of_a_gift_under_way_happens_by_itself()
    {
        var story = new Story(Story.Generous with { Expiry = ExpiryPolicy.Never.Instance });
        story.Earn("e", 10);
        story.Give("g", 10);

        Assert.Null(story.State.NextDue);
        Assert.Empty(Due.Apply(story.State, story.Now + Duration.FromDays(3)).Events);
        Assert.Empty(Assert.IsType<Decision.Accepted>(story.Later(Duration.FromDays(3)).ApplyDue()).Events);
    }

    [Fact]
    public void A_gift_that_comes_back_leaves_the_lots_as_if_it_had_never_left()
    {
        _story.Earn("e1", 30);
        _story.Earn("e2", 20);
        var before = _story.State.Lots;
        _story.Give("g", 40);

        Story.Accepted(_story.EndGift("back", 3, GiftEnd.TakenBack));

        Assert.Equal(before, _story.State.Lots);
        Assert.Equal((0L, 3L), (_story.State.Lifetime.Sent.Value, _story.Journal[^1].RefersTo));
        Assert.Empty(_story.State.Errands);
        Assert.Equal(Account.Transit, Postings.Of(_story.Last<GiftReturned>())[0].From);
    }

    [Fact]
    public void A_gift_within_a_household_carries_its_household_and_nobody_else_takes_it_in()
    {
        var story = new Story(Story.Generous with { Gifts = Story.Generous.Gifts! with { WithinHousehold = true } });
        story.Earn("e", 30);
        Assert.Equal(new Refusal.GiftOutsideHousehold(Neighbour, null), Story.Refused(story.Give("alone", 5)));

        story.Do("join", new JoinHousehold(new("home")));
        Story.Accepted(story.Give("g", 5));
        Assert.Equal(new HouseholdId("home"), story.Last<GiftSent>().Household);
        Assert.Equal(new HouseholdId("home"), Assert.Single(story.State.GiftsUnderWay).Household);

        var lots = story.Last<GiftSent>().From;
        Assert.Equal(
            new Refusal.GiftOutsideHousehold(RecordedWallet.Resident, new("other")),
            Story.Refused(story.Do("other", new ReceiveGift(Neighbour, 9, lots, new HouseholdId("other")))));
        Story.Accepted(story.Do("ours", new ReceiveGift(Neighbour, 9, lots, new HouseholdId("home"))));
    }

    [Fact]
    public void A_gift_ends_once_and_whoever_is_late_changes_nothing()
    {
        _story.Earn("e", 30);
        _story.Give("g", 30);
        Story.Accepted(_story.EndGift("arrived", 2, GiftEnd.Delivered));
        var count = _story.Journal.Count;

        Assert.Empty(Assert.IsType<Decision.Accepted>(_story.EndGift("too late", 2, GiftEnd.TakenBack)).Events);

        Assert.Equal((count, 0L, 30L), (_story.Journal.Count, _story.Available, _story.State.Lifetime.Sent.Value));
    }

    [Fact]
    public void What_expired_on_the_way_comes_back_and_is_gone()
    {
        _story.Earn("e", 30);
        _story.Give("g", 30);

        _story.On("2024-02-11 00:00").EndGift("back", 2, GiftEnd.Refused);

        Assert.Equal([new LotPoints(new(1), new(30))], _story.Last<GiftReturned>().ExpiredAtOnce);
        Assert.Equal((0L, 30L, 0L), (_story.Available, _story.State.Lifetime.Expired.Value, _story.State.Lifetime.Sent.Value));
        Assert.Equal(new Refusal.NothingToReverse(Story.Key("e"), new(30), new(0), new(30)), Story.Refused(_story.Reverse("r", "e")));
    }

    [Fact]
    public void What_comes_back_repays_a_debt_first()
    {
        _story.Earn("e", 30);
        _story.Give("g", 30);
        _story.Reverse("r", "e", 12);

        _story.EndGift("back", 2, GiftEnd.TakenBack);

        Assert.Equal((18L, 0L), (_story.Available, _story.Debt));
        Assert.Equal(12, _story.Last<GiftReturned>().DebtRepaid.Value);
    }

    [Fact]
    public void What_would_expire_on_the_way_or_too_soon_is_not_given()
    {
        var story = new Story(Story.Generous with { Gifts = new(null, null, null, Duration.FromHours(1), 3) });
        story.Earn("e", 10);
        story.On("2024-02-07 23:59");
        Story.Accepted(story.Give("three days", 1));

        Assert.Equal(new Refusal.InsufficientPoints(new(0), new(1)), Story.Refused(story.On("2024-02-08 00:00").Give("less", 1)));
    }

    [Fact]
    public void Limits_count_one_gift_the_local_day_and_the_month_also_what_came_back()
    {
        _story.Earn("e", 900);
        Assert.Equal(new Refusal.GiftLimitExceeded(GiftSpan.Gift, new(100), new(0), new(101)), Story.Refused(_story.Give("g0", 101)));
        _story.On("2024-01-10 23:00").Give("g1", 100);
        _story.EndGift("back", 3, GiftEnd.TakenBack);
        _story.Give("g2", 100);
        Assert.Equal(new Refusal.GiftLimitExceeded(GiftSpan.LocalDay, new(200), new(200), new(1)), Story.Refused(_story.Give("g3", 1)));

        Story.Accepted(_story.On("2024-01-11 00:00").Give("g4", 100));
        Assert.Equal(new Refusal.GiftLimitExceeded(GiftSpan.Month, new(300), new(300), new(1)), Story.Refused(_story.Give("g5", 1)));
        _story.Earn("more", 900);
        Story.Accepted(_story.On("2024-02-01 00:00").Give("g6", 100));
    }

    [Fact]
    public void A_date_for_limits_never_goes_back_when_the_zone_moves_west()
    {
        _story.Earn("e", 900);
        _story.On("2024-01-11 01:00").Give("g1", 100);
        _story.Give("g2", 100);
        _story.Programmes = new([new(1, Instant.MinValue, Story.Generous with { Zone = DateTimeZoneProviders.Tzdb["America/Lima"] })]);

        Assert.IsType<Refusal.GiftLimitExceeded>(Story.Refused(_story.Give("g3", 1)));
    }

    [Fact]
    public void A_gift_that_arrives_keeps_the_dates_of_its_lots_and_is_used_among_the_receivers_own_by_them()
    {
        _story.Earn("own", 10);
        var own = _story.State.Lots.First!;
        var (soon, never) = (own.EarnedAt - Duration.FromDays(9), own.ExpiresAt - Duration.FromDays(9));

        Story.Accepted(_story.Receive("r", new(new(4), new(5), soon, never), new(new(9), new(7), soon, null)));

        var received = _story.Last<GiftReceived>();
        Assert.Equal([new LotSlice(new(2), new(5), soon, never), new(new(2, 1), new(7), soon, null)], received.Lots);
        Assert.Equal([new LotId(2), new(1), new(2, 1)], _story.State.Lots.Select(lot => lot.Id));
        Assert.Equal((22L, 12L), (_story.Available, _story.State.Lifetime.Received.Value));
        Assert.All(Postings.Of(received), posting => Assert.Equal((Account.Transit, Account.Available), (posting.From, posting.To)));
    }

    [Fact]
    public void A_gift_repays_the_receivers_debt_with_what_expires_first()
    {
        _story.Earn("e", 10);
        _story.Spend("s", 10);
        _story.Reverse("r", "e");
        var end = _story.Now + Duration.FromDays(9);

        _story.Receive("g", new(new(4), new(8), _story.Now, end), new(new(9), new(7), _story.Now, null));

        Assert.Equal([new LotSlice(new(4), new(4), _story.Now, null)], _story.State.Lots.Select(lot => lot.Slice(lot.Open) with { Lot = new(4), Points = new(4) }));
        Assert.Equal((5L, 0L, 10L), (_story.Available, _story.Debt, _story.Last<GiftReceived>().DebtRepaid.Value));
    }

    [Fact]
    public void A_gift_arrives_whole_or_not_at_all()
    {
        var refusal = Story.Refused(_story.Receive("g", new(new(4), new(8), _story.Now, _story.Now), new(new(9), new(7), _story.Now, null)));

        Assert.Equal(new Refusal.GiftExpired(new(8), new(15)), refusal);
        Assert.Equal(0, _story.Available);
    }

    [Fact]
    public void What_is_under_way_can_always_come_back()
    {
        var story = new Story(Story.Generous with { Gifts = new(null, null, null, Duration.Zero, 0) });
        Story.Accepted(story.Adjust("fill", Points.Max.Value));
        story.Give("g", 5);

        Assert.IsType<Refusal.BalanceLimit>(Story.Refused(story.Earn("e", 1)));
        Story.Accepted(story.EndGift("back", 2, GiftEnd.TakenBack));
        Assert.Equal(Points.Max, story.State.Available);
        Assert.Equal(Neighbour, story.Last<GiftReturned>().To);
    }

    [Fact]
    public void An_errand_that_fails_is_put_off_for_twice_as_long_each_time()
    {
        _story.Earn("e", 10);
        _story.Give("g", 10);
        for (var tries = 0; tries < 12; tries++)
        {
            Story.Accepted(_story.Do($"again {tries}", new PutOffErrand(2, tries)));
            Assert.Equal(_story.Now + Duration.FromMinutes(1 << int.Min(tries, 8)), _story.State.NextCall);
        }

        Assert.Empty(Assert.IsType<Decision.Accepted>(_story.Do("late", new PutOffErrand(2, 3))).Events);
        Assert.Equal(Neighbour, Assert.Single(_story.State.GiftsUnderWay).To);
    }
}
