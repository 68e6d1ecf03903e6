using System.Text;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Events;

/// <summary>What is not an event, or asks for what cannot be: each has its code, and nothing is done.</summary>
public sealed class EventMistakes(SharedApi shared)
{
    private const string Max = "9007199254740991";

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "no JSON", "{ \"specversion\": ", "json_malformed" },
        { "nothing", "", "json_malformed" },
        { "a comment", "{ /* */ }", "json_malformed" },
        { "too deep", string.Concat(Enumerable.Repeat("[", 40)), "json_malformed" },
        { "half a surrogate pair", Good().Replace("service", "\\ud800", StringComparison.Ordinal), "json_malformed" },
        { "a list", "[]", "event_invalid" },
        { "a text", "\"event\"", "event_invalid" },
        { "no event", "{}", "event_invalid" },
        { "another version", Good().Replace("\"1.0\"", "\"0.3\"", StringComparison.Ordinal), "event_invalid" },
        { "an id twice", Good().Replace("{ \"specversion\"", "{ \"id\": \"x\", \"specversion\"", StringComparison.Ordinal), "member_duplicate" },
        { "points twice", Spend("\"merchant\": \"tea-house\", \"points\": 1, \"points\": 2"), "member_duplicate" },
        { "a number as id", Good().Replace("\"the-id\"", "7", StringComparison.Ordinal), "event_invalid" },
        { "an empty id", Good().Replace("the-id", "", StringComparison.Ordinal), "event_invalid" },
        { "an id of 300 characters", Good().Replace("the-id", new string('x', 300), StringComparison.Ordinal), "event_invalid" },
        { "a control character in the id", Good().Replace("the-id", "a\\u0007b", StringComparison.Ordinal), "event_invalid" },
        { "no subject", Good().Replace("\"subject\"", "\"subjekt\"", StringComparison.Ordinal), "member_missing" },
        { "a subject with a slash", Good("r/1"), "identifier_invalid" },
        { "an emoji as subject", Good("r-🍵"), "identifier_invalid" },
        { "a subject of 300 characters", Good(new string('r', 300)), "identifier_invalid" },
        { "an unknown type", Good().Replace("activity-completed", "activity-begun", StringComparison.Ordinal), "event_type_unknown" },
        { "no data", Good().Replace("\"data\":", "\"extension\":", StringComparison.Ordinal).Replace("{ \"activity\": \"service\", \"quantity\": 1 }", "\"x\"", StringComparison.Ordinal), "member_missing" },
        { "data as text", Good().Replace("{ \"activity\": \"service\", \"quantity\": 1 }", "\"x\"", StringComparison.Ordinal), "member_wrong_type" },
        { "data as bytes", Good().Replace("\"data\": { \"activity\": \"service\", \"quantity\": 1 }", "\"data_base64\": \"e30=\"", StringComparison.Ordinal), "event_invalid" },
        { "no time", Good().Replace("\"time\"", "\"tyme\"", StringComparison.Ordinal), "member_missing" },
        { "a time without offset", At("2026-03-01T11:00:00"), "event_invalid" },
        { "a date", At("2026-03-01"), "event_invalid" },
        { "no such day", At("2026-02-30T11:00:00Z"), "event_invalid" },
        { "the year 0001", At("0001-01-01T00:00:00Z"), "time_invalid" },
        { "the year 0001 with an offset", At("0001-01-01T00:00:00+08:00"), "event_invalid" },
        { "the year 9999", At("9999-12-31T23:59:59Z"), "time_invalid" },
        { "quantity 0", Earn("0"), "quantity_invalid" },
        { "quantity -1", Earn("-1"), "quantity_invalid" },
        { "quantity 1.5", Earn("1.5"), "quantity_invalid" },
        { "quantity 1e3", Earn("1e3"), "quantity_invalid" },
        { "quantity 2^53", Earn("9007199254740992"), "quantity_invalid" },
        { "quantity 2^64", Earn("18446744073709551616"), "quantity_invalid" },
        { "quantity as text", Earn("\"5\""), "member_wrong_type" },
        { "quantity null", Earn("null"), "member_missing" },
        { "activity with blanks", Good().Replace("\"service\"", "\"char ity\"", StringComparison.Ordinal), "identifier_invalid" },
        { "attributes as list", Told("\"attributes\": []"), "member_wrong_type" },
        { "an attribute of blanks", Told("\"attributes\": { \"venue\": \"hall 1\" }"), "attribute_invalid" },
        { "an attribute of 1.5", Told("\"attributes\": { \"hours\": 1.5 }"), "attribute_invalid" },
        { "an attribute of 2^53", Told("\"attributes\": { \"hours\": 9007199254740992 }"), "attribute_invalid" },
        { "an attribute of true", Told("\"attributes\": { \"indoors\": true }"), "attribute_invalid" },
        { "an attribute of half a surrogate pair", Told("\"attributes\": { \"venue\": \"\\ud800\" }"), "json_malformed" },
        { "an attribute with a name of blanks", Told("\"attributes\": { \"the venue\": 1 }"), "attribute_invalid" },
        { "an attribute twice", Told("\"attributes\": { \"venue\": 1, \"venue\": 2 }"), "member_duplicate" },
        { "17 attributes", Told($"\"attributes\": {{ {string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"a{i}\": {i}"))} }}"), "attribute_invalid" },
        { "17 tags", Told($"\"tags\": [ {string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"t{i}\""))} ]"), "attribute_invalid" },
        { "a tag of blanks", Told("\"tags\": [ \"old people\" ]"), "identifier_invalid" },
        { "tags as text", Told("\"tags\": \"senior\""), "member_wrong_type" },
        { "an unknown member", Good().Replace("\"quantity\": 1", "\"quantity\": 1, \"bonus\": 2", StringComparison.Ordinal), "member_unknown" },
        { "no merchant", Spend("\"points\": 1"), "member_missing" },
        { "points 0", Spend("\"merchant\": \"tea-house\", \"points\": 0"), "points_invalid" },
        { "points 1.5", Spend("\"merchant\": \"tea-house\", \"points\": 1.5"), "points_invalid" },
        { "points 2^53", Spend("\"merchant\": \"tea-house\", \"points\": 9007199254740992"), "points_invalid" },
        { "points true", Spend("\"merchant\": \"tea-house\", \"points\": true"), "member_wrong_type" },
        { "a reversal of nothing", Event.Of("activity-reversed", "r-mistake", "{ }", "the-id"), "member_missing" },
        { "a reversal of a text", Event.Of("activity-reversed", "r-mistake", "{ \"of\": \"e\" }", "the-id"), "member_wrong_type" },
        { "a refund of an empty id", Event.Of("spend-refunded", "r-mistake", "{ \"of\": { \"id\": \"\" } }", "the-id"), "event_invalid" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_mistake_has_its_code(string what, string body, string code)
    {
        var reply = await shared.App.Event(body);

        Assert.True(reply.Text.Contains($"\"{code}\"", StringComparison.Ordinal), $"{what}: {reply.Text}");
        reply.IsProblem(400, code);
        Assert.Equal(0, (await shared.App.Balance("r-mistake")).Number("version"));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_no_JSON()
    {
        var body = Encoding.Latin1.GetBytes(Good("r-é"));

        (await shared.App.Write("/v1/events", body, Requests.StructuredType)).IsProblem(400, "json_malformed");
    }

    [Fact]
    public async Task A_mistake_in_a_body_says_where()
    {
        var reply = (await shared.App.Event(Event.Of("activity-reversed", "r-mistake", "{ \"of\": { \"id\": 5 } }"))).IsProblem(400, "member_wrong_type");

        Assert.Equal("$.data.of.id", reply.Word("path"));
    }

    [Theory]
    [InlineData("ce-id", null, "event_invalid")]
    [InlineData("ce-source", null, "event_invalid")]
    [InlineData("ce-specversion", "2.0", "event_invalid")]
    [InlineData("ce-subject", null, "member_missing")]
    [InlineData("ce-time", "yesterday", "event_invalid")]
    [InlineData("ce-Bad_Name", "x", "event_invalid")]
    public async Task Headers_that_make_no_event_are_mistakes_too(string name, string? value, string code)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["ce-specversion"] = "1.0",
            ["ce-id"] = "the-id",
            ["ce-source"] = Sources.Own,
            ["ce-type"] = "community.points.activity-completed.v1",
            ["ce-subject"] = "r-mistake",
            ["ce-time"] = "2026-03-01T03:00:00Z",
        };
        headers.Remove(name);
        if (value is not null)
        {
            headers[name] = value;
        }

        var reply = await shared.App.Write(
            "/v1/events", """{ "activity": "service", "quantity": 1 }""", "application/json", [.. headers.Select(header => (header.Key, header.Value))]);

        reply.IsProblem(400, code);
    }

    [Fact]
    public async Task The_largest_number_is_taken_whole()
    {
        var resident = LedgerApi.NewName("r");
        var adjusted = await shared.Operator.Command($"/v1/residents/{resident}/adjustments", $$"""{ "points": {{Max}}, "reason": "largest" }""");

        Assert.Equal(9_007_199_254_740_991, adjusted.IsOk().Number("balance.available"));
        (await shared.App.Event(Event.Earn(resident, 1))).IsProblem(422, "balance_limit");
    }

    private static string Good(string resident = "r-mistake") => Event.Earn(resident, 1, "the-id");

    private static string At(string time) => Event.Earn("r-mistake", 1, "the-id", time: time);

    private static string Told(string more) => Good().Replace("\"quantity\": 1", "\"quantity\": 1, " + more, StringComparison.Ordinal);

    private static string Earn(string quantity) =>
        Event.Of("activity-completed", "r-mistake", $$"""{ "activity": "service", "quantity": {{quantity}} }""", "the-id");

    private static string Spend(string members) => Event.Of("points-spent", "r-mistake", $"{{ {members} }}", "the-id");
}
