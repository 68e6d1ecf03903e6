using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rules;

namespace Ledger.Wallets;

/// <summary>What caps leave of what rules and campaigns gave.</summary>
/// <param name="Credited">The award.</param>
/// <param name="Caps">Everything that counts it.</param>
/// <param name="Exceeded">The cap that refuses it; null for none.</param>
/// <param name="Runs">The streaks that the activity completed; null for none.</param>
internal readonly record struct Awarding(
    Points Credited, ImmutableArray<CountedCap> Caps, CountedCap? Exceeded, ImmutableArray<string>? Runs = null)
{
    /// <summary>Applies the caps. Each campaign is first held to its own limits; what is cut then is cut from the last campaign first.</summary>
    public static Awarding Of(
        PublishedProgrammes programmes, ActivityRule rule, in ActivityFacts facts, in Evaluation evaluation, ImmutableArray<CountedCap> caps)
    {
        if (evaluation.Grants is not { } grants)
        {
            var clipped = Clip(evaluation.Computed, caps);
            return new(clipped, caps, RefusedBy(clipped, caps));
        }

        var campaigns = new Campaigns(programmes, evaluation.Campaigns, facts.Counted);
        var byRules = Points.Zero;
        foreach (var grant in grants[..(grants.Length - evaluation.Campaigns.Length)])
        {
            byRules += grant.Points;
        }

        var offered = byRules + campaigns.Offer(grants[(grants.Length - evaluation.Campaigns.Length)..]);
        var credited = Clip(offered, caps);
        return new(
            credited,
            [.. caps, .. RunsPaid(programmes, rule, grants, facts), .. campaigns.Count(credited - Points.Min(byRules, credited))],
            RefusedBy(credited, caps),
            RunsOf(rule, facts));
    }

    private static IEnumerable<CountedCap> RunsPaid(
        PublishedProgrammes programmes, ActivityRule rule, ImmutableArray<Grant> grants, in ActivityFacts facts) =>
        rule.Streaks.IsEmpty ? [] : Counting.Runs(programmes, rule, grants, facts);

    private static ImmutableArray<string>? RunsOf(ActivityRule rule, in ActivityFacts facts)
    {
        if (rule.Streaks.IsEmpty)
        {
            return null;
        }

        var runs = ImmutableArray.CreateBuilder<string>();
        foreach (var streak in rule.Streaks)
        {
            if (streak.Holds(facts))
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

    /// <summary>The campaigns of one award and what each may give.</summary>
    private readonly struct Campaigns(PublishedProgrammes programmes, ImmutableArray<Campaign> campaigns, CapBuckets buckets)
    {
        private readonly ImmutableArray<CountedCap>[] _limits = [.. campaigns.Select(campaign => Counting.Of(programmes, campaign, buckets))];
        private readonly Points[] _offered = new Points[campaigns.Length];

        /// <summary>What they give within their own limits.</summary>
        public Points Offer(ImmutableArray<Grant> grants)
        {
            var sum = Points.Zero;
            for (var i = 0; i < grants.Length; i++)
            {
                _offered[i] = Clip(grants[i].Points, _limits[i]);
                sum += _offered[i];
            }

            return sum;
        }

        /// <summary>What each counts when so much of it is paid, the first one first.</summary>
        public IEnumerable<CountedCap> Count(Points paid)
        {
            for (var i = 0; i < _offered.Length; i++)
            {
                var own = Points.Min(_offered[i], paid);
                paid -= own;
                foreach (var limit in _limits[i])
                {
                    yield return limit with { Points = own };
                }
            }
        }
    }
}
