using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Rules;

/// <summary>What rules, tier and campaigns gave for an activity, before caps.</summary>
/// <param name="Computed">The sum.</param>
/// <param name="BeforeCampaigns">The part of the rules and of the tier.</param>
/// <param name="Grants">
/// Who gave what: the rules, the tier, then the campaigns, each in the order of the programme. Null where the activity has one plain rule
/// and nothing else counted: its formula says it all.
/// </param>
/// <param name="Campaigns">The campaigns behind the last grants, in the same order.</param>
public readonly record struct Evaluation(
    Points Computed, Points BeforeCampaigns, ImmutableArray<Grant>? Grants, ImmutableArray<Campaign> Campaigns);

/// <summary>Evaluates an activity. Pure; the order of rules in a programme never changes how many points come out.</summary>
public static class RulesEngine
{
    /// <summary>The most rules of one activity, and the most campaigns of a programme, that may count together.</summary>
    public const int StackedMax = 32;

    /// <summary>What an activity earns before caps; null when that is more than <see cref="Points.Max"/>.</summary>
    /// <param name="programme">The version that counts.</param>
    /// <param name="rule">What it says about the activity's type.</param>
    /// <param name="facts">What is known.</param>
    public static Evaluation? Evaluate(Programme programme, ActivityRule rule, in ActivityFacts facts)
    {
        var rules = new Selection(stackalloc Chosen[StackedMax + 1]);
        if (!ChooseRules(rule, facts, ref rules))
        {
            return null;
        }

        var byRules = new Points(rules.Sum);
        var campaigns = new Selection(stackalloc Chosen[StackedMax + 1]);
        if (!ChooseCampaigns(programme.Campaigns, byRules, facts, ref campaigns) || AddedBy(facts.Tier, byRules) is not { } byTier)
        {
            return null;
        }

        var before = byRules + byTier;
        var computed = before + new Points(campaigns.Sum);
        return computed > Points.Max ? null
            : rule.IsPlain && byTier.IsZero && campaigns.Chosen.IsEmpty ? new(computed, computed, null, [])
            : new(
                computed,
                before,
                Grants(rule.Rules, rules.Chosen, byTier.IsPositive ? new Grant(facts.Tier!.Name, byTier) : null, programme.Campaigns, campaigns.Chosen),
                CampaignsOf(programme.Campaigns, campaigns.Chosen));
    }

    // Null when it is no number of points.
    private static Points? AddedBy(TierLevel? tier, Points byRules) => tier?.Multiplier is { } multiplier ? multiplier.Added(byRules) : Points.Zero;

    // False when the sum is no number of points.
    private static bool ChooseRules(ActivityRule activity, in ActivityFacts facts, ref Selection selection)
    {
        foreach (var group in activity.Groups)
        {
            if (group.First?.Holds(facts) != false && !ChooseRules(activity.Rules, group, facts, ref selection))
            {
                return false;
            }
        }

        return selection.Close();
    }

    private static bool ChooseRules(ImmutableArray<EarnRule> rules, RuleGroup group, in ActivityFacts facts, ref Selection selection)
    {
        foreach (var place in group.Places)
        {
            var rule = rules[place];
            if (!rule.GoesOn(facts))
            {
                continue;
            }

            if (rule.Formula.Compute(facts.Quantity) is not { } points)
            {
                return false;
            }

            selection.Add(new(place, points.Value, points.Value), rule.Name, rule.Stacks);
        }

        return true;
    }

    private static bool ChooseCampaigns(ImmutableArray<Campaign> campaigns, Points rules, in ActivityFacts facts, ref Selection selection)
    {
        for (var i = 0; i < campaigns.Length; i++)
        {
            var campaign = campaigns[i];
            if (!campaign.Matches(facts))
            {
                continue;
            }

            if (campaign.Effect.Added(rules) is not { } points)
            {
                return false;
            }

            if (points.IsPositive)
            {
                // What is still left of its limits and its budget decides whether it is the best; what it gave before them is what is told.
                var held = facts.Budgets.Of(campaign.Name, campaign.HeldToLimits(points, facts.Counted));
                selection.Add(new(i, points.Value, held.Value), campaign.Name, campaign.Stacks);
            }
        }

        return selection.Close();
    }

    private static ImmutableArray<Grant> Grants(
        ImmutableArray<EarnRule> rules,
        ReadOnlySpan<Chosen> chosenRules,
        Grant? tier,
        ImmutableArray<Campaign> campaigns,
        ReadOnlySpan<Chosen> chosenCampaigns)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>(chosenRules.Length + (tier is null ? 0 : 1) + chosenCampaigns.Length);
        foreach (var chosen in chosenRules)
        {
            grants.Add(new(rules[chosen.Index].Name, new(chosen.Points)));
        }

        if (tier is { } granted)
        {
            grants.Add(granted);
        }

        foreach (var chosen in chosenCampaigns)
        {
            grants.Add(new(campaigns[chosen.Index].Name, new(chosen.Points)));
        }

        return grants.MoveToImmutable();
    }

    private static ImmutableArray<Campaign> CampaignsOf(ImmutableArray<Campaign> campaigns, ReadOnlySpan<Chosen> chosen)
    {
        if (chosen.IsEmpty)
        {
            return [];
        }

        var counted = ImmutableArray.CreateBuilder<Campaign>(chosen.Length);
        foreach (var one in chosen)
        {
            counted.Add(campaigns[one.Index]);
        }

        return counted.MoveToImmutable();
    }

    private readonly record struct Chosen(int Index, long Points, long Held);

    /// <summary>All that stack, and the best of the others, in the order of the programme: what is cut is cut from the last first.</summary>
    private ref struct Selection(Span<Chosen> room)
    {
        private readonly Span<Chosen> _room = room;
        private int _count;
        private Chosen? _best;
        private string _bestName = string.Empty;

        public readonly ReadOnlySpan<Chosen> Chosen => _room[.._count];

        public long Sum { get; private set; }

        // Of two that give the same the name decides, so that the order in the programme does not.
        public void Add(Chosen candidate, string name, bool stacks)
        {
            if (stacks)
            {
                Insert(candidate);
            }
            else if (_best is not { } best || candidate.Held > best.Held
                || (candidate.Held == best.Held && string.CompareOrdinal(name, _bestName) < 0))
            {
                (_best, _bestName) = (candidate, name);
            }
        }

        /// <summary>Puts the best in its place; false when the sum is no number of points.</summary>
        public bool Close()
        {
            if (_best is { } best)
            {
                Insert(best);
            }

            return Sum <= Points.Max.Value;
        }

        private void Insert(Chosen chosen)
        {
            var at = _count;
            while (at > 0 && _room[at - 1].Index > chosen.Index)
            {
                at--;
            }

            _room[at.._count].CopyTo(_room[(at + 1)..]);
            _room[at] = chosen;
            _count++;
            Sum += chosen.Points;
        }
    }
}
