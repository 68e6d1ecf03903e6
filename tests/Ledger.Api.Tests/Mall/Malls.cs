using System.Net;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Mall;

/// <summary>The mall as operators, residents' apps and merchants see it.</summary>
public sealed class Malls : IAsyncLifetime
{
    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;
    private HttpClient _counter = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_app, _counter, _operator) = (await _api.App(), await _api.Merchant("tea-house"), await _api.Operator());
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
        (await _operator.Put("tea", MallRequests.Tea)).IsOk();
        (await _operator.Put("visit", MallRequests.Visit)).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_reward_is_changed_by_whoever_has_seen_it_and_what_was_redeemed_keeps_its_price()
    {
        var redemption = (await _app.Redeem("r-1", "tea")).IsOk().Word("redemption");
        var dearer = MallRequests.Tea.Replace("12", "15", StringComparison.Ordinal);

        (await _operator.Put("tea", dearer)).IsProblem(428, "precondition_required");
        Assert.Equal("\"2\"", (await _operator.Put("tea", dearer, "\"1\"")).IsOk().Message.Headers.ETag!.Tag);
        (await _operator.Put("tea", dearer, "\"1\"")).IsProblem(412, "precondition_failed");

        Assert.Equal(15, (await _app.Read("/v1/rewards/tea")).IsOk().Number("price.points"));
        Assert.Equal(12, (await _app.Read($"/v1/redemptions/{redemption}")).IsOk().Number("price.points"));
        Assert.Equal(15, (await _app.Redeem("r-1", "tea")).IsOk().Number("spent"));
    }

    [Fact]
    public async Task A_withdrawn_reward_is_offered_no_longer_until_it_is_put_again()
    {
        (await _operator.Withdraw("tea", "\"1\"")).IsOk(HttpStatusCode.NoContent);

        (await _app.Read("/v1/rewards/tea")).IsProblem(404, "reward_not_found");
        (await _app.Redeem("r-1", "tea")).IsProblem(422, "reward_not_offered");
        (await _operator.Withdraw("tea", "\"2\"")).IsProblem(404, "reward_not_found");
        Assert.Equal(3, (await _operator.Put("tea", MallRequests.Tea)).IsOk().Number("revision"));
        (await _app.Redeem("r-1", "tea")).IsOk();
    }

    [Theory]
    [InlineData("tea", "\"1\"")]
    [InlineData("tea", "\"2\"")]
    [InlineData("tea", "*")]
    [InlineData("new", "\"1\"")]
    public async Task Who_changes_a_reward_that_is_not_offered_any_more_is_told_and_does_not_offer_it_again(string reward, string seen)
    {
        (await _operator.Withdraw("tea", "\"1\"")).IsOk(HttpStatusCode.NoContent);

        (await _operator.Put(reward, MallRequests.Tea, seen)).IsProblem(412, "precondition_failed");

        (await _app.Read($"/v1/rewards/{reward}")).IsProblem(404, "reward_not_found");
    }

    [Fact]
    public async Task All_mistakes_of_a_reward_are_told_at_once()
    {
        var reply = (await _operator.Put("bad", """
            { "kind": "toy", "category": "shops", "merchant": "tea house", "names": { }, "price": { "points": 0, "cash": { "amount": -5, "currency": "yuan" } },
              "images": ["http://pictures.example/1"], "handover": "pick_up", "limits": [ { "per": "month", "max": 0 } ], "colour": "red" }
            """)).IsProblem(422, "reward_invalid");

        Assert.Equal(
            ["$.colour", "$.images[0]", "$.kind", "$.limits[0].max", "$.merchant", "$.names", "$.price.cash.amount", "$.price.cash.currency", "$.price.points"],
            reply.At("problems").AsArray().Select(problem => problem!["path"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_mall_is_listed_by_category_and_in_the_caller_s_language()
    {
        var chinese = (await _app.Read("/v1/rewards?category=shops", ("Accept-Language", "zh-CN"))).IsOk().At("data").AsArray();

        Assert.Equal("龙井茶礼盒", Assert.Single(chinese)!["name"]!.GetValue<string>());
        Assert.Equal("A visit", (await _app.Read("/v1/rewards/visit", ("Accept-Language", "zh-CN"))).IsOk().Word("name"));
        Assert.Equal(2, (await (await _api.Resident("r-1")).Read("/v1/rewards")).IsOk().At("data").AsArray().Count);
        (await _app.Read("/v1/rewards?category=toys")).IsProblem(400, "category_unknown");
    }

    [Fact]
    public async Task What_stands_in_the_way_is_told_with_its_numbers()
    {
        var open = (await _app.Read("/v1/residents/r-1/rewards/tea?quantity=2")).IsOk();
        Assert.Empty(open.At("obstacles").AsArray());
        (await _app.Redeem("r-1", "tea", 2)).IsOk();

        var closed = (await _app.Read("/v1/residents/r-1/rewards/tea")).IsOk().At("obstacles").AsArray();

        var limit = Assert.Single(closed)!;
        Assert.Equal(("reward_limit_reached", 2L, 2L, "2026-03-31T16:00:00Z"), (limit["code"]!.GetValue<string>(), limit["limit"]!.GetValue<long>(), limit["used"]!.GetValue<long>(), limit["resetsAt"]!.GetValue<string>()));
        (await _app.Redeem("r-1", "tea")).IsProblem(422, "reward_limit_reached");
        var poor = (await _app.Read("/v1/residents/r-poor/rewards")).IsOk().At("data").AsArray();
        Assert.All(poor, reward => Assert.Equal("insufficient_points", Assert.Single(reward!["obstacles"]!.AsArray())!["code"]!.GetValue<string>()));
        (await _app.Read("/v1/residents/r-1/rewards/tea?quantity=0")).IsProblem(400, "quantity_invalid");
        (await _app.Read("/v1/residents/r-1/rewards/none")).IsProblem(404, "reward_not_found");
    }

    [Fact]
    public async Task A_reward_is_redeemed_once_made_ready_and_picked_up_with_the_code()
    {
        var first = (await _app.Redeem("r-1", "tea", key: "tea-1")).IsOk();
        var again = (await _app.Redeem("r-1", "tea", key: "tea-1")).IsOk();
        Assert.Equal((first.Text, true), (again.Text, again.IsReplayed));
        var (redemption, code) = (first.Word("redemption"), first.Word("pickupCode"));

        (await _counter.Step(redemption, "ready")).IsOk();
        var seen = (await _counter.Read($"/v1/redemptions/{redemption}")).IsOk();
        Assert.Equal("ready", seen.Word("status"));
        Assert.Null(seen.Json["code"]);
        Assert.Equal(code, (await (await _api.Resident("r-1")).Read("/v1/residents/r-1/redemptions")).IsOk().At("data")[0]!["code"]!.GetValue<string>());
        (await _counter.Step(redemption, "pick-up", """{ "code": "wrong" }""")).IsProblem(422, "wrong_pickup_code");
        (await (await _api.Merchant("clinic")).Step(redemption, "pick-up", $$"""{ "code": "{{code}}" }""")).IsProblem(403, "merchant_not_granted");
        Assert.Equal("picked_up", (await _counter.Step(redemption, "pick-up", $$"""{ "code": "{{code}}" }""")).IsOk().Word("redemptionStatus"));

        var late = (await _app.Step(redemption, "cancel")).IsProblem(422, "redemption_step_not_allowed");
        Assert.Equal(("picked_up", "cancel"), (late.Word("standing"), late.Word("step")));
        Assert.Empty((await _app.Read("/v1/residents/r-1/redemptions")).IsOk().At("data").AsArray());
    }

    [Fact]
    public async Task Where_cash_is_to_be_paid_the_points_wait_and_come_back_when_it_is_not()
    {
        var paid = (await _app.Redeem("r-1", "visit")).IsOk();
        Assert.Equal(("awaits_payment", 990L, 8L), (paid.Word("redemptionStatus"), paid.Number("cash.amount"), paid.Number("balance.held")));
        Assert.Equal(8, (await _app.Step(paid.Word("redemption"), "pay")).IsOk().Number("captured"));
        (await _app.Step(paid.Word("redemption"), "book", """{ "slot": "2026-03-05T09:30:00+08:00" }""")).IsOk();
        Assert.Equal("2026-03-05T01:30:00Z", (await _app.Read($"/v1/redemptions/{paid.Word("redemption")}")).IsOk().Word("slot"));

        var lapsed = (await _app.Redeem("r-1", "visit")).IsOk().Word("redemption");
        _api.Clock.Advance(Duration.FromMinutes(30));
        Assert.Equal("timed_out", (await _app.Read($"/v1/redemptions/{lapsed}")).IsOk().Word("status"));
        (await _app.Step(lapsed, "pay")).IsProblem(422, "redemption_step_not_allowed");
        Assert.Equal(92, (await _app.Balance("r-1")).Number("available"));
    }

    [Fact]
    public async Task Cancelling_gives_the_points_back_and_is_explained()
    {
        var redemption = (await _app.Redeem("r-1", "tea")).IsOk().Word("redemption");

        var cancelled = (await _app.Step(redemption, "cancel")).IsOk();

        Assert.Equal((12L, "cancelled", 100L), (cancelled.Number("refunded"), cancelled.Word("redemptionStatus"), cancelled.Number("balance.available")));
        var story = (await _app.Read($"/v1/residents/r-1/transactions/{cancelled.Number("transaction")}", ("Accept-Language", "zh-CN"))).IsOk();
        Assert.Contains("退回 12 分", story.At("explanation").ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        (await _app.Step("0123456789abcdef0123456789abcdef", "cancel")).IsProblem(404, "redemption_not_found");
    }

    [Fact]
    public async Task A_refused_redemption_stays_refused_and_is_no_redemption()
    {
        (await _app.Redeem("r-poor", "tea", key: "k")).IsProblem(422, "insufficient_points");
        (await _app.Event(Event.Earn("r-poor", 50))).IsOk();

        (await _app.Redeem("r-poor", "tea", key: "k")).IsProblem(422, "insufficient_points");
        (await _app.Redeem("r-poor", "visit", key: "k")).IsProblem(422, "command_id_reused");
    }
}
