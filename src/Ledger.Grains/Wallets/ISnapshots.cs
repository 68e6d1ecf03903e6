using Ledger.Transactions;

namespace Ledger.Grains.Wallets;

/// <summary>Rebuildable copies of wallets, to load faster. Never the truth; never throws.</summary>
internal interface ISnapshots
{
    /// <summary>The last snapshot; null when there is none that can be used.</summary>
    Task<LoadedWallet?> Read(StreamId stream);

    /// <summary>Keeps a snapshot, or logs why not.</summary>
    Task Write(StreamId stream, LoadedWallet wallet);
}
