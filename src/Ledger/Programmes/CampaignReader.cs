using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Rules;

namespace Ledger.Programmes;

/// <summary>Reads campaigns.</summary>
/// <remarks>
/// <code>
/// "campaigns": [
///   { "id": "double-weekend", "names": { "en": "Double weekend" }, "from": "2026-10-10", "through": "2026-10-11",
///     "activities": [ "purchase" ], "effect": { "kind": "multiply", "basisPoints": 20000 },
///     "stacks": false, "pointsMax": 500, "timesMax": 3, "budget": { "points": 100000, "awards": 5000 } } ]
/// </code>
/// </remarks>
internal static class CampaignReader
{
    private const int CampaignsMax = 200;

    /// <summary>The campaigns, in the order of the text.</summary>
    /// <param name="parent">The programme.</param>
    /// <param name="isKnown">Does the programme award activities of a type?</param>
    /// <param name="tiers">The tiers of the programme, for conditions to name.</param>
    public static ImmutableArray<Campaign> Read(JsonNodeReader parent, Func<ActivityType, bool> isKnown, TierPolicy? tiers)
    {
        var campaigns = ImmutableArray.CreateBuilder<Campaign>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, path) in parent.Items("campaigns", required: false))
        {
            if (campaigns.Count == CampaignsMax)
            {
                parent.Problem(path, $"a programme has at most {CampaignsMax} campaigns");
                break;
            }

            if (Campaign(parent.Of(item, path), isKnown, taken, tiers) is { } campaign)
            {
                campaigns.Add(campaign);
            }
        }

        if (campaigns.Count(campaign => campaign.Stacks) > RulesEngine.StackedMax)
        {
            parent.Problem(parent.At("campaigns"), $"at most {RulesEngine.StackedMax} campaigns may stack");
        }

        return campaigns.ToImmutable();
    }

    private static Campaign? Campaign(JsonNodeReader reader, Func<ActivityType, bool> isKnown, HashSet<string> taken, TierPolicy? tiers)
    {
        var id = reader.NewId("id", taken, "another campaign");
        var (from, through) = RuleReader.DatesOf(reader);
        var campaign = new Campaign(
            Rules.Campaign.Prefix + id,
            from,
            through,
            CapReader.Activities(reader, isKnown),
            RuleReader.When(reader, streakScope: null, tiers),
            Effect(reader) ?? new CampaignEffect.Bonus(new Points(1)),
            reader.Flag("stacks", otherwise: false),
            reader.OptionalLimit("pointsMax") is { } points ? new Points(points) : null,
            reader.OptionalLimit("timesMax"),
            reader.Localized("names", 100))
        {
            Budget = BudgetOf(reader),
        };
        reader.NothingElse();
        WarnOfBudget(reader, campaign);
        WarnOfDays(reader, campaign);
        return id is null ? null : campaign;
    }

    private static void WarnOfDays(JsonNodeReader reader, Campaign campaign)
    {
        if (campaign.When.OfType<Condition.During>().Any(window => Contradictions.NeverMeet(campaign.From, campaign.Through, window)))
        {
            reader.Findings.Warn(reader.At("when"), "never holds: none of its days of the week lies within the dates of the campaign");
        }
    }

    private static Budget? BudgetOf(JsonNodeReader parent)
    {
        if (parent.Optional("budget") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("budget"));
        var budget = new Budget(reader.OptionalLimit("points") is { } points ? new Points(points) : null, reader.OptionalLimit("awards"));
        if (reader.IsObject && !reader.Has("points") && !reader.Has("awards"))
        {
            reader.Problem(reader.Path, "needs points, awards or both");
        }

        reader.NothingElse();
        return budget;
    }

    private static void WarnOfBudget(JsonNodeReader reader, Campaign campaign)
    {
        if (campaign.Budget is not { } budget)
        {
            return;
        }

        if (campaign is { Effect: CampaignEffect.Bonus bonus } && bonus.Points > budget.Points)
        {
            reader.Findings.Warn(reader.At("budget"), $"never pays the bonus of {bonus.Points} points whole");
        }

        if (campaign.PointsMax > budget.Points)
        {
            reader.Findings.Warn(reader.At("pointsMax"), $"never binds: the budget is {budget.Points} points for all residents");
        }

        if (campaign.TimesMax > budget.Awards)
        {
            reader.Findings.Warn(reader.At("timesMax"), $"never binds: the budget is {budget.Awards} awards for all residents");
        }
    }

    private static CampaignEffect? Effect(JsonNodeReader parent)
    {
        if (parent.Required("effect") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("effect"));
        var kind = reader.Text("kind");
        CampaignEffect? effect = kind switch
        {
            "multiply" => new CampaignEffect.Multiply(
                (int)(reader.Whole("basisPoints", CampaignEffect.Unchanged + 1, 1_000_000) ?? 0), RuleReader.RoundingOf(reader)),
            "bonus" => new CampaignEffect.Bonus(RuleReader.Positive(reader, "points")),
            _ => null,
        };
        return reader.Known(kind, effect, "multiply, bonus");
    }
}
