using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Budgets;

/// <summary>What an award does with what a budget has at hand.</summary>
public sealed class BudgetAwardTests
{
    private static readonly Instant At = Instant.FromUtc(2027, 3, 10, 4, 0);
    private static readonly ActivityType Walk = new("walk");

    [Fact]
    public void A_decision_tells_what_its_campaigns_offer_and_draws_it_all_where_nothing_holds_it()
    {
        var decision = Decide(Bonus("spring", 50, """, "budget": { "points": 100 }"""), BudgetsAtHand.NotHeld);

        Assert.Equal([new BudgetOffer("campaign/spring", new(new Points(100), null), new(50))], decision.Offers);
        Assert.Equal([new BudgetDraw("campaign/spring", new(50))], Earned(decision).Budgets!.Value);
    }

    [Fact]
    public void A_campaign_gives_what_its_budget_has_at_hand_and_the_award_tells_so()
    {
        var decision = Decide(Bonus("spring", 50, """, "budget": { "points": 100 }"""), BudgetsAtHand.NotHeld.With("campaign/spring", new(20)));

        var earned = Earned(decision);
        Assert.Equal((new Points(60), new Points(30)), (earned.Computed, earned.Credited));
        Assert.Equal([new BudgetDraw("campaign/spring", new(20), new(50), new(20))], earned.Budgets!.Value);
    }

    [Fact]
    public void An_exhausted_budget_leaves_what_the_rules_gave()
    {
        var earned = Earned(Decide(Bonus("spring", 50, """, "budget": { "awards": 1 }"""), BudgetsAtHand.NotHeld.With("campaign/spring", Points.Zero)));

        Assert.Equal(new Points(10), earned.Credited);
        Assert.Equal([new BudgetDraw("campaign/spring", new(0), new(50), new(0))], earned.Budgets!.Value);
    }

    [Fact]
    public void What_caps_cut_is_not_drawn()
    {
        var earned = Earned(Decide(
            Bonus("spring", 50, """, "budget": { "points": 100 }"""), BudgetsAtHand.NotHeld, caps: """[ { "per": "event", "points": 25 } ]"""));

        Assert.Equal([new BudgetDraw("campaign/spring", new(15))], earned.Budgets!.Value);
    }

    [Fact]
    public void A_cap_that_refuses_does_not_see_what_the_budget_cut()
    {
        var (campaigns, caps) = (Bonus("spring", 50, """, "budget": { "points": 100 }"""), """[ { "per": "event", "points": 25, "onExcess": "refuse" } ]""");

        Assert.IsType<Decision.Refused>(Decide(campaigns, BudgetsAtHand.NotHeld, caps));
        Assert.Single(Decide(campaigns, BudgetsAtHand.NotHeld, caps).Offers);
        Assert.Equal(new Points(20), Earned(Decide(campaigns, BudgetsAtHand.NotHeld.With("campaign/spring", new(10)), caps)).Credited);
    }

    [Fact]
    public void Of_campaigns_that_do_not_stack_the_one_with_more_at_hand_counts()
    {
        var campaigns = Bonus("spring", 50, """, "budget": { "points": 100 }""") + ", " + Bonus("may", 7, "");

        Assert.Equal(new Points(17), Earned(Decide(campaigns, BudgetsAtHand.NotHeld.With("campaign/spring", new(5)))).Credited);
        Assert.Null(Earned(Decide(campaigns, BudgetsAtHand.NotHeld.With("campaign/spring", new(5)))).Budgets);
    }

    [Fact]
    public void A_campaign_without_a_budget_stores_nothing_new()
    {
        var decision = Decide(Bonus("spring", 50, ""), BudgetsAtHand.NotHeld.With("campaign/spring", Points.Zero));

        Assert.Empty(decision.Offers);
        Assert.Null(Earned(Decide(Bonus("spring", 50, ""), BudgetsAtHand.NotHeld)).Budgets);
    }

    [Fact]
    public void A_reversal_gives_the_budget_nothing_back()
    {
        var wallet = new RecordedWallet(new([new(1, Instant.MinValue, Programme(Bonus("spring", 50, """, "budget": { "points": 60 }"""), "[]"))]));
        wallet.Send(new EarnPoints(Walk, 1, At), At);
        wallet.Send(new ReverseEarning(wallet.Journal[0].Key, null), At);
        wallet.Send(new EarnPoints(Walk, 1, At), At);

        Assert.Equal([new Points(60), new Points(20)], wallet.Journal.SelectMany(t => t.Events).OfType<PointsEarned>().Select(earned => earned.Credited));
    }

    private static string Bonus(string id, long points, string more) =>
        $$"""{ "id": "{{id}}", "from": "2027-03-01", "through": "2027-05-31", "effect": { "kind": "bonus", "points": {{points}} }{{more}} }""";

    private static PointsEarned Earned(Decision decision) => Assert.IsType<Decision.Accepted>(decision).Events.OfType<PointsEarned>().Single();

    private static Decision Decide(string campaigns, BudgetsAtHand budgets, string caps = "[]")
    {
        var wallet = new RecordedWallet(new([new(1, Instant.MinValue, Programme(campaigns, caps))]));
        return Wallet.Decide(wallet.Programmes, wallet.State, wallet.Envelope(new EarnPoints(Walk, 1, At), At), Thawed.Nothing.Instance, budgets);
    }

    private static Programme Programme(string campaigns, string caps) => ProgrammeReader.Read(
        $$"""
        { "activities": [ { "type": "walk", "award": { "kind": "fixed", "points": 10 }, "caps": {{caps}} } ], "campaigns": [ {{campaigns}} ] }
        """).Programme!;
}
