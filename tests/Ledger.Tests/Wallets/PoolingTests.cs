using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class PoolingTests
{
    private static readonly HouseholdId Home = new("home");
    private static readonly HouseholdId Other = new("other");
    private static readonly ResidentId Me = ResidentId.Parse("me");

    private readonly Story _story = new();

    public PoolingTests()
    {
        _story.Earn("e", 100);
        Story.Accepted(_story.Do("join", new JoinHousehold(Home)));
    }

    [Fact]
    public void A_resident_belongs_to_one_household_and_to_another_only_after_leaving()
    {
        Assert.Equal(new Membership(Home, 2, _story.Now), _story.State.Membership);
        Assert.Equal(new Refusal.InOtherHousehold(Home, _story.Now), Story.Refused(_story.Do("other", new JoinHousehold(Other))));
        Assert.Empty(Assert.IsType<Decision.Accepted>(_story.Do("again", new JoinHousehold(Home))).Events);
        Assert.Empty(Assert.IsType<Decision.Accepted>(_story.Do("not there", new LeaveHousehold(Other))).Events);

        Consent(50, null);
        Story.Accepted(_story.Do("leave", new LeaveHousehold(Home)));
        Story.Accepted(_story.Do("move", new JoinHousehold(Other)));

        Assert.Equal(new Membership(Other, 6, _story.Now), _story.State.Membership);
    }

    [Fact]
    public void Who_belongs_to_no_household_has_nothing_to_consent_to_and_no_share()
    {
        var alone = new Story();
        alone.Earn("e", 100);

        Assert.Equal(new Refusal.NotInHousehold(null), Story.Refused(alone.Do("c", new ConsentToPool(new(new(1), null)))));
        Assert.Equal(new Refusal.NotInHousehold(Home), Story.Refused(Share(alone, "s", 5)));
        Assert.Equal(new Refusal.NotInHousehold(Other), Story.Refused(_story.Do("s", new HoldPoints(Story.Sale("s"), new(5), 5, Share: new(Other, 1, Own: true)))));
    }

    [Fact]
    public void Others_spend_nothing_before_the_resident_consents_and_the_resident_all()
    {
        Assert.Equal((0L, 100L), (Offer(own: false), Offer(own: true)));
        Assert.Equal(new Refusal.PoolLimitExceeded(PoolSpan.Spend, new(0), new(0), new(5)), Story.Refused(Share(_story, "s", 5)));
        Story.Accepted(Share(_story, "own", 60, own: true));
    }

    [Theory]
    [InlineData(50, null, 50)]
    [InlineData(null, 70, 70)]
    [InlineData(50, 30, 30)]
    [InlineData(500, null, 100)]
    public void What_others_may_spend_is_what_the_wallet_offers_and_not_a_point_more(int? perSpend, int? perMonth, long offer)
    {
        Consent(perSpend, perMonth);

        Assert.Equal(offer, Offer(own: false));
        Assert.IsType<Decision.Refused>(Share(_story, "more", offer + 1));
        Story.Accepted(Share(_story, "all", offer));
    }

    [Fact]
    public void What_a_month_allows_comes_back_with_the_next_and_with_what_was_never_taken_but_not_with_a_refund()
    {
        Consent(null, 50);
        Story.Accepted(Share(_story, "first", 30));
        Assert.Equal(new Refusal.PoolLimitExceeded(PoolSpan.Month, new(50), new(30), new(21)), Story.Refused(Share(_story, "second", 21)));

        Story.Accepted(_story.Release("back", "first"));
        Story.Accepted(Share(_story, "third", 50));
        Story.Accepted(_story.Capture("take", "third"));
        Story.Accepted(GiveBack("third", 50));
        Assert.Equal((0L, 100L), (Offer(own: false), _story.Available));

        _story.On("2024-02-01 00:00");
        Assert.Equal(50, Offer(own: false));
    }

    [Fact]
    public void A_share_that_times_out_does_not_count()
    {
        Consent(null, 50);
        Share(_story, "first", 50);

        _story.Later(Duration.FromMinutes(5)).ApplyDue();

        Assert.Equal(50, Offer(own: false));
    }

    [Fact]
    public void What_was_held_before_leaving_counts_for_nothing_after_coming_back()
    {
        Consent(null, 50);
        Share(_story, "first", 50);
        _story.Do("leave", new LeaveHousehold(Home));
        _story.Do("back", new JoinHousehold(Home));
        Consent(null, 50);
        Share(_story, "second", 20);

        Story.Accepted(_story.Release("release", "first"));

        Assert.Equal(new PooledLately(new(2024, 1, 1), new(20)), _story.State.Membership!.Lately);
    }

    [Fact]
    public void A_share_has_no_reference_of_its_own_and_is_refunded_by_its_household_only()
    {
        Consent(50, null);
        Share(_story, "s", 20);
        Assert.Null(_story.Journal[^1].Reference);
        Story.Accepted(_story.Capture("take", "s"));

        Assert.Equal(new Refusal.ShareOfPool(Home, 7), Story.Refused(_story.Refund("refund", "s")));
        Story.Accepted(GiveBack("s", 20));
        Assert.Equal(100, _story.Available);
    }

    [Fact]
    public void A_frozen_or_closed_wallet_offers_nothing_and_still_leaves()
    {
        Consent(50, null);
        _story.Do("freeze", new FreezeWallet());
        Assert.Equal((0L, 0L), (Offer(own: false), Offer(own: true)));
        _story.Do("close", new CloseWallet(null, false));

        Assert.IsType<Refusal.Closed>(Story.Refused(_story.Do("join again", new JoinHousehold(Home))));
        Story.Accepted(_story.Do("leave", new LeaveHousehold(Home)));
        Assert.Null(_story.State.Membership);
    }

    [Fact]
    public void Only_who_buys_acts()
    {
        var idle = new Story(Story.Plain with { Expiry = new ExpiryPolicy.Inactivity(1, [ResidentAct.Spent]) });
        idle.Earn("e", 100);
        idle.Do("join", new JoinHousehold(Home));
        idle.Do("consent", new ConsentToPool(new(new(50), null)));
        idle.Later(Duration.FromDays(3));

        Share(idle, "theirs", 10);
        Assert.DoesNotContain(idle.Journal[^1].Events, happened => happened is ExpiryExtended);
        Share(idle, "own", 10, own: true);
        Assert.Contains(idle.Journal[^1].Events, happened => happened is ExpiryExtended);
    }

    private static Decision Share(Story story, string sale, long points, bool own = false) =>
        story.Do(sale, new HoldPoints(Story.Sale(sale), new(points), 5, Share: new(Home, 7, own)));

    private Decision GiveBack(string sale, long points) =>
        _story.Do(_story.Envelope(sale, new RefundSpend(Story.Key(sale), new(points))) with { Key = CommandKey.ShareBack(Home, 7, Me) });

    private void Consent(long? perSpend, long? perMonth) => Story.Accepted(_story.Do(
        $"consent {_story.State.Sequence}", new ConsentToPool(new(perSpend is { } spend ? new(spend) : null, perMonth is { } month ? new(month) : null))));

    private long Offer(bool own) => Pooling.OfferOf(_story.State, Home, Pooling.MonthOf(_story.Programmes, _story.Now), own).Value;
}
