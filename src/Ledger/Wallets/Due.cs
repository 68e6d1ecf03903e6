using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What falls due by itself. Applied before every command and, without writing, before every read.</summary>
/// <remarks>The right number therefore never waits for a background job.</remarks>
public static class Due
{
    /// <summary>What has fallen due by an instant, in order, and the wallet after it.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="until">The instant.</param>
    /// <param name="warns">Also warnings; not for history, whose residents cannot be told any more.</param>
    public static (WalletState After, ImmutableArray<WalletEvent> Events) Apply(WalletState wallet, Instant until, bool warns = true)
    {
        if (!(wallet.NextDue <= until))
        {
            return (wallet, []);
        }

        var events = ImmutableArray.CreateBuilder<WalletEvent>();
        while ((Next(wallet, until) ?? (warns ? Warning.NextUntil(wallet, until) : null)) is { } happened)
        {
            events.Add(happened);
            wallet = Wallet.Evolve(wallet, happened);
        }

        return (wallet with { Warnings = wallet.Warnings?.After(until, wallet.Lots) }, events.DrainToImmutable());
    }

    // What becomes active at an instant does so before anything expires at it.
    private static WalletEvent? Next(WalletState wallet, Instant until) => wallet.NextActivation is { } activation && activation <= until
        ? Expiring.NextUntil(wallet, activation - Duration.Epsilon) ?? (WalletEvent?)Activating.NextUntil(wallet, until)
        : Expiring.NextUntil(wallet, until);
}
