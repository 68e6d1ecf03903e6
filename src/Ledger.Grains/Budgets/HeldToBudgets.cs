using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Grains.Journal;
using Ledger.Wallets;

namespace Ledger.Grains.Budgets;

/// <summary>Sets aside what a campaign offers, or as much as there is.</summary>
internal delegate ValueTask<LeaseDraw> SetAside(BudgetOffer offer);

/// <summary>A decision that draws no more than was set aside for it, with the parts that it draws and those that it does not.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Drawn">What it draws, lease by lease.</param>
/// <param name="Left">What was set aside and is not drawn.</param>
internal readonly record struct HeldToBudgets(Decision Decision, ImmutableArray<LeaseDraw> Drawn, ImmutableArray<LeaseDraw> Left)
{
    /// <summary>
    /// Sets aside what the decision's campaigns offered, and decides again where that was not to be had. Another campaign may then count that did
    /// not before; each round sets aside for at least one more of them, so it ends.
    /// </summary>
    /// <param name="decision">The decision without budgets.</param>
    /// <param name="decide">Decides again.</param>
    /// <param name="setAside">Sets aside.</param>
    /// <param name="giveBack">Takes back what was set aside when something fails.</param>
    public static async ValueTask<HeldToBudgets> Of(
        Decision decision, Func<BudgetsAtHand, Decision> decide, SetAside setAside, Action<LeaseDraw> giveBack)
    {
        var atHand = BudgetsAtHand.NotHeld;
        var aside = new Dictionary<string, LeaseDraw>(StringComparer.Ordinal);
        try
        {
            while (decision.Offers.Any(offer => !atHand.Names(offer.Campaign)))
            {
                var enough = true;
                foreach (var offer in decision.Offers.Where(offer => !aside.ContainsKey(offer.Campaign)))
                {
                    var draw = await setAside(offer);
                    aside.Add(offer.Campaign, draw);
                    atHand = atHand.With(offer.Campaign, new(draw.Amount.Points));
                    enough &= draw.Amount.Points == offer.Points.Value;
                }

                decision = enough ? decision : decide(atHand);
            }
        }
        catch
        {
            aside.Values.ToList().ForEach(giveBack);
            throw;
        }

        return Split(decision, aside);
    }

    private static HeldToBudgets Split(Decision decision, Dictionary<string, LeaseDraw> aside)
    {
        var (drawn, left) = (ImmutableArray.CreateBuilder<LeaseDraw>(), ImmutableArray.CreateBuilder<LeaseDraw>());
        foreach (var (campaign, draw) in aside)
        {
            var amount = BudgetAmount.Of(DrawnBy(decision, campaign));
            if (amount != BudgetAmount.Zero)
            {
                drawn.Add(draw with { Amount = amount });
            }

            left.Add(draw with { Amount = draw.Amount - amount });
        }

        return new(decision, drawn.ToImmutable(), left.ToImmutable());
    }

    private static Points DrawnBy(Decision decision, string campaign)
    {
        foreach (var happened in decision is Decision.Accepted accepted ? accepted.Events : [])
        {
            foreach (var draw in (happened as PointsEarned)?.Budgets ?? [])
            {
                if (draw.Campaign == campaign)
                {
                    return draw.Points;
                }
            }
        }

        return Points.Zero;
    }
}
