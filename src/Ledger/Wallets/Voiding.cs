using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>
/// Undo a sale, whatever has become of it before the cut-off of its settlement day: what is held is given back, and what was captured and not yet
/// refunded is refunded.
/// </summary>
/// <param name="Hold">The hold, by its reference.</param>
public sealed record VoidHold(MerchantReference Hold) : WalletCommand;

internal static class Voiding
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, VoidHold command, Thawed thawed, MerchantBook merchants)
    {
        if (thawed is not Thawed.Held held)
        {
            return Holding.Gone(command.Hold, thawed);
        }

        // What is settled stays: who is owed for it may have been paid.
        if (held.Redemption is { Left.IsPositive: true, Settlement.SettlesAt: var settlesAt } captured && settlesAt <= envelope.At)
        {
            return new Refusal.SettledUseRefund(command.Hold, settlesAt, captured.Spent, captured.Spent - captured.Left);
        }

        var undone = ImmutableArray.CreateBuilder<WalletEvent>();
        if (wallet.FindHold(command.Hold) is not null)
        {
            var released = Releasing.Release(wallet, held.Sequence, HoldEnd.Voided, envelope.At);
            undone.Add(released);
            wallet = Releasing.Evolve(wallet, released);
        }

        if (!held.Redemption.Left.IsPositive)
        {
            return Verdict.Accept(undone.ToImmutable(), refersTo: undone.Count > 0 ? held.Sequence : null);
        }

        var part = SettlementPart.Refund(programmes, merchants, envelope.At, held.Redemption, held.Redemption.Left) with
        {
            Terminal = held.Redemption.Hold?.Terminal,
            Cashier = held.Redemption.Hold?.Cashier,
        };
        var (refunded, full) = Refunding.Refund(programmes, wallet, envelope.At, held.Redemption, held.Redemption.Left, part);
        undone.Add(refunded);
        return full ?? Verdict.Accept(undone.ToImmutable(), refersTo: held.Sequence);
    }
}
