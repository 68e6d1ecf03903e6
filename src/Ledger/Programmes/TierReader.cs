using System.Collections.Immutable;
using Ledger.Rules;

namespace Ledger.Programmes;

/// <summary>Reads tiers.</summary>
/// <remarks>
/// <code>
/// "tiers": {
///   "basis": { "kind": "rolling_months", "months": 12 }, "graceDays": 30, "neverBelow": "silver",
///   "levels": [
///     { "id": "silver", "names": { "en": "Silver" }, "from": 1000, "multiplierBasisPoints": 11000 },
///     { "id": "gold", "names": { "en": "Gold" }, "from": 5000, "multiplierBasisPoints": 15000, "earlyAccessHours": 24 } ] }
/// </code>
/// </remarks>
internal static class TierReader
{
    private const int LevelsMax = 20;

    /// <summary>The tiers, also where there are problems, so that what names them is not a problem as well; null for none.</summary>
    public static TierPolicy? Read(JsonNodeReader parent)
    {
        if (parent.Optional("tiers") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("tiers"));
        var basis = Basis(reader);
        var graceDays = (int)(reader.Whole("graceDays", 0, 366, 0) ?? 0);
        var levels = Levels(reader);
        var policy = new TierPolicy(basis ?? TierBasis.Lifetime.Instance, graceDays, null, levels);
        var neverBelow = reader.Optional("neverBelow") is null ? null : reader.Id("neverBelow");
        if (neverBelow is not null && policy.Find(neverBelow) is null)
        {
            reader.Problem(reader.At("neverBelow"), $"{JsonNodeReader.Quoted(neverBelow)} is no tier of this programme");
        }

        if (basis is TierBasis.Lifetime && (graceDays > 0 || neverBelow is not null))
        {
            reader.Findings.Warn(reader.Path, "graceDays and neverBelow do nothing: points of a lifetime never lapse");
        }

        reader.NothingElse();
        return policy with { NeverBelow = neverBelow is null ? null : policy.RankOf(neverBelow) };
    }

    /// <summary>The tiers that a condition names.</summary>
    public static ImmutableArray<string> Named(JsonNodeReader reader, TierPolicy? tiers)
    {
        var ids = reader.Ids("in", LevelsMax);
        foreach (var id in ids)
        {
            if (tiers?.Find(id) is null)
            {
                reader.Problem(reader.At("in"), $"{JsonNodeReader.Quoted(id)} is no tier of this programme");
            }
        }

        return ids;
    }

    /// <summary>Finds tiers that need themselves: who has none yet earns nothing that could lead to the first.</summary>
    public static void CheckReach(JsonNodeReader parent, TierPolicy? tiers, IEnumerable<ActivityRule> activities)
    {
        var rules = activities.SelectMany(activity => activity.Rules).ToList();
        if (tiers is { Levels: [var first, ..] } && rules.Count > 0 && rules.All(rule => rule.When.Any(condition => condition is Condition.TierIn)))
        {
            parent.Problem(
                $"{parent.At("tiers")}.levels[0]",
                $"{JsonNodeReader.Quoted(first.Id)} cannot be reached: a resident who has no tier earns nothing, for every rule asks for a tier");
        }
    }

    private static TierBasis? Basis(JsonNodeReader parent)
    {
        if (parent.Required("basis") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("basis"));
        var kind = reader.Text("kind");
        TierBasis? basis = kind switch
        {
            "rolling_months" => new TierBasis.RollingMonths((int)(reader.Whole("months", 1, 60) ?? 1)),
            "calendar_year" => TierBasis.CalendarYear.Instance,
            "lifetime" => TierBasis.Lifetime.Instance,
            _ => null,
        };
        return reader.Known(kind, basis, "rolling_months, calendar_year, lifetime");
    }

    private static ImmutableArray<TierLevel> Levels(JsonNodeReader parent)
    {
        var levels = ImmutableArray.CreateBuilder<TierLevel>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, path) in parent.Items("levels", required: true))
        {
            if (levels.Count == LevelsMax)
            {
                parent.Problem(parent.At("levels"), $"must be at most {LevelsMax}");
                break;
            }

            if (Level(parent.Of(item, path), taken, levels is [.., var below] ? below : null) is { } level)
            {
                levels.Add(level);
            }
        }

        parent.MustNotBeEmpty("levels", "must be at least one");
        return levels.ToImmutable();
    }

    private static TierLevel? Level(JsonNodeReader reader, HashSet<string> taken, TierLevel? below)
    {
        var id = reader.NewId("id", taken, "another tier");
        var from = reader.Whole("from", 1, Points.Max.Value);
        if (from <= below?.From.Value)
        {
            reader.Problem(reader.At("from"), $"must be more than that of {JsonNodeReader.Quoted(below.Id)} ({below.From}), is {from}");
        }

        var multiplier = Multiplier(reader);
        var hours = reader.Optional("earlyAccessHours") is null ? null : reader.Whole("earlyAccessHours", 1, 8_760);
        var names = reader.Localized("names", 100);
        reader.NothingElse();
        return id is null ? null : new(id, new(from ?? below?.From.Value ?? 1), multiplier, (int?)hours, names);
    }

    private static CampaignEffect.Multiply? Multiplier(JsonNodeReader reader) => reader.Optional("multiplierBasisPoints") is null
        ? null
        : new((int)(reader.Whole("multiplierBasisPoints", CampaignEffect.Unchanged + 1, 1_000_000) ?? 0), RuleReader.RoundingOf(reader));
}
