using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rules;

namespace Ledger.Wallets;

/// <summary>What caps leave of what rules and campaigns gave.</summary>
/// <param name="Credited">The award, before it is seen whether the wallet has room for it.</param>
/// <param name="Caps">Everything that counts it.</param>
/// <param name="Exceeded">The cap that refuses it; null for none.</param>
/// <param name="Runs">The streaks that the activity completed; null for none.</param>
internal readonly record struct Awarding(
    Points Credited, ImmutableArray<CountedCap> Caps, CountedCap? Exceeded, ImmutableArray<string>? Runs = null)
{
    /// <summary>Applies the caps. Each campaign is first held to its own limits; what is cut then is cut from the last campaign first.</summary>
    /// <param name="programmes">All versions.</param>
    /// <param name="rule">The rule of the activity.</param>
    /// <param name="facts">The activity.</param>
    /// <param name="evaluation">What rules and campaigns give.</param>
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
        var offers = new Points[campaigns.Length];
        var offered = evaluation.ByRules;
        for (var i = 0; i < offers.Length; i++)
        {
            offers[i] = campaigns[i].HeldToLimits(grants[^(campaigns.Length - i)].Points, facts.Counted);
            offered += offers[i];
        }

        var credited = Clip(offered, caps);
        var paid = Points.Min(credited, cutAt);
        return new(
            credited,
            [
                .. caps,
                .. Counting.Runs(programmes, rule, grants, facts),
                .. CountCampaigns(programmes, campaigns, offers, paid - Points.Min(evaluation.ByRules, paid), facts.Counted),
            ],
            RefusedBy(credited, caps),
            RunsOf(rule, facts));
    }

    // So much of what the campaigns offered is paid, the first one first.
    private static IEnumerable<CountedCap> CountCampaigns(
        PublishedProgrammes programmes, ImmutableArray<Campaign> campaigns, Points[] offers, Points paid, CapBuckets buckets)
    {
        for (var i = 0; i < offers.Length; i++)
        {
            var own = Points.Min(offers[i], paid);
            paid -= own;
            foreach (var limit in Counting.Of(programmes, campaigns[i], buckets))
            {
                yield return limit with { Points = own };
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
}
