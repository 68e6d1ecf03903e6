using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>A re-rating that was approved changes what a resident's past earned.</summary>
/// <param name="Rerating">Its identifier.</param>
/// <param name="First">The first transaction of the wallet that was decided again.</param>
/// <param name="Last">The last one.</param>
/// <param name="Points">The difference: positive gives, negative takes; not zero, at most 2^53−1 either way.</param>
public sealed record CorrectPoints(string Rerating, long First, long Last, Points Points) : WalletCommand;

/// <summary>A re-rating changed what a resident's past earned.</summary>
/// <param name="Rerating">Its identifier.</param>
/// <param name="First">The first transaction that was decided again.</param>
/// <param name="Last">The last one.</param>
/// <param name="Points">The difference, also where not all of it could be taken.</param>
/// <param name="DebtRepaid">The part of what was given that repaid a debt.</param>
/// <param name="Lot">The rest of what was given, as a lot; null when nothing is left or points were taken.</param>
/// <param name="From">The lots that gave what was taken, in consumption order.</param>
/// <param name="Debt">The part that was not there any more and became debt.</param>
/// <param name="Forgiven">The part that was not there any more and stays with the resident.</param>
public sealed record PointsCorrected(
    string Rerating,
    long First,
    long Last,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    ImmutableArray<LotPoints> From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Debt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Forgiven) : WalletEvent;

internal static class Correcting
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CorrectPoints command) =>
        command.Points.IsPositive ? Give(programmes, wallet, envelope, command) : Take(programmes, wallet, envelope, command);

    public static WalletState Evolve(WalletState wallet, PointsCorrected corrected) => wallet.AddOrTake(corrected.Lot, corrected.From) with
    {
        Debt = wallet.Debt - corrected.DebtRepaid + corrected.Debt,
        Lifetime = wallet.Lifetime with { Adjusted = wallet.Lifetime.Adjusted + corrected.Points + corrected.Forgiven },
    };

    private static Verdict Give(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CorrectPoints command)
    {
        if (Adjusting.Limit(wallet, command.Points) is { } limit)
        {
            return limit;
        }

        var (repaid, lot) = Adjusting.Added(programmes, wallet, envelope.At, command.Points);
        return Verdict.Accept(new PointsCorrected(
            command.Rerating, command.First, command.Last, command.Points, repaid, lot, [], Points.Zero, Points.Zero));
    }

    // As a clawback takes them, but from no lot in particular: the awards that were too large are many.
    private static Verdict Take(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CorrectPoints command)
    {
        var asked = -command.Points;
        var taken = Points.Min(asked, wallet.Available);
        var rest = asked - taken;
        // What only becomes active later is there to be taken: it repays what is owed then.
        var owed = programmes.InForceAt(envelope.At)?.Programme.Clawback == Clawback.WriteOff ? Points.Min(rest, wallet.ActivatingPoints) : rest;
        if (wallet.Debt + owed > Points.Max)
        {
            return new Refusal.DebtLimit(wallet.Debt, owed, Points.Max);
        }

        return Verdict.Accept(new PointsCorrected(
            command.Rerating,
            command.First,
            command.Last,
            command.Points,
            Points.Zero,
            null,
            wallet.Lots.Allocate(taken).Named(),
            owed,
            rest - owed));
    }
}
