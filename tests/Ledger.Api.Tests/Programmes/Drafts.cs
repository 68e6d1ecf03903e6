using System.Net;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Programmes;

public sealed class Drafts(SharedApi shared)
{
    private const string Two = """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 2 } } ] }""";
    private const string Wrong = """{ "zone": "Nowhere", "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 2 } } ] }""";

    [Fact]
    public async Task A_draft_goes_from_its_first_mistakes_to_a_version()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (@operator, other, app) = (await api.Operator(), await api.Operator(), await api.App());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        var begun = api.Clock.GetCurrentInstant();

        var first = (await @operator.Write("/v1/drafts", Body("Spring", Wrong))).IsOk(HttpStatusCode.Created);
        var url = first.Message.Headers.Location!.ToString();
        Assert.Equal(("\"1\"", "/v1/drafts/" + first.Word("id")), (Tag(first), url));
        Assert.False(first.At("check.valid").GetValue<bool>());
        Assert.Equal("$.programme.zone", first.At("check.problems").AsArray().Single()!["path"]!.GetValue<string>());
        (await Simulate(first.Word("id"))).IsProblem(422, "programme_invalid");
        (await Publish(@operator, url, "\"1\"", begun + Duration.FromHours(1))).IsProblem(422, "programme_invalid");

        api.Clock.AdvanceMinutes(5);
        var second = (await Put(other, url, "\"1\"", Body("Spring 2027", Two))).IsOk();
        Assert.Equal(("\"2\"", true), (Tag(second), second.At("check.valid").GetValue<bool>()));
        Assert.NotEqual(second.Word("createdBy"), second.Word("changedBy"));
        Assert.Equal((begun.ToString(), (begun + Duration.FromMinutes(5)).ToString()), (second.Word("createdAt"), second.Word("changedAt")));
        Assert.Equal(second.Text, (await @operator.Read(url)).IsOk().Text);

        Assert.Equal(20, (await Simulate(second.Word("id"))).IsOk().Number("receipt.credited"));
        var replay = (await @operator.Write("/v1/programmes:replay", $$"""{ "draft": "{{second.Word("id")}}" }""")).IsOk();
        Assert.Equal((10, 20), (replay.Number("credited"), replay.Number("creditedThen")));

        var start = api.Clock.GetCurrentInstant() + Duration.FromHours(1);
        (await Publish(@operator, url, "\"2\"", begun)).IsProblem(422, "effective_from_in_past");
        (await Publish(@operator, url, "\"2\"", api.Clock.GetCurrentInstant() + Duration.FromSeconds(59))).IsProblem(422, "effective_from_too_soon");
        (await Publish(@operator, url, "\"2\"", null)).IsProblem(400, "member_missing");
        var version = (await Publish(@operator, url, "\"2\"", start)).IsOk(HttpStatusCode.Created);
        Assert.Equal(("/v1/programmes/2", 2), (version.Message.Headers.Location!.ToString(), version.Number("version")));
        Assert.Equal(version.Text, (await @operator.Read("/v1/programmes/2")).IsOk().Text);
        api.Clock.AdvanceHours(2);
        Assert.Equal(20, (await app.Event(Event.Earn("r-2", 10, time: start.ToString()))).IsOk().Number("credited"));

        var published = (await @operator.Read(url)).IsOk();
        Assert.Equal((2, "\"3\"", version.Word("publishedBy")), (published.Number("publishedAs"), Tag(published), published.Word("changedBy")));
        (await Put(@operator, url, "\"3\"", Body("again", Two))).IsProblem(409, "draft_published");
        (await Publish(@operator, url, "\"3\"", start + Duration.FromDays(1))).IsProblem(409, "draft_published");
        Assert.Contains("version 2", (await Publish(@operator, url, "\"2\"", start)).IsProblem(409, "draft_published").Word("detail"), StringComparison.Ordinal);
        var listed = (await @operator.Read("/v1/drafts")).IsOk().At("data").AsArray().Single()!.AsObject();
        Assert.False(listed.ContainsKey("programme") || listed.ContainsKey("check"));
        (await Delete(@operator, url, "\"3\"")).IsOk(HttpStatusCode.NoContent);
        (await @operator.Read(url)).IsProblem(404, "draft_not_found");
        Assert.Equal(2, (await @operator.Read("/v1/programmes")).IsOk().At("data").AsArray().Count);

