using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Books;

public sealed class TrialBalances
{
    [Fact]
    public async Task All_accounts_sum_to_zero()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        Assert.Empty((await @operator.Read("/v1/trial-balance")).IsOk().At("accounts").AsArray());
        (await app.Event(Event.Earn("r-1", 50, "e-1"))).IsOk();
        (await app.Event(Event.Earn("r-2", 5))).IsOk();
        (await app.Spend("r-1", 30)).IsOk();
        (await app.Event(Event.Reverse("r-1", "e-1"))).IsOk();

        var balance = (await @operator.Read("/v1/trial-balance")).IsOk();

        Assert.Equal(0, balance.Number("sum"));
        var accounts = balance.At("accounts").AsArray().ToDictionary(a => a!["account"]!.GetValue<string>(), a => a!["balance"]!.GetValue<long>());
        Assert.Equal((5, -30, 30, -5), (accounts["available"], accounts["debt"], accounts["merchant/tea-house"], accounts["issuance/service"]));
    }
}
