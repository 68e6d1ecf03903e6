using Ledger.Rewards;

namespace Ledger.Grains.Mall;

/// <summary>The rewards of every community, at hand for deciders.</summary>
public interface IMall
{
    /// <summary>What a community offers; nothing when it has no mall or does not exist.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    ValueTask<RewardBook> Of(CommunityId community);

    /// <summary>Forgets what was read, after a change.</summary>
    void Refresh();
}
