using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;

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
        var isHeld = wallet.FindHold(command.Hold) is not null;
        var isSettled = false;
        if (held.Redemption is { Left.IsPositive: true, Settlement.SettlesAt: var settlesAt } captured && settlesAt <= envelope.At)
        {
            if (!isHeld)
            {
                return new Refusal.SettledUseRefund(command.Hold, settlesAt, captured.Spent, captured.Spent - captured.Left);
            }

            isSettled = true;
        }

        var undone = ImmutableArray.CreateBuilder<WalletEvent>();
        if (isHeld)
        {
            var released = Releasing.Release(wallet, held.Sequence, HoldEnd.Voided, envelope.At);
            undone.Add(released);
            wallet = Releasing.Evolve(wallet, released);
        }

        if (isSettled || !held.Redemption.Left.IsPositive)
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
