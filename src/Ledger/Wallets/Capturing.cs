using System.Collections.Immutable;

namespace Ledger.Wallets;

/// <summary>Take points of a hold for its merchant.</summary>
/// <param name="Hold">The hold, by its reference.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is still held.</param>
/// <param name="Final">Whether the rest is given back. Without it more can be captured until the time limit.</param>
public sealed record CaptureHold(MerchantReference Hold, Points? Points, bool Final) : WalletCommand;

/// <summary>Points of a hold were taken. The captures of one hold are one redemption: a refund gives back of all of them together.</summary>
/// <param name="Of">The hold's transaction.</param>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that paid, in the order in which they were set aside. When they were the last that were held, the hold has ended.</param>
public sealed record HoldCaptured(long Of, MerchantId Merchant, Points Points, ImmutableArray<LotSlice> From) : WalletEvent;

internal static class Capturing
{
    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, CaptureHold command, Thawed thawed)
    {
        if (wallet.FindHold(command.Hold) is not { } hold)
        {
            return Holding.Gone(command.Hold, thawed);
        }

        var points = command.Points ?? hold.Points;
        if (points > hold.Points)
        {
            return new Refusal.CaptureExceedsHold(command.Hold, hold.Points, points);
        }

        var captured = new HoldCaptured(hold.Sequence, hold.Reference.Merchant, points, [.. hold.Lots.TakePoints(points)]);
        return command.Final && points < hold.Points
            ? Verdict.Accept([captured, Releasing.Release(Evolve(wallet, captured), hold.Sequence, HoldEnd.Captured, envelope.At)], refersTo: hold.Sequence)
            : Verdict.Accept(captured, refersTo: hold.Sequence);
    }

    public static WalletState Evolve(WalletState wallet, HoldCaptured captured)
    {
        var hold = wallet.HoldOf(captured.Of);
        var rest = hold.Lots.SkipPoints(captured.Points).ToImmutableArray();
        return wallet with
        {
            LiveHolds = WalletState.OrNull(rest.IsEmpty
                ? wallet.Holds.Remove(hold)
                : wallet.Holds.Replace(hold, hold with { Captured = hold.Captured + captured.Points, Lots = rest })),
            Lifetime = wallet.Lifetime with { Spent = wallet.Lifetime.Spent + captured.Points },
        };
    }
}
