using Ledger.Merchants;

namespace Ledger.Grains.Communities;

/// <summary>The registered merchants of every community, at hand for deciders.</summary>
public interface IMerchants
{
    /// <summary>The merchants of a community.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    ValueTask<MerchantBook> Of(CommunityId community);

    /// <summary>Forgets what was read, after a change of the register.</summary>
    void Refresh();
}
