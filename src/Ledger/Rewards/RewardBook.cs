using System.Collections.Frozen;

namespace Ledger.Rewards;

/// <summary>The rewards that a community offers, as they were at one moment. Immutable.</summary>
public sealed class RewardBook
{
    private readonly FrozenDictionary<RewardId, Reward> _byId;

    /// <exception cref="ArgumentException">Two have the same identifier.</exception>
    public RewardBook(IEnumerable<Reward> rewards) => _byId = rewards.ToFrozenDictionary(reward => reward.Id);

    /// <summary>No reward.</summary>
    public static RewardBook Empty { get; } = new([]);

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<Reward> All => _byId.Values;

    /// <summary>The reward of an identifier; null when there is none.</summary>
    public Reward? Find(RewardId id) => _byId.GetValueOrDefault(id);
}
