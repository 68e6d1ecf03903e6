using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Json.Schema;
using Ledger.Programmes;
using Ledger.Tests.Laws;
using Ledger.Tests.Rules;

namespace Ledger.Tests.Programmes;

/// <summary>The schema that editors use says what the readers do, and is the committed one.</summary>
public sealed class ProgrammeSchemaTests
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
          "gifts": { "pointsMax": 500, "perDayMax": 1000, "perMonthMax": 3000, "coolingOffMinutes": 10, "validityDaysMin": 7 },
          "activities": [
            { "type": "hours", "award": { "kind": "fixed", "points": 1 }, "approval": { "kind": "second_person", "expiresAfterDays": 14 },
              "checks": [ { "kind": "overlap", "onHit": "hold" }, { "kind": "hours_per_day", "minutesMax": 600 }, { "kind": "entry_rate", "perHourMax": 5 },
                { "kind": "organiser_is_beneficiary" }, { "kind": "approver_share", "last": 10, "basisPointsMax": 5000 } ] },
            { "type": "a", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "rolling", "months": 12, "roundUp": "month" }, "pending": { "kind": "days", "days": 14 } },
            { "type": "b", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "on_date", "date": "2027-12-31" }, "pending": { "kind": "until", "date": "2027-01-01" }, "approval": { "kind": "objection", "days": 7 } },
            { "type": "d", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "inactivity", "months": 12, "counts": [ "earned", "spent" ] } },
            { "type": "c", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "never" }, "names": { "en": "C", "zh-CN": "丙" } } ],
          "campaigns": [ { "id": "k", "names": { "en": "K" }, "from": "2027-01-01", "through": "2027-01-02", "effect": { "kind": "bonus", "points": 1 }, "pointsMax": 5, "timesMax": 5,
            "budget": { "points": 100, "awards": 10 } } ] }
        """;

    private static readonly string Committed = Path.Combine(Roots.Project, "docs", "programme.schema.json");
    private static readonly JsonSchema Schema = JsonSchema.FromText(ProgrammeSchema.Json);

    private static readonly string?[] Pieces =
        ["0", "1", "-1", "1.5", "1e3", "9007199254740991", "9007199254740992", "true", "\"\"", "\"x\"", "\"*\"", "\"a b\"", "\"24:00\"", "\"2027-02-30\"", "\"down\"", "\"fixed\"", "[]", "{}", "[1]", "[\"x\",\"x\"]", null];

    /// <summary>To write it anew: <c>WRITE_DOCS=1</c> in the environment.</summary>
    [Fact]
    public void The_committed_schema_is_what_the_readers_ask_for()
    {
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
        {
            File.WriteAllText(Committed, ProgrammeSchema.Json);
        }

        Assert.Equal(File.ReadAllText(Committed), ProgrammeSchema.Json);
    }

    [Fact]
    public void Every_programme_fits_the_schema() => Law.Holds(Seeds(), 200, seed =>
    {
        var programme = Programme(seed);

        Assert.NotNull(ProgrammeReader.Read(programme.ToJsonString()).Programme);
        Assert.True(Fits(programme), programme.ToJsonString());
    });

    [Fact]
    public void What_the_schema_refuses_the_readers_refuse_as_well()
    {
        var (read, refused) = (0, 0);
        Law.Holds(Seeds(), 2_000, seed =>
        {
            var chance = new Random(seed);
            var programme = Programme(seed);
            Damage(programme, chance);
            var isRead = ProgrammeReader.Read(programme.ToJsonString()).Programme is not null;
            var fits = Fits(programme);
            (read, refused) = (read + (isRead ? 1 : 0), refused + (fits ? 0 : 1));

            Assert.True(fits || !isRead, programme.ToJsonString());
        });

        // Neither side was asked for nothing.
        Assert.True(read > 100 && refused > 1_000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_member_that_nobody_knows_and_a_value_of_another_type_are_refused_wherever_they_stand() => Law.Holds(Seeds(), 300, seed =>
    {
        foreach (var (owner, name) in Members(Programme(seed)).ToList())
        {
            var value = owner[name];
            if (name is not ("names" or "daysMaxBySource") && value is JsonObject inner)
            {
                inner["nobody"] = 1;
                Refused(owner);
                inner.Remove("nobody");
            }

            if (value is JsonValue)
            {
                owner[name] = new JsonArray();
                Refused(owner);
                owner[name] = value;
            }
        }
    });

    [Fact]
    public void Every_member_of_the_schema_is_met_by_these_laws_and_has_a_sentence_for_the_operator()
    {
        var met = Enumerable.Range(0, 200).SelectMany(seed => Members(Programme(seed))).Select(member => member.Name).ToHashSet();
        var known = Properties(JsonNode.Parse(ProgrammeSchema.Json)!).ToList();

        Assert.Equal([], known.Where(property => !met.Contains(property.Name)).Select(property => property.Name).Distinct());
        Assert.Equal([], known.Where(property => property is { Name: not "kind", Words: null or "" }).Select(property => property.Name));
        Assert.Equal([], MemberWords.All.Values.Except(known.Select(property => property.Words)));
    }

    [Fact]
    public void A_null_is_absent_for_a_reader_and_a_mistake_for_an_editor()
    {
        var programme = JsonNode.Parse("""{ "activities": [], "zone": null }""")!;

        Assert.NotNull(ProgrammeReader.Read(programme.ToJsonString()).Programme);
        Assert.False(Fits(programme));
    }

    private static FsCheck.Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue).ToArbitrary();

    private static JsonObject Programme(int seed)
    {
        string[] written = [Rest, .. Directory.GetFiles(Path.Combine(Roots.Project, "docs", "examples"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var text = seed % 4 == 0 ? written[seed / 4 % written.Length] : new RandomProgramme(seed).Json;
        return JsonNode.Parse(text)!.AsObject();
    }

    private static bool Fits(JsonNode programme) => Schema.Evaluate(programme.Deserialize<JsonElement>()).IsValid;

    private static void Refused(JsonNode inside)
    {
        Assert.False(Fits(inside.Root), inside.Root.ToJsonString());
        Assert.Null(ProgrammeReader.Read(inside.Root.ToJsonString()).Programme);
    }

    // One member or one element becomes something else, is gone, or comes from elsewhere.
    private static void Damage(JsonObject programme, Random chance)
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

    private static IEnumerable<(JsonObject Owner, string Name)> Members(JsonNode? node) => node switch
    {
        JsonObject owner => owner.ToList().SelectMany(member => Members(member.Value).Prepend((owner, member.Key))),
        JsonArray list => list.SelectMany(Members),
        _ => [],
    };

    private static IEnumerable<(string Name, string? Words)> Properties(JsonNode? schema) => Members(schema)
        .Where(member => member is { Name: "properties", Owner: var owner } && owner["additionalProperties"] is JsonValue)
        .SelectMany(member => member.Owner["properties"]!.AsObject())
        .Select(property => (property.Key, (string?)property.Value!["description"]));
}
