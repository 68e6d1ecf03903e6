using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Residents;

public sealed class DirectCommands(SharedApi shared)
{
    [Fact]
    public async Task A_spend_repeats_under_its_key_bare_or_quoted()
    {
        var resident = await WithPoints(100);
        var key = Guid.NewGuid().ToString();
        var first = (await shared.App.Spend(resident, 30, key)).IsOk();
        Assert.Equal((30, 70), (first.Number("spent"), first.Number("balance.available")));

        var again = (await shared.App.Spend(resident, 30, $"\"{key}\"")).IsOk();

        Assert.True(again.IsReplayed);
        Assert.Equal(first.Text, again.Text);
        (await shared.App.Spend(resident, 31, key)).IsProblem(422, "command_id_reused");
        Assert.Equal(70, (await shared.App.Balance(resident)).Number("available"));
    }

    [Fact]
    public async Task A_refused_spend_stays_refused_under_its_key()
    {
        var resident = await WithPoints(10);
        var key = Guid.NewGuid().ToString();
        var refused = (await shared.App.Spend(resident, 11, key)).IsProblem(422, "insufficient_points");
        (await shared.App.Event(Event.Earn(resident, 50))).IsOk();

        var again = (await shared.App.Spend(resident, 11, key)).IsProblem(422, "insufficient_points");

        Assert.Equal((refused.Text, true), (again.Text, again.IsReplayed));
    }

    [Fact]
    public async Task Keys_of_two_clients_do_not_meet()
    {
        var resident = await WithPoints(100);
        var key = Guid.NewGuid().ToString();
        (await shared.App.Spend(resident, 10, key)).IsOk();

        var other = (await (await shared.Api.App()).Spend(resident, 10, key)).IsOk();

        Assert.Equal((80, false), (other.Number("balance.available"), other.IsReplayed));
    }

    [Theory]
    [InlineData(null, "idempotency_key_missing")]
    [InlineData("", "idempotency_key_missing")]
    [InlineData("two words", "idempotency_key_invalid")]
    [InlineData("\"", "idempotency_key_invalid")]
    [InlineData("\"\"", "idempotency_key_invalid")]
    [InlineData("\"a", "idempotency_key_invalid")]
    [InlineData("\"a\"b\"", "idempotency_key_invalid")]
    [InlineData("\"a\\\"", "idempotency_key_invalid")]
    [InlineData("é", "idempotency_key_invalid")]
    public async Task A_key_that_is_none_is_a_mistake(string? key, string code)
    {
        (string, string)[] headers = key is null ? [] : [("Idempotency-Key", key)];

        (await shared.App.Write("/v1/residents/r-1/spends", """{ "merchant": "tea-house", "points": 1 }""", "application/json", headers))
            .IsProblem(400, code);
    }

    [Fact]
    public async Task A_key_may_have_255_characters_and_no_more()
    {
        var resident = await WithPoints(1);

        (await shared.App.Spend(resident, 1, new string('k', 256))).IsProblem(400, "idempotency_key_invalid");
        (await shared.App.Spend(resident, 1, Guid.NewGuid() + new string('k', 255 - 36))).IsOk();
    }

    [Fact]
    public async Task A_spend_comes_back_in_parts_and_never_more_than_it_was()
    {
        var resident = await WithPoints(100);
        var spend = (await shared.App.Spend(resident, 30)).IsOk().Number("transaction");
        var url = $"/v1/residents/{resident}/transactions/{spend}/refunds";

        Assert.Equal(10, (await shared.App.Command(url, """{ "points": 10 }""")).IsOk().Number("refunded"));
        var tooMuch = (await shared.App.Command(url, """{ "points": 21 }""")).IsProblem(422, "refund_exceeds_spend");
        Assert.Equal((30, 10, 21), (tooMuch.Number("spent"), tooMuch.Number("alreadyRefunded"), tooMuch.Number("requested")));
        Assert.Equal(20, (await shared.App.Command(url, "{}")).IsOk().Number("refunded"));
        (await shared.App.Command(url, "{}")).IsProblem(422, "refund_exceeds_spend");
        Assert.Equal(100, (await shared.App.Balance(resident)).Number("available"));
    }

    [Fact]
    public async Task What_is_no_spend_cannot_be_refunded()
    {
        var resident = await WithPoints(100);

        (await shared.App.Command($"/v1/residents/{resident}/transactions/1/refunds", "{}")).IsProblem(422, "not_a_spend");
        foreach (var number in (string[])["9", "0", "-1", "x", "1.0", "99999999999999999999"])
        {
            (await shared.App.Command($"/v1/residents/{resident}/transactions/{number}/refunds", "{}")).IsProblem(404, "transaction_not_found");
        }
    }

