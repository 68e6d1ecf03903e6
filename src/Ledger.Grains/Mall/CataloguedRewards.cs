using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Rewards;

namespace Ledger.Grains.Mall;

/// <summary>The rewards of the catalogue, remembered as every <see cref="RememberedList{TList}"/>.</summary>
/// <param name="rewards">Where they are kept.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class CataloguedRewards(IRewards rewards, TimeProvider time) : IMall
{
    private readonly RememberedList<RewardBook> _remembered = new(async community => new((await rewards.ListRewards(community)).Select(Parse)), time);

    /// <inheritdoc/>
    public ValueTask<RewardBook> Of(CommunityId community) => _remembered.Of(community);

    /// <inheritdoc/>
    public void Refresh() => _remembered.Refresh();

    private static Reward Parse(StoredReward stored) => RewardReader.Read(stored.Id, stored.Revision, stored.Json) is { Reward: { } reward }
        ? reward
        : throw new JournalUnavailableException($"Reward {stored.Id} of {stored.Community} cannot be read by this program.");
}
