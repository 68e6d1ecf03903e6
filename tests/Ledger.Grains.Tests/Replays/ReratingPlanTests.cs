using Ledger.Grains.Replays;

namespace Ledger.Grains.Tests.Replays;

public sealed class ReratingPlanTests
{
    [Fact]
    public void What_falls_due_in_the_period_and_changes_no_points_leaves_the_digest_as_it_was()
    {
        var plan = new ReratingPlan([new(new("r-1"), new(5), 2, 7), new(new("r-2"), new(-3), 1, 4)]);
        var (first, second) = (plan.Differences[0], plan.Differences[1]);

        Assert.Equal(plan.Digest(), new ReratingPlan([first with { Last = 8 }, second]).Digest());
        Assert.NotEqual(plan.Digest(), new ReratingPlan([first with { Points = new(6) }, second]).Digest());
        Assert.NotEqual(plan.Digest(), new ReratingPlan([first with { First = 3 }, second]).Digest());
        Assert.NotEqual(plan.Digest(), new ReratingPlan([first with { Resident = new("r-3") }, second]).Digest());
        Assert.NotEqual(plan.Digest(), new ReratingPlan([first]).Digest());
    }
}