        Task<Reply> Simulate(string draft) =>
            @operator.Write("/v1/events:simulate", $$"""{ "event": {{Event.Earn("r-9", 10)}}, "draft": "{{draft}}" }""");
    }

    [Fact]
    public async Task Nobody_changes_what_he_has_not_seen()
    {
        var url = await Begin();
        (await Put(shared.Operator, url, null, Body("x", Two))).IsProblem(428, "precondition_required");
        (await Delete(shared.Operator, url, null)).IsProblem(428, "precondition_required");
        (await Publish(shared.Operator, url, null, null)).IsProblem(428, "precondition_required");
        (await Put(shared.Operator, url, "\"1\"", Body("x", Two))).IsOk();

        foreach (var seen in new[] { "\"1\"", "W/\"2\"", "\"3\"", "\"\"" })
        {
            Assert.Equal("\"2\"", Tag((await Put(shared.Operator, url, seen, Body("y", Two))).IsProblem(412, "precondition_failed")));
            Assert.Equal("\"2\"", Tag((await Delete(shared.Operator, url, seen)).IsProblem(412, "precondition_failed")));
            Assert.Equal("\"2\"", Tag((await Publish(shared.Operator, url, seen, null)).IsProblem(412, "precondition_failed")));
        }

        foreach (var unread in new[] { "2", "nonsense,", "\"2", "\"2\", 2" })
        {
            (await Put(shared.Operator, url, unread, Body("y", Two))).IsProblem(400, "request_malformed");
            (await Delete(shared.Operator, url, unread)).IsProblem(400, "request_malformed");
            (await Publish(shared.Operator, url, unread, null)).IsProblem(400, "request_malformed");
        }

        Assert.Equal("x", (await shared.Operator.Read(url)).Word("name"));
        Assert.Equal("\"3\"", Tag((await Put(shared.Operator, url, "*", Body("z", Two))).IsOk()));
        (await Delete(shared.Operator, url, "\"7\", \"3\"")).IsOk(HttpStatusCode.NoContent);
        (await Delete(shared.Operator, url, "*")).IsProblem(404, "draft_not_found");
    }

    [Fact]
    public async Task Of_many_operators_at_once_one_wins_and_the_others_are_told()
    {
        var url = await Begin();

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Put(shared.Operator, url, "\"1\"", Body($"by {i}", Two))));

        var winner = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply != winner), reply => Assert.Equal("\"2\"", Tag(reply.IsProblem(412, "precondition_failed"))));
        Assert.Equal(winner.Text, (await shared.Operator.Read(url)).IsOk().Text);
    }

    [Theory]
    [InlineData("""{ "programme": {} }""", 400, "member_missing")]
    [InlineData("""{ "name": "", "programme": {} }""", 400, "text_invalid")]
    [InlineData("""{ "name": "x" }""", 400, "member_missing")]
    [InlineData("""{ "name": "x", "programme": {}, "more": 1 }""", 400, "member_unknown")]
    [InlineData("""{ "name": "x", "programme": [] }""", 422, "programme_invalid")]
    [InlineData("""{ "name": "x", "programme": { "zone": "\ud800" } }""", 422, "programme_invalid")]
    [InlineData("""{ "name": "x", "programme": { "\udc00": 1 } }""", 400, "json_malformed")]
    [InlineData("""{ "name": "x", "programme": { "a": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]] } }""", 422, "programme_invalid")]
    [InlineData("""{ "name": "x", "programme": { "a": 1, "a": 2 } }""", 400, "member_duplicate")]
    public async Task What_cannot_be_kept_is_refused(string body, int status, string code)
    {
        var url = await Begin();

        (await shared.Operator.Write("/v1/drafts", body)).IsProblem(status, code);
        (await Put(shared.Operator, url, "\"1\"", body)).IsProblem(status, code);
        Assert.Equal("\"1\"", Tag(await shared.Operator.Read(url)));
    }

    [Fact]
    public async Task A_draft_may_be_as_large_as_a_programme_and_is_of_its_community_only()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        Assert.True(await api.Catalogue.AddCommunity(new(new("hillside"), "山坡", api.Clock.GetCurrentInstant())));
        var (here, there) = (await api.Operator(), await api.Operator("hillside"));
        var large = Body("large", $$"""{ "nobody": "{{new string('x', 1_040_000)}}" }""");

        var kept = (await here.Write("/v1/drafts", large)).IsOk(HttpStatusCode.Created);
        (await here.Write("/v1/drafts", Body("larger", $$"""{ "nobody": "{{new string('x', 1_050_000)}}" }"""))).IsProblem(413, "body_too_large");

        Assert.Equal(1_040_000, kept.At("programme.nobody").GetValue<string>().Length);
        (await there.Read(kept.Message.Headers.Location!.ToString())).IsProblem(404, "draft_not_found");
        Assert.Empty((await there.Read("/v1/drafts")).IsOk().At("data").AsArray());
        foreach (var id in new[] { "none", "a%2Fb", "a b", new string('a', 500) })
        {
            (await here.Read("/v1/drafts/" + id)).IsProblem(404, "draft_not_found");
        }

        for (var i = 1; i < 100; i++)
        {
            (await here.Write("/v1/drafts", Body($"draft {i}", "{}"))).IsOk(HttpStatusCode.Created);
        }

        (await here.Write("/v1/drafts", Body("one more", "{}"))).IsProblem(409, "too_many_drafts");
        (await there.Write("/v1/drafts", Body("there", "{}"))).IsOk(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_first_programme_may_come_from_a_draft_without_a_start()
    {
        await using var api = new LedgerApi();
        Assert.True(await api.Catalogue.AddCommunity(new(new(LedgerApi.Community), "湖畔社区", api.Clock.GetCurrentInstant())));
        var @operator = await api.Operator();
        var url = (await @operator.Write("/v1/drafts", Body("first", Two))).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();

        var version = (await Publish(@operator, url, "\"1\"", null)).IsOk(HttpStatusCode.Created);

        Assert.Equal(1, version.Number("version"));
        Assert.Null(version.Json["effectiveFrom"]);
    }

    [Fact]
    public async Task The_schema_of_a_programme_is_open_to_everybody_and_may_be_named_in_one()
    {
        var schema = (await shared.Api.CreateClient().Read("/schemas/programme.json")).IsOk();

        Assert.Equal("application/schema+json", schema.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Repository.Read("docs/programme.schema.json"), schema.Text);
        var checkedProgramme = await shared.Operator.Write(
            "/v1/programmes:check", """{ "programme": { "$schema": "https://ledger.example/schemas/programme.json", "activities": [] } }""");
        Assert.True(checkedProgramme.IsOk().At("valid").GetValue<bool>());
    }

    private static string Body(string name, string programme) => $$"""{ "name": "{{name}}", "programme": {{programme}} }""";

    private static string? Tag(Reply reply) => reply.Message.Headers.ETag?.ToString();

    private static Task<Reply> Put(HttpClient client, string url, string? seen, string body) => Change(client, HttpMethod.Put, url, seen, body);

    private static Task<Reply> Delete(HttpClient client, string url, string? seen) => Change(client, HttpMethod.Delete, url, seen, null);

    private static Task<Reply> Publish(HttpClient client, string url, string? seen, Instant? effectiveFrom) => Change(
        client, HttpMethod.Post, url + "/publish", seen, effectiveFrom is null ? "{}" : new JsonObject { ["effectiveFrom"] = effectiveFrom.ToString() }.ToJsonString());

    private static Task<Reply> Change(HttpClient client, HttpMethod method, string url, string? seen, string? body) =>
        client.Ask(method, url, body, ("If-Match", seen));

    private async Task<string> Begin() =>
        (await shared.Operator.Write("/v1/drafts", Body("begun", Wrong))).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();
}