    [Fact]
    public async Task A_till_refunds_at_its_own_merchant_only_and_spends_for_nobody_whom_it_names()
    {
        var resident = await WithPoints(100);
        var till = await shared.Api.Merchant("tea-house");
        var other = await shared.Api.Merchant("clinic");
        (await other.Spend(resident, 10)).IsProblem(403, "merchant_not_granted");
        (await till.Spend(resident, 10)).IsProblem(403, "paycode_required");
        var spend = (await shared.App.Spend(resident, 10)).IsOk().Number("transaction");
        var url = $"/v1/residents/{resident}/transactions/{spend}/refunds";

        (await other.Command(url, "{}")).IsProblem(403, "merchant_not_granted");
        (await other.Command($"/v1/residents/{resident}/transactions/1/refunds", "{}")).IsProblem(403, "merchant_not_granted");
        (await till.Command(url, "{}")).IsOk();
        Assert.Equal(3, (await shared.App.Balance(resident)).Number("version"));
    }

    [Fact]
    public async Task An_operator_adjusts_up_and_down_with_a_reason_that_only_operators_read()
    {
        var resident = LedgerApi.NewName("r");
        var url = $"/v1/residents/{resident}/adjustments";
        var key = Guid.NewGuid().ToString();
        var added = (await shared.Operator.Command(url, """{ "points": 25, "reason": "补录：义诊" }""", key)).IsOk();
        Assert.Equal((25, 25), (added.Number("adjusted"), added.Number("balance.available")));
        Assert.True((await shared.Operator.Command(url, """{ "points": 25, "reason": "补录：义诊" }""", key)).IsOk().IsReplayed);
        (await shared.Operator.Command(url, """{ "points": 25, "reason": "another one" }""", key)).IsProblem(422, "command_id_reused");
        Assert.Equal(5, (await shared.Operator.Command(url, """{ "points": -20, "reason": "重复" }""")).IsOk().Number("balance.available"));
        (await shared.Operator.Command(url, """{ "points": -6, "reason": "too much" }""")).IsProblem(422, "insufficient_points");

        var transaction = $"/v1/residents/{resident}/transactions/1";
        Assert.Equal("补录：义诊", (await shared.Operator.Read(transaction)).IsOk().Word("reason"));
        Assert.Null((await shared.App.Read(transaction)).IsOk().Json["reason"]);
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "spends", "{ \"merchant\": \"tea-house\" }", "member_missing" },
        { "spends", "{ \"points\": 1 }", "member_missing" },
        { "spends", "{ \"merchant\": 5, \"points\": 1 }", "member_wrong_type" },
        { "spends", "{ \"merchant\": \"茶馆\", \"points\": 1 }", "identifier_invalid" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": \"5\" }", "member_wrong_type" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": 0 }", "points_invalid" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": -1 }", "points_invalid" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": 1.5 }", "points_invalid" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": 9007199254740992 }", "points_invalid" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": 1, \"points\": 1 }", "member_duplicate" },
        { "spends", "{ \"merchant\": \"tea-house\", \"points\": 1, \"note\": \"x\" }", "member_unknown" },
        { "spends", "[]", "member_wrong_type" },
        { "spends", "null", "member_wrong_type" },
        { "spends", "{", "json_malformed" },
        { "spends", "", "json_malformed" },
        { "adjustments", "{ \"points\": 0, \"reason\": \"x\" }", "points_invalid" },
        { "adjustments", "{ \"points\": -9007199254740992, \"reason\": \"x\" }", "points_invalid" },
        { "adjustments", "{ \"points\": 1 }", "member_missing" },
        { "adjustments", "{ \"points\": 1, \"reason\": \"\" }", "text_invalid" },
        { "adjustments", "{ \"points\": 1, \"reason\": \"  \" }", "text_invalid" },
        { "adjustments", "{ \"points\": 1, \"reason\": \"a\\u0000b\" }", "text_invalid" },
        { "adjustments", $"{{ \"points\": 1, \"reason\": \"{new string('x', 501)}\" }}", "text_invalid" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_in_a_body_has_its_code_and_changes_nothing(string command, string body, string code)
    {
        var caller = command == "spends" ? shared.App : shared.Operator;

        (await caller.Command($"/v1/residents/r-untouched/{command}", body)).IsProblem(400, code);

        Assert.Equal(0, (await shared.App.Balance("r-untouched")).Number("version"));
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("r%2F1")]
    [InlineData("居民")]
    [InlineData("-r")]
    [InlineData("r%07")]
    public async Task A_resident_that_is_none_is_a_mistake(string resident)
    {
        (await shared.App.Spend(resident, 1)).IsProblem(400, "identifier_invalid");
        (await shared.App.Balance(resident)).IsProblem(400, "identifier_invalid");
        (await shared.App.Balance(new string('r', 300))).IsProblem(400, "identifier_invalid");
    }

    private async Task<string> WithPoints(long points)
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, points))).IsOk();
        return resident;
    }
}
