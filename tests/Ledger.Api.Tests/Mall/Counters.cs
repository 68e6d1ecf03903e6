using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Mall;

/// <summary>What a merchant's counter has to hand over, and has handed over.</summary>
public sealed class Counters : IAsyncLifetime
{
    private const string List = "/v1/merchants/tea-house/redemptions";

    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;
    private HttpClient _counter = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_app, _counter) = (await _api.App(), await _api.Merchant("tea-house"));
        var shop = await _api.Operator();
        (await shop.Put("tea", MallRequests.Tea)).IsOk();
        (await shop.Put("visit", MallRequests.Visit)).IsOk();
        foreach (var resident in new[] { "r-1", "r-2", "r-3" })
        {
            (await _app.Event(Event.Earn(resident, 100))).IsOk();
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_counter_sees_what_it_has_to_hand_over_and_where_each_stands()
    {
        var (first, second) = (await Redeem("r-1"), await Redeem("r-2"));
        (await _app.Redeem("r-3", "visit")).IsOk();
        (await _counter.Step(second, "ready")).IsOk();

        Assert.Equal([(first, "placed"), (second, "ready")], await Seen(""));
        Assert.Equal([(second, "ready")], await Seen("?status=ready"));
        Assert.Empty(await Seen("?status=closed"));
        Assert.DoesNotContain("\"code\"", (await _counter.Read(List)).IsOk().Text, StringComparison.Ordinal);

        (await _counter.Step(second, "cancel")).IsOk();
        Assert.Equal([(first, "placed")], await Seen("?status=open"));
        Assert.Equal([(second, "cancelled")], await Seen("?status=closed"));
        Assert.Equal([(second, "cancelled")], await Seen("?status=cancelled"));
    }

    [Fact]
    public async Task The_list_comes_page_by_page_and_by_local_day()
    {
        var yesterday = await Redeem("r-1");
        _api.Clock.Advance(Duration.FromHours(12));
        var (first, second) = (await Redeem("r-2"), await Redeem("r-3"));

        Assert.Equal([(yesterday, "placed")], await Seen("?day=2026-03-01"));
        var page = (await _counter.Read($"{List}?day=2026-03-02&limit=1")).IsOk();
        Assert.Equal((first, true), (page.Word("data.0.id"), page.At("hasMore").GetValue<bool>()));
        var cursor = page.Word("nextCursor");
        Assert.Equal([(second, "placed")], await Seen($"?day=2026-03-02&limit=1&cursor={cursor}"));
        Assert.Equal(3, (await Seen("")).Count);

        (await _counter.Read($"{List}?day=2026-03-01&cursor={cursor}")).IsProblem(400, "cursor_invalid");
    }

    [Fact]
    public async Task What_is_not_paid_in_time_is_over()
    {
        var clinic = await _api.Merchant("clinic");
        (await _app.Redeem("r-1", "visit")).IsOk();
        Assert.Equal("awaits_payment", (await clinic.Read("/v1/merchants/clinic/redemptions")).IsOk().Word("data.0.status"));

        _api.Clock.Advance(Duration.FromMinutes(30));
        Assert.Equal("timed_out", (await clinic.Read("/v1/merchants/clinic/redemptions")).IsOk().Word("data.0.status"));
        (await _app.Spend("r-1", 1)).IsOk();
        Assert.Empty((await clinic.Read("/v1/merchants/clinic/redemptions")).IsOk().At("data").AsArray());
        Assert.Equal("timed_out", (await clinic.Read("/v1/merchants/clinic/redemptions?status=closed")).IsOk().Word("data.0.status"));
    }

    [Theory]
    [InlineData("?status=lost", "text_invalid")]
    [InlineData("?day=yesterday", "date_invalid")]
    [InlineData("?limit=0", "limit_invalid")]
    [InlineData("?cursor=x", "cursor_invalid")]
    public async Task What_is_no_question_is_refused(string query, string code) => (await _counter.Read(List + query)).IsProblem(400, code);

    [Fact]
    public async Task No_counter_reads_another_merchant_s_list() =>
        (await (await _api.Merchant("clinic")).Read(List)).IsProblem(403, "merchant_not_granted");

    private async Task<string> Redeem(string resident) => (await _app.Redeem(resident, "tea")).IsOk().Word("redemption");

    private async Task<List<(string Id, string Status)>> Seen(string query) =>
    [
        .. (await _counter.Read(List + query)).IsOk().At("data").AsArray()
            .Select(redemption => (redemption!["id"]!.GetValue<string>(), redemption["status"]!.GetValue<string>())),
    ];
}
