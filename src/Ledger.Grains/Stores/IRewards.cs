using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A reward as operators wrote it. Its identifier is never free again.</summary>
/// <param name="Community">Whose.</param>
/// <param name="Id">Its identifier, unique within the community.</param>
/// <param name="Revision">From 1, one more with each change; whoever changes it names the one that he saw.</param>
/// <param name="Json">The text, as it came.</param>
/// <param name="Withdrawn">Is it offered no longer?</param>
/// <param name="ChangedBy">The client that wrote this revision.</param>
/// <param name="ChangedAt">When.</param>
public sealed record StoredReward(CommunityId Community, RewardId Id, int Revision, string Json, bool Withdrawn, string ChangedBy, Instant ChangedAt)
{
    /// <summary>The most rewards of one community, withdrawn ones among them.</summary>
    public const int CountMax = 1_000;
}

/// <summary>The rewards of the mall. Few, and changed by people.</summary>
/// <remarks>
/// The obligations of <see cref="ICatalogue"/>. Whoever changes or withdraws a reward names the revision that he saw: of several at once one is told yes.
/// </remarks>
public interface IRewards
{
    /// <summary>Adds a reward; false when its community has <see cref="StoredReward.CountMax"/> already, or its identifier is taken.</summary>
    Task<bool> AddReward(StoredReward reward, CancellationToken cancellation = default);

    /// <summary>A reward, also a withdrawn one; null when there never was one.</summary>
    Task<StoredReward?> FindReward(CommunityId community, RewardId id, CancellationToken cancellation = default);

    /// <summary>The rewards of a community that are not withdrawn, by identifier in code point order.</summary>
    Task<IReadOnlyList<StoredReward>> ListRewards(CommunityId community, CancellationToken cancellation = default);

    /// <summary>Writes the next revision of a reward; false when the stored one is not the revision before.</summary>
    Task<bool> ChangeReward(StoredReward changed, CancellationToken cancellation = default);
}
