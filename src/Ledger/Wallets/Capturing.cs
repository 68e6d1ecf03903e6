using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Take points of a hold for its merchant.</summary>
/// <param name="Hold">The hold, by its reference.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is still held.</param>
/// <param name="Final">Whether the rest is given back. Without it more can be captured until the time limit.</param>
/// <param name="Terminal">The till; null for the hold's.</param>
/// <param name="Cashier">Who serves; null for the hold's.</param>
public sealed record CaptureHold(MerchantReference Hold, Points? Points, bool Final, string? Terminal = null, string? Cashier = null) : WalletCommand;

/// <summary>Points of a hold were taken. The captures of one hold are one redemption: a refund gives back of all of them together.</summary>
/// <param name="Of">The hold's transaction.</param>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that paid, in the order in which they were set aside. When they were the last that were held, the hold has ended.</param>
/// <param name="Settlement">How it counts for the merchant's settlement; null in journals from before there was one.</param>
public sealed record HoldCaptured(
    long Of, MerchantId Merchant, Points Points, ImmutableArray<LotSlice> From, SettlementPart? Settlement = null) : WalletEvent;

internal static class Capturing
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CaptureHold command, Thawed thawed, MerchantBook merchants)
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

        var captured = Capture(programmes, hold, points, envelope.At, merchants, command.Terminal, command.Cashier);
        return command.Final && points < hold.Points
            ? Verdict.Accept([captured, Releasing.Release(Evolve(wallet, captured), hold.Sequence, HoldEnd.Captured, envelope.At)], refersTo: hold.Sequence)
            : Verdict.Accept(captured, refersTo: hold.Sequence);
    }

    /// <summary>All that a hold holds, taken.</summary>
    public static HoldCaptured Whole(PublishedProgrammes programmes, Hold hold, Instant at, MerchantBook merchants) =>
        Capture(programmes, hold, hold.Points, at, merchants, null, null);

    public static WalletState Evolve(WalletState wallet, HoldCaptured captured)
    {
        var hold = wallet.HoldOf(captured.Of);
        var rest = hold.Lots.SkipPoints(captured.Points).ToImmutableArray();
        return wallet with
        {
            LiveHolds = WalletState.OrNull(rest.IsEmpty
                ? wallet.Holds.Remove(hold)
                : wallet.Holds.Replace(hold, hold with
                {
                    Captured = hold.Captured + captured.Points,
                    Lots = rest,
                    Rate = hold.Captured.IsPositive ? hold.Rate : captured.Settlement?.Rate,
                })),
            Lifetime = wallet.Lifetime with { Spent = wallet.Lifetime.Spent + captured.Points },
        };
    }

    private static HoldCaptured Capture(
        PublishedProgrammes programmes, Hold hold, Points points, Instant at, MerchantBook merchants, string? terminal, string? cashier) => new(
            hold.Sequence,
            hold.Reference.Merchant,
            points,
            [.. hold.Lots.TakePoints(points)],
            PartOf(hold, points, SettlementPart.At(programmes, merchants, hold.Reference.Merchant, at)) with
            {
                Terminal = terminal ?? hold.Terminal,
                Cashier = cashier ?? hold.Cashier,
            });

    // All captures of a sale go by the rate of the first, so that their parts add up; all shares of a pooled one go by its own, each from where the one before it ends.
    private static SettlementPart PartOf(Hold hold, Points points, SettlementPart now)
    {
        var kept = hold.Captured - hold.Refunded;
        var (rate, before) = hold.Share is { } share ? (share.Rate, share.Before + kept) : (hold.Captured.IsPositive ? hold.Rate : now.Rate, kept);
        return SettlementPart.Of(now, rate, before, before + points) with { Reference = hold.Reference.Id };
    }
}
