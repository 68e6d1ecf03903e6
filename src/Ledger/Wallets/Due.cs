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

    // At one instant lots become active first, then holds time out, then lots expire.
    private static WalletEvent? Next(WalletState wallet, Instant until)
    {
        var next = wallet.NextDue;
        return !(next <= until) ? null
            : next == wallet.NextActivation ? Activating.NextUntil(wallet, until)
            : next == wallet.NextTimeOut ? Releasing.TimeOut(wallet)
            : Expiring.NextUntil(wallet, until);
    }
}
