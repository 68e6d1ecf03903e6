using System.Text.Json.Nodes;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Books;

public sealed class Feeds
{
    [Fact]
    public async Task Whoever_reads_on_sees_every_transaction_once_and_those_of_a_wallet_in_order()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        var seen = new List<(string Resident, long Transaction)>();
        var next = "";
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 3; i++)
            {
                (await app.Event(Event.Earn($"r-{i}", 5))).IsOk();
            }

            (await app.Spend("r-0", 1)).IsOk();
            next = await ReadOn(@operator, next, seen);
        }

        Assert.Equal(16, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(seen.GroupBy(one => one.Resident), wallet => Assert.Equal(wallet.Select(one => one.Transaction).Order(), wallet.Select(one => one.Transaction)));
        Assert.Equal(next, await ReadOn(@operator, next, seen));
        Assert.Equal(16, seen.Count);
    }

    [Fact]
    public async Task An_entry_says_what_happened_and_what_moved()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 50, "e-1"))).IsOk();
        (await app.Spend("r-1", 80)).IsProblem(422, "insufficient_points");

        var entries = (await @operator.Read("/v1/feed")).IsOk().At("data").AsArray();

        Assert.Equal(["earned", "refused"], entries.Select(entry => entry!["summary"]!["kind"]!.GetValue<string>()));
        Assert.All(entries, entry => Assert.Equal("r-1", entry!["resident"]!.GetValue<string>()));
        var moved = Assert.Single(entries[0]!["postings"]!.AsArray())!;
        Assert.Equal(("issuance/service", "available", 50L), (moved["from"]!.GetValue<string>(), moved["to"]!.GetValue<string>(), moved["points"]!.GetValue<long>()));
        Assert.Empty(entries[1]!["postings"]!.AsArray());
        Assert.Equal(64, entries[0]!["hash"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task Who_asks_for_warnings_is_told_of_each_once_and_again_the_same_from_a_stored_position()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish("""
            { "expiry": { "kind": "rolling", "months": 2 }, "expiryWarnings": { "daysBefore": [ 14, 3 ] },
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 5))).IsOk();
        (await app.Event(Event.Earn("r-2", 7))).IsOk();
        var start = (await @operator.Read("/v1/feed?type=expiry-warned")).IsOk();
        Assert.Empty(start.At("data").AsArray());
        Assert.False(start.At("hasMore").GetValue<bool>());

        // Usable through 1 May in Shanghai: fourteen times 24 hours before 2 May begins there.
        api.Clock.Reset(Instant.FromUtc(2026, 4, 17, 16, 0));
        (await app.Spend("r-1", 2)).IsOk();
        (await app.Spend("r-2", 1)).IsOk();
        var first = (await @operator.Read($"/v1/feed?type=expiry-warned&limit=1&after={start.Word("next")}")).IsOk();
        var second = (await @operator.Read($"/v1/feed?type=expiry-warned&limit=1&after={first.Word("next")}")).IsOk();
        var again = (await @operator.Read($"/v1/feed?type=expiry-warned&limit=1&after={first.Word("next")}")).IsOk();
        Assert.Equal(second.Text, again.Text);

        var told = first.At("data").AsArray().Concat(second.At("data").AsArray()).Select(entry => Assert.Single(entry!["events"]!.AsArray())!).ToList();
        Assert.Equal(["r-1", "r-2"], told.Select(one => one["subject"]!.GetValue<string>()));
        Assert.Equal(["r-1@2.0", "r-2@2.0"], told.Select(one => one["id"]!.GetValue<string>()));
        Assert.Equal(
            """{"points":5,"usableThrough":"2026-05-01","expiresAt":"2026-05-01T16:00:00Z","daysBefore":14}""", told[0]["data"]!.ToJsonString());
        Assert.Equal("community.points.expiry-warned.v1", told[1]["type"]!.GetValue<string>());
        var example = JsonNode.Parse(Repository.Read("docs/events/expiry-warned.v1.example.json"))!;
        var schema = JsonNode.Parse(Repository.Read("docs/events/expiry-warned.v1.schema.json"))!["properties"]!;
        Assert.Equal(NamesOf(example), NamesOf(told[0]));
        Assert.Equal(NamesOf(schema), NamesOf(told[0]));
        Assert.Equal(NamesOf(example["data"]!), NamesOf(told[0]["data"]!));
        Assert.Equal(NamesOf(schema["data"]!["properties"]!), NamesOf(told[0]["data"]!).Append("putOffFrom").Append("fund").Order(StringComparer.Ordinal));

        // At two days before, only once more.
        api.Clock.Reset(Instant.FromUtc(2026, 4, 29, 17, 0));
        (await app.Spend("r-1", 1)).IsOk();
        (await app.Spend("r-1", 1)).IsOk();
        var last = (await @operator.Read($"/v1/feed?type=expiry-warned&after={second.Word("next")}")).IsOk();
        var data = Assert.Single(last.At("data").AsArray())!["events"]![0]!["data"]!;
        Assert.Equal((3L, 3), (data["points"]!.GetValue<long>(), data["daysBefore"]!.GetValue<int>()));
        (await @operator.Read("/v1/feed?type=spent")).IsProblem(400, "event_type_unknown");
    }

    [Fact]
    public async Task A_page_of_one_type_may_be_empty_and_leads_on_to_what_lies_behind()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish("""
            { "expiry": { "kind": "rolling", "months": 2 }, "expiryWarnings": {},
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        var (app, @operator) = (await api.App(), await api.Operator());
        for (var batch = 0; batch < 3; batch++)
        {
            (await app.Batch([.. Enumerable.Range(0, 400).Select(_ => Event.Earn("r-busy", 1))])).IsOk();
        }

        api.Clock.Reset(Instant.FromUtc(2026, 4, 20, 4, 0));
        (await app.Spend("r-busy", 1)).IsOk();
        var first = (await @operator.Read("/v1/feed?type=expiry-warned&limit=5")).IsOk();
        var second = (await @operator.Read($"/v1/feed?type=expiry-warned&limit=5&after={first.Word("next")}")).IsOk();

        Assert.Empty(first.At("data").AsArray());
        Assert.True(first.At("hasMore").GetValue<bool>());
        Assert.Equal(1200, Assert.Single(second.At("data").AsArray())!["events"]![0]!["data"]!["points"]!.GetValue<long>());
        Assert.False(second.At("hasMore").GetValue<bool>());
    }

    [Theory]
    [InlineData("after=", "cursor_invalid")]
    [InlineData("after=abc", "cursor_invalid")]
    [InlineData("after=abc.def", "cursor_invalid")]
    [InlineData("after=.", "cursor_invalid")]
    [InlineData("limit=0", "limit_invalid")]
    public async Task A_position_that_is_made_up_is_refused(string query, string code)
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        (await (await api.Operator()).Read($"/v1/feed?{query}")).IsProblem(400, code);
    }

    [Fact]
    public async Task It_is_for_operators()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        (await (await api.App()).Read("/v1/feed")).IsProblem(403, "forbidden");
    }

    private static IEnumerable<string> NamesOf(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);

    private static async Task<string> ReadOn(HttpClient caller, string after, List<(string Resident, long Transaction)> seen)
    {
        for (var pages = 0; pages < 100; pages++)
        {
            var page = (await caller.Read($"/v1/feed?limit=2{(after.Length == 0 ? "" : "&after=" + after)}")).IsOk();
            seen.AddRange(page.At("data").AsArray().Select(entry => (
                entry!["resident"]!.GetValue<string>(), entry["summary"]!["transaction"]!.GetValue<long>())));
            after = page.Word("next");
            if (!page.At("hasMore").GetValue<bool>())
            {
                return after;
            }
        }

        throw new InvalidOperationException("The feed does not end.");
    }
}
