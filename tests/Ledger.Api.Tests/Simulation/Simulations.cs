using Ledger.Api.Tests.CommandLine;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Simulation;

public sealed class Simulations(SharedApi shared)
{
    private const string Rules = """
        { "activities": [ { "type": "service", "rules": [
          { "id": "hour", "award": { "kind": "per_unit", "points": 1, "units": 10 } },
          { "id": "hall", "when": [ { "kind": "word", "attribute": "venue", "in": [ "hall-1" ] } ], "award": { "kind": "fixed", "points": 7 }, "stacks": true },
          { "id": "seniors", "when": [ { "kind": "tag", "in": [ "senior" ] } ], "award": { "kind": "fixed", "points": 9 }, "stacks": true } ],
          "caps": [ { "per": "event", "points": 12 } ] } ] }
        """;

    [Fact]
    public async Task What_an_event_would_do_is_what_it_then_does()
    {
        var resident = LedgerApi.NewName("r");
        var sent = Event.Earn(resident, 9, "e-" + resident);

        var simulated = (await Simulate(shared.App, sent)).IsOk();
        Assert.Equal(0, (await shared.App.Balance(resident)).Number("version"));
        var done = (await shared.App.Event(sent)).IsOk();

        Assert.Equal(Without(done.Json), Without(simulated.At("receipt")));
        var known = (await Simulate(shared.App, sent)).IsOk();
        Assert.True(known.At("known").GetValue<bool>());
        Assert.Equal(done.Text, known.At("receipt").ToJsonString());
        Assert.Equal(1, (await shared.App.Balance(resident)).Number("version"));

        static string Without(System.Text.Json.Nodes.JsonNode receipt)
        {
            var copy = receipt.DeepClone().AsObject();
            Assert.True(copy.Remove("recordedAt"));
            return copy.ToJsonString();
        }
    }

