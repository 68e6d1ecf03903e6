using Ledger.Stocks;

namespace Ledger.Grains.Stocks;

/// <summary>How stocks stood a moment ago, for who shows them: a mall that many look at asks each stock now and then, not once for each reader.</summary>
/// <remarks>Whoever keeps something in a stock asks the stock itself, and what that answers is known here at once.</remarks>
/// <param name="ask">Asks a stock.</param>
/// <param name="time">Tells how old an answer is.</param>
public sealed class StockLevels(Func<CommunityId, RewardId, Task<StockReading>> ask, TimeProvider time)
{
    /// <summary>An answer that is older is not shown any more.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(CommunityId Community, RewardId Reward), (Task<StockReading> Reading, long At)> _known = [];

    /// <summary>How a stock stood at most <see cref="FreshFor"/> ago. Of many who ask at once, one asks the stock.</summary>
    public async Task<StockLevel> Of(CommunityId community, RewardId reward) => (await Read(community, reward)).Level;

    /// <summary>A stock told how it stands. What is known to be newer stays, though this comes later.</summary>
    public void Hear(CommunityId community, RewardId reward, StockReading reading)
    {
        lock (_known)
        {
            if (!_known.TryGetValue((community, reward), out var known) || !known.Reading.IsCompletedSuccessfully || known.Reading.Result.Sequence <= reading.Sequence)
            {
                _known[(community, reward)] = (Task.FromResult(reading), time.GetTimestamp());
            }
        }
    }

    private Task<StockReading> Read(CommunityId community, RewardId reward)
    {
        lock (_known)
        {
            if (!_known.TryGetValue((community, reward), out var known) || known.Reading.IsFaulted || time.GetElapsedTime(known.At) >= FreshFor)
            {
                _known[(community, reward)] = known = (ask(community, reward), time.GetTimestamp());
            }

            return known.Reading;
        }
    }
}
