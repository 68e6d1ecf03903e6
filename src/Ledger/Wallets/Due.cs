using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What falls due by itself. Applied before every command and, without writing, before every read.</summary>
/// <remarks>The right number therefore never waits for a background job.</remarks>
public static class Due
{
    /// <summary>What has fallen due by an instant, in order, and the wallet after it.</summary>
    public static (WalletState After, ImmutableArray<WalletEvent> Events) Apply(WalletState wallet, Instant until)
    {
        if (!(wallet.NextDue <= until))
        {
            return (wallet, []);
        }

        var events = ImmutableArray.CreateBuilder<WalletEvent>();
        while (Next(wallet, until) is { } happened)
        {
            events.Add(happened);
            wallet = Wallet.Evolve(wallet, happened);
        }

        return (wallet, events.DrainToImmutable());
    }

    // At one instant what waits is decided first, then lots become active, holds time out, lots expire; a tier falls last.
    private static WalletEvent? Next(WalletState wallet, Instant until) => wallet.NextDue is not { } next || next > until ? null
        : wallet.NextDecision == next ? Approving.ByTime(wallet)
        : wallet.NextActivation == next ? Activating.NextUntil(wallet, until)
        : wallet.NextTimeOut == next ? Releasing.TimeOut(wallet)
        : wallet.Lots.NextExpiry == next ? Expiring.NextUntil(wallet, until)
        : Tiering.NextUntil(wallet, until);
}
