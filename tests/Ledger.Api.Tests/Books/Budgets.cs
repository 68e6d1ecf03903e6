using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Books;

public sealed class Budgets
{
    private const string Programme = """
        { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
          "campaigns": [
            { "id": "spring", "from": "2020-01-01", "through": "2030-01-01", "effect": { "kind": "bonus", "points": 50 }, "budget": { "points": 70 }, "stacks": true },
            { "id": "first", "from": "2020-01-01", "through": "2030-01-01", "effect": { "kind": "bonus", "points": 3 }, "budget": { "points": 1000, "awards": 1 }, "stacks": true },
            { "id": "plain", "from": "2020-01-01", "through": "2030-01-01", "effect": { "kind": "bonus", "points": 1 }, "stacks": true } ] }
        """;

    [Fact]
    public async Task An_operator_reads_how_budgets_stand_and_an_award_says_what_they_cut()
    {
        await using var api = new LedgerApi();
        Assert.True(await api.Catalogue.AddCommunity(new(new(LedgerApi.Community), "湖畔社区", api.Clock.GetCurrentInstant())));
        var (@operator, app) = (await api.Operator(), await api.App());
        Assert.Empty((await @operator.Read("/v1/budgets")).IsOk().At("data").AsArray());
        (await @operator.Write("/v1/programmes", $$"""{ "programme": {{Programme}} }""")).IsOk(System.Net.HttpStatusCode.Created);
        Assert.Equal(
            """[{"campaign":"first","version":1,"points":{"total":1000,"used":0,"left":1000,"leased":0},"awards":{"total":1,"used":0,"left":1,"leased":0}},{"campaign":"spring","version":1,"points":{"total":70,"used":0,"left":70,"leased":0},"awards":{"used":0}}]""",
            (await @operator.Read("/v1/budgets")).At("data").ToJsonString());

        Assert.Equal(64, (await app.Event(Event.Earn("r-1", 10))).IsOk().Number("credited"));
        Assert.Equal(31, (await app.Event(Event.Earn("r-2", 10))).IsOk().Number("credited"));

        Assert.Equal(
            """[{"campaign":"first","version":1,"points":{"total":1000,"used":3,"left":997,"leased":59},"awards":{"total":1,"used":1,"left":0,"leased":0}},{"campaign":"spring","version":1,"points":{"total":70,"used":70,"left":0,"leased":0},"awards":{"used":2}}]""",
            (await @operator.Read("/v1/budgets")).At("data").ToJsonString());
        Assert.Contains(
            "64 computed, 31 paid: budget of spring exhausted, 20 of 50 left; budget of first exhausted, 0 of 3 left.",
            (await app.Read("/v1/residents/r-2/transactions/1")).IsOk().At("explanation").AsArray().Select(sentence => sentence!.GetValue<string>()));
    }

    [Fact]
    public async Task The_totals_are_those_of_the_version_in_force()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var @operator = await api.Operator();
        var start = api.Clock.GetCurrentInstant() + Duration.FromHours(1);
        (await @operator.Write("/v1/programmes", $$"""{ "effectiveFrom": "{{start}}", "programme": {{Programme}} }""")).IsOk(System.Net.HttpStatusCode.Created);
        (await @operator.Write(
            "/v1/programmes",
            $$"""{ "effectiveFrom": "{{start + Duration.FromHours(1)}}", "programme": {{Programme.Replace("70", "80", StringComparison.Ordinal)}} }""")).IsOk(System.Net.HttpStatusCode.Created);

        Assert.Equal(70, await Total());
        api.Clock.AdvanceHours(3);
        Assert.Equal(80, await Total());

        async Task<long> Total() => (await @operator.Read("/v1/budgets")).IsOk().At("data").AsArray()[1]!["points"]!["total"]!.GetValue<long>();
    }
}
