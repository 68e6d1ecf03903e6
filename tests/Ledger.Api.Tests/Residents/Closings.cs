using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Residents;

public sealed class Closings(SharedApi shared)
{
    [Fact]
    public async Task A_closed_wallet_has_given_up_what_was_left_and_takes_nothing_in()
    {
        var resident = LedgerApi.NewName("r");
        const string fund = "leavers";
        (await shared.App.Event(Event.Earn(resident, 10))).IsOk();

        (await Close(resident, "fund/leavrs")).IsProblem(422, "unknown_fund");
        var closed = (await Close(resident, $"fund/{fund}", "k")).IsOk();

        Assert.Equal(("closed", fund, "2026-03-01T04:00:00Z"), (closed.Word("status"), closed.Word("fund"), closed.Word("since")));
        Assert.Equal(closed.Text, (await Close(resident, $"fund/{fund}", "k")).IsOk().Text);
        Assert.Equal(closed.Text, (await Close(resident, "expire", "another")).IsOk().Text);
        (await Close(resident, "expire", "k")).IsProblem(422, "command_id_reused");
        Assert.Equal(10, (await AccountOf($"fund/{fund}")).GetValue<long>());
        var balance = (await shared.App.Balance(resident)).IsOk();
        Assert.Equal((0, 3, "2026-03-01T04:00:00Z"), (balance.Number("available"), balance.Number("version"), balance.Word("closedSince")));
        Assert.Equal("2026-03-01T04:00:00Z", (await shared.App.Event(Event.Earn(resident, 1))).IsProblem(422, "wallet_closed").Word("since"));
        (await shared.App.Spend(resident, 1)).IsProblem(422, "wallet_closed");
        (await shared.Operator.Command($"/v1/residents/{resident}/freeze", """{ "reason": "x" }""")).IsProblem(422, "wallet_closed");
        var told = (await shared.Operator.Read($"/v1/residents/{resident}/transactions/3")).IsOk();
        Assert.Equal("closed", told.Word("summary.kind"));
        Assert.Contains(told.At("explanation").AsArray(), sentence => sentence!.GetValue<string>().Contains(fund, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_under_way_is_told_in_numbers_and_keeps_it_open()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 10))).IsOk();
        var till = await shared.Api.Merchant("tea-house");
        var sale = LedgerApi.NewName("sale");
        (await shared.App.Hold(sale, 4, resident: resident)).IsOk();

        var refused = (await Close(resident, "expire")).IsProblem(422, "wallet_not_settled");

        Assert.Equal((1, 4, 0, 0), (refused.Number("holds"), refused.Number("held"), refused.Number("undecided"), refused.Number("debt")));
        (await till.Write($"/v1/merchants/tea-house/refs/{sale}/void", "")).IsOk();
        (await Close(resident, "expire")).IsOk();
    }

    [Fact]
    public async Task A_debt_is_forgiven_when_it_is_said()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 10, $"{resident}-e"))).IsOk();
        (await shared.App.Spend(resident, 10)).IsOk();
        (await shared.App.Event(Event.Reverse(resident, $"{resident}-e"))).IsOk();

        Assert.Equal(10, (await Close(resident, "expire")).IsProblem(422, "wallet_not_settled").Number("debt"));
        (await shared.Operator.Command($"/v1/residents/{resident}/close", """{ "remainder": "expire", "forgiveDebt": true, "reason": "x" }""")).IsOk();

        Assert.Equal(0, (await shared.App.Balance(resident)).Number("debt"));
    }

    [Fact]
    public async Task A_late_refund_is_given_up_and_the_receipt_says_so()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 10))).IsOk();
        var till = await shared.Api.Merchant("tea-house");
        var sale = LedgerApi.NewName("sale");
        (await shared.App.Hold(sale, 4, resident: resident)).IsOk();
        (await till.Command($"/v1/holds/tea-house,{sale}/capture", "{}")).IsOk();
        (await Close(resident, "expire")).IsOk();

        var receipt = (await shared.App.Command($"/v1/merchants/tea-house/refs/{sale}/refunds", """{ "points": 1 }""")).IsOk();

        Assert.Equal((1, 1, 0), (receipt.Number("refunded"), receipt.Number("givenUp"), receipt.Number("balance.available")));
        Assert.Equal("refunded", (await till.Write($"/v1/merchants/tea-house/refs/{sale}/void", "")).IsOk().Word("status"));
        (await till.Command($"/v1/holds/tea-house,{sale}/capture", "{}")).IsProblem(422, "hold_ended");
    }

    [Theory]
    [InlineData("""{ "reason": "x" }""", "member_missing")]
    [InlineData("""{ "remainder": "expire" }""", "member_missing")]
    [InlineData("""{ "remainder": "breakage", "reason": "x" }""", "remainder_invalid")]
    [InlineData("""{ "remainder": "fund/", "reason": "x" }""", "remainder_invalid")]
    [InlineData("""{ "remainder": "fund/-", "reason": "x" }""", "remainder_invalid")]
    [InlineData("""{ "remainder": "expire", "reason": "x", "forgiveDebt": 1 }""", "member_wrong_type")]
    public async Task What_cannot_be_read_closes_nothing(string body, string code) =>
        (await shared.Operator.Command($"/v1/residents/{LedgerApi.NewName("r")}/close", body)).IsProblem(400, code);

    private Task<Reply> Close(string resident, string remainder, string? key = null) => shared.Operator.Command(
        $"/v1/residents/{resident}/close", $$"""{ "remainder": "{{remainder}}", "reason": "居民迁出" }""", key is null ? null : $"{resident}/{key}");

    private async Task<System.Text.Json.Nodes.JsonNode> AccountOf(string name) => (await shared.Operator.Read("/v1/trial-balance")).IsOk()
        .At("accounts").AsArray().Single(account => account!["account"]!.GetValue<string>() == name)!["balance"]!;
}
