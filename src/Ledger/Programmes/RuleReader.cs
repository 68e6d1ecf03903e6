using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Rules;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Programmes;

/// <summary>Reads what an activity earns: one award, or rules with conditions.</summary>
/// <remarks>
/// <code>
/// "rules": [
///   { "id": "hour", "award": { "kind": "per_unit", "points": 10, "units": 60 } },
///   { "id": "weekend", "when": [ { "kind": "during", "days": ["saturday", "sunday"] } ],
///     "award": { "kind": "fixed", "points": 5 }, "stacks": true } ]
/// </code>
/// </remarks>
internal static class RuleReader
{
    /// <summary>The most rules of a programme.</summary>
    public const int RulesMax = 2_000;

    private const int ConditionsMax = 16;
    private const int WordsMax = 64;
    private const int BracketsMax = 32;
    private const string Kinds =
        "quantity, number, word, present, tag, tier, during, dates, first_time, nth, streak";

    private static readonly Dictionary<string, Rounding> Roundings = new()
    {
        ["down"] = Rounding.Down,
        ["up"] = Rounding.Up,
        ["half_up"] = Rounding.HalfUp,
    };

    internal static readonly Dictionary<string, CapPeriod> CountedPeriods = new()
    {
        ["local_day"] = CapPeriod.LocalDay,
        ["iso_week"] = CapPeriod.IsoWeek,
        ["month"] = CapPeriod.Month,
        ["lifetime"] = CapPeriod.Lifetime,
    };

    private static readonly Dictionary<string, CapPeriod> StreakPeriods = new()
    {
        ["local_day"] = CapPeriod.LocalDay,
        ["iso_week"] = CapPeriod.IsoWeek,
    };

    private static readonly Dictionary<string, int> Days = new()
    {
        ["monday"] = 1,
        ["tuesday"] = 2,
        ["wednesday"] = 4,
        ["thursday"] = 8,
        ["friday"] = 16,
        ["saturday"] = 32,
        ["sunday"] = 64,
    };

