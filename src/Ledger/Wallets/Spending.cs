using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>Spend points at a merchant, at once.</summary>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
public sealed record SpendPoints(MerchantId Merchant, Points Points) : WalletCommand;

/// <summary>Points were spent at a merchant.</summary>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that paid, in consumption order.</param>
/// <param name="ProgrammeVersion">The version in force; its policies decide a refund. 0 when none was.</param>
public sealed record PointsSpent(MerchantId Merchant, Points Points, ImmutableArray<LotSlice> From, int ProgrammeVersion) : WalletEvent;

internal static class Spending
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, SpendPoints command)
    {
        if (wallet.Available < command.Points)
        {
            return new Refusal.InsufficientPoints(wallet.Available, command.Points);
        }

        if (wallet.SpentTooMuch(command.Points) is { } limit)
        {
            return limit;
        }

        var version = programmes.InForceAt(envelope.At)?.Version ?? 0;
        return Verdict.Accept(new PointsSpent(command.Merchant, command.Points, wallet.Lots.Allocate(command.Points), version));
    }

    public static WalletState Evolve(WalletState wallet, PointsSpent spent) => wallet with
    {
        Lots = wallet.Lots.TakeAll(spent.From),
        Lifetime = wallet.Lifetime with { Spent = wallet.Lifetime.Spent + spent.Points },
    };
}
