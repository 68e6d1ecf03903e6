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
        while (Expiring.NextUntil(wallet, until) is { } expired)
        {
            events.Add(expired);
            wallet = Expiring.Evolve(wallet, expired);
        }

        return (wallet, events.DrainToImmutable());
    }
}
