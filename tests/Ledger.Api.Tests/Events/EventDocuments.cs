using System.Text.Json.Nodes;
using Ledger.Api.Events;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Events;

/// <summary>The schemas and examples of docs/events say what the service does.</summary>
public sealed class EventDocuments(SharedApi shared)
{
    public static TheoryData<string> Types => [.. EventTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_example_is_accepted_and_names_all_that_its_schema_knows(string type)
    {
        var example = await ExampleOf(type);
        Assert.Equal(type, example["type"]!.GetValue<string>());
        Assert.Equal(NamesOf(SchemaOf(type)["properties"]!), NamesOf(example));
        Assert.Equal(NamesOf(DataSchemaOf(type)["properties"]!), NamesOf(example["data"]!));

        Assert.NotEqual("refused", (await shared.App.Event(example.ToJsonString())).IsOk().Word("outcome"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_a_schema_requires_is_required_and_the_rest_is_not(string type)
    {
        foreach (var name in NamesOf(DataSchemaOf(type)["properties"]!))
        {
            var example = await ExampleOf(type);
            example["data"]!.AsObject().Remove(name);
            var reply = await shared.App.Event(example.ToJsonString());

            var isRequired = DataSchemaOf(type)["required"]!.AsArray().Any(required => required!.GetValue<string>() == name);
            Assert.True(isRequired ? reply.Text.Contains("member_missing", StringComparison.Ordinal) : (int)reply.Status == 200, $"{type} without {name}: {reply.Text}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_a_schema_does_not_name_is_refused(string type)
    {
        Assert.False(DataSchemaOf(type)["additionalProperties"]!.GetValue<bool>());
        var example = await ExampleOf(type);
        example["data"]!["more"] = 1;

        (await shared.App.Event(example.ToJsonString())).IsProblem(400, "member_unknown");
    }

    // A resident of its own with something to refer to, an id of its own, and the type of activity that the test programme knows.
    private async Task<JsonObject> ExampleOf(string type)
    {
        var example = JsonNode.Parse(Repository.Read($"docs/events/{ShortNameOf(type)}.example.json"))!.AsObject();
        var (resident, referred) = (LedgerApi.NewName("r"), LedgerApi.NewName("e"));
        (await shared.App.Event(Event.Earn(resident, 100, type == EventTypes.ActivityReversed ? referred : null))).IsOk();
        if (type == EventTypes.SpendRefunded)
        {
            (await shared.App.Event(Event.Spend(resident, 50, referred))).IsOk();
        }

        example["id"] = LedgerApi.NewName("e");
        example["subject"] = resident;
        if (example["data"]!["of"] is { } of)
        {
            of["id"] = referred;
        }

        if (example["data"]!["activity"] is not null)
        {
            example["data"]!["activity"] = "service";
            example["time"] = "2026-03-01T09:30:00+08:00";
        }

        return example;
    }

    private static JsonNode SchemaOf(string type) => JsonNode.Parse(Repository.Read($"docs/events/{ShortNameOf(type)}.schema.json"))!;

    private static JsonNode DataSchemaOf(string type) => SchemaOf(type)["properties"]!["data"]!;

    private static string ShortNameOf(string type) => type["community.points.".Length..];

    private static IEnumerable<string> NamesOf(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
