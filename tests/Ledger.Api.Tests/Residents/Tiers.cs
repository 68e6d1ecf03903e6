using System.Net;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Residents;

public sealed class Tiers : IAsyncLifetime
{
    private const string Programme = """
        { "activities": [ { "type": "service", "rules": [
            { "id": "each", "award": { "kind": "per_unit", "points": 1 } },
            { "id": "thanks", "when": [ { "kind": "tier", "in": [ "gold" ] } ], "award": { "kind": "fixed", "points": 3 }, "stacks": true } ] } ],
          "tiers": { "basis": { "kind": "calendar_year" }, "graceDays": 30, "levels": [
            { "id": "silver", "names": { "zh-CN": "银卡", "en": "Silver" }, "from": 100, "multiplierBasisPoints": 12000 },
            { "id": "gold", "names": { "zh-CN": "金卡", "en": "Gold" }, "from": 300, "earlyAccessHours": 24 } ] } }
        """;

    private readonly LedgerApi _api = new(("Ledger:SweepEvery", "00:00:00"));
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        var now = _api.Clock.GetCurrentInstant();
        Assert.True(await _api.Catalogue.AddCommunity(new(new(LedgerApi.Community), "湖畔社区", now)));
        Assert.True(await _api.Catalogue.AddProgramme(new(new(LedgerApi.Community), 1, Instant.MinValue, Programme, "test", now)));
        _app = await _api.App();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_page_can_say_how_many_points_are_missing_to_the_next_tier()
    {
        Assert.Equal((0, 100), ((await Tier()).Number("points"), (await Tier()).Number("next.missing")));
        Assert.Null((await Tier()).Json["id"]);

        var receipt = (await Earn(120)).IsOk();
        Assert.Equal("silver", receipt.Word("tier"));
        (await Earn(50)).IsOk();

        // 120, and 50 with a fifth of it more: 180.
        var tier = await Tier();
        Assert.Equal(("silver", "银卡", "2027-01-30"), (tier.Word("id"), tier.Word("names.zh-CN"), tier.Word("heldThrough")));
        Assert.Equal((180, 12_000), (tier.Number("points"), tier.Number("multiplierBasisPoints")));
        Assert.Equal(("gold", "Gold", 300, 120), (tier.Word("next.id"), tier.Word("next.names.en"), tier.Number("next.from"), tier.Number("next.missing")));

        (await Earn(100)).IsOk();
        var gold = await Tier();
        Assert.Equal(("gold", 24), (gold.Word("id"), gold.Number("earlyAccessHours")));
        Assert.Null(gold.Json["next"]);
    }

    [Fact]
    public async Task What_changes_with_the_year_changes_the_tag_as_well()
    {
        (await Earn(120)).IsOk();
        var old = (await _app.Balance("r-1")).IsOk().Message.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await _app.Read("/v1/residents/r-1/balance", ("If-None-Match", old))).Status);

        // Nothing is due at the end of the year, but it begins to count anew; and the grace is over thirty days later.
        _api.Clock.Reset(Instant.FromUtc(2026, 12, 31, 16, 0));
        var january = (await _app.Read("/v1/residents/r-1/balance", ("If-None-Match", old))).IsOk();
        Assert.Equal(("silver", 0), (january.Word("tier.id"), january.Number("tier.points")));
        _api.Clock.Reset(Instant.FromUtc(2027, 1, 30, 16, 0));
        var february = (await _app.Read("/v1/residents/r-1/balance", ("If-None-Match", january.Message.Headers.ETag!.ToString()))).IsOk();
        Assert.Null(february.At("tier").AsObject()["id"]);
    }

    [Fact]
    public async Task The_tier_is_explained_in_words()
    {
        (await Earn(120)).IsOk();
        (await Earn(10, "ten")).IsOk();
        (await _app.Event(Event.Reverse("r-1", "ten"))).IsOk();
        (await Earn(400, "much")).IsOk();
        (await _app.Event(Event.Reverse("r-1", "much"))).IsOk();

        Assert.Equal("Tier 'Silver' is reached and kept through 2027-01-30.", (await Words(1))[^1]);
        Assert.Equal(
            [
                "service, quantity 10: programme version 1 gives 12 points.",
                "Rule 'each' gave 10 points.",
                "Tier 'Silver' gave 2 points.",
                "Rule 'thanks' did not match: it needs the tier Gold.",
                "Lot 2: 12 points, never expiring.",
            ],
            await Words(2));
        Assert.Equal("达到会员等级“金卡”，保留至 2027-01-30。", (await Words(4, "zh-CN"))[^1]);
        Assert.Equal("Tier 'Gold' has ended; it is 'Silver' now, kept through 2027-01-30.", (await Words(5))[^1]);

        _api.Clock.Reset(Instant.FromUtc(2027, 2, 1, 0, 0));
        (await _app.Spend("r-1", 1)).IsOk();
        Assert.Equal("Tier 'Silver' has ended; no tier is held now.", (await Words(6))[0]);
        var page = (await _app.Read("/v1/residents/r-1/transactions")).IsOk().At("data").AsArray();
        Assert.Equal("spent", page[0]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_is_simulated_with_the_tier_that_it_would_bring()
    {
        var sent = Event.Earn("r-1", 120, time: Now);

        var simulated = (await _app.Write("/v1/events:simulate", $"{{ \"event\": {sent} }}")).IsOk();

        Assert.Equal("silver", simulated.Word("receipt.tier"));
        Assert.Contains("Tier 'Silver' is reached", simulated.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await Tier()).Number("points"));
    }

    [Fact]
    public async Task Where_there_are_no_tiers_a_balance_shows_none()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var balance = (await (await api.App()).Balance("r-1")).IsOk();

        Assert.Null(balance.Json["tier"]);
    }

    private string Now => _api.Clock.GetCurrentInstant().ToString();

    private Task<Reply> Earn(long quantity, string? id = null) => _app.Event(Event.Earn("r-1", quantity, id, time: Now));

    private async Task<Reply> Tier()
    {
        var balance = (await _app.Balance("r-1")).IsOk();
        return balance with { Text = balance.At("tier").ToJsonString() };
    }

    private async Task<string[]> Words(int transaction, string language = "en") =>
        [.. (await _app.Read($"/v1/residents/r-1/transactions/{transaction}", ("Accept-Language", language))).IsOk().At("explanation").AsArray()
            .Select(sentence => sentence!.GetValue<string>())];
}
