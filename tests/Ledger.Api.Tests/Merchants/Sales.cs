using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Merchants;

/// <summary>Holds and references as tills see them.</summary>
public sealed class Sales : IAsyncLifetime
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
    public async Task Points_are_set_aside_and_then_captured_in_part()
    {
        var hold = (await _app.Hold("sale-1", 30)).IsOk();

        Assert.Equal(("tea-house,sale-1", 30L, "2026-03-01T04:05:00Z"), (hold.Word("hold"), hold.Number("held"), hold.Word("heldUntil")));
        Assert.Equal((70L, 30L), (hold.Number("balance.available"), hold.Number("balance.held")));
        Assert.Equal(30, (await _app.Balance("r-1")).Number("held"));

        var capture = (await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 25 }""")).IsOk();

        Assert.Equal((25L, 5L), (capture.Number("captured"), capture.Number("released")));
        var sale = await Sale("sale-1");
        Assert.Equal(("captured", 30L, 25L, 0L, 0L), (sale.Word("status"), sale.Number("points"), sale.Number("captured"), sale.Number("held"), sale.Number("refunded")));
        Assert.Equal(("t-1", "c-9"), (sale.Word("terminal"), sale.Word("cashier")));
    }

    [Fact]
    public async Task A_sale_takes_several_captures_until_one_is_final()
    {
        await _app.Hold("sale-1", 30);

        var first = (await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 10, "final": false }""")).IsOk();
        Assert.Equal(10, first.Number("captured"));
        Assert.Equal(("held", 20L, 10L), ((await Sale("sale-1")).Word("status"), (await Sale("sale-1")).Number("held"), (await Sale("sale-1")).Number("captured")));
        (await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 21 }""")).IsProblem(422, "capture_exceeds_hold");
        (await _till.Command("/v1/holds/tea-house,sale-1/capture", "{}")).IsOk();

        var late = (await _till.Command("/v1/holds/tea-house,sale-1/capture", "{}")).IsProblem(422, "hold_ended");
        Assert.Equal(("captured", 30L, 30L), (late.Word("how"), late.Number("held"), late.Number("captured")));
    }

    [Fact]
    public async Task The_same_hold_sent_again_is_the_same_hold_and_another_one_is_refused()
    {
        var first = (await _app.Hold("sale-1", 30)).IsOk();

        var again = (await _app.Hold("sale-1", 30)).IsOk();
        var other = (await _app.Hold("sale-1", 31)).IsProblem(422, "reference_reused");

        foreach (var member in new[] { "hold", "heldUntil" })
        {
            Assert.Equal(first.Word(member), again.Word(member));
        }

        Assert.Equal((30L, 30L, 70L), (again.Number("held"), again.Number("balance.held"), again.Number("balance.available")));
        Assert.Equal(("tea-house,sale-1", 30L), (other.Word("reference"), other.Number("points")));
        (await _app.Hold("sale-1", 10, merchant: "clinic")).IsOk();
        Assert.Equal(40, (await _app.Balance("r-1")).Number("held"));
    }

    [Fact]
    public async Task A_reference_tells_what_became_of_it_at_any_time()
    {
        Assert.Equal("unknown", (await Sale("never")).Word("status"));

        await _app.Hold("held", 10);
        Assert.Equal("held", (await Sale("held")).Word("status"));

        await _app.Hold("released", 10);
        (await _till.Command("/v1/holds/tea-house,released/release", "")).IsOk();
        Assert.Equal("released", (await Sale("released")).Word("status"));

        await _app.Hold("refused", 1000);
        var refused = await Sale("refused");
        Assert.Equal(("refused", "insufficient_points", 1000L), (refused.Word("status"), refused.Word("problem.code"), refused.Number("problem.requested")));

        await _app.Hold("refunded", 10);
        await _till.Command("/v1/holds/tea-house,refunded/capture", "{}");
        (await _till.Command("/v1/merchants/tea-house/refs/refunded/refunds", """{ "points": 4 }""")).IsOk();
        Assert.Equal(("captured", 4L), ((await Sale("refunded")).Word("status"), (await Sale("refunded")).Number("refunded")));
        (await _till.Command("/v1/merchants/tea-house/refs/refunded/refunds", "{}")).IsOk();
        Assert.Equal("refunded", (await Sale("refunded")).Word("status"));

        _api.Clock.Advance(Duration.FromMinutes(5));
        var timedOut = await Sale("held");
        Assert.Equal(("timed_out", "2026-03-01T04:05:00Z"), (timedOut.Word("status"), timedOut.Word("endedAt")));
        (await _till.Command("/v1/holds/tea-house,held/capture", "{}")).IsProblem(422, "hold_ended");
        Assert.Equal((100L, 0L), ((await _app.Balance("r-1")).Number("available"), (await _app.Balance("r-1")).Number("held")));
    }

    [Fact]
    public async Task A_void_is_safe_at_any_time()
    {
        Assert.Equal("voided", (await Void("early")).IsOk().Word("status"));
        (await _app.Hold("early", 10)).IsProblem(422, "reference_voided");
        (await _till.Command("/v1/holds/tea-house,early/capture", "{}")).IsProblem(422, "reference_voided");

        await _app.Hold("held", 10);
        Assert.Equal("voided", (await Void("held")).IsOk().Word("status"));
        (await _till.Command("/v1/holds/tea-house,held/capture", "{}")).IsProblem(422, "hold_ended");

        await _app.Hold("captured", 10);
        await _till.Command("/v1/holds/tea-house,captured/capture", """{ "points": 6 }""");
        Assert.Equal(("refunded", 6L), ((await Void("captured")).IsOk().Word("status"), (await Void("captured")).Number("refunded")));

        await _app.Hold("refused", 1000);
        Assert.Equal("refused", (await Void("refused")).IsOk().Word("status"));

        foreach (var again in new[] { ("early", "voided"), ("held", "voided"), ("captured", "refunded") })
        {
            // Another till of the merchant.
            var other = await _api.Merchant("tea-house");
            Assert.Equal(again.Item2, (await other.Write($"/v1/merchants/tea-house/refs/{again.Item1}/void", "")).IsOk().Word("status"));
        }

        Assert.Equal((100L, 0L), ((await _app.Balance("r-1")).Number("available"), (await _app.Balance("r-1")).Number("held")));

        // What came to nothing already is not undone again.
        var last = (await _app.Read("/v1/residents/r-1/transactions?limit=2")).Json["data"]!.AsArray();
        Assert.Equal(["refused", "refunded"], last.Select(line => line!["kind"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_reference_that_was_voided_before_its_hold_is_in_the_feed_and_belongs_to_no_resident()
    {
        await Void("early");

        var last = (await (await _api.Operator()).Read("/v1/feed")).IsOk().Json["data"]!.AsArray()[^1]!;

        Assert.Null(last["resident"]);
        Assert.Equal(("voided", "voided"), (last["summary"]!["kind"]!.GetValue<string>(), last["summary"]!["outcome"]!.GetValue<string>()));
        Assert.Equal("tea-house,early", last["summary"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refund_happens_at_any_till_of_the_merchant_also_by_the_number_on_the_receipt()
    {
        await _app.Hold("sale-1", 30);
        await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 10, "final": false }""");
        var capture = await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 10 }""");
        var other = await _api.Merchant("tea-house");

        var refund = (await other.Command($"/v1/residents/r-1/transactions/{capture.Number("transaction")}/refunds", """{ "points": 15 }""")).IsOk();
        (await other.Command("/v1/merchants/tea-house/refs/sale-1/refunds", """{ "points": 6 }""")).IsProblem(422, "refund_exceeds_spend");

        Assert.Equal(15, refund.Number("refunded"));
        Assert.Equal((20L, 15L), ((await Sale("sale-1")).Number("captured"), (await Sale("sale-1")).Number("refunded")));
    }

    [Fact]
    public async Task A_key_acts_for_its_own_merchant_only()
    {
        await _app.Hold("sale-1", 30);
        var clinic = await _api.Merchant("clinic");

        (await clinic.Hold("sale-2", 1)).IsProblem(403, "merchant_not_granted");
        (await clinic.Command("/v1/holds/tea-house,sale-1/capture", "{}")).IsProblem(403, "merchant_not_granted");
        (await clinic.Command("/v1/holds/tea-house,sale-1/release", "")).IsProblem(403, "merchant_not_granted");
        (await clinic.Command("/v1/holds/tea-house,never/release", "")).IsProblem(403, "merchant_not_granted");
        (await clinic.Read("/v1/merchants/tea-house/refs/sale-1")).IsProblem(403, "merchant_not_granted");
        (await clinic.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsProblem(403, "merchant_not_granted");
        (await clinic.Command("/v1/merchants/tea-house/refs/sale-1/refunds", "{}")).IsProblem(403, "merchant_not_granted");
        Assert.Equal("held", (await Sale("sale-1")).Word("status"));
    }

    [Theory]
    [InlineData("""{ "merchant": "tea-house", "reference": "s", "resident": "r-1", "points": 1, "minutes": 0 }""", "time_limit_invalid")]
    [InlineData("""{ "merchant": "tea-house", "reference": "s", "resident": "r-1", "points": 1, "minutes": 4321 }""", "time_limit_invalid")]
    [InlineData("""{ "merchant": "tea-house", "reference": "s", "resident": "r-1", "points": 0 }""", "points_invalid")]
    [InlineData("""{ "merchant": "tea-house", "reference": "a,b", "resident": "r-1", "points": 1 }""", "identifier_invalid")]
    [InlineData("""{ "merchant": "tea-house", "resident": "r-1", "points": 1 }""", "member_missing")]
    [InlineData("""{ "merchant": "tea-house", "reference": "s", "resident": "r-1", "points": 1, "till": "t" }""", "member_unknown")]
    [InlineData("""{ "merchant": "tea-house", "reference": "s", "resident": "r-1", "points": 1, "cashier": "a b" }""", "identifier_invalid")]
    public async Task A_mistake_in_a_hold_is_told_and_uses_no_reference_up(string body, string code)
    {
        (await _app.Command("/v1/holds", body)).IsProblem(400, code);

        Assert.Equal("unknown", (await Sale("s")).Word("status"));
    }

    [Fact]
    public async Task What_no_hold_came_with_cannot_be_captured()
    {
        (await _till.Command("/v1/holds/tea-house,never/capture", "{}")).IsProblem(404, "reference_not_found");
        (await _till.Command("/v1/holds/nonsense/capture", "{}")).IsProblem(404, "reference_not_found");
        (await _till.Command("/v1/holds/tea-house,never/capture", """{ "final": "yes" }""")).IsProblem(400, "member_wrong_type");
        (await _till.Command("/v1/merchants/tea-house/refs/never/refunds", "{}")).IsProblem(404, "reference_not_found");
        (await _till.Write("/v1/holds/tea-house,never/release", "")).IsProblem(404, "reference_not_found");
    }

    [Fact]
    public async Task Every_step_is_explained_in_both_languages()
    {
        await _app.Hold("sale-1", 30);
        await _till.Command("/v1/holds/tea-house,sale-1/capture", """{ "points": 20 }""");
        await _app.Hold("sale-2", 10);
        _api.Clock.Advance(Duration.FromMinutes(6));
        await Sale("sale-2");

        foreach (var (number, kind, change, english, chinese) in new[]
        {
            (2, "held", 0L, "30 points set aside for tea-house (reference sale-1) until 2026-03-01 12:05.", "为商户 tea-house（单号 sale-1）保留 30 分，至 2026-03-01 12:05。"),
            (3, "captured", -20L, "20 points held by transaction 2 were taken by tea-house.", "商户 tea-house 收取交易 2 保留的 20 分。"),
            (5, "timed_out", 0L, "The time limit passed, and what transaction 4 held was given back.", "交易 4 的保留已超时，积分已退回。"),
        })
        {
            var told = await _app.Read($"/v1/residents/r-1/transactions/{number}", ("Accept-Language", "en"));
            Assert.Equal((kind, change), (told.Word("summary.kind"), told.Number("summary.change")));
            Assert.Contains(english, told.Json["explanation"]!.AsArray().Select(sentence => sentence!.GetValue<string>()));
            var said = await _app.Read($"/v1/residents/r-1/transactions/{number}", ("Accept-Language", "zh-CN"));
            Assert.Contains(chinese, said.Json["explanation"]!.AsArray().Select(sentence => sentence!.GetValue<string>()));
        }
    }

    private Task<Reply> Sale(string reference) => _till.Read($"/v1/merchants/tea-house/refs/{reference}");

    private Task<Reply> Void(string reference) => _till.Write($"/v1/merchants/tea-house/refs/{reference}/void", "");
}
