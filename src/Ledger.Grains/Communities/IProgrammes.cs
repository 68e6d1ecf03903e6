using Ledger.Programmes;

namespace Ledger.Grains.Communities;

/// <summary>Every published programme of every community, at hand for deciders.</summary>
public interface IProgrammes
{
    /// <summary>The versions of a community; none when it has none or does not exist.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    ValueTask<PublishedProgrammes> Of(CommunityId community);

    /// <summary>Forgets what was read of a community, after a publication.</summary>
    void Refresh(CommunityId community);
}
