using System.Text.Json.Nodes;
using Ledger.Tests.Rules;

namespace Ledger.Tests.Programmes;

/// <summary>Programmes with every member that there is, as an operator would write them, and what a slip of the pen makes of them.</summary>
internal static class WrittenProgramme
{
    // What the random programmes leave out: members that decide no award.
    private const string Rest = """
        { "$schema": "programme.schema.json", "zone": "Asia/Shanghai", "clawback": "write_off", "refundGraceDays": 7, "expiry": { "kind": "yearly", "month": 3, "day": 31, "monthsMin": 3 },
          "lateness": { "daysMax": 30, "minutesAheadMax": 5, "validityDaysMin": 30, "daysMaxBySource": { "/clinic": 90 } },
          "tiers": { "basis": { "kind": "rolling_months", "months": 12 }, "graceDays": 30, "neverBelow": "silver",
            "levels": [ { "id": "silver", "from": 500, "multiplierBasisPoints": 11000, "rounding": "up", "earlyAccessHours": 24, "names": { "en": "Silver" } } ] },
          "holding": { "pointsMax": 90000, "overflow": { "kind": "cut" } }, "expiryWarnings": { "daysBefore": [ 30, 7 ], "noWarningNoExpiry": true },
          "adjustments": { "secondOperatorAbove": 1000, "expiresAfterDays": 7 },
          "funds": [ { "id": "charity", "names": { "zh-CN": "慈善基金", "en": "Charity fund" } } ],
          "gifts": { "pointsMax": 500, "perDayMax": 1000, "perMonthMax": 3000, "coolingOffMinutes": 10, "validityDaysMin": 7, "within": "household" },
          "activities": [
            { "type": "hours", "award": { "kind": "fixed", "points": 1 }, "approval": { "kind": "second_person", "expiresAfterDays": 14 },
              "checks": [ { "kind": "overlap", "onHit": "hold" }, { "kind": "hours_per_day", "minutesMax": 600 }, { "kind": "entry_rate", "perHourMax": 5 }, { "kind": "maker_rate", "perHourMax": 30, "onHit": "flag" },
                { "kind": "organiser_is_beneficiary" }, { "kind": "approver_share", "last": 10, "basisPointsMax": 5000 } ] },
            { "type": "a", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "rolling", "months": 12, "roundUp": "month" }, "pending": { "kind": "days", "days": 14 } },
            { "type": "b", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "on_date", "date": "2027-12-31" }, "pending": { "kind": "until", "date": "2027-01-01" }, "approval": { "kind": "objection", "days": 7 } },
            { "type": "d", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "inactivity", "months": 12, "counts": [ "earned", "spent" ] } },
            { "type": "c", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "never" }, "names": { "en": "C", "zh-CN": "丙" } } ],
          "campaigns": [ { "id": "k", "names": { "en": "K" }, "from": "2027-01-01", "through": "2027-01-02", "effect": { "kind": "bonus", "points": 1 }, "pointsMax": 5, "timesMax": 5,
            "budget": { "points": 100, "awards": 10 } } ] }
        """;

    private static readonly string?[] Pieces =
        ["0", "1", "-1", "1.5", "1e3", "60", "9007199254740990", "9007199254740991", "9007199254740992", "true", "\"\"", "\"x\"", "\"*\"", "\"a b\"", "\"24:00\"", "\"2027-02-30\"", "\"down\"", "\"fixed\"", "[]", "{}", "[1]", "[\"x\",\"x\"]", null];

    /// <summary>A random one, an example of the documentation, or the one with all the rest.</summary>
    public static JsonObject Of(int seed)
    {
        string[] written = [Rest, .. Directory.GetFiles(Path.Combine(Roots.Project, "docs", "examples"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var text = seed % 4 == 0 ? written[seed / 4 % written.Length] : new RandomProgramme(seed).Json;
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>One member or one element becomes something else, is gone, or comes from elsewhere.</summary>
    public static void Damage(JsonObject programme, Random chance)
    {
        var members = Members(programme).ToList();
        var (owner, name) = members[chance.Next(members.Count)];
        var piece = Pieces[chance.Next(Pieces.Length)];
        if (piece is null)
        {
            owner.Remove(name);
        }
        else if (chance.Next(4) == 0)
        {
            var (other, there) = members[chance.Next(members.Count)];
            owner[there] = other[there]!.DeepClone();
        }
        else if (owner[name] is JsonArray list && chance.Next(2) == 0)
        {
            list.Add(list.Count == 0 || chance.Next(2) == 0 ? JsonNode.Parse(piece) : list[0]!.DeepClone());
        }
        else
        {
            owner[name] = JsonNode.Parse(piece);
        }
    }

    /// <summary>Every member, with the object that has it.</summary>
    public static IEnumerable<(JsonObject Owner, string Name)> Members(JsonNode? node) => node switch
    {
        JsonObject owner => owner.ToList().SelectMany(member => Members(member.Value).Prepend((owner, member.Key))),
        JsonArray list => list.SelectMany(Members),
        _ => [],
    };
}
