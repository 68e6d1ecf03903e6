using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Residents;

public sealed class Freezes(SharedApi shared)
{
    [Fact]
    public async Task A_frozen_wallet_earns_and_refuses_to_spend_until_it_is_unfrozen()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 10))).IsOk();
        Assert.False((await shared.App.Balance(resident)).Text.Contains("frozenSince", StringComparison.Ordinal));

        var frozen = (await Send(resident, "freeze")).IsOk();

        Assert.Equal((resident, "frozen", "2026-03-01T04:00:00Z"), (frozen.Word("resident"), frozen.Word("status"), frozen.Word("since")));
        Assert.StartsWith("operator-", frozen.Word("by"), StringComparison.Ordinal);
        Assert.Equal("2026-03-01T04:00:00Z", (await shared.App.Balance(resident)).Word("frozenSince"));
        (await shared.App.Event(Event.Earn(resident, 5))).IsOk();
        var key = Guid.NewGuid().ToString();
        var refused = (await shared.App.Spend(resident, 1, key)).IsProblem(422, "wallet_frozen");
        Assert.Equal("2026-03-01T04:00:00Z", refused.Word("since"));
        var till = await shared.Api.Merchant("tea-house");
        var sale = LedgerApi.NewName("sale");
        (await shared.App.Hold(sale, 3, resident: resident)).IsProblem(422, "wallet_frozen");
        var told = (await till.Read($"/v1/merchants/tea-house/refs/{sale}")).IsOk();
        Assert.Equal(("refused", "wallet_frozen"), (told.Word("status"), told.Word("problem.code")));

        Assert.Equal("open", (await Send(resident, "unfreeze")).IsOk().Word("status"));
        (await shared.App.Spend(resident, 1, key)).IsProblem(422, "wallet_frozen");
        (await shared.App.Spend(resident, 15)).IsOk();
    }

    [Fact]
    public async Task Freezing_a_frozen_wallet_changes_nothing_and_a_freeze_that_comes_late_again_freezes_nothing()
    {
        var resident = LedgerApi.NewName("r");
        var first = (await Send(resident, "freeze", "k1")).IsOk();
        var second = (await Send(resident, "freeze", "k2")).IsOk();
        Assert.Equal((first.Text, 2), (second.Text, (await shared.App.Balance(resident)).Number("version")));
        Assert.False(second.IsReplayed);

        (await Send(resident, "unfreeze", "k3")).IsOk();
        var late = (await Send(resident, "freeze", "k1")).IsOk();

        Assert.True(late.IsReplayed);
        Assert.Equal("open", late.Word("status"));
        Assert.Equal("open", (await Send(resident, "freeze", "k2")).IsOk().Word("status"));
        (await Send(resident, "unfreeze", "k1")).IsProblem(422, "command_id_reused");
    }

    [Fact]
    public async Task The_history_says_who_froze_it_and_operators_read_why()
    {
        var resident = LedgerApi.NewName("r");
        (await Send(resident, "freeze")).IsOk();
        (await Send(resident, "unfreeze")).IsOk();

        var page = (await shared.Operator.Read($"/v1/residents/{resident}/transactions")).IsOk();
        Assert.Equal(["unfrozen", "frozen"], page.At("data").AsArray().Select(row => row!["kind"]!.GetValue<string>()));
        var one = (await shared.Operator.Read($"/v1/residents/{resident}/transactions/1", ("Accept-Language", "zh-CN"))).IsOk();
        Assert.Equal("手机遗失", one.Word("reason"));
        Assert.Contains("冻结了账户", one.At("explanation")[0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "member_missing")]
    [InlineData("""{ "reason": "" }""", "text_invalid")]
    [InlineData("""{ "reason": "x", "scope": "all" }""", "member_unknown")]
    public async Task A_freeze_needs_a_reason_and_nothing_else(string body, string code) =>
        (await shared.Operator.Command($"/v1/residents/{LedgerApi.NewName("r")}/freeze", body)).IsProblem(400, code);

    // A key is this caller's: with the resident in it no other test has the same.
    private Task<Reply> Send(string resident, string verb, string? key = null) =>
        shared.Operator.Command($"/v1/residents/{resident}/{verb}", """{ "reason": "手机遗失" }""", key is null ? null : $"{resident}/{key}");
}
