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

        return (wallet with { Warnings = wallet.Warnings?.After(until, wallet) }, events.DrainToImmutable());
    }

    // At one instant what waits is decided first, then lots become active, holds time out, lots expire; a tier falls last. A lot that waits for
    // a warning expires at no instant yet.
    private static WalletEvent? Next(WalletState wallet, Instant until)
    {
        var expiring = Expiring.NextUntil(wallet, until);
        var next = Earliest(wallet.NextDecision, wallet.NextActivation, wallet.NextTimeOut, expiring?.ExpiredAt, wallet.Tiers?.Until);
        return next > until || next is null ? null
            : wallet.NextDecision == next ? Approving.ByTime(wallet)
            : wallet.NextActivation == next ? Activating.NextUntil(wallet, until)
            : wallet.NextTimeOut == next ? Releasing.TimeOut(wallet)
            : expiring?.ExpiredAt == next ? expiring
            : Tiering.NextUntil(wallet, until);
    }

    /// <summary>The first of several instants, of which none may ever come.</summary>
    internal static Instant? Earliest(params ReadOnlySpan<Instant?> instants)
    {
        var first = null as Instant?;
        foreach (var instant in instants)
        {
            first = first <= instant ? first : instant ?? first;
        }

        return first;
    }
}
