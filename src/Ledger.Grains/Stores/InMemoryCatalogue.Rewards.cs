namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IRewards
{
    private readonly Dictionary<(CommunityId Community, RewardId Id), StoredReward> _rewards = [];

    /// <inheritdoc/>
    public Task<bool> AddReward(StoredReward reward, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return Answer(() => _rewards.Keys.Count(key => key.Community == reward.Community) < StoredReward.CountMax
            && _rewards.TryAdd((reward.Community, reward.Id), reward));
    }

    /// <inheritdoc/>
    public Task<StoredReward?> FindReward(CommunityId community, RewardId id, CancellationToken cancellation = default) =>
        Answer(() => _rewards.GetValueOrDefault((community, id)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredReward>> ListRewards(CommunityId community, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<StoredReward>>(() =>
        [
            .. _rewards.Values.Where(reward => reward.Community == community && !reward.Withdrawn)
                .OrderBy(reward => reward.Id.Value, StringComparer.Ordinal),
        ]);

    /// <inheritdoc/>
    public Task<bool> ChangeReward(StoredReward changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return Answer(() =>
        {
            var isNext = _rewards.GetValueOrDefault((changed.Community, changed.Id))?.Revision == changed.Revision - 1;
            if (isNext)
            {
                _rewards[(changed.Community, changed.Id)] = changed;
            }

            return isNext;
        });
    }
}
