using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Rules;

/// <summary>One way to earn points for a type of activity.</summary>
/// <param name="Name">Its name in what is stored, for example <c>rule/weekend</c>.</param>
/// <param name="When">What must be so; all of it. Empty: always.</param>
/// <param name="Formula">How many points.</param>
/// <param name="Stacks">
/// True: its points come on top. False (default): of all matching rules that do not stack, only the one that gives most counts.
/// </param>
public sealed record EarnRule(string Name, ImmutableArray<Condition> When, AwardFormula Formula, bool Stacks)
{
    /// <summary>What precedes a rule's id in <see cref="Name"/>.</summary>
    public const string Prefix = "rule/";

    /// <summary>The name of the only rule of an activity that has nothing but an award.</summary>
    public const string PlainId = "base";

    /// <summary>The streak that it asks for, of which a rule has at most one; null for none.</summary>
    public Condition.Streak? Streak { get; } = When.OfType<Condition.Streak>().FirstOrDefault();

    /// <summary>A rule without conditions, the only one of its activity.</summary>
    public static EarnRule Plain(AwardFormula formula) => new(Prefix + PlainId, [], formula, Stacks: false);

    /// <summary>Does everything hold that it asks for behind its first condition?</summary>
    internal bool GoesOn(in ActivityFacts facts) => When.Length <= 1 || When.AsSpan(1..).AllHold(facts);
}

/// <summary>Rules that ask for the same thing first: where it is not so, none of them is looked at.</summary>
/// <param name="First">What they ask for first; null where they ask for nothing.</param>
/// <param name="Places">Their places in the list of the activity.</param>
internal readonly record struct RuleGroup(Condition? First, ImmutableArray<int> Places)
{
    /// <summary>Every rule, in one group.</summary>
    public static ImmutableArray<RuleGroup> Of(ImmutableArray<EarnRule> rules) =>
    [
        .. rules.Select((rule, place) => (First: rule.When.FirstOrDefault(), Place: place))
            .GroupBy(rule => rule.First, (first, asking) => new RuleGroup(first, [.. asking.Select(rule => rule.Place)])),
    ];
}

internal static class Conditions
{
    public static bool AllHold(this ReadOnlySpan<Condition> when, in ActivityFacts facts)
    {
        foreach (var condition in when)
        {
            if (!condition.Holds(facts))
            {
                return false;
            }
        }

        return true;
    }
}
