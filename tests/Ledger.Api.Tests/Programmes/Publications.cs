using System.Net;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Programmes;

public sealed class Publications
{
    private const string Two = """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 2 } } ] }""";

    [Fact]
    public async Task The_first_counts_from_the_beginning_and_the_next_from_its_start()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        Assert.True(await api.Catalogue.AddCommunity(new(new(LedgerApi.Community), "湖畔社区", api.Clock.GetCurrentInstant())));
        var (@operator, app) = (await api.Operator(), await api.App());
        (await app.Event(Event.Earn("r-1", 10))).IsProblem(422, "no_programme");
        var first = await @operator.Write("/v1/programmes", $$"""{ "programme": {{LedgerApi.Programme}} }""");
        Assert.Equal(1, first.IsOk(HttpStatusCode.Created).Number("version"));
        Assert.Equal(10, (await app.Event(Event.Earn("r-1", 10))).IsOk().Number("credited"));

        var start = api.Clock.GetCurrentInstant() + Duration.FromHours(1);
        var next = await @operator.Write("/v1/programmes", $$"""{ "effectiveFrom": "{{start}}", "programme": {{Two}} }""");
        Assert.Equal(2, next.IsOk(HttpStatusCode.Created).Number("version"));
        Assert.Equal(10, (await app.Event(Event.Earn("r-1", 10))).IsOk().Number("credited"));
        api.Clock.AdvanceHours(2);

        // What occurred before the start is decided by the programme of that time, whenever it arrives.
        Assert.Equal(10, (await app.Event(Event.Earn("r-1", 10))).IsOk().Number("credited"));
        var later = (await app.Event(Event.Earn("r-1", 10, time: (start + Duration.FromMinutes(1)).ToString()))).IsOk();
        Assert.Equal((20, 2), (later.Number("credited"), later.Number("programmeVersion")));

