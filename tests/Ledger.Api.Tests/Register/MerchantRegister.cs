using System.Net;
using Ledger.Api.Security;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Register;

/// <summary>The register of merchants, and what it means for what tills do.</summary>
public sealed class MerchantRegister : IAsyncLifetime
{
    private const string Terms = """ "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 3, "currency": "CNY", "rounding": "half_up" } } """;

    private readonly LedgerApi _api = new();
    private HttpClient _operator = null!;
    private HttpClient _till = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_operator, _till, _app) = (await _api.Operator(), await _api.Merchant("tea-house"), await _api.App());
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_merchant_is_registered_read_changed_and_its_history_kept()
    {
        (await _operator.Read("/v1/merchants/tea-house")).IsProblem(404, "merchant_not_found");
        var first = (await Write(Body(), null)).IsOk();
        Assert.Equal(("\"1\"", "湖畔茶馆", "active"), (Tag(first), first.Word("names.zh-CN"), first.Word("status")));
        Assert.Equal(first.Text, (await _till.Read("/v1/merchants/tea-house")).IsOk().Text);
        (await (await _api.Merchant("clinic")).Read("/v1/merchants/tea-house")).IsProblem(403, "merchant_not_granted");

        (await Write(Body(), null)).IsProblem(428, "precondition_required");
        Assert.Equal("\"1\"", Tag((await Write(Body(), "\"2\"")).IsProblem(412, "precondition_failed")));
        var second = (await Write(Body($$""" "status": "suspended", "terminals": ["t-1"], "cashiers": [ { "id": "c-9", "resident": "r-1003" } ], {{Terms}} """), "\"1\"")).IsOk();
        Assert.Equal(("\"2\"", "suspended", "22:00", "half_up"), (Tag(second), second.Word("status"), second.Word("terms.0.cutOff"), second.Word("terms.0.rate.rounding")));

        var revisions = (await _operator.Read("/v1/merchants/tea-house/revisions")).IsOk().At("data").AsArray();
        Assert.Equal([1L, 2], revisions.Select(revision => revision!["revision"]!.GetValue<long>()));
        Assert.Equal(2, (await _operator.Read("/v1/merchants")).IsOk().Number("data.0.revision"));
        (await _operator.Read("/v1/merchants/clinic/revisions")).IsProblem(404, "merchant_not_found");
        (await Write(Body(), "\"1\"", "clinic")).IsProblem(412, "precondition_failed");
    }

    [Fact]
    public async Task Terms_that_count_never_change_and_terms_to_come_give_way_to_earlier_ones()
    {
        var now = _api.Clock.GetCurrentInstant();
        (await Write(Body(Terms), null)).IsOk();
        (await Write(Body(TermsFrom(now + Duration.FromDays(10), "21:00")), "\"1\"")).IsOk();
        (await Write(Body(TermsFrom(now + Duration.FromSeconds(59), "20:00")), "\"2\"")).IsProblem(422, "terms_too_soon");

        var last = (await Write(Body(TermsFrom(now + Duration.FromDays(5), "20:00")), "\"2\"")).IsOk();

        Assert.Equal(["22:00", "20:00"], last.At("terms").AsArray().Select(terms => terms!["cutOff"]!.GetValue<string>()));
        Assert.Equal((now + Duration.FromSeconds(60)).ToString(), last.Word("terms.0.effectiveFrom"));
        Assert.Equal(2, (await Write(Body(), "\"3\"")).IsOk().At("terms").AsArray().Count);
    }

    [Theory]
    [InlineData(""" "status": "closed" """, "merchant_invalid", "$.status")]
    [InlineData(""" "terminals": ["t-1", "t-1"] """, "merchant_invalid", "$.terminals")]
    [InlineData(""" "cashiers": [ { "id": "c" }, { "id": "c" } ] """, "merchant_invalid", "$.cashiers")]
    [InlineData(""" "cashiers": [ { "id": "c", "name": "x" } ] """, "member_unknown", "$.cashiers[0]")]
    [InlineData(""" "cashiers": {} """, "member_wrong_type", "$.cashiers")]
    [InlineData(""" "terms": { "cutOff": "24:00" } """, "merchant_invalid", "$.terms.cutOff")]
    [InlineData(""" "terms": { "cutOff": "22:00", "rate": { "minorUnits": 0, "points": 1, "currency": "CNY", "rounding": "down" } } """, "quantity_invalid", "$.terms.rate.minorUnits")]
    [InlineData(""" "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1001, "points": 1, "currency": "CNY", "rounding": "down" } } """, "merchant_invalid", "$.terms.rate.minorUnits")]
    [InlineData(""" "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 1000001, "currency": "CNY", "rounding": "down" } } """, "merchant_invalid", "$.terms.rate.points")]
    [InlineData(""" "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 1, "currency": "yuan", "rounding": "down" } } """, "merchant_invalid", "$.terms.rate.currency")]
    [InlineData(""" "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 1, "currency": "CNY", "rounding": "nearest" } } """, "merchant_invalid", "$.terms.rate.rounding")]
    [InlineData(""" "town": "x" """, "member_unknown", "$")]
    public async Task What_is_no_merchant_is_not_written(string members, string code, string path)
    {
        Assert.Equal(path, (await Write(Body(members), null)).IsProblem(400, code).Word("path"));
        (await _operator.Read("/v1/merchants/tea-house")).IsProblem(404, "merchant_not_found");
    }

    [Fact]
    public async Task A_suspended_merchant_sells_nothing_new_and_everything_else_goes_on()
    {
        foreach (var sale in new[] { "taken", "given", "left" })
        {
            (await _app.Hold(sale, 10)).IsOk();
        }

        (await _till.Command("/v1/holds/tea-house,taken/capture", "{}")).IsOk();
        (await Write(Body(""" "status": "suspended" """), null)).IsOk();

        var refused = (await _app.Hold("new", 10)).IsProblem(422, "merchant_suspended");
        Assert.Equal("tea-house", refused.Word("merchant"));
        (await _app.Spend("r-1", 1)).IsProblem(422, "merchant_suspended");
        (await _till.Command("/v1/holds/tea-house,left/capture", "{}")).IsOk();
        (await _till.Command("/v1/holds/tea-house,given/release", "")).IsOk();
        (await _till.Command("/v1/merchants/tea-house/refs/taken/refunds", """{ "points": 4 }""")).IsOk();
        (await _till.Write("/v1/merchants/tea-house/refs/taken/void", "")).IsOk();

        // The refusal is remembered: active again, the same request stays refused.
        (await Write(Body(), "\"1\"")).IsOk();
        (await _app.Hold("new", 10)).IsProblem(422, "merchant_suspended");
        (await _app.Hold("another", 10)).IsOk();
    }

    [Fact]
    public async Task A_key_of_one_till_is_that_till_and_tills_that_are_not_listed_sell_nothing()
    {
        (await Write(Body(""" "terminals": ["t-1"] """), null)).IsOk();
        var own = await _api.ClientOf(new("till-1", Roles.Merchant, new(LedgerApi.Community), [], new MerchantId("tea-house"), null, null, "t-1"));
        var gone = await _api.ClientOf(new("till-2", Roles.Merchant, new(LedgerApi.Community), [], new MerchantId("tea-house"), null, null, "t-2"));

        (await own.Command("/v1/holds", await Hold("a", ""))).IsOk();
        Assert.Equal("t-1", (await own.Read("/v1/merchants/tea-house/refs/a")).IsOk().Word("terminal"));
        Assert.Equal("$.terminal", (await own.Command("/v1/holds", await Hold("b", """, "terminal": "t-2" """))).IsProblem(403, "terminal_not_granted").Word("path"));
        Assert.Equal("t-2", (await gone.Command("/v1/holds", await Hold("c", ""))).IsProblem(422, "unknown_terminal").Word("terminal"));
        (await _till.Command("/v1/holds", await Hold("d", """, "terminal": "t-9" """))).IsProblem(422, "unknown_terminal");
        (await _app.Command("/v1/residents/r-1/spends", """{ "merchant": "tea-house", "points": 1, "terminal": "t-2" }""")).IsProblem(422, "unknown_terminal");

        // What was set aside is taken, also where its till is gone meanwhile; it gives nothing back there.
        (await gone.Command("/v1/holds/tea-house,a/capture", "{}")).IsOk();
        (await gone.Command("/v1/merchants/tea-house/refs/a/refunds", "{}")).IsProblem(422, "unknown_terminal");
        (await own.Command("/v1/merchants/tea-house/refs/a/refunds", "{}")).IsOk();
    }

    [Fact]
    public async Task Where_tills_are_listed_a_merchants_key_says_which_one_it_is()
    {
        var before = await Hold("before", "");
        (await _till.Command("/v1/holds", before, "before")).IsOk();
        (await Write(Body(""" "terminals": ["t-1"] """), null)).IsOk();

        var nowhere = await Hold("a", "");
        Assert.Contains("tea-house", (await _till.Command("/v1/holds", nowhere, "a")).IsProblem(403, "terminal_required").Word("detail"), StringComparison.Ordinal);
        Assert.Equal("unknown", (await _till.Read("/v1/merchants/tea-house/refs/a")).IsOk().Word("status"));
        (await _till.Command("/v1/holds", nowhere.Replace("\"points\": 10", "\"points\": 10, \"terminal\": \"t-1\"", StringComparison.Ordinal), "a")).IsOk();
        (await _till.Command("/v1/holds/tea-house,a/capture", "{}")).IsOk();
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", "{}")).IsProblem(403, "terminal_required");
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "terminal": "t-1" }""")).IsOk();

        // An app is no till, and what was answered is answered again.
        (await _app.Hold("b", 10)).IsOk();
        Assert.True((await _till.Command("/v1/holds", before, "before")).IsOk().IsReplayed);
    }

    [Fact]
    public async Task A_key_of_one_till_is_made_and_rotated_as_such()
    {
        var made = (await _operator.Write(
            "/v1/keys", $$"""{ "client": "{{LedgerApi.NewName("till")}}", "roles": ["merchant"], "merchant": "tea-house", "terminal": "t-1" }""")).IsOk(HttpStatusCode.Created);
        Assert.Equal("t-1", made.Word("terminal"));
        var rotated = (await _operator.Write($"/v1/keys/{made.Word("id")}/rotate", "")).IsOk(HttpStatusCode.Created);
        Assert.Equal(("tea-house", "t-1"), (rotated.Word("merchant"), rotated.Word("terminal")));
        (await _api.ClientWith(rotated.Word("key")).Command("/v1/holds", await Hold("a", """, "terminal": "t-2" """))).IsProblem(403, "terminal_not_granted");
        (await _operator.Write("/v1/keys", $$"""{ "client": "{{LedgerApi.NewName("app")}}", "roles": ["app"], "terminal": "t-1" }""")).IsProblem(422, "grant_invalid");
    }

    [Fact]
    public async Task Receipts_tell_the_money_the_day_and_the_cash_that_goes_back()
    {
        (await Write(Body(Terms), null)).IsOk();
        _api.Clock.AdvanceMinutes(1);
        (await _till.Command("/v1/holds", await Hold("a", """, "cash": 1000 """))).IsOk();

        var captured = (await _till.Command("/v1/holds/tea-house,a/capture", """{ "points": 8 }""")).IsOk();
        Assert.Equal((3L, "CNY", "2026-03-01", "2026-03-01T14:00:00Z"), (captured.Number("money"), captured.Word("currency"), captured.Word("settlementDay"), captured.Word("settlesAt")));
        var first = (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 3 }""")).IsOk();
        Assert.Equal((1L, 375L), (first.Number("money"), first.Number("cashBack")));
        _api.Clock.AdvanceHours(10);
        var settled = (await _till.Write("/v1/merchants/tea-house/refs/a/void", "")).IsProblem(422, "settled_use_refund");
        Assert.Equal((8L, 3L, "2026-03-01T14:00:00Z"), (settled.Number("captured"), settled.Number("refunded"), settled.Word("settledAt")));
        var second = (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", "{}")).IsOk();
        Assert.Equal((2L, 625L, "2026-03-02"), (second.Number("money"), second.Number("cashBack"), second.Word("settlementDay")));
        var sale = (await _till.Read("/v1/merchants/tea-house/refs/a")).IsOk();
        Assert.Equal((1000L, 1000L, "2026-03-01T14:00:00Z"), (sale.Number("cash"), sale.Number("cashBack"), sale.Word("settlesAt")));
    }

    private async Task<string> Hold(string sale, string more) =>
        $$"""{ "merchant": "tea-house", "reference": "{{sale}}", "paycode": "{{await _app.Paycode()}}", "points": 10{{more}} }""";

    private static string Body(string members = "") =>
        $$"""{ "names": { "zh-CN": "湖畔茶馆", "en": "Lakeside tea house" }, "category": "shops" {{(members.Length > 0 ? "," + members : "")}} }""";

    private static string TermsFrom(Instant from, string cutOff) => $$""" "terms": { "effectiveFrom": "{{from}}", "cutOff": "{{cutOff}}" } """;

    private static string? Tag(Reply reply) => reply.Message.Headers.ETag?.Tag;

    private Task<Reply> Write(string body, string? seen, string merchant = "tea-house") =>
        _operator.Ask(HttpMethod.Put, $"/v1/merchants/{merchant}", body, ("If-Match", seen));
}
