using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

public sealed class HoldingTests
{
    [Fact]
    public void What_is_cut_for_want_of_room_uses_no_cap_and_what_a_fund_gets_does()
    {
        // A class gives 7 points, at most 10 a day.
        var cut = Holding(9, null);
        cut.Earn("c1", 1, Story.Class);
        cut.Earn("c2", 1, Story.Class);
        Assert.Equal((9L, 3L), (cut.Available, cut.Last<PointsEarned>().AfterCaps.Value));
        cut.Spend("s", 9);
        cut.Earn("c3", 1, Story.Class);
        Assert.Equal(1, cut.Available);

        var given = Holding(9, new FundId("charity"));
        given.Earn("c1", 1, Story.Class);
        given.Earn("c2", 1, Story.Class);
        given.Spend("s", 9);
        given.Earn("c3", 1, Story.Class);
        Assert.Equal((0L, 0L), (given.Available, given.Last<PointsEarned>().AfterCaps.Value));
    }

    [Fact]
    public void A_campaign_counts_what_it_paid_and_not_what_was_cut_for_want_of_room()
    {
        var programme = ProgrammeReader.Read("""
            { "holding": { "pointsMax": 12 },
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
              "campaigns": [ { "id": "plus", "from": "2024-01-01", "through": "2024-12-31", "effect": { "kind": "bonus", "points": 5 }, "pointsMax": 6 } ] }
            """).Programme!;
        var story = new Story(programme);
        story.Earn("e", 10);
        Assert.Equal((12L, 3L), (story.Available, story.Last<PointsEarned>().Overflow!.Points.Value));
        story.Spend("s", 12);

        // Two of six were paid: four are left.
        story.Earn("f", 1);
        Assert.Equal(5, story.Available);
    }

    [Fact]
    public void A_debt_is_repaid_whatever_the_wallet_may_hold()
    {
        var story = Holding(5, new FundId("charity"));
        story.Adjust("a", 20);
        story.Earn("e", 8);
        Assert.Equal(8, story.Last<PointsEarned>().Overflow!.Points.Value);
        story.Spend("s", 20);
        story.Earn("f", 5);
        story.Spend("t", 5);
        story.Reverse("r", "f");
        Assert.Equal(5, story.Debt);

        story.Earn("g", 13);
        Assert.Equal((0L, 5L), (story.Debt, story.Available));
        Assert.Equal((10L, 3L), (story.Last<PointsEarned>().Credited.Value, story.Last<PointsEarned>().Overflow!.Points.Value));
    }

    [Fact]
    public void What_is_pending_takes_room()
    {
        var story = new Story(Story.Plain with
        {
            Holding = new(new(10), null),
            Activities = Story.Plain.Activities.SetItem(
                Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Pending = new PendingPolicy.ForDays(14) }),
        });
        story.Earn("e", 8);
        story.Earn("f", 8);
        Assert.Equal((10L, 6L), (story.State.PendingPoints.Value, story.Last<PointsEarned>().Overflow!.Points.Value));
    }

    private static Story Holding(long most, FundId? fund) => new(Story.Plain with { Holding = new(new(most), fund) });
}