    [Fact]
    public async Task A_programme_is_tried_with_every_reason_in_words()
    {
        var resident = LedgerApi.NewName("r");
        var sent = Event.Of("activity-completed", resident, """{ "activity": "service", "quantity": 90, "attributes": { "venue": "hall-1", "floor": 2 } }""");

        var simulated = (await Simulate(shared.Operator, sent, $", \"programme\": {Rules}")).IsOk();

        Assert.Equal((16, 12), (simulated.At("receipt").AsObject()["computed"]!.GetValue<long>(), simulated.Number("receipt.credited")));
        Assert.Equal(
            [
                "service, quantity 90: programme version 2 gives 16 points.",
                "Rule 'hour' gave 9 points.",
                "Rule 'hall' gave 7 points.",
                "Rule 'seniors' did not match: it needs the tag senior.",
                "16 computed, 12 paid: cap of one event 12.",
                "Lot 1: 12 points, never expiring.",
            ],
            simulated.At("explanation").AsArray().Select(sentence => sentence!.GetValue<string>()));
        Assert.Equal("issuance/service", simulated.At("postings").AsArray().Single()!["from"]!.GetValue<string>());
        Assert.Equal(0, (await shared.App.Balance(resident)).Number("version"));

        var chinese = await shared.Operator.Write(
            "/v1/events:simulate", $"{{ \"event\": {sent}, \"programme\": {Rules} }}", "application/json", ("Accept-Language", "zh-CN"));
        Assert.Contains("规则“seniors”不适用：需要居民标签 senior。", chinese.IsOk().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_as_well()
    {
        var simulated = (await Simulate(shared.App, Event.Spend(LedgerApi.NewName("r"), 5))).IsOk();

        Assert.Equal("insufficient_points", simulated.Word("problem.code"));
        Assert.Empty(simulated.At("postings").AsArray());
    }

    [Fact]
    public async Task A_later_time_lets_things_fall_due_first_and_an_earlier_one_is_now()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 5))).IsOk();

        var later = (await Simulate(shared.App, Event.Spend(resident, 5), ", \"at\": \"2400-01-01T00:00:00Z\"")).IsOk();
        var earlier = (await Simulate(shared.App, Event.Spend(resident, 5), ", \"at\": \"2000-01-01T00:00:00Z\"")).IsOk();

        Assert.Equal("2400-01-01T00:00:00Z", later.Json["receipt"]?["effectiveAt"]?.GetValue<string>() ?? "2400-01-01T00:00:00Z");
        Assert.Equal(5, earlier.Number("receipt.spent"));
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_nothing_is_simulated()
    {
        var sent = Event.Earn(LedgerApi.NewName("r"), 5);

        (await Simulate(shared.Operator, sent, ", \"version\": 99")).IsProblem(404, "programme_not_found");
        (await Simulate(shared.Operator, sent, ", \"version\": 0")).IsProblem(400, "quantity_invalid");
        (await Simulate(shared.Operator, sent, ", \"version\": 1, \"programme\": { \"activities\": [] }")).IsProblem(400, "member_unknown");
        (await Simulate(shared.Operator, sent, ", \"programme\": { \"activities\": [], \"zone\": \"Nowhere\" }")).IsProblem(422, "programme_invalid");
        (await Simulate(shared.Operator, sent, ", \"version\": 1, \"draft\": \"x\"")).IsProblem(400, "member_unknown");
        (await Simulate(shared.Operator, sent, ", \"draft\": \"none\"")).IsProblem(404, "draft_not_found");
        (await Simulate(shared.Operator, sent, ", \"when\": 1")).IsProblem(400, "member_unknown");
        foreach (var tried in new[] { "\"draft\": \"none\"", "\"version\": 99", "\"programme\": 1", "\"version\": 1, \"draft\": \"x\"" })
        {
            (await Simulate(shared.App, sent, ", " + tried)).IsProblem(403, "forbidden");
        }

        (await Simulate(shared.App, Event.Earn("r-1", 5, source: Sources.Other))).IsProblem(403, "source_not_granted");
        (await Simulate(shared.Operator, Event.Earn("r-1", 5, source: Sources.Other))).IsOk();
        (await shared.Operator.Write("/v1/events:simulate", "{}")).IsProblem(400, "member_missing");
    }

    [Fact]
    public async Task The_past_is_decided_again_and_nothing_is_written()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        (await app.Event(Event.Earn("r-2", 30))).IsOk();
        (await app.Spend("r-2", 25)).IsOk();
        var books = (await @operator.Read("/v1/trial-balance")).IsOk().At("accounts").ToJsonString();
        const string Less = """{ "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 12 } } ] }""";
        var until = api.Clock.GetCurrentInstant() + NodaTime.Duration.FromHours(1);

        var replay = (await @operator.Write("/v1/programmes:replay", $$"""{ "programme": {{Less}}, "until": "{{until}}" }""")).IsOk();

        Assert.Equal((40, 24), (replay.Number("credited"), replay.Number("creditedThen")));
        Assert.Equal((15, 24), (replay.Number("balance"), replay.Number("balanceThen")));
        Assert.Equal((1, 1, 1, 25), (replay.Number("winners"), replay.Number("losers"), replay.Number("spendsMissed"), replay.Number("pointsMissed")));
        Assert.Equal("r-1", replay.At("mostGained").AsArray().Single()!["resident"]!.GetValue<string>());
        Assert.Equal(books, (await @operator.Read("/v1/trial-balance")).IsOk().At("accounts").ToJsonString());
        var same = (await @operator.Write("/v1/programmes:replay", $$"""{ "version": 1, "until": "{{until}}" }""")).IsOk();
        Assert.Equal(same.Number("balance"), same.Number("balanceThen"));

        (await @operator.Write("/v1/programmes:replay", "{}")).IsProblem(400, "member_missing");
        (await @operator.Write("/v1/programmes:replay", """{ "version": 2 }""")).IsProblem(404, "programme_not_found");
        (await @operator.Write("/v1/programmes:replay", """{ "version": 1, "from": "2026-02-01T00:00:00Z", "until": "2026-02-01T00:00:00Z" }"""))
            .IsProblem(400, "time_invalid");
        (await app.Write("/v1/programmes:replay", """{ "version": 1 }""")).IsProblem(403, "forbidden");
    }

    [Theory]
    [InlineData("subject", "\"r 1\"", "$.event.subject")]
    [InlineData("time", "\"1800-01-01T00:00:00Z\"", "$.event.time")]
    [InlineData("data", "5", "$.event.data")]
    [InlineData("data", "{ \"activity\": \"service\", \"quantity\": 0 }", "$.event.data.quantity")]
    [InlineData("data", "{ \"activity\": \"service\", \"quantity\": 1, \"tags\": [ \"a b\" ] }", "$.event.data.tags[0]")]
    public async Task A_mistake_in_the_event_is_told_by_its_place_in_the_body(string member, string value, string path)
    {
        var sent = System.Text.Json.Nodes.JsonNode.Parse(Event.Earn(LedgerApi.NewName("r"), 5))!;
        sent[member] = System.Text.Json.Nodes.JsonNode.Parse(value);

        var simulated = await Simulate(shared.App, sent.ToJsonString());
        var posted = await shared.App.Event(sent.ToJsonString());

        Assert.Equal(path, simulated.Word("path"));
        Assert.StartsWith(path + " ", simulated.Word("detail"), StringComparison.Ordinal);
        Assert.Equal(path.Replace(".event", string.Empty, StringComparison.Ordinal), posted.Word("path"));
    }

    [Fact]
    public async Task The_command_line_tells_a_replay_in_the_same_form()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        (await (await api.App()).Event(Event.Earn("r-1", 10))).IsOk();
        var file = Path.ChangeExtension(api.StoreFile, ".json");
        await File.WriteAllTextAsync(file, Rules, TestContext.Current.CancellationToken);

        var replay = (await (await api.Operator()).Write(
            "/v1/programmes:replay", $$"""{ "programme": {{Rules}}, "until": "2026-03-02T00:00:00+08:00" }""")).IsOk();
        var answer = await CommandRun.Run(
            "programme", "simulate", file, "--through", "2026-03-01", "--community", LedgerApi.Community, "--store", api.StoreFile, "--json");

        Assert.Equal((0, replay.Text), (answer.Code, answer.Output.TrimEnd()));
    }

    private static Task<Reply> Simulate(HttpClient client, string sent, string more = "") =>
        client.Write("/v1/events:simulate", $"{{ \"event\": {sent}{more} }}");
}
