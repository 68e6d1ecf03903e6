using Ledger.Grains.Stocks;
using Ledger.Grains.Tests.Clocks;

namespace Ledger.Grains.Tests.Stocks;

/// <summary>However many look, a stock is asked once in a while.</summary>
public sealed class StockLevelsTests
{
    private static readonly CommunityId Garden = CommunityId.Parse("garden");
    private static readonly RewardId Tea = new("tea");

    private readonly List<TaskCompletionSource<StockReading>> _asked = [];
    private readonly MovedTime _time = new();
    private readonly StockLevels _levels;

    public StockLevelsTests() => _levels = new(
        (_, _) =>
        {
            _asked.Add(new());
            return _asked[^1].Task;
        },
        _time);

    [Fact]
    public async Task A_thousand_who_look_at_once_and_those_who_come_soon_share_one_answer()
    {
        var looks = Enumerable.Range(0, 1_000).Select(_ => _levels.Of(Garden, Tea)).ToList();
        _asked.Single().SetResult(new(new(3, 0, 0), 1));
        Assert.All(await Task.WhenAll(looks), level => Assert.Equal(3, level.Left));

        _time.Move(StockLevels.FreshFor - TimeSpan.FromTicks(1));
        Assert.Equal(3, (await _levels.Of(Garden, Tea)).Left);
        Assert.Single(_asked);

        _time.Move(TimeSpan.FromTicks(1));
        var later = _levels.Of(Garden, Tea);
        _asked[1].SetResult(new(new(2, 0, 1), 3));
        Assert.Equal(2, (await later).Left);
    }

    [Fact]
    public async Task What_a_stock_told_meanwhile_counts()
    {
        var first = _levels.Of(Garden, Tea);
        _levels.Hear(Garden, Tea, new(new(1, 1, 1), 4));
        _asked.Single().SetResult(new(new(2, 0, 1), 3));
        await first;

        Assert.Equal(new(1, 1, 1), await _levels.Of(Garden, Tea));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_late_answer_does_not_take_the_place_of_a_newer_one()
    {
        _levels.Hear(Garden, Tea, new(new(1, 1, 1), 4));
        _levels.Hear(Garden, Tea, new(new(2, 0, 1), 3));
        Assert.Equal(new(1, 1, 1), await _levels.Of(Garden, Tea));

        _time.Move(StockLevels.FreshFor);
        var asked = _levels.Of(Garden, Tea);
        _asked.Single().SetResult(new(new(0, 1, 2), 6));
        await asked;
        _levels.Hear(Garden, Tea, new(new(1, 0, 2), 5));
        Assert.Equal(new(0, 1, 2), await _levels.Of(Garden, Tea));
    }

    [Fact]
    public async Task A_stock_that_did_not_answer_is_asked_again_and_others_have_their_own_answers()
    {
        var failed = _levels.Of(Garden, Tea);
        _asked[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => failed);

        var (again, other, elsewhere) = (_levels.Of(Garden, Tea), _levels.Of(Garden, new("box")), _levels.Of(CommunityId.Parse("harbour"), Tea));
        for (var i = 1; i <= 3; i++)
        {
            _asked[i].SetResult(new(new(i, 0, 0), 1));
        }

        Assert.Equal([1, 2, 3], (await Task.WhenAll(again, other, elsewhere)).Select(level => level.Left));
    }
}
