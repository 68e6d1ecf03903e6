using Ledger.Stocks;

namespace Ledger.Grains.Stocks;

/// <summary>How stocks stood a moment ago, for who shows them: a mall that many look at asks each stock now and then, not once for each reader.</summary>
/// <remarks>Whoever keeps something in a stock asks the stock itself, and what that answers is known here at once.</remarks>
/// <param name="ask">Asks a stock.</param>
/// <param name="time">Tells how old an answer is.</param>
public sealed class StockLevels(Func<CommunityId, RewardId, Task<StockLevel>> ask, TimeProvider time)
{
    /// <summary>An answer that is older is not shown any more.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(CommunityId Community, RewardId Reward), (Task<StockLevel> Level, long At)> _known = [];

    /// <summary>How a stock stood at most <see cref="FreshFor"/> ago. Of many who ask at once, one asks the stock.</summary>
    public Task<StockLevel> Of(CommunityId community, RewardId reward)
    {
        lock (_known)
        {
            if (!_known.TryGetValue((community, reward), out var known) || known.Level.IsFaulted || time.GetElapsedTime(known.At) >= FreshFor)
            {
                _known[(community, reward)] = known = (ask(community, reward), time.GetTimestamp());
            }

            return known.Level;
        }
    }

    /// <summary>A stock told how it stands.</summary>
    public void Hear(CommunityId community, RewardId reward, StockLevel level)
    {
        lock (_known)
        {
            _known[(community, reward)] = (Task.FromResult(level), time.GetTimestamp());
        }
    }
}
