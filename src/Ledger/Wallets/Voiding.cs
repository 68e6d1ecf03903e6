using System.Collections.Immutable;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>Undo a sale, whatever has become of it: what is held is given back, and what was captured and not yet refunded is refunded.</summary>
/// <param name="Hold">The hold, by its reference.</param>
public sealed record VoidHold(MerchantReference Hold) : WalletCommand;

internal static class Voiding
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, VoidHold command, Thawed thawed)
    {
        if (thawed is not Thawed.Held held)
        {
            return Holding.Gone(command.Hold, thawed);
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

        var (refunded, full) = Refunding.Refund(programmes, wallet, envelope.At, held.Redemption, held.Redemption.Left);
        undone.Add(refunded);
        return full ?? Verdict.Accept(undone.ToImmutable(), refersTo: held.Sequence);
    }
}
