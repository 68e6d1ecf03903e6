using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Rules;

/// <summary>What rules and campaigns gave for an activity, before caps.</summary>
/// <param name="Computed">The sum.</param>
/// <param name="Grants">
/// Who gave what: the rules, then the campaigns, each in the order of the programme. Null where the activity has one plain rule and no
/// campaign counted: its formula says it all.
/// </param>
/// <param name="Campaigns">The campaigns behind the last grants, in the same order.</param>
public readonly record struct Evaluation(Points Computed, ImmutableArray<Grant>? Grants, ImmutableArray<Campaign> Campaigns);

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
        Span<Chosen> rules = stackalloc Chosen[StackedMax + 1];
        if (ChooseRules(rule.Rules, facts, rules, out var sum) is not { } ruleCount)
        {
            return null;
        }

        Span<Chosen> campaigns = stackalloc Chosen[StackedMax + 1];
        if (ChooseCampaigns(programme.Campaigns, new(sum), facts, campaigns, out var added) is not { } campaignCount || sum + added > Points.Max.Value)
        {
            return null;
        }

        var computed = new Points(sum + added);
        return rule.IsPlain && campaignCount == 0
            ? new(computed, null, [])
            : new(
                computed,
                Grants(rule.Rules, rules[..ruleCount], programme.Campaigns, campaigns[..campaignCount]),
                CampaignsOf(programme.Campaigns, campaigns[..campaignCount]));
    }

    // All that stack, and the best of the others; null when the sum is no number of points.
    private static int? ChooseRules(ImmutableArray<EarnRule> rules, in ActivityFacts facts, Span<Chosen> chosen, out long sum)
    {
        sum = 0;
        var (count, best) = (0, null as Chosen?);
        for (var i = 0; i < rules.Length; i++)
        {
            var rule = rules[i];
            if (!rule.Matches(facts))
            {
                continue;
            }

            if (rule.Formula.Compute(facts.Quantity) is not { } points)
            {
                return null;
            }

            Choose(rule.Stacks, new(i, points.Value, points.Value), chosen, ref count, ref best, ref sum, rules[best?.Index ?? 0].Name, rule.Name);
        }

        return Close(chosen, count, best, ref sum);
    }

    private static int? ChooseCampaigns(ImmutableArray<Campaign> campaigns, Points rules, in ActivityFacts facts, Span<Chosen> chosen, out long sum)
    {
        sum = 0;
        var (count, best) = (0, null as Chosen?);
        for (var i = 0; i < campaigns.Length; i++)
        {
            var campaign = campaigns[i];
            if (!campaign.Matches(facts))
            {
                continue;
            }

            if (campaign.Effect.Added(rules) is not { } points)
            {
                return null;
            }

            if (points.IsPositive)
            {
                // What is still left of its limits decides whether it is the best; what it gave before them is what is told.
                var held = campaign.HeldToLimits(points, facts.Counted);
                Choose(
                    campaign.Stacks, new(i, points.Value, held.Value), chosen, ref count, ref best, ref sum, campaigns[best?.Index ?? 0].Name, campaign.Name);
            }
        }

        return Close(chosen, count, best, ref sum);
    }

    // Of two that give the same the name decides, so that the order in the programme does not.
    private static void Choose(
        bool stacks, Chosen candidate, Span<Chosen> chosen, ref int count, ref Chosen? best, ref long sum, string bestName, string name)
    {
        if (stacks)
        {
            chosen[count++] = candidate;
            sum += candidate.Points;
        }
        else if (best is not { } other || candidate.Held > other.Held
            || (candidate.Held == other.Held && string.CompareOrdinal(name, bestName) < 0))
        {
            best = candidate;
        }
    }

    private static int? Close(Span<Chosen> chosen, int count, Chosen? best, ref long sum)
    {
        if (best is { } one)
        {
            // In its place in the list: what is cut is cut from the last of the list first.
            var at = count++;
            for (; at > 0 && chosen[at - 1].Index > one.Index; at--)
            {
                chosen[at] = chosen[at - 1];
            }

            chosen[at] = one;
            sum += one.Points;
        }

        return sum > Points.Max.Value ? null : count;
    }

    private static ImmutableArray<Grant> Grants(
        ImmutableArray<EarnRule> rules, ReadOnlySpan<Chosen> chosenRules, ImmutableArray<Campaign> campaigns, ReadOnlySpan<Chosen> chosenCampaigns)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>(chosenRules.Length + chosenCampaigns.Length);
        foreach (var chosen in chosenRules)
        {
            grants.Add(new(rules[chosen.Index].Name, new(chosen.Points)));
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
}
