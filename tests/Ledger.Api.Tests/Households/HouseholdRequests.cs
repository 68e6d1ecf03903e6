using System.Globalization;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Households;

/// <summary>A household, its pooled spends and their refunds, through HTTP.</summary>
public sealed class HouseholdRequests : IAsyncLifetime
{
    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_app, _operator) = (await _api.App(), await _api.Operator());
        foreach (var resident in new[] { "wang", "li", "zhao" })
        {
            (await _app.Event(Event.Earn(resident, 50))).IsOk();
            (await Put(_operator, $"/v1/households/home/members/{resident}")).IsOk();
        }

        (await Put(await _api.Resident("li"), "/v1/residents/li/pool-consent", """{ "perSpendMax": 30 }""")).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Members_spend_together_and_the_merchant_sees_one_sale()
    {
        var key = Guid.NewGuid().ToString();
        var spent = (await Spend("wang", "sale-1", 70, key)).IsOk();
        Assert.Equal(("captured", 70, "wang", 50, "li", 20), (spent.Word("status"), spent.Number("points"), spent.Word("shares.0.resident"), spent.Number("shares.0.points"), spent.Word("shares.1.resident"), spent.Number("shares.1.points")));
        var again = (await Spend("wang", "sale-1", 70, key)).IsOk();
        Assert.Equal((spent.Text, true), (again.Text, again.IsReplayed));
        (await Spend("wang", "sale-1", 71, key)).IsProblem(422, "command_id_reused");
        (await Spend("li", "sale-1", 1)).IsProblem(422, "reference_reused");
        Assert.Equal((0, 30), ((await _app.Balance("wang")).Number("available"), (await _app.Balance("li")).Number("available")));

        var till = await _api.Merchant("tea-house");
        var sale = (await till.Read("/v1/merchants/tea-house/refs/sale-1")).IsOk();
        Assert.Equal(("captured", 70, "home", spent.Number("spend")), (sale.Word("status"), sale.Number("captured"), sale.Word("household"), sale.Number("transaction")));
        Assert.DoesNotContain("shares", sale.Text, StringComparison.Ordinal);
        var sales = (await till.Read("/v1/merchants/tea-house/sales")).IsOk();
        Assert.Equal(2, sales.Text.Split("\"reference\":\"sale-1\"").Length - 1);
        (await till.Write("/v1/holds/tea-house,sale-1/capture", "{}", headers: ("Idempotency-Key", "c"))).IsProblem(409, "sale_is_pooled");
        (await till.Write("/v1/merchants/tea-house/refs/sale-1/refunds", "{}", headers: ("Idempotency-Key", "r"))).IsProblem(409, "sale_is_pooled");
        (await till.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsProblem(409, "sale_is_pooled");
        (await _operator.Command("/v1/residents/li/transactions/4/refunds", "{}")).IsProblem(422, "share_of_pool");
        Assert.Contains("share of spend", (await _app.Read("/v1/residents/li/transactions/4", ("Accept-Language", "en"))).IsOk().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refund_at_the_till_goes_back_to_those_who_paid()
    {
        var number = (await Spend("wang", "sale-1", 70)).IsOk().Number("spend");
        var till = await _api.Merchant("tea-house");

        var part = (await Refund(till, number, """{ "points": 35 }""")).IsOk();
        Assert.Equal(("captured", 35), (part.Word("status"), part.Number("refunded")));
        Assert.Equal((35, 25), (part.Number("refund.points"), part.Number("shares.0.refunded")));
        Assert.Equal((25, 40), ((await _app.Balance("wang")).Number("available"), (await _app.Balance("li")).Number("available")));
        (await Refund(till, number, """{ "points": 36 }""")).IsProblem(422, "pooled_refund_exceeds");
        (await Refund(await _api.Merchant("clinic"), number, "{}")).IsProblem(403, "merchant_not_granted");

        Assert.Equal("refunded", (await Refund(_operator, number, "{}")).IsOk().Word("status"));
        Assert.Equal(50, (await _app.Read($"/v1/households/home/spends/{number}")).IsOk().Number("shares.0.refunded"));
        Assert.Equal((50, 50), ((await _app.Balance("wang")).Number("available"), (await _app.Balance("li")).Number("available")));
        Assert.Equal("refunded", (await till.Read("/v1/merchants/tea-house/refs/sale-1")).IsOk().Word("status"));
        Assert.Equal("refunded", (await till.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsOk().Word("status"));
        (await Refund(till, 999, "{}")).IsProblem(404, "pooled_spend_not_found");
        (await _app.Read("/v1/households/home/spends/1")).IsProblem(404, "pooled_spend_not_found");
    }

    [Fact]
    public async Task What_cannot_be_spent_is_refused_for_good_with_what_each_could_give()
    {
        var key = Guid.NewGuid().ToString();
        var refused = (await Spend("wang", "sale-1", 81, key)).IsProblem(422, "pool_too_small");
        Assert.Equal((81, 50, 30, 0), (refused.Number("requested"), refused.Number("offers.0.points"), refused.Number("offers.1.points"), refused.Number("offers.2.points")));
        Assert.Contains("wang 50, li 30, zhao 0", refused.Text, StringComparison.Ordinal);
        (await _app.Event(Event.Earn("wang", 50))).IsOk();
        Assert.True((await Spend("wang", "sale-1", 81, key)).IsProblem(422, "pool_too_small").IsReplayed);

        var seen = (await (await _api.Merchant("tea-house")).Read("/v1/merchants/tea-house/refs/sale-1")).IsOk();
        Assert.Equal(("refused", "pool_too_small"), (seen.Word("status"), seen.Word("problem.code")));
        Assert.DoesNotContain("\"offers\":", seen.Text, StringComparison.Ordinal);
        Assert.Equal("refused", (await _operator.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsOk().Word("status"));
        (await Spend("nobody", "sale-2", 1)).IsProblem(422, "not_a_member");
        (await _app.Command("/v1/households/hoem/spends", """{ "resident": "wang", "merchant": "tea-house", "reference": "sale-3", "points": 1 }""")).IsProblem(404, "household_not_found");
        (await Spend("wang", "sale-3", 1)).IsOk();
    }

    [Fact]
    public async Task Who_may_not_spend_buys_nothing_with_the_points_of_others()
    {
        (await _operator.Command("/v1/residents/wang/freeze", """{ "reason": "stolen" }""")).IsOk();
        (await Spend("wang", "sale-1", 20)).IsProblem(422, "wallet_frozen");
        Assert.Equal(50, (await _app.Balance("li")).Number("available"));
    }

    [Fact]
    public async Task What_is_under_way_is_neither_called_done_nor_undone()
    {
        var number = (await Spend("wang", "sale-1", 70)).IsOk().Number("spend");
        (await _operator.Command("/v1/residents/li/adjustments", $$"""{ "points": {{(1L << 53) - 31}}, "reason": "test" }""")).IsOk();

        (await Refund(_operator, number, "{}", "key")).IsProblem(503, "under_way");
        (await _operator.Command("/v1/residents/li/adjustments", """{ "points": -1000, "reason": "test" }""")).IsOk();
        var refunded = (await Refund(_operator, number, "{}", "key")).IsOk();

        Assert.True(refunded.IsReplayed);
        Assert.Equal(("refunded", 70), (refunded.Word("status"), refunded.Number("refunded")));
    }

    [Fact]
    public async Task A_refund_that_is_done_is_answered_again_whatever_the_till_may_do_by_now()
    {
        var number = (await Spend("wang", "sale-1", 70)).IsOk().Number("spend");
        var till = await _api.Merchant("tea-house");
        (await Refund(till, number, "{}", "key")).IsOk();
        (await Register("active", "\"t-1\"")).IsOk();

        Assert.True((await Refund(till, number, "{}", "key")).IsOk().IsReplayed);
        (await Refund(till, number, "{}")).IsProblem(403, "terminal_required");
    }

    [Fact]
    public async Task The_money_of_all_shares_is_that_of_the_sale()
    {
        var rate = """{ "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 2, "currency": "CNY", "rounding": "half_up" } }""";
        (await Register("active", "", rate)).IsOk();
        _api.Clock.Advance(Duration.FromMinutes(2));
        (await Put(await _api.Resident("zhao"), "/v1/residents/zhao/pool-consent", """{ "perSpendMax": 1 }""")).IsOk();
        (await Put(await _api.Resident("li"), "/v1/residents/li/pool-consent", """{ "perSpendMax": 1 }""")).IsOk();
        (await _operator.Command("/v1/residents/wang/adjustments", """{ "points": -49, "reason": "test" }""")).IsOk();

        var number = (await Spend("wang", "sale-1", 3)).IsOk().Number("spend");
        Assert.Equal("0 1 1", string.Join(' ', await Money()));
        (await Refund(_operator, number, """{ "points": 2 }""")).IsOk();
        (await Refund(_operator, number, "{}")).IsOk();
        Assert.Equal(0, (await Money()).Sum());

        async Task<long[]> Money() => [.. (await _app.Read("/v1/merchants/tea-house/sales")).IsOk().Text.Split("\"money\":")[1..].Select(rest => long.Parse(rest.Split(',', '}')[0], CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task A_merchant_that_may_not_sell_is_told_as_one()
    {
        (await Register("suspended", "")).IsOk();
        (await Spend("wang", "sale-1", 70)).IsProblem(422, "merchant_suspended");
    }

    [Fact]
    public async Task A_share_that_a_wallet_refuses_is_told_and_nobody_pays()
    {
        (await _app.Event(Event.Earn("li", 100))).IsOk();
        foreach (var i in Enumerable.Range(0, 100))
        {
            (await _app.Command("/v1/holds", $$"""{ "resident": "li", "merchant": "tea-house", "reference": "hold-{{i}}", "points": 1 }""")).IsOk();
        }

        var refused = (await Spend("wang", "sale-1", 70)).IsProblem(422, "share_refused");
        Assert.Equal(("li", "too_many_holds"), (refused.Word("resident"), refused.Word("why.code")));
        Assert.Equal((50, 50), ((await _app.Balance("wang")).Number("available"), (await _app.Balance("li")).Number("available")));
    }

    [Fact]
    public async Task A_resident_belongs_to_one_household_and_decides_what_others_may_spend()
    {
        (await Put(_operator, "/v1/households/other/members/wang")).IsProblem(422, "in_other_household");
        (await Put(_app, "/v1/residents/nobody/pool-consent", """{ "perMonthMax": 5 }""")).IsProblem(422, "not_in_household");
        (await Put(_app, "/v1/residents/li/pool-consent", """{ "perMonthMax": 0 }""")).IsProblem(400, "points_invalid");
        Assert.Equal(30, (await _app.Read("/v1/residents/li/household")).IsOk().Number("consent.perSpendMax"));
        Assert.Equal((0, 30, 0), Given(await _app.Read("/v1/households/home")));

        (await Put(_app, "/v1/residents/zhao/pool-consent", """{ "perSpendMax": 40, "perMonthMax": 10 }""")).IsOk();
        (await Put(_app, "/v1/residents/li/pool-consent", "{}")).IsOk();
        (await Spend("wang", "sale-1", 56)).IsOk();
        Assert.Equal(6, (await _app.Read("/v1/residents/zhao/household")).IsOk().Number("spentByOthers.points"));
        Assert.Equal((0, 0, 4), Given(await _app.Read("/v1/households/home")));
        _api.Clock.Advance(Duration.FromDays(31));
        Assert.Equal((0, 0, 10), Given(await _app.Read("/v1/households/home")));

        (await RemoveZhao("out")).IsOk();
        (await RemoveZhao("again")).IsOk();
        Assert.True((await RemoveZhao("out")).IsOk().IsReplayed);
        Assert.Equal("{}", (await _app.Read("/v1/residents/zhao/household")).IsOk().Text);
        (await Put(_operator, "/v1/households/other/members/zhao")).IsOk();
        (await _app.Read("/v1/households/nowhere")).IsProblem(404, "household_not_found");
        Assert.Contains("\"kind\":\"household\"", (await _operator.Read("/v1/feed")).IsOk().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gifts_stay_within_a_household_where_the_programme_says_so()
    {
        await using var api = new LedgerApi();
        await api.Furnish("""
            { "expiry": { "kind": "rolling", "months": 12 }, "gifts": { "within": "household" },
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("wang", 50))).IsOk();
        (await app.Event(Event.Earn("li", 50))).IsOk();
        (await app.Command("/v1/residents/wang/gifts", """{ "to": "li", "points": 5 }""")).IsProblem(422, "gift_outside_household");

        (await Put(@operator, "/v1/households/home/members/wang")).IsOk();
        var outside = (await app.Command("/v1/residents/wang/gifts", """{ "to": "li", "points": 5 }""")).IsOk().Number("transaction");
        var back = (await app.Read($"/v1/residents/wang/gifts/{outside}")).IsOk();
        Assert.Equal(("refused", "gift_outside_household"), (back.Word("state"), back.Word("refusal")));

        (await Put(@operator, "/v1/households/home/members/li")).IsOk();
        (await app.Command("/v1/residents/wang/gifts", """{ "to": "li", "points": 5 }""")).IsOk();
        Assert.Equal((45, 55), ((await app.Balance("wang")).Number("available"), (await app.Balance("li")).Number("available")));
    }

    private static (long, long, long) Given(Reply reply) =>
        (reply.IsOk().Number("members.0.couldGive"), reply.Number("members.1.couldGive"), reply.Number("members.2.couldGive"));

    private Task<Reply> Spend(string resident, string reference, long points, string? key = null) => _app.Command(
        "/v1/households/home/spends", $$"""{ "resident": "{{resident}}", "merchant": "tea-house", "reference": "{{reference}}", "points": {{points}} }""", key);

    private static Task<Reply> Refund(HttpClient client, long number, string body, string? key = null) => client.Command($"/v1/households/home/spends/{number}/refunds", body, key);

    private Task<Reply> Register(string status, string terminals, string? terms = null) => _operator.Ask(
        HttpMethod.Put,
        "/v1/merchants/tea-house",
        $$"""{ "names": { "zh-CN": "茶馆", "en": "Tea house" }, "category": "shops", "status": "{{status}}", "terminals": [ {{terminals}} ] {{(terms is null ? "" : ", \"terms\": " + terms)}} }""",
        ("If-None-Match", "*"));

    private Task<Reply> RemoveZhao(string key) => _operator.Ask(HttpMethod.Delete, "/v1/households/home/members/zhao", null, ("Idempotency-Key", key));

    private static Task<Reply> Put(HttpClient client, string url, string? body = null) =>
        client.Ask(HttpMethod.Put, url, body, ("Idempotency-Key", Guid.NewGuid().ToString()));
}