        var list = (await @operator.Read("/v1/programmes")).IsOk().At("data").AsArray();
        Assert.Equal([1, 2], list.Select(version => version!["version"]!.GetValue<int>()));
        Assert.Null(list[0]!["effectiveFrom"]);
        Assert.Null(list[0]!["programme"]);
        Assert.NotNull((await @operator.Read("/v1/programmes/2")).IsOk().At("programme.activities"));
        (await @operator.Read("/v1/programmes/3")).IsProblem(404, "programme_not_found");
        (await @operator.Read("/v1/programmes/two")).IsProblem(404, "programme_not_found");
    }

    [Fact]
    public async Task A_process_whose_clock_is_wrong_publishes_nothing_for_others_might_learn_of_it_too_late()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var @operator = await api.Operator();
        var start = api.Clock.GetCurrentInstant() + Duration.FromHours(1);
        api.ClockWatch.Objection = "The clock of this process is 600 s behind the database's.";

        (await @operator.Write("/v1/programmes", $$"""{ "effectiveFrom": "{{start}}", "programme": {{Two}} }""")).IsProblem(503, "unavailable");
        Assert.Single((await @operator.Read("/v1/programmes")).IsOk().At("data").AsArray());
    }

    [Fact]
    public async Task Pages_show_the_campaigns_that_are_not_over_and_the_tiers_of_the_programme_in_force()
    {
        await using var api = new LedgerApi();
        await api.Furnish("""
            { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
              "tiers": { "basis": { "kind": "rolling_months", "months": 12 }, "graceDays": 30, "neverBelow": "silver",
                "levels": [ { "id": "silver", "names": { "zh-CN": "银卡" }, "from": 500 }, { "id": "gold", "from": 1500, "multiplierBasisPoints": 12500, "earlyAccessHours": 24 } ] },
              "campaigns": [
                { "id": "over", "from": "2026-01-01", "through": "2026-02-28", "effect": { "kind": "bonus", "points": 1 } },
                { "id": "autumn", "from": "2026-09-01", "through": "2026-09-30", "effect": { "kind": "bonus", "points": 5 }, "stacks": true },
                { "id": "double", "names": { "en": "Double points" }, "from": "2026-01-01", "through": "2026-03-31", "activities": [ "service" ],
                  "when": [ { "kind": "tag", "in": [ "senior" ] } ], "effect": { "kind": "multiply", "basisPoints": 20000 }, "pointsMax": 50, "budget": { "points": 1000 } } ] }
            """);
        var resident = await api.Resident("r-1");

        var campaigns = (await resident.Read("/v1/campaigns")).IsOk();
        Assert.Equal(["double", "autumn"], campaigns.At("data").AsArray().Select(one => one!["id"]!.GetValue<string>()));
        Assert.Equal(
            """{"id":"double","names":{"en":"Double points"},"from":"2026-01-01","through":"2026-03-31","running":true,"activities":["service"],"conditional":true,"multiplierBasisPoints":20000,"stacks":false,"pointsMax":50,"budgeted":true}""",
            campaigns.At("data.0").ToJsonString());
        Assert.Equal((5, false), (campaigns.Number("data.1.bonusPoints"), campaigns.At("data.1.running").GetValue<bool>()));
        Assert.Equal(
            """{"basis":"rolling_months","months":12,"graceDays":30,"neverBelow":"silver","data":[{"id":"silver","names":{"zh-CN":"银卡"},"from":500},{"id":"gold","names":{},"from":1500,"multiplierBasisPoints":12500,"earlyAccessHours":24}]}""",
            (await resident.Read("/v1/tiers")).IsOk().Json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task What_is_wrong_is_told_all_at_once_with_paths_and_nothing_is_published()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var @operator = await api.Operator();
        var soon = api.Clock.GetCurrentInstant() + Duration.FromHours(1);

        (await Publish(null, Two)).IsProblem(400, "member_missing");
        (await Publish("2026-02-28T00:00:00+08:00", Two)).IsProblem(422, "effective_from_in_past");
        (await Publish((api.Clock.GetCurrentInstant() + Duration.FromSeconds(59)).ToString(), Two)).IsProblem(422, "effective_from_too_soon");
        (await Publish("2027-01-01", Two)).IsProblem(400, "time_invalid");
        (await Publish("9999-01-01T00:00:00Z", Two)).IsProblem(400, "time_invalid");
        (await Publish(soon.ToString(), "null")).IsProblem(400, "member_missing");
        var wrong = (await Publish(
            soon.ToString(),
            """{ "zone": "Nowhere", "activities": [ { "type": "x", "award": { "kind": "fixed", "points": 0 } } ], "bonus": 1 }"""))
            .IsProblem(422, "programme_invalid");

        var paths = wrong.At("problems").AsArray().Select(problem => problem!["path"]!.GetValue<string>()).ToArray();
        Assert.Contains("$.programme.zone", paths);
        Assert.Contains("$.programme.activities[0].award.points", paths);
        Assert.Contains("$.programme.bonus", paths);
        Assert.Single((await @operator.Read("/v1/programmes")).IsOk().At("data").AsArray());

        Task<Reply> Publish(string? effectiveFrom, string programme) => @operator.Write(
            "/v1/programmes",
            effectiveFrom is null ? $$"""{ "programme": {{programme}} }""" : $$"""{ "effectiveFrom": "{{effectiveFrom}}", "programme": {{programme}} }""");
    }

    [Fact]
    public async Task A_check_tells_mistakes_and_warnings_and_publishes_nothing()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var @operator = await api.Operator();

        var wrong = (await @operator.Write("/v1/programmes:check", """{ "programme": { "zone": "Nowhere", "activities": [ { "type": "a" } ] } }""")).IsOk();
        var idle = (await @operator.Write(
            "/v1/programmes:check",
            """
            { "programme": { "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 5 }, "caps": [ { "per": "event", "points": 9 } ] } ] } }
            """)).IsOk();

        Assert.False(wrong.At("valid").GetValue<bool>());
        Assert.Equal(
            ["$.programme.zone", "$.programme.activities[0].award"],
            wrong.At("problems").AsArray().Select(problem => problem!["path"]!.GetValue<string>()));
        Assert.True(idle.At("valid").GetValue<bool>());
        Assert.Equal("$.programme.activities[0].caps[0]", idle.At("warnings").AsArray().Single()!["path"]!.GetValue<string>());
        (await @operator.Write("/v1/programmes:check", "{}")).IsProblem(400, "member_missing");
        Assert.Single((await @operator.Read("/v1/programmes")).IsOk().At("data").AsArray());
    }

    [Fact]
    public async Task Points_of_an_activity_with_a_delay_are_shown_with_their_day_and_spent_from_then_on()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        var start = api.Clock.GetCurrentInstant() + Duration.FromHours(1);
        const string Later = """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 }, "pending": { "kind": "days", "days": 3 } } ] }""";
        (await @operator.Write("/v1/programmes", $$"""{ "effectiveFrom": "{{start}}", "programme": {{Later}} }""")).IsOk(HttpStatusCode.Created);
        api.Clock.AdvanceHours(2);

        var earned = (await app.Event(Event.Earn("r-1", 10, time: (start + Duration.FromMinutes(1)).ToString()))).IsOk();
        var balance = (await app.Balance("r-1")).IsOk();
        (await app.Spend("r-1", 1)).IsProblem(422, "insufficient_points");
        var explanation = (await app.Read("/v1/residents/r-1/transactions/1")).IsOk().At("explanation").AsArray();
        api.Clock.AdvanceDays(3);

        Assert.Equal((0, 10), (balance.Number("available"), balance.Number("pending")));
        Assert.Equal(earned.Word("activeAt"), balance.At("activating").AsArray().Single()!["activeAt"]!.GetValue<string>());
        Assert.Contains("until then it cannot be spent", explanation[^1]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((10, 0), ((await app.Balance("r-1")).Number("available"), (await app.Balance("r-1")).Number("pending")));
        (await app.Spend("r-1", 10)).IsOk();
        Assert.Equal(0, (await @operator.Read("/v1/trial-balance")).IsOk().Number("sum"));
    }
}
