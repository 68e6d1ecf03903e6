using System.Globalization;

namespace Ledger.Benchmarks.Rules;

/// <summary>Programmes for purchases: the plainest there is, and as large as operators make them.</summary>
internal static class PurchaseProgramme
{
    /// <summary>One award.</summary>
    public const string Plain = """{ "activities": [ { "type": "purchase", "award": { "kind": "per_unit", "points": 1, "units": 10 } } ] }""";

    private static readonly string[] s_conditions =
    [
        """{ "kind": "number", "attribute": "amount", "min": 5000 }""",
        """{ "kind": "word", "attribute": "shop", "in": ["bakery", "clinic", "pharmacy"] }""",
        """{ "kind": "during", "days": ["saturday", "sunday"], "from": "08:00", "until": "12:00" }""",
        """{ "kind": "tag", "in": ["student"] }""",
        """{ "kind": "nth", "number": 10, "per": "month" }""",
        """{ "kind": "quantity", "min": 1000 }""",
    ];

    /// <summary>So many rules that are all asked about each purchase, one that always matches, and so many campaigns.</summary>
    /// <param name="rules">How many.</param>
    /// <param name="campaigns">How many.</param>
    /// <param name="year">When the campaigns count.</param>
    public static string Of(int rules, int campaigns, int year)
    {
        var ruleTexts = Enumerable.Range(0, rules).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": "r{{i}}", "when": [ {{s_conditions[i % s_conditions.Length]}} ], "award": { "kind": "per_unit", "points": {{1 + (i % 3)}}, "units": 10 } }
            """)).Append("""{ "id": "base", "award": { "kind": "per_unit", "points": 1, "units": 10 } }""");
        var campaignTexts = Enumerable.Range(0, campaigns).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": "k{{i}}", "from": "{{year}}-01-01", "through": "{{year}}-12-31", "effect": { "kind": "multiply", "basisPoints": {{12_000 + i}} },
              "when": [ {{(i % 2 == 0 ? """{ "kind": "tag", "in": ["senior"] }""" : """{ "kind": "word", "attribute": "shop", "in": ["bakery"] }""")}} ] }
            """));
        return $$"""
            { "activities": [ { "type": "purchase", "rules": [ {{string.Join(',', ruleTexts)}} ] } ], "campaigns": [ {{string.Join(',', campaignTexts)}} ] }
            """;
    }
}
