using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>Spend points at a merchant, at once.</summary>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
/// <param name="Terminal">The till; null when it is not said.</param>
/// <param name="Cashier">Who served; null when it is not said.</param>
public sealed record SpendPoints(MerchantId Merchant, Points Points, string? Terminal = null, string? Cashier = null) : WalletCommand;

/// <summary>Points were spent at a merchant.</summary>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that paid, in consumption order.</param>
/// <param name="ProgrammeVersion">The version in force; its policies decide a refund. 0 when none was.</param>
/// <param name="Settlement">How it counts for the merchant's settlement; null in journals from before there was one.</param>
public sealed record PointsSpent(
    MerchantId Merchant, Points Points, ImmutableArray<LotSlice> From, int ProgrammeVersion, SettlementPart? Settlement = null) : WalletEvent;

internal static class Spending
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, SpendPoints command, MerchantBook merchants)
    {
        // What is imported was sold long ago.
        if (!envelope.Historic && merchants.SellingObjection(command.Merchant, command.Terminal) is { } objection)
        {
            return objection;
        }

        if (wallet.WhyNotSpend(command.Points) is { } lacking)
        {
            return lacking;
        }

        var version = programmes.InForceAt(envelope.At)?.Version ?? 0;
        var day = SettlementPart.At(programmes, merchants, command.Merchant, envelope.At);
        return Verdict.Accept(new PointsSpent(
            command.Merchant,
            command.Points,
            wallet.Lots.Allocate(command.Points),
            version,
            SettlementPart.Of(day, day.Rate, Points.Zero, command.Points) with { Terminal = command.Terminal, Cashier = command.Cashier }));
    }

    public static WalletState Evolve(WalletState wallet, PointsSpent spent) => wallet with
    {
        Lots = wallet.Lots.TakeAll(spent.From),
        Lifetime = wallet.Lifetime with { Spent = wallet.Lifetime.Spent + spent.Points },
    };
}
