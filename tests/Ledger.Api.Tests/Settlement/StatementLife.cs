using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Settlement;

/// <summary>Statements as operators and merchants see them.</summary>
public sealed class StatementLife : IAsyncLifetime
{
    private const string Day = "/v1/merchants/tea-house/statements/2026-03-01";

    private const string Merchant = """
        { "names": { "zh-CN": "湖畔茶馆", "en": "Lakeside tea house" }, "category": "shops", "cashiers": [ { "id": "c-9", "resident": "r-1" } ],
          "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 3, "currency": "CNY", "rounding": "half_up" } }
          LIMITS }
        """;

    private readonly LedgerApi _api = new();
    private HttpClient _operator = null!;
    private HttpClient _till = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_operator, _till, _app) = (await _api.Operator(), await _api.Merchant("tea-house"), await _api.App());
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
        (await _app.Event(Event.Earn("r-2", 100))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_day_is_closed_after_its_cut_off_disputed_confirmed_and_paid()
    {
        await Register();
        await Sell("a", 30);
        await Sell("b", 20);
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 5 }""")).IsOk();
        var open = (await _till.Read(Day)).IsOk();
        Assert.Equal(("open", 45L, 45L, "2026-03-01T14:00:00Z"), (open.Word("status"), open.Number("net.points"), open.Number("closing.points"), open.Word("endsAt")));
        Assert.Equal("2026-03-01T14:00:00Z", (await Close()).IsProblem(422, "statement_not_due").Word("endsAt"));
        (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsProblem(422, "statement_not_closed");

        _api.Clock.AdvanceHours(10);
        var key = Guid.NewGuid().ToString();
        var closed = (await Close(key)).IsOk();
        Assert.Equal(("closed", 2L, 50L, 1L, 5L, 45L), (closed.Word("status"), closed.Number("sales"), closed.Number("captured.points"), closed.Number("refunds"), closed.Number("refunded.points"), closed.Number("closing.points")));
        Assert.Equal((17L, 2L, 15L, "CNY"), (Money(closed, "captured"), Money(closed, "refunded"), Money(closed, "net"), closed.Word("net.money.0.currency")));
        var again = (await Close(key)).IsOk();
        Assert.True(again.IsReplayed);
        Assert.Equal(closed.Text, again.Text);
        Assert.Equal(45, (await Close()).IsProblem(422, "statement_already_closed").Number("points"));
        (await _operator.Command(Day + "/dispute", """{ "reason": "x" }""", key)).IsProblem(422, "command_id_reused");

        (await _operator.Command(Day + "/confirm", """{ "reason": "x" }""")).IsProblem(422, "statement_not_disputed");
        (await _till.Command(Day + "/dispute", """{ "reason": "少了一笔" }""")).IsOk();
        (await _till.Command(Day + "/dispute", """{ "reason": "少了一笔" }""")).IsProblem(422, "statement_disputed");
        (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsProblem(422, "statement_disputed");
        (await _operator.Command(Day + "/confirm", """{ "reason": "已核对" }""")).IsOk();
        (await _operator.Command(Day + "/clear", """{ "reason": "x" }""")).IsProblem(422, "statement_not_held");
        var paid = (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsOk();

        Assert.Equal(("paid", "bank-1"), (paid.Word("status"), paid.Word("payment")));
        Assert.Equal(
            ["closed ", "disputed 少了一笔", "confirmed 已核对", "paid "],
            paid.At("steps").AsArray().Select(step => $"{step!["what"]} {step["note"]}"));
        (await _operator.Command(Day + "/pay", """{ "reference": "bank-2" }""")).IsProblem(422, "statement_already_paid");
        (await _till.Command(Day + "/dispute", """{ "reason": "x" }""")).IsProblem(422, "statement_already_paid");
        var accounts = (await _operator.Read("/v1/trial-balance")).IsOk();
        Assert.Equal((0L, 45L, 0L), (Account(accounts, "merchant/tea-house"), Account(accounts, "settled/tea-house"), accounts.Number("sum")));
        Assert.Equal("statement", (await _operator.Read("/v1/feed")).IsOk().At("data").AsArray()[^1]!["summary"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refund_after_the_cut_off_is_a_negative_line_of_the_next_day_and_openings_follow_closings()
    {
        await Register();
        await Sell("a", 30);
        _api.Clock.AdvanceHours(10);
        (await Close()).IsOk();
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 12 }""")).IsOk();
        (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsOk();
        _api.Clock.AdvanceDays(1);

        var next = (await _operator.Command("/v1/merchants/tea-house/statements/2026-03-02/close", "")).IsOk();

        Assert.Equal((0L, -12L, -12L), (next.Number("opening.points"), next.Number("net.points"), next.Number("closing.points")));
        Assert.Equal(-4, Money(next, "net"));
        (await _operator.Command("/v1/merchants/tea-house/statements/2026-03-02/pay", """{ "reference": "bank-2" }""")).IsOk();
        var accounts = (await _operator.Read("/v1/trial-balance")).IsOk();
        Assert.Equal((0L, 18L), (Account(accounts, "merchant/tea-house"), Account(accounts, "settled/tea-house")));
    }

    [Fact]
    public async Task A_statement_is_a_table_whose_lines_add_up_from_opening_to_closing()
    {
        await Register();
        await Sell("a", 30);
        (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 5, "terminal": "t-2" }""")).IsOk();
        using var request = new HttpRequestMessage(HttpMethod.Get, Day);
        request.Headers.TryAddWithoutValidation("Accept", "text/csv");

        using var answer = await _till.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            [
                "kind,at,points,money,currency,reference,terminal,cashier,resident,transaction",
                "opening,,0,,,,,,,",
                "capture,2026-03-01T04:01:00Z,30,10,CNY,a,t-1,c-9,r-1,3",
                "refund,2026-03-01T04:01:00Z,-5,-2,CNY,a,t-2,,r-1,4",
                "so_far,2026-03-01T04:01:00Z,25,8,CNY,,,,,",
                "",
            ],
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n"));
        _api.Clock.AdvanceHours(10);
        (await Close()).IsOk();
        using var later = new HttpRequestMessage(HttpMethod.Get, Day);
        later.Headers.TryAddWithoutValidation("Accept", "text/csv");
        using var closed = await _till.SendAsync(later, TestContext.Current.CancellationToken);
        Assert.EndsWith(",4\r\nclosing,,25,8,CNY,,,,,\r\n", await closed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_remembered_with_its_key_and_repeated_word_for_word_whatever_happened_since()
    {
        await Register();
        await Sell("a", 30);
        var early = (await Close("close-1")).IsProblem(422, "statement_not_due");
        var unpaid = (await Pay("pay-1")).IsProblem(422, "statement_not_closed");
        _api.Clock.AdvanceHours(10);
        Assert.Equal((early.Text, true), await Again(Close("close-1")));
        (await Close("close-2")).IsOk();
        var twice = (await Close("close-3")).IsProblem(422, "statement_already_closed");
        (await _till.Command(Day + "/dispute", """{ "reason": "少了一笔" }""", "dispute-1")).IsOk();
        var disputed = (await Pay("pay-2")).IsProblem(422, "statement_disputed");
        (await _till.Command(Day + "/dispute", """{ "reason": "还是少" }""", "dispute-2")).IsProblem(422, "statement_disputed");
        (await _operator.Command(Day + "/confirm", """{ "reason": "已核对" }""")).IsOk();
        Assert.Equal((disputed.Text, true), await Again(Pay("pay-2")));
        (await _till.Command(Day + "/dispute", """{ "reason": "还是少" }""", "dispute-2")).IsProblem(422, "statement_disputed");
        var paid = (await Pay("pay-3")).IsOk();

        Assert.Equal((early.Text, true), await Again(Close("close-1")));
        Assert.Equal((unpaid.Text, true), await Again(Pay("pay-1")));
        Assert.Equal((twice.Text, true), await Again(Close("close-3")));
        Assert.Equal((disputed.Text, true), await Again(Pay("pay-2")));
        Assert.Equal((paid.Text, true), await Again(Pay("pay-3")));
        Assert.DoesNotContain("还是少", (await _operator.Read(Day)).IsOk().Text, StringComparison.Ordinal);
        Assert.Equal("bank-9", paid.Word("payment"));

        Task<Reply> Pay(string key) => _operator.Command(Day + "/pay", """{ "reference": "bank-9" }""", key);

        static async Task<(string Text, bool IsReplayed)> Again(Task<Reply> sent)
        {
            var reply = await sent;
            return (reply.Text, reply.IsReplayed);
        }
    }

    [Fact]
    public async Task A_day_of_all_merchants_is_closed_at_once_and_again_changes_nothing()
    {
        await Register();
        await Sell("a", 30);
        (await _app.Spend("r-2", 7, merchant: "clinic")).IsOk();
        (await _operator.Write("/v1/settlements/2026-03-01/close", "")).IsProblem(422, "statement_not_due");
        _api.Clock.AdvanceHours(10);

        var first = (await _operator.Write("/v1/settlements/2026-03-01/close", "")).IsOk();
        Assert.Equal(("tea-house", "clinic"), (first.Word("closed.0.merchant"), first.Word("notDue.0")));
        _api.Clock.AdvanceHours(2);
        var second = (await _operator.Write("/v1/settlements/2026-03-01/close", "")).IsOk();
        Assert.Equal(("clinic", 7L), (second.Word("closed.0.merchant"), second.Number("closed.0.net.points")));
        Assert.Empty((await _operator.Write("/v1/settlements/2026-03-01/close", "")).IsOk().At("closed").AsArray());
        (await _operator.Command("/v1/merchants/clinic/statements/2026-03-01/close", "")).IsProblem(422, "statement_already_closed");
    }

    [Fact]
    public async Task Closing_a_day_closes_the_open_ones_before_it()
    {
        await Sell("a", 30);
        _api.Clock.AdvanceDays(2);
        await Sell("b", 10);
        _api.Clock.AdvanceDays(2);

        (await _operator.Command("/v1/merchants/tea-house/statements/2026-03-04/close", "")).IsOk();

        var page = (await _till.Read("/v1/merchants/tea-house/statements?limit=2")).IsOk();
        Assert.Equal(["2026-03-04 0 40", "2026-03-03 10 40"], page.At("data").AsArray().Select(one => $"{one!["day"]} {one["net"]!["points"]} {one["closing"]!["points"]}"));
        var rest = (await _till.Read($"/v1/merchants/tea-house/statements?limit=2&cursor={page.Word("nextCursor")}")).IsOk();
        Assert.Equal("2026-03-01", rest.Word("data.0.day"));
        Assert.Empty((await _till.Read("/v1/merchants/tea-house/statements?status=paid")).IsOk().At("data").AsArray());

        // Four are looked at for each that is shown, and what was refused is not among them.
        (await _operator.Command("/v1/merchants/tea-house/statements/2026-03-01/pay", """{ "reference": "bank-1" }""")).IsOk();
        for (var day = 5; day <= 8; day++)
        {
            (await _till.Command($"/v1/merchants/tea-house/statements/2026-03-0{day}/dispute", """{ "reason": "x" }""")).IsProblem(422, "statement_not_closed");
            _api.Clock.AdvanceDays(1);
            (await _operator.Command($"/v1/merchants/tea-house/statements/2026-03-0{day}/close", "")).IsOk();
        }

        var none = (await _till.Read("/v1/merchants/tea-house/statements?status=paid&limit=1")).IsOk();
        Assert.Empty(none.At("data").AsArray());
        var paid = (await _till.Read($"/v1/merchants/tea-house/statements?status=paid&limit=1&cursor={none.Word("nextCursor")}")).IsOk();
        Assert.Equal(("2026-03-01", false), (paid.Word("data.0.day"), (bool)paid.At("hasMore")));
        (await _till.Read("/v1/merchants/tea-house/statements?status=open")).IsProblem(400, "text_invalid");
        (await _till.Read("/v1/merchants/tea-house/statements/2026-03-02")).IsProblem(404, "statement_not_found");
    }

    [Fact]
    public async Task What_is_odd_in_a_day_is_shown_and_may_hold_its_payment_until_somebody_cleared_it()
    {
        await Register(""", "limits": { "salesPerResident": { "max": 2, "action": "flag" }, "ownTill": "hold", "pointsPerTerminal": { "max": 30, "action": "flag" } } """);
        foreach (var sale in new[] { "a", "b", "c" })
        {
            await Sell(sale, 11);
        }

        _api.Clock.AdvanceHours(10);
        var closed = (await Close()).IsOk();
        Assert.Equal(
            ["sales_per_resident flag r-1   3 33 2", "own_till hold r-1 c-9  3 33 ", "points_per_terminal flag   t-1  33 30"],
            closed.At("signals").AsArray().Select(s => $"{s!["kind"]} {s["action"]} {s["resident"]} {s["cashier"]} {s["terminal"]} {s["sales"]} {s["points"]} {s["max"]}"));
        Assert.True(closed.At("held").GetValue<bool>());
        foreach (var seen in new[] { await _till.Read(Day), await _app.Read("/v1/merchants/tea-house/statements"), await _till.Read("/v1/merchants/tea-house") })
        {
            Assert.DoesNotMatch("signals|limits|\"r-1\"", seen.IsOk().Text);
        }

        Assert.True((await _till.Read(Day)).IsOk().At("held").GetValue<bool>());
        Assert.Equal(("r-1", 30L), ((await _operator.Read("/v1/merchants/tea-house")).IsOk().Word("cashiers.0.resident"), (await _operator.Read("/v1/merchants/tea-house")).IsOk().Number("limits.pointsPerTerminal.max")));

        (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsProblem(422, "statement_held");
        var cleared = (await _operator.Command(Day + "/clear", """{ "reason": "已核实" }""")).IsOk();
        Assert.False(cleared.At("held").GetValue<bool>());
        Assert.StartsWith("operator-", cleared.Word("steps.1.by"), StringComparison.Ordinal);
        (await _operator.Command(Day + "/pay", """{ "reference": "bank-1" }""")).IsOk();

        // What operators write about it is for operators.
        Assert.Equal("已核实", (await _operator.Read(Day)).IsOk().Word("steps.1.note"));
        foreach (var seen in new[] { await _till.Read(Day), await _app.Read(Day), await _till.Read("/v1/merchants/tea-house/statements") })
        {
            Assert.Contains("cleared", seen.IsOk().Text, StringComparison.Ordinal);
            Assert.DoesNotContain("已核实", seen.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_day_in_which_nothing_is_odd_has_no_signals()
    {
        await Register(""", "limits": { "salesPerResident": { "max": 2, "action": "hold" }, "pointsPerTerminal": { "max": 22, "action": "hold" } } """);
        await Sell("a", 11);
        await Sell("b", 11);
        _api.Clock.AdvanceHours(10);

        Assert.DoesNotContain("signals", (await Close()).IsOk().Text, StringComparison.Ordinal);
    }

    private static long Money(Reply statement, string part) => statement.Number($"{part}.money.0.minorUnits");

    private static long Account(Reply accounts, string name) =>
        accounts.At("accounts").AsArray().Single(account => account!["account"]!.GetValue<string>() == name)!["balance"]!.GetValue<long>();

    private async Task Register(string limits = "")
    {
        (await _operator.Ask(HttpMethod.Put, "/v1/merchants/tea-house", Merchant.Replace("LIMITS", limits, StringComparison.Ordinal))).IsOk();
        _api.Clock.Advance(Duration.FromMinutes(1));
    }

    private Task<Reply> Close(string? key = null) => _operator.Command(Day + "/close", "", key);

    private async Task Sell(string sale, long points)
    {
        (await _app.Command(
            "/v1/holds",
            $$"""{ "merchant": "tea-house", "reference": "{{sale}}", "resident": "r-1", "points": {{points}}, "terminal": "t-1", "cashier": "c-9" }""")).IsOk();
        (await _till.Command($"/v1/holds/tea-house,{sale}/capture", "{}")).IsOk();
    }
}
