using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>Give points to a fund of the community. Final: a donation is not taken back.</summary>
/// <param name="Fund">Which fund; one that the programme names.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
public sealed record DonatePoints(FundId Fund, Points Points) : WalletCommand;

/// <summary>Points were given to a fund.</summary>
/// <param name="Fund">Which fund.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that gave them, in consumption order.</param>
public sealed record PointsDonated(FundId Fund, Points Points, ImmutableArray<LotPoints> From) : WalletEvent;

internal static class Donating
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, DonatePoints command)
    {
        if (WhyNot(programmes, envelope, command.Fund) is { } refusal)
        {
            return refusal;
        }

        if (wallet.Available < command.Points)
        {
            return new Refusal.InsufficientPoints(wallet.Available, command.Points);
        }

        return LifetimeTotals.Exceeded(LifetimeSum.Given, wallet.Lifetime.Given, command.Points) is { } limit ? limit
            : Verdict.Accept(new PointsDonated(command.Fund, command.Points, wallet.Lots.Allocate(command.Points).Named()));
    }

    /// <summary>Why a resident gives nothing to a fund; null when that can be.</summary>
    public static Refusal? WhyNot(PublishedProgrammes programmes, CommandEnvelope envelope, FundId fund) =>
        programmes.InForceAt(envelope.At) is not { } inForce ? new Refusal.NoProgramme(envelope.At)
        : inForce.Programme.Funds.ContainsKey(fund) ? null
        : new Refusal.UnknownFund(fund, inForce.Version);

    public static WalletState Evolve(WalletState wallet, PointsDonated donated) => wallet with
    {
        Lots = wallet.Lots.TakeAll(donated.From),
        Lifetime = wallet.Lifetime with { Given = wallet.Lifetime.Given + donated.Points },
    };
}