    private static readonly LocalTimePattern HourAndMinute = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>The rules of an activity; never empty, also where there are problems.</summary>
    public static ImmutableArray<EarnRule> Read(JsonNodeReader parent, string? type, int rulesBefore, TierPolicy? tiers)
    {
        var hasRules = parent.Optional("rules") is not null;
        if (!hasRules)
        {
            if (rulesBefore >= RulesMax)
            {
                parent.Problem(parent.Path, $"a programme has at most {RulesMax} rules");
            }

            return [EarnRule.Plain(Formula(parent) ?? new AwardFormula.Fixed(new Points(1)))];
        }

        if (!parent.HasOneOf("award", "rules"))
        {
            parent.Problem(parent.At("award"), "is one way or the other: an award, or rules");
        }

        var rules = ImmutableArray.CreateBuilder<EarnRule>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, path) in parent.Items("rules", required: true))
        {
            if (rulesBefore + rules.Count >= RulesMax)
            {
                parent.Problem(path, $"a programme has at most {RulesMax} rules");
                break;
            }

            if (Rule(parent.Of(item, path), type, taken, tiers) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return Checked(parent, rules, rulesBefore >= RulesMax);
    }

    /// <summary>What must be so; empty for always.</summary>
    /// <param name="parent">A rule or a campaign.</param>
    /// <param name="streakScope">Where a streak counts its runs; null where nothing that counts may be asked for.</param>
    /// <param name="tiers">The tiers of the programme, for conditions to name.</param>
    public static ImmutableArray<Condition> When(JsonNodeReader parent, string? streakScope, TierPolicy? tiers)
    {
        var when = ImmutableArray.CreateBuilder<Condition>();
        foreach (var (item, path) in parent.Items("when", required: false))
        {
            if (when.Count == ConditionsMax)
            {
                parent.Problem(parent.At("when"), $"must be at most {ConditionsMax} conditions");
                break;
            }

            if (One(parent.Of(item, path), streakScope, tiers) is { } condition)
            {
                when.Add(condition);
            }
        }

        var conditions = when.ToImmutable();
        if (Contradictions.In(conditions) is { } contradiction)
        {
            parent.Findings.Warn(parent.At("when"), $"never all hold: {contradiction}");
        }

        return conditions;
    }

    private static ImmutableArray<EarnRule> Checked(JsonNodeReader parent, ImmutableArray<EarnRule>.Builder rules, bool isFull)
    {
        if (rules.Count(rule => rule.Stacks) > RulesEngine.StackedMax)
        {
            parent.Problem(parent.At("rules"), $"at most {RulesEngine.StackedMax} rules of an activity may stack");
        }

        if (rules.Count == 0)
        {
            if (!isFull)
            {
                parent.Problem(parent.At("rules"), "must be at least one rule");
            }

            rules.Add(EarnRule.Plain(new AwardFormula.Fixed(new Points(1))));
        }

        return rules.ToImmutable();
    }

    private static EarnRule? Rule(JsonNodeReader reader, string? type, HashSet<string> taken, TierPolicy? tiers)
    {
        var id = reader.NewId("id", taken, "another rule of this activity");
        var rule = new EarnRule(
            EarnRule.Prefix + id,
            When(reader, $"streak/{type}/{id}", tiers),
            Formula(reader) ?? new AwardFormula.Fixed(new Points(1)),
            reader.Flag("stacks", otherwise: false));
        if (type == ProgrammeReader.AnyType && rule.Streak is not null)
        {
            reader.Problem(reader.At("when"), "a streak belongs to an activity with a type of its own, not to \"*\"");
        }
        else if (type == ProgrammeReader.AnyType && rule.When.Any(condition =>
            condition is Condition.FirstTime or Condition.NthInPeriod { Per: CapPeriod.Lifetime }))
        {
            reader.Problem(reader.At("when"), CapReader.NoLifetime);
        }

        if (rule.When.Count(condition => condition is Condition.Streak) > 1)
        {
            reader.Problem(reader.At("when"), "a rule has at most one streak; make two rules");
        }

        reader.NothingElse();
        return id is null ? null : rule;
    }

    private static AwardFormula? Formula(JsonNodeReader parent)
    {
        if (parent.Required("award") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("award"));
        var kind = reader.Text("kind");
        AwardFormula? formula = kind switch
        {
            "fixed" => new AwardFormula.Fixed(Positive(reader, "points")),
            "per_unit" => new AwardFormula.PerUnit(Positive(reader, "points"), Units(reader), RoundingOf(reader)),
            "brackets" => new AwardFormula.Bracketed(Brackets(reader), Units(reader), RoundingOf(reader)),
            "basis_points" => new AwardFormula.PerUnit(
                new Points(reader.Whole("basisPoints", 1, 1_000_000) ?? 1), CampaignEffect.Unchanged, RoundingOf(reader)),
            _ => null,
        };
        return reader.Known(kind, formula, "fixed, per_unit, brackets, basis_points");
    }

    internal static Rounding RoundingOf(JsonNodeReader reader) => reader.Word("rounding", Roundings, Rounding.Down) ?? default;

    internal static Points Positive(JsonNodeReader reader, string member) => new(reader.Whole(member, 1, Points.Max.Value) ?? 1);

    private static long Units(JsonNodeReader reader) => reader.Whole("units", 1, Points.Max.Value, 1) ?? 1;

    private static ImmutableArray<Bracket> Brackets(JsonNodeReader parent)
    {
        var brackets = ImmutableArray.CreateBuilder<Bracket>();
        foreach (var (item, path) in parent.Items("brackets", required: true))
        {
            var reader = parent.Of(item, path);
            var from = reader.Whole("from", 0, Points.Max.Value);
            var points = reader.Whole("points", 0, Points.Max.Value);
            reader.NothingElse();
            if (from is not { } start || points is not { } rate)
            {
                continue;
            }

            if (brackets.Count == 0 && start != 0)
            {
                reader.Problem(reader.At("from"), $"the first bracket begins at 0, not at {start}");
            }
            else if (brackets.Count > 0 && start <= brackets[^1].From)
            {
                reader.Problem(reader.At("from"), $"overlaps the bracket before it: must be more than {brackets[^1].From}, is {start}");
            }
            else if (brackets.Count == BracketsMax)
            {
                parent.Problem(parent.At("brackets"), $"must be at most {BracketsMax}");
                break;
            }
            else
            {
                brackets.Add(new(start, new(rate)));
            }
        }

        parent.MustNotBeEmpty("brackets", "must be at least one");
        if (brackets.Count > 0 && brackets.All(bracket => bracket.Points.IsZero))
        {
            parent.Problem(parent.At("brackets"), "at least one must give points");
        }

        return brackets.ToImmutable();
    }

    private static Condition? One(JsonNodeReader reader, string? streakScope, TierPolicy? tiers)
    {
        var kind = reader.Text("kind");
        Condition? condition = kind switch
        {
            "quantity" => Range(reader, 1) is var (min, max) ? new Condition.QuantityWithin(min, max) : null,
            "number" => Range(reader, -Points.Max.Value) is var (min, max) ? new Condition.NumberWithin(Attribute(reader), min, max) : null,
            "word" => new Condition.WordIn(Attribute(reader), reader.Ids("in", WordsMax)),
            "present" => new Condition.Present(Attribute(reader)),
            "tag" => new Condition.TagIn(reader.Ids("in", WordsMax)),
            "tier" => new Condition.TierIn(TierReader.Named(reader, tiers)),
            "during" => During(reader),
            "dates" => Dates(reader),
            "first_time" => new Condition.FirstTime(),
            "nth" => new Condition.NthInPeriod(
                (int)(reader.Whole("number", 1, 10_000) ?? 1), reader.Word("per", CountedPeriods) ?? CapPeriod.Month),
            "streak" => new Condition.Streak(
                (int)(reader.Whole("length", 2, 60) ?? 2), reader.Word("per", StreakPeriods) ?? CapPeriod.LocalDay, streakScope ?? string.Empty),
            _ => null,
        };
        if (streakScope is null && condition is (Condition.FirstTime or Condition.NthInPeriod or Condition.Streak))
        {
            reader.Problem(reader.At("kind"), $"\"{kind}\" counts activities, so it belongs to a rule; a rule may ask for dates as well");
            return null;
        }

        return reader.Known(kind, condition, Kinds);
    }

    private static string Attribute(JsonNodeReader reader) => reader.Id("attribute") ?? string.Empty;

    private static (long Min, long Max) Range(JsonNodeReader reader, long least)
    {
        var min = reader.Whole("min", least, Points.Max.Value, least) ?? least;
        var max = reader.Whole("max", least, Points.Max.Value, Points.Max.Value) ?? Points.Max.Value;
        if (min > max)
        {
            reader.Problem(reader.At("min"), $"must not be more than max ({max}), is {min}");
        }

        return (min, max);
    }

    private static Condition.During During(JsonNodeReader reader)
    {
        var days = reader.Optional("days") is null ? 127 : reader.Words("days", Days, "day").Aggregate(0, (all, day) => all | day);
        var from = reader.Parsed("from", HourAndMinute, "08:30", required: false) ?? LocalTime.Midnight;
        LocalTime? until = reader.Optional("until") is { ValueKind: JsonValueKind.String } text && text.ValueEquals("24:00")
            ? null
            : reader.Parsed("until", HourAndMinute, "12:00", required: false);
        if (until <= from)
        {
            reader.Problem(reader.At("until"), $"must be later than from ({HourAndMinute.Format(from)}); a night is two rules");
        }

        return new(days, from, until);
    }

    private static Condition.DateWithin Dates(JsonNodeReader reader)
    {
        var (from, through) = DatesOf(reader);
        return new(from, through);
    }

    /// <summary>A first and a last local date.</summary>
    internal static (LocalDate From, LocalDate Through) DatesOf(JsonNodeReader reader)
    {
        var from = reader.Date("from", "2026-10-01");
        var through = reader.Date("through", "2026-10-07");
        if (from is { } first && through is { } last && first > last)
        {
            reader.Problem(reader.At("through"), $"must not be before from ({LocalDatePattern.Iso.Format(first)})");
        }

        return (from ?? default, through ?? from ?? default);
    }
}
