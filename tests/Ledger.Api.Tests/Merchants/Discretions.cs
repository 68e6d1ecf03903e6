using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Merchants;

/// <summary>What a till is not told of who pays.</summary>
public sealed class Discretions : IAsyncLifetime
{
    private readonly LedgerApi _api = new();
    private HttpClient _till = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_till, _app) = (await _api.Merchant("tea-house"), await _api.App());
        (await _app.Event(Event.Earn("r-1", 97, "earned"))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task No_receipt_tells_a_till_the_balance_and_each_tells_it_to_an_app()
    {
        var hold = (await _till.HoldBy(await _app.Paycode(), "a", 30, "key")).IsOk();
        var again = (await _till.HoldBy(await _app.Paycode(), "a", 30)).IsProblem(422, "reference_reused");
        var capture = (await _till.Command("/v1/holds/tea-house,a/capture", """{ "points": 20 }""")).IsOk();
        var refund = (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", """{ "points": 5 }""")).IsOk();
        (await _till.HoldBy(await _app.Paycode(), "b", 10)).IsOk();
        var release = (await _till.Command("/v1/holds/tea-house,b/release", "")).IsOk();

        foreach (var reply in new[] { hold, again, capture, refund, release })
        {
            Assert.DoesNotContain("balance", reply.Text, StringComparison.Ordinal);
        }

        Assert.Equal((30L, 20L, 5L, 10L), (hold.Number("held"), capture.Number("captured"), refund.Number("refunded"), release.Number("released")));
        Assert.Equal(81, (await _app.Hold("c", 1)).IsOk().Number("balance.available"));
    }

    [Fact]
    public async Task A_refund_does_not_tell_a_till_that_it_paid_a_debt()
    {
        (await _till.HoldBy(await _app.Paycode(), "a", 90)).IsOk();
        (await _till.Command("/v1/holds/tea-house,a/capture", "{}")).IsOk();
        (await _app.Event(Event.Reverse("r-1", "earned"))).IsOk();
        var owed = (await _app.Balance("r-1")).Number("debt");

        var refund = (await _till.Command("/v1/merchants/tea-house/refs/a/refunds", "{}")).IsOk();

        Assert.True(owed > 0);
        Assert.Equal(0, (await _app.Balance("r-1")).Number("debt"));
        Assert.DoesNotContain("debt", refund.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Too_few_points_are_told_without_their_number(string language)
    {
        _till.DefaultRequestHeaders.Add("Accept-Language", language);
        var refused = (await _till.HoldBy(await _app.Paycode(), "a", 1000)).IsProblem(422, "insufficient_points");
        var sale = (await _till.Read("/v1/merchants/tea-house/refs/a")).IsOk();

        Assert.Equal((1000L, 1000L), (refused.Number("requested"), sale.Number("problem.requested")));
        foreach (var text in new[] { refused.Text, sale.Text })
        {
            Assert.DoesNotContain("97", text, StringComparison.Ordinal);
            Assert.DoesNotContain("903", text, StringComparison.Ordinal);
        }

        Assert.Equal(97, (await _app.Hold("b", 1000)).IsProblem(422, "insufficient_points").Number("available"));
    }
}
