using Ledger.Grains.Journal;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Wallets;

/// <summary>A wallet as far as the journal holds it: its state, and what the next row is chained to. Immutable.</summary>
/// <param name="State">The replay of every committed transaction.</param>
/// <param name="Hash">The hash of the last one; <see cref="HashChain.Start"/> before the first.</param>
internal sealed record LoadedWallet(WalletState State, ReadOnlyMemory<byte> Hash)
{
    public static LoadedWallet Empty { get; } = new(WalletState.Empty, HashChain.Start);

    /// <summary>When the journal's due index says that somebody has to come by: every commit keeps it equal to the state's.</summary>
    public Instant? StoredDue => State.NextCall;

    public LoadedWallet Replay(JournalRow row) => new(Wallet.Evolve(State, row.ToTransaction()), row.Hash);
}
