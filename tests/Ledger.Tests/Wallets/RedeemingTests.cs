using Ledger.Accounts;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Tests.Rewards;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class RedeemingTests
{
    [Fact]
    public void A_reward_is_paid_at_once_and_its_price_and_rules_are_pinned()
    {
        var story = WithPoints(20);

        Story.Accepted(story.Redeem("d", TestMall.Tea, 2));

        var redeemed = story.Last<RewardRedeemed>();
        Assert.Equal((12, 8L), (story.Available, story.Last<PointsSpent>().Points.Value));
        Assert.Equal((TestMall.Tea, 3, 2, "123456"), (redeemed.Reward, redeemed.Revision, redeemed.Quantity, redeemed.Code));
        story.Rewards = new([TestMall.Reward(TestMall.Tea, Handover.PickUp, 7) with { Cancellation = [] }]);
        Assert.Equal(8, story.State.FindRedemption(Story.Redemption("d"))!.Made.Price.Points.Value);
        Story.Accepted(story.Cancel("c", "d"));
        Assert.Equal(20, story.Available);
        Assert.Empty(story.State.Redemptions);
    }

    [Fact]
    public void Where_cash_is_to_be_paid_the_points_wait_for_it()
    {
        var story = WithPoints(20);

        Story.Accepted(story.Redeem("d", TestMall.Visit));

        Assert.Equal((12, 8L), (story.Available, story.State.HeldPoints.Value));
        Assert.Equal("hold_not_found", Story.Refused(story.Do("x", new CaptureHold(new(new("m1"), Story.Redemption("d").Value), null, true))).Code);
        Story.Accepted(story.Fulfil("paid", "d", RedemptionStep.Pay));
        Assert.Equal((12, 0L, 8L), (story.Available, story.State.HeldPoints.Value, story.State.Lifetime.Spent.Value));
        Assert.Equal(Account.Merchant(new("m1")), Postings.Of(story.Journal[^1].Events)[0].To);
    }

    [Fact]
    public void Where_it_is_not_paid_in_time_all_comes_back_and_counts_towards_no_limit()
    {
        var story = WithPoints(50);
        Story.Accepted(story.Redeem("d1", TestMall.Visit, 2));
        Assert.Equal("reward_limit_reached", Story.Refused(story.Redeem("d2", TestMall.Visit)).Code);

        story.Later(Duration.FromMinutes(90));
        var late = Assert.IsType<Refusal.RedemptionStepNotAllowed>(Story.Refused(story.Fulfil("paid", "d1", RedemptionStep.Pay)));

        Assert.Equal((RedemptionStatus.TimedOut, story.Now), (late.Standing, late.Since));
        Assert.Equal(50, story.Available);
        Story.Accepted(story.Redeem("d3", TestMall.Visit, 2));
    }

    [Fact]
    public void A_limit_counts_in_its_period_and_says_when_it_resets()
    {
        var story = WithPoints(50);
        story.On("2024-01-10 23:59");
        Story.Accepted(story.Redeem("d1", TestMall.Tea, 3));

        var reached = Assert.IsType<Refusal.RewardLimitReached>(Story.Refused(story.Redeem("d2", TestMall.Tea)));

        Assert.Equal((CapPeriod.LocalDay, 3L, 3L, 1, Story.Local("2024-01-11 00:00")), (reached.Per, reached.Limit, reached.Used, reached.Requested, reached.ResetsAt));
        story.On("2024-01-11 00:00");
        Assert.Equal(CapPeriod.Month, ((Refusal.RewardLimitReached)Story.Refused(story.Redeem("d3", TestMall.Tea, 3))).Per);
        Story.Accepted(story.Redeem("d4", TestMall.Tea, 2));

        // The day of the first is over and forgotten, its month is not.
        Assert.Equal([(CapPeriod.Month, 5L), (CapPeriod.LocalDay, 2L)], story.State.Redeemed.OrderBy(c => c.EndsAt is null).ThenByDescending(c => c.EndsAt).Select(c => (c.Per, c.Count)));
    }

    [Fact]
    public void What_is_cancelled_counts_no_longer()
    {
        var story = WithPoints(50);
        Story.Accepted(story.Redeem("d1", TestMall.Tea, 3));

        Story.Accepted(story.Cancel("c", "d1"));

        Assert.Null(story.State.RedeemedCounts);
        Story.Accepted(story.Redeem("d2", TestMall.Tea, 3));
    }

    [Fact]
    public void Every_obstacle_is_told_at_once_in_the_order_of_refusals()
    {
        var story = new Story();
        var closed = TestMall.Reward(TestMall.Tea, Handover.PickUp, 40) with
        {
            From = story.Now + Duration.FromHours(1),
            Tiers = ["gold"],
            Limits = [new(CapPeriod.LocalDay, 1)],
        };

        var obstacles = Redeeming.Obstacles(story.Programmes, story.State, story.Now, MerchantBook.Empty, new([closed]), closed.Id, 2).ToList();

        Assert.Equal(["reward_not_offered", "reward_tier_required", "reward_limit_reached", "insufficient_points"], obstacles.Select(o => o.Code));
        Assert.Equal(80, ((Refusal.InsufficientPoints)obstacles[^1]).Missing.Value);
    }

    [Fact]
    public void A_share_that_comes_back_is_rounded_down_and_goes_to_the_lots_that_paid()
    {
        var story = WithPoints(20);
        story.Rewards = new([TestMall.Reward(TestMall.Tea, Handover.PickUp, 7) with
        {
            Cancellation = [new(RedemptionStatus.Placed, [Party.Resident], 2_500)],
        }]);
        Story.Accepted(story.Redeem("d", TestMall.Tea));

        Story.Accepted(story.Cancel("c", "d"));

        Assert.Equal((14, 1L), (story.Available, story.Last<RedemptionCancelled>().Points.Value));
        Assert.Equal(1, Assert.Single(story.Last<SpendRefunded>().To).Points.Value);
    }

    [Fact]
    public void What_a_merchant_refunded_before_does_not_come_back_twice()
    {
        var story = WithPoints(20);
        Story.Accepted(story.Redeem("d", TestMall.Tea, 2));
        Story.Accepted(story.Refund("r", "d", 6));

        Story.Accepted(story.Cancel("c", "d"));

        Assert.Equal((20, 2L), (story.Available, story.Last<RedemptionCancelled>().Points.Value));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(6, 0)]
    public void What_a_merchant_refunded_before_is_a_part_of_the_share_that_comes_back(long refunded, long more)
    {
        var story = WithPoints(20);
        story.Rewards = new([TestMall.Reward(TestMall.Tea, Handover.PickUp, 4) with
        {
            Cancellation = [new(RedemptionStatus.Placed, [Party.Resident], 5_000)],
        }]);
        Story.Accepted(story.Redeem("d", TestMall.Tea, 2));
        Story.Accepted(story.Refund("r", "d", refunded));

        Story.Accepted(story.Cancel("c", "d"));

        Assert.Equal((12 + refunded + more, more), ((long)story.Available, story.Last<RedemptionCancelled>().Points.Value));
    }

    [Fact]
    public void An_appointment_can_be_cancelled_until_its_notice()
    {
        var story = WithPoints(20);
        Story.Accepted(story.Redeem("d", TestMall.Visit));
        Story.Accepted(story.Fulfil("paid", "d", RedemptionStep.Pay));
        Story.Accepted(story.Fulfil("booked", "d", RedemptionStep.Book, story.Now + Duration.FromHours(3)));

        story.Later(Duration.FromHours(2));
        var late = Assert.IsType<Refusal.CancellationNotAllowed>(Story.Refused(story.Cancel("c1", "d")));
        Assert.Equal(story.Now, late.Until);

        var next = story.Now + Duration.FromDays(4);
        Assert.Equal(late, Story.Refused(story.Fulfil("out of reach", "d", RedemptionStep.Book, next, by: Party.Resident)));
        Assert.Equal(story.Now + Duration.FromHours(1), Assert.IsType<Refusal.RedemptionStepNotAllowed>(Story.Refused(story.Fulfil("too early", "d", RedemptionStep.NoShow))).Slot);
        Assert.Equal(story.Now, Assert.IsType<Refusal.RedemptionStepNotAllowed>(Story.Refused(story.Fulfil("past", "d", RedemptionStep.Book, story.Now))).Slot);
        Story.Accepted(story.Fulfil("by the merchant", "d", RedemptionStep.Book, story.Now + Duration.FromHours(1), by: Party.Merchant));

        story.Later(-Duration.FromMinutes(1));
        var moved = story.Now + Duration.FromHours(4);
        Story.Accepted(story.Fulfil("moved", "d", RedemptionStep.Book, moved));
        Story.Accepted(story.Cancel("c2", "d"));
        Assert.Equal((16, 4L), (story.Available, story.Last<RedemptionCancelled>().Points.Value));
    }

    [Fact]
    public void A_code_is_not_found_by_trying_but_an_operator_hands_over_without_it()
    {
        var story = WithPoints(20);
        Story.Accepted(story.Redeem("d", TestMall.Tea));
        for (var left = 4; left >= 0; left--)
        {
            var wrong = Assert.IsType<Refusal.WrongPickupCode>(Story.Refused(story.Fulfil($"try {left}", "d", RedemptionStep.PickUp, code: "000000")));
            Assert.Equal(left, wrong.AttemptsLeft);
        }

        Assert.Equal("pickup_code_locked", Story.Refused(story.Fulfil("right", "d", RedemptionStep.PickUp, code: "123456")).Code);
        Story.Accepted(story.Fulfil("operator", "d", RedemptionStep.PickUp));
        Assert.Equal(RedemptionStatus.PickedUp, story.Last<RedemptionMoved>().To);
    }

    private static Story WithPoints(long points)
    {
        var story = new Story();
        Story.Accepted(story.Earn("e", points));
        return story;
    }
}
