using NodaTime;

namespace Ledger.Wallets;

/// <summary>Stop a resident from giving points away until it is lifted, perhaps with a reason (<see cref="CommandEnvelope.Note"/>).</summary>
/// <remarks>What goes on meanwhile: <see cref="Admitting"/>.</remarks>
public sealed record FreezeWallet : WalletCommand;

/// <summary>Let a frozen wallet be used again, perhaps with a reason (<see cref="CommandEnvelope.Note"/>).</summary>
public sealed record UnfreezeWallet : WalletCommand;

/// <summary>A wallet was frozen.</summary>
/// <param name="By">Who did it: a client.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record WalletFrozen(string By, string? Reason = null) : WalletEvent;

/// <summary>A frozen wallet can be used again.</summary>
/// <param name="By">Who lifted it: a client.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record WalletUnfrozen(string By, string? Reason = null) : WalletEvent;

/// <summary>That a wallet is frozen.</summary>
/// <param name="Since">Since when.</param>
/// <param name="By">Who did it: a client.</param>
public sealed record Freeze(Instant Since, string By);

internal static class Freezing
{
    // Recorded also where it is so already: a repeat that comes late must be known as one, and not undo what was done in between.
    public static Verdict Freeze(CommandEnvelope envelope) => Verdict.Accept(new WalletFrozen(envelope.Sender, envelope.Note?.Digest()));

    public static Verdict Unfreeze(CommandEnvelope envelope) => Verdict.Accept(new WalletUnfrozen(envelope.Sender, envelope.Note?.Digest()));

    /// <summary>Frozen, since the first time.</summary>
    public static WalletState Evolve(WalletState wallet, WalletFrozen frozen) => wallet with { Frozen = wallet.Frozen ?? new(wallet.LastAt, frozen.By) };
}
