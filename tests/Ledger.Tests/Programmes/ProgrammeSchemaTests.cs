using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Json.Schema;
using Ledger.Programmes;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Programmes;

/// <summary>The schema that editors use says what the readers do, and is the committed one.</summary>
public sealed class ProgrammeSchemaTests
{
    private static readonly string Committed = Path.Combine(Roots.Project, "docs", "programme.schema.json");
    private static readonly JsonSchema Schema = JsonSchema.FromText(ProgrammeSchema.Json);

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
        var programme = WrittenProgramme.Of(seed);

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
            var programme = WrittenProgramme.Of(seed);
            WrittenProgramme.Damage(programme, chance);
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
        foreach (var (owner, name) in WrittenProgramme.Members(WrittenProgramme.Of(seed)).ToList())
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
        var met = Enumerable.Range(0, 200).SelectMany(seed => WrittenProgramme.Members(WrittenProgramme.Of(seed))).Select(member => member.Name).ToHashSet();
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

    private static bool Fits(JsonNode programme) => Schema.Evaluate(programme.Deserialize<JsonElement>()).IsValid;

    private static void Refused(JsonNode inside)
    {
        Assert.False(Fits(inside.Root), inside.Root.ToJsonString());
        Assert.Null(ProgrammeReader.Read(inside.Root.ToJsonString()).Programme);
    }

    private static IEnumerable<(string Name, string? Words)> Properties(JsonNode? schema) => WrittenProgramme.Members(schema)
        .Where(member => member is { Name: "properties", Owner: var owner } && owner["additionalProperties"] is JsonValue)
        .SelectMany(member => member.Owner["properties"]!.AsObject())
        .Select(property => (property.Key, (string?)property.Value!["description"]));
}
