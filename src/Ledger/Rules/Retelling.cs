using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Wallets;

namespace Ledger.Rules;

/// <summary>What became of a rule, tier or campaign when an award was made.</summary>
public enum RuleFate
{
    /// <summary>It gave points.</summary>
    Counted,

    /// <summary>All that it asks for was so, but another one that does not stack gave more, or as much.</summary>
    Outdone,

    /// <summary>All that it asks for was so, but there was nothing that it could add to.</summary>
    AddedNothing,

    /// <summary>Something that it asks for was not so.</summary>
    NotMatched,
}

/// <summary>What became of one rule, tier or campaign.</summary>
/// <param name="Name">Its name, for example <c>rule/weekend</c>.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Points">What it gave, or would have given; zero where it did not match.</param>
/// <param name="Missing">The first condition that did not hold; null where it matched.</param>
/// <param name="Rounded">How a fraction of a point was rounded; null where there was none.</param>
public sealed record RuleOutcome(string Name, RuleFate Fate, Points Points, Condition? Missing, Rounding? Rounded = null);

/// <summary>
/// Tells again how an award came about, from what is stored with it and the version that it names: later programmes change nothing.
/// </summary>
public static class Retelling
{
    /// <summary>What became of every rule of the activity, of the tier, and of every campaign of its dates.</summary>
    /// <param name="programme">The version that the award names.</param>
    /// <param name="earned">The award.</param>
    public static ImmutableArray<RuleOutcome> Of(Programme programme, PointsEarned earned)
    {
        if (programme.RuleFor(earned.Activity) is not { } rule)
        {
            return [];
        }

        var reason = earned.Reason ?? new AwardReason(null, null);

        var facts = FactsOf(programme, earned, reason);
        var outcomes = ImmutableArray.CreateBuilder<RuleOutcome>();
        var byRules = Points.Zero;
        foreach (var one in rule.Rules)
        {
            // Of one plain rule there is nothing to tell: its formula says it all.
            var outcome = OutcomeOf(one.Name, Missing(one.When, facts, reason), one.Formula.Compute(earned.Quantity), one.Formula.RoundedAt(earned.Quantity), reason, rule.IsPlain);
            byRules += outcome.Fate == RuleFate.Counted ? outcome.Points : Points.Zero;
            if (!rule.IsPlain || earned.Reason is not null)
            {
                outcomes.Add(outcome);
            }
        }

        if (facts.Tier is { Multiplier: { } multiplier } tier)
        {
            outcomes.Add(OutcomeOf(tier.Name, null, multiplier.Added(byRules), multiplier.RoundedAt(byRules), reason, isPlain: false));
        }

        foreach (var campaign in programme.Campaigns)
        {
            if (facts.Local.Date >= campaign.From && facts.Local.Date <= campaign.Through && campaign.Activities?.Contains(earned.Activity) != false)
            {
                outcomes.Add(OutcomeOf(
                    campaign.Name, Missing(campaign.When, facts, reason), campaign.Effect.Added(byRules), campaign.Effect.RoundedAt(byRules), reason, isPlain: false));
            }
        }

        return outcomes.ToImmutable();
    }

    private static RuleOutcome OutcomeOf(string name, Condition? missing, Points? points, Rounding? rounded, AwardReason reason, bool isPlain) => missing is not null
        ? new(name, RuleFate.NotMatched, Points.Zero, missing)
        : new(name, FateOf(name, points ?? Points.Zero, reason, isPlain), points ?? Points.Zero, null, rounded);

    private static RuleFate FateOf(string name, Points points, AwardReason reason, bool isPlain) =>
        isPlain || IsGranted(reason, name) ? RuleFate.Counted
        : points.IsZero ? RuleFate.AddedNothing
        : RuleFate.Outdone;

    private static bool IsGranted(AwardReason reason, string name)
    {
        foreach (var grant in reason.Grants ?? [])
        {
            if (grant.By == name)
            {
                return true;
            }
        }

        return false;
    }

    private static Condition? Missing(ImmutableArray<Condition> when, in ActivityFacts facts, AwardReason reason)
    {
        foreach (var condition in when)
        {
            var holds = condition is Condition.Streak streak ? reason.Runs?.Contains(streak.Scope) == true : condition.Holds(facts);
            if (!holds)
            {
                return condition;
            }
        }

        return null;
    }

    private static ActivityFacts FactsOf(Programme programme, PointsEarned earned, AwardReason reason)
    {
        var counted = earned.Caps.Where(cap => cap is { Unit: CapUnit.Activities, Scope: null }).Select(cap => KeyValuePair.Create(
            cap.KeyFor(earned.Activity), new CapBucket(Points.Zero, cap.KeepThrough, Activities: cap.Used)));
        return new(
            earned.Activity,
            earned.Quantity,
            reason.Details,
            programme.LocalOf(earned.OccurredAt),
            CapBuckets.From(counted),
            BudgetsAtHand.NotHeld,
            programme.Tiers?.Find(reason.Tier));
    }
}
