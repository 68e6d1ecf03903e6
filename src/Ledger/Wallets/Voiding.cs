using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>
/// Undo a sale, whatever has become of it: what is held is given back, and what was captured and not yet refunded is refunded, until the cut-off of its
/// settlement day.
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

        // What is settled stays: who is owed for it may have been paid. What is still held is nobody's yet.
        var sale = held.Redemption;
        var isHeld = wallet.FindHold(command.Hold) is not null;
        var settledAt = sale is { Left.IsPositive: true, Settlement.SettlesAt: var end } && end <= envelope.At ? end : null as Instant?;
        if (!isHeld && settledAt is { } cutOff)
        {
            return new Refusal.SettledUseRefund(command.Hold, cutOff, sale.Spent, sale.Spent - sale.Left);
        }

        var undone = ImmutableArray.CreateBuilder<WalletEvent>();
        if (isHeld)
        {
            var released = Releasing.Release(wallet, held.Sequence, HoldEnd.Voided, envelope.At);
            undone.Add(released);
            wallet = Releasing.Evolve(wallet, released);
        }

        if (settledAt is not null || !sale.Left.IsPositive)
        {
            return Verdict.Accept(undone.ToImmutable(), refersTo: undone.Count > 0 ? held.Sequence : null);
        }

        var part = SettlementPart.Refund(programmes, merchants, envelope.At, sale, sale.Left) with
        {
            Terminal = sale.Hold?.Terminal,
            Cashier = sale.Hold?.Cashier,
        };
        var (refunded, full) = Refunding.Refund(programmes, wallet, envelope.At, sale, sale.Left, part);
        undone.Add(refunded);
        return full is not null ? full : Verdict.Accept(undone.ToImmutable(), refersTo: held.Sequence);
    }
}
