using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Settlement;

/// <summary>What a till reads of its day.</summary>
public sealed class DayLists : IAsyncLifetime
{
    private readonly LedgerApi _api = new();
    private HttpClient _till = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_till, _app) = (await _api.Merchant("tea-house"), await _api.App());
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_day_lists_what_was_taken_and_given_back_where_and_by_whom()
    {
        await Sell("a", 30, "t-1", "c-9");
        await Sell("b", 20, "t-2", "c-9");
        (await _app.Command("/v1/residents/r-1/spends", """{ "merchant": "tea-house", "points": 5, "terminal": "t-2" }""")).IsOk();
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 4, "terminal": "t-2", "cashier": "c-10" }""")).IsOk();
        (await _till.Write("/v1/merchants/tea-house/refs/b/void", "")).IsOk();
        (await _app.Hold("c", 1)).IsOk();

        var lines = (await _till.Read("/v1/merchants/tea-house/sales")).IsOk();
        Assert.Equal("2026-03-01", lines.Word("day"));
        Assert.Equal(
            ["capture 30 a t-1 c-9", "capture 20 b t-2 c-9", "spend 5  t-2 ", "refund -4 a t-2 c-10", "refund -20 b t-2 c-9"],
            lines.At("data").AsArray().Select(line => $"{line!["kind"]} {line["points"]} {line["reference"]} {line["terminal"]} {line["cashier"]}"));
        Assert.Equal(3, (await _till.Read("/v1/merchants/tea-house/sales?terminal=t-2&cashier=c-9")).IsOk().At("data").AsArray().Count
            + (await _till.Read("/v1/merchants/tea-house/sales?terminal=t-1")).IsOk().At("data").AsArray().Count);

        var totals = (await _till.Read("/v1/merchants/tea-house/totals?day=2026-03-01")).IsOk();
        Assert.Equal(
            ["t-1 c-9 1/30 0/0 30", "t-2  1/5 0/0 5", "t-2 c-10 0/0 1/4 -4", "t-2 c-9 1/20 1/20 0"],
            totals.At("data").AsArray().Select(one => $"{one!["terminal"]} {one["cashier"]} {one["sales"]}/{one["captured"]} {one["refunds"]}/{one["refunded"]} {one["net"]}"));
        Assert.Equal((55L, 24L, 31L), (totals.Number("captured"), totals.Number("refunded"), totals.Number("net")));
    }

    [Fact]
    public async Task A_refund_lies_in_the_day_in_which_it_happens()
    {
        await Sell("a", 30, "t-1", "c-9");
        _api.Clock.AdvanceHours(24);
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 4 }""")).IsOk();

        Assert.Equal(30, (await _till.Read("/v1/merchants/tea-house/totals?day=2026-03-01")).IsOk().Number("net"));
        Assert.Equal(-4, (await _till.Read("/v1/merchants/tea-house/totals")).IsOk().Number("net"));
        Assert.Equal("2026-03-02", (await _till.Read("/v1/merchants/tea-house/totals")).IsOk().Word("day"));
    }

    [Fact]
    public async Task A_day_comes_in_pages()
    {
        for (var i = 0; i < 5; i++)
        {
            _api.Clock.Advance(Duration.FromSeconds(i % 2));
            await Sell($"s-{i}", i + 1, "t-1", "c-9");
        }

        var points = new List<long>();
        var url = "/v1/merchants/tea-house/sales?limit=2";
        for (string? cursor = null; ;)
        {
            var page = (await _till.Read(cursor is null ? url : $"{url}&cursor={cursor}")).IsOk();
            points.AddRange(page.At("data").AsArray().Select(line => line!["points"]!.GetValue<long>()));
            if (!page.At("hasMore").GetValue<bool>())
            {
                break;
            }

            cursor = page.Word("nextCursor");
            (await _till.Read($"/v1/merchants/tea-house/sales?terminal=t-1&cursor={cursor}")).IsProblem(400, "cursor_invalid");
        }

        Assert.Equal([1L, 2, 3, 4, 5], points);
    }

    [Fact]
    public async Task Whoever_asks_for_what_is_none_or_not_his_is_told()
    {
        (await (await _api.Merchant("clinic")).Read("/v1/merchants/tea-house/sales")).IsProblem(403, "merchant_not_granted");
        (await (await _api.Merchant("clinic")).Read("/v1/merchants/tea-house/totals")).IsProblem(403, "merchant_not_granted");
        foreach (var day in new[] { "today", "2026-02-30", "20260301", "9999-01-01" })
        {
            (await _till.Read($"/v1/merchants/tea-house/sales?day={day}")).IsProblem(400, "date_invalid");
            (await _till.Read($"/v1/merchants/tea-house/totals?day={day}")).IsProblem(400, "date_invalid");
        }

        (await _till.Read("/v1/merchants/tea-house/sales?terminal=%20")).IsProblem(400, "identifier_invalid");
        (await _till.Read("/v1/merchants/tea-house/sales?limit=0")).IsProblem(400, "limit_invalid");
        Assert.Empty((await _till.Read("/v1/merchants/tea-house/sales")).IsOk().At("data").AsArray());
    }

    private async Task Sell(string sale, long points, string terminal, string cashier)
    {
        (await _app.Command(
            "/v1/holds",
            $$"""{ "merchant": "tea-house", "reference": "{{sale}}", "resident": "r-1", "points": {{points}}, "terminal": "{{terminal}}", "cashier": "{{cashier}}" }""")).IsOk();
        (await _till.Command($"/v1/holds/tea-house,{sale}/capture", "{}")).IsOk();
    }
}
