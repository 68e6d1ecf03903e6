using System.Diagnostics;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Stocks;

namespace Ledger.Api.Tests.Mall;

/// <summary>Rewards of which there are only so many, as operators and residents' apps see them.</summary>
public sealed class LimitedRewardTests : IAsyncLifetime
{
    private static readonly string Tea = MallRequests.Tea
        .Replace("\"limits\": [ { \"per\": \"month\", \"max\": 2 } ]", "\"limited\": true", StringComparison.Ordinal);

    private readonly StockReads _reads = new();
    private readonly LedgerApi _api;
    private HttpClient _app = null!;
    private HttpClient _operator = null!;

    public LimitedRewardTests() => _api = new() { GrainCalls = _reads };

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_app, _operator) = (await _api.App(), await _api.Operator());
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
        (await _operator.Put("tea", Tea)).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_limited_reward_is_sold_out_until_some_are_put_in()
    {
        (await _app.Redeem("r-1", "tea", key: "early")).IsProblem(422, "reward_sold_out");
        (await Change(3, "in")).IsOk();

        (await _app.Redeem("r-1", "tea", 2)).IsOk();
        var soldOut = (await _app.Redeem("r-1", "tea", 2, "late")).IsProblem(422, "reward_sold_out");
        Assert.Equal((1L, 2L, "tea"), (soldOut.Number("left"), soldOut.Number("requested"), soldOut.Word("reward")));
        (await _app.Redeem("r-1", "tea")).IsOk();

        Assert.Equal((0L, 0L, 3L), await Stock());
        Assert.Equal(0, (await _app.Read("/v1/rewards/tea")).IsOk().Number("left"));
        Assert.Equal(64, (await _app.Balance("r-1")).Number("available"));
        Assert.True((await _app.Redeem("r-1", "tea", 2, "late")).IsProblem(422, "reward_sold_out").IsReplayed);
        Assert.Equal(1, (await _app.Redeem("r-1", "tea", 2, "late")).Number("left"));
    }

    [Fact]
    public async Task What_is_in_the_way_is_told_beforehand()
    {
        (await Change(1, "in")).IsOk();
        Assert.Contains("\"obstacles\":[]", (await _app.Read("/v1/residents/r-1/rewards/tea")).IsOk().Text, StringComparison.Ordinal);

        var two = (await _app.Read("/v1/residents/r-1/rewards/tea?quantity=2")).IsOk();

        Assert.Equal((1L, "reward_sold_out", 1L, 2L), (two.Number("left"), two.Word("obstacles.0.code"), two.Number("obstacles.0.left"), two.Number("obstacles.0.requested")));
        Assert.Equal(1, (await _app.Read("/v1/residents/r-1/rewards")).IsOk().Number("data.0.left"));
        Assert.Equal(1, (await _app.Read("/v1/rewards")).IsOk().Number("data.0.left"));
    }

    [Fact]
    public async Task Many_who_look_at_the_mall_ask_the_stock_once_in_a_while_and_see_at_once_what_was_done_here()
    {
        var begun = Stopwatch.GetTimestamp();
        for (var look = 0; look < 20; look++)
        {
            Assert.Equal(0, (await _app.Read("/v1/rewards")).IsOk().Number("data.0.left"));
            Assert.Equal(0, (await _app.Read("/v1/residents/r-1/rewards/tea")).IsOk().Number("left"));
        }

        Assert.InRange(_reads.Count, 1, 1 + (int)(Stopwatch.GetElapsedTime(begun) / StockLevels.FreshFor));
        (await Change(5, "in")).IsOk();
        Assert.Equal(5, (await _app.Read("/v1/rewards/tea")).IsOk().Number("left"));
        (await _app.Redeem("r-1", "tea", 2)).IsOk();
        Assert.Equal(3, (await _app.Read("/v1/rewards/tea")).IsOk().Number("left"));
    }

    [Fact]
    public async Task The_same_request_again_takes_nothing_again_and_another_under_its_key_is_refused()
    {
        (await Change(5, "in")).IsOk();
        (await _app.Redeem("r-1", "tea", key: "k")).IsOk();

        Assert.True((await _app.Redeem("r-1", "tea", key: "k")).IsOk().IsReplayed);
        (await _app.Redeem("r-1", "tea", 2, "k")).IsProblem(422, "command_id_reused");

        Assert.Equal((4L, 0L, 1L), await Stock());
    }

    [Fact]
    public async Task What_the_wallet_refuses_and_what_is_cancelled_goes_back()
    {
        (await Change(20, "in")).IsOk();
        (await _app.Redeem("r-1", "tea", 10)).IsProblem(422, "insufficient_points");
        Assert.Equal((20L, 0L, 0L), await Stock());
        var id = (await _app.Redeem("r-1", "tea", 3, "mine")).IsOk().Word("redemption");
        Assert.Equal((17L, 0L, 3L), await Stock());

        (await _app.Step(id, "cancel", key: "c")).IsOk();
        Assert.True((await _app.Step(id, "cancel", key: "c")).IsOk().IsReplayed);
        (await _app.Step(id, "cancel", key: "d")).IsProblem(422, "redemption_step_not_allowed");

        Assert.Equal((20L, 0L, 0L), await Stock());
        Assert.True((await _app.Redeem("r-1", "tea", 3, "mine")).IsOk().IsReplayed);
        Assert.Equal((20L, 0L, 0L), await Stock());
    }

    [Fact]
    public async Task Cash_is_waited_for_and_what_is_paid_is_sold()
    {
        (await _operator.Put("visit", MallRequests.Visit.Replace("\"holdMinutes\"", "\"limited\": true, \"holdMinutes\"", StringComparison.Ordinal))).IsOk();
        (await _operator.Command("/v1/rewards/visit/stock", """{ "change": 4 }""", "in")).IsOk();
        var id = (await _app.Redeem("r-1", "visit", 3)).IsOk().Word("redemption");
        Assert.Equal((1L, 3L, 0L), await Stock("visit"));

        (await _app.Step(id, "pay")).IsOk();

        Assert.Equal((1L, 0L, 3L), await Stock("visit"));
    }

    [Fact]
    public async Task What_was_redeemed_before_the_reward_was_limited_is_answered_as_the_first_time()
    {
        (await _operator.Put("box", MallRequests.Tea)).IsOk();
        (await _app.Redeem("r-1", "box", key: "before")).IsOk();
        (await _operator.Put("box", Tea, "\"1\"")).IsOk();

        Assert.True((await _app.Redeem("r-1", "box", key: "before")).IsOk().IsReplayed);
        (await _app.Redeem("r-1", "box", key: "after")).IsProblem(422, "reward_sold_out");
    }

    [Theory]
    [InlineData("""{ "change": 0 }""", "quantity_invalid")]
    [InlineData("""{ "change": 1.5 }""", "quantity_invalid")]
    [InlineData("""{ "change": "5" }""", "quantity_invalid")]
    [InlineData("""{ "change": 1000000001 }""", "quantity_invalid")]
    [InlineData("""{ }""", "member_missing")]
    [InlineData("""{ "change": 1, "left": 2 }""", "member_unknown")]
    public async Task What_is_no_change_is_refused(string body, string code) =>
        (await _operator.Command("/v1/rewards/tea/stock", body, "k")).IsProblem(400, code);

    [Fact]
    public async Task An_operator_puts_in_and_takes_out_once_for_each_key()
    {
        Assert.Equal(5, (await Change(5, "in")).IsOk().Number("left"));
        Assert.True((await Change(5, "in")).IsOk().IsReplayed);
        (await Change(6, "in")).IsProblem(422, "command_id_reused");

        var tooFew = (await Change(-6, "out")).IsProblem(422, "stock_too_small");
        Assert.Equal((5L, 6L), (tooFew.Number("left"), tooFew.Number("requested")));
        Assert.Equal(1, (await Change(-4, "some")).IsOk().Number("left"));
        (await Change(10, "more")).IsOk();
        (await Change(-6, "out")).IsProblem(422, "stock_too_small");

        (await _operator.Command("/v1/rewards/none/stock", """{ "change": 1 }""", "x")).IsProblem(404, "reward_not_found");
        (await _operator.Read("/v1/feed")).IsOk();
    }

    private Task<Reply> Change(int change, string key) => _operator.Command("/v1/rewards/tea/stock", $$"""{ "change": {{change}} }""", key);

    private async Task<(long Left, long Reserved, long Sold)> Stock(string reward = "tea")
    {
        var stock = (await _operator.Read($"/v1/rewards/{reward}/stock")).IsOk();
        return (stock.Number("left"), stock.Number("reserved"), stock.Number("sold"));
    }

    private sealed class StockReads : IIncomingGrainCallFilter
    {
        private int _count;

        public int Count => _count;

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod?.DeclaringType == typeof(IStockGrain) && context.InterfaceMethod.Name == nameof(IStockGrain.Read))
            {
                Interlocked.Increment(ref _count);
            }

            return context.Invoke();
        }
    }
}
