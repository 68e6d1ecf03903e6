using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Rules;

namespace Ledger.Wallets;

/// <summary>What budgets and caps leave of what rules, tier and campaigns gave.</summary>
/// <param name="Credited">The award, before it is seen whether the wallet has room for it.</param>
/// <param name="Caps">Everything that counts it.</param>
/// <param name="Exceeded">The cap that refuses it; null for none.</param>
/// <param name="Runs">The streaks that the activity completed; null for none.</param>
internal readonly record struct Awarding(
    Points Credited, ImmutableArray<CountedCap> Caps, CountedCap? Exceeded, ImmutableArray<string>? Runs = null)
{
    private ImmutableArray<Paid> Budgeted { get; init; } = [];

    /// <summary>What campaigns with a budget offered.</summary>
    public ImmutableArray<BudgetOffer> Offers => [.. Budgeted.Select(one => new BudgetOffer(one.Campaign.Name, one.Campaign.Budget!, one.Offer))];

    /// <summary>What they drew; null where none counted.</summary>
    public ImmutableArray<BudgetDraw>? Draws => Budgeted.IsEmpty ? null : [.. Budgeted.Select(one => one.Draw)];

    /// <summary>
    /// Applies the caps. Each campaign is first held to its own limits and then to its budget; what is cut then is cut from the last campaign first.
    /// </summary>
    /// <param name="programmes">All versions.</param>
    /// <param name="rule">The rule of the activity.</param>
    /// <param name="facts">The activity.</param>
    /// <param name="evaluation">What rules, tier and campaigns give.</param>
    /// <param name="caps">The caps.</param>
    /// <param name="cutAt">The most of it that is paid at all, for campaigns to count.</param>
    public static Awarding Of(
        PublishedProgrammes programmes,
        ActivityRule rule,
        in ActivityFacts facts,
        in Evaluation evaluation,
        ImmutableArray<CountedCap> caps,
        Points cutAt)
    {
        if (evaluation.Grants is not { } grants)
        {
            var clipped = Clip(evaluation.Computed, caps);
            return new(clipped, caps, RefusedBy(clipped, caps));
        }

        var campaigns = evaluation.Campaigns;
        var paid = new Paid[campaigns.Length];
        var offered = evaluation.BeforeCampaigns;
        for (var i = 0; i < paid.Length; i++)
        {
            var campaign = campaigns[i];
            var offer = campaign.HeldToLimits(grants[^(campaigns.Length - i)].Points, facts.Counted);
            paid[i] = new(campaign, offer, facts.Budgets.Of(campaign.Name, offer));
            offered += paid[i].AtHand;
        }

        var credited = Clip(offered, caps);
        var payable = Points.Min(credited, cutAt);
        Pay(paid, payable - Points.Min(evaluation.BeforeCampaigns, payable));
        return new(
            credited,
            [
                .. caps,
                .. Counting.Runs(programmes, rule, grants, facts),
                .. CountCampaigns(programmes, paid, facts.Counted),
            ],
            RefusedBy(credited, caps),
            RunsOf(rule, facts))
        {
            Budgeted = [.. paid.Where(one => one is { Campaign.Budget: not null, Offer.IsPositive: true })],
        };
    }

    // So much of what the campaigns offered is paid, the first one first.
    private static void Pay(Paid[] campaigns, Points points)
    {
        for (var i = 0; i < campaigns.Length; i++)
        {
            campaigns[i] = campaigns[i] with { Points = Points.Min(campaigns[i].AtHand, points) };
            points -= campaigns[i].Points;
        }
    }

    private static IEnumerable<CountedCap> CountCampaigns(PublishedProgrammes programmes, Paid[] paid, CapBuckets buckets)
    {
        foreach (var one in paid)
        {
            foreach (var limit in Counting.Of(programmes, one.Campaign, buckets))
            {
                yield return limit with { Points = one.Points };
            }
        }
    }

    private static ImmutableArray<string>? RunsOf(ActivityRule rule, in ActivityFacts facts)
    {
        if (rule.WithStreak.IsEmpty)
        {
            return null;
        }

        var runs = ImmutableArray.CreateBuilder<string>();
        foreach (var one in rule.WithStreak)
        {
            if (one.Streak is { } streak && streak.Holds(facts))
            {
                runs.Add(streak.Scope);
            }
        }

        return runs.Count == 0 ? null : runs.DrainToImmutable();
    }

    private static Points Clip(Points offered, ImmutableArray<CountedCap> caps)
    {
        foreach (var cap in caps)
        {
            offered = cap.OnExcess == CapExcess.Clip ? Points.Min(offered, cap.PointsMax) : offered;
        }

        return offered;
    }

    // What other caps have cut already may fit.
    private static CountedCap? RefusedBy(Points clipped, ImmutableArray<CountedCap> caps)
    {
        foreach (var cap in caps)
        {
            if (cap.OnExcess == CapExcess.Refuse && clipped > cap.PointsMax)
            {
                return cap;
            }
        }

        return null;
    }

    /// <summary>What a campaign offered within its own limits, what its budget had at hand of that, and what was paid after caps.</summary>
    private readonly record struct Paid(Campaign Campaign, Points Offer, Points AtHand, Points Points = default)
    {
        public BudgetDraw Draw => AtHand < Offer ? new(Campaign.Name, Points, Offer, AtHand) : new(Campaign.Name, Points);
    }
}
