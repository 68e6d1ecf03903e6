using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Give back what a hold still holds.</summary>
/// <param name="Hold">The hold, by its reference.</param>
public sealed record ReleaseHold(MerchantReference Hold) : WalletCommand;

/// <summary>How a hold ended. Each ends once.</summary>
public enum HoldEnd
{
    /// <summary>Its last points were captured, or a capture said that it was the last.</summary>
    Captured,

    /// <summary>The merchant gave it back.</summary>
    Released,

    /// <summary>Its time limit passed.</summary>
    TimedOut,

    /// <summary>The merchant voided the sale.</summary>
    Voided,
}

/// <summary>A hold ended and gave back what it still held, last allocation first.</summary>
/// <param name="Of">The hold's transaction.</param>
/// <param name="How">How it ended.</param>
/// <param name="At">When: for a time limit the instant at which it passed.</param>
/// <param name="Repaid">What repaid a debt.</param>
/// <param name="To">The lots that took points.</param>
/// <param name="ExpiredAtOnce">Points whose lot had expired meanwhile: back and gone in one transaction.</param>
public sealed record HoldReleased(
    long Of,
    HoldEnd How,
    Instant At,
    ImmutableArray<LotPoints> Repaid,
    ImmutableArray<LotSlice> To,
    ImmutableArray<LotPoints> ExpiredAtOnce) : WalletEvent;

internal static class Releasing
{
    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, ReleaseHold command, Thawed thawed) =>
        wallet.FindHold(command.Hold) is { } hold
            ? Verdict.Accept(Release(wallet, hold.Sequence, HoldEnd.Released, envelope.At), refersTo: hold.Sequence)
            : Holding.Gone(command.Hold, thawed);

    /// <summary>The first hold whose time limit has passed; the wallet has one.</summary>
    public static HoldReleased TimeOut(WalletState wallet) =>
        Release(wallet, wallet.Holds[0].Sequence, HoldEnd.TimedOut, wallet.Holds[0].Until);

    public static HoldReleased Release(WalletState wallet, long sequence, HoldEnd how, Instant at)
    {
        var (repaid, to, expired) = Back(wallet, wallet.HoldOf(sequence).Lots.Reverse(), at);
        return new(sequence, how, at, repaid, to, expired);
    }

    /// <summary>What becomes of points that come back from where they were set aside.</summary>
    public static (ImmutableArray<LotPoints> Repaid, ImmutableArray<LotSlice> To, ImmutableArray<LotPoints> Expired) Back(
        WalletState wallet, IEnumerable<LotSlice> slices, Instant at)
    {
        // While all points of a date are away nobody is warned of it: those that do not expire without a warning come back after it, too.
        var back = slices.SkipPoints(wallet.Debt).ToLookup(slice => slice.ExpiresAt <= at && !wallet.AwaitsWarning(slice));
        return (slices.TakePoints(wallet.Debt).Named(), [.. back[false]], back[true].Named());
    }

    // A redemption that waited for its payment ends with its hold.
    public static WalletState Evolve(WalletState wallet, HoldReleased released)
    {
        var hold = wallet.HoldOf(released.Of);
        return Cancelling.Without(wallet, released.Of).Restore(released.To, released.At) with
        {
            LiveHolds = WalletState.OrNull(wallet.Holds.Remove(hold)),
            Debt = wallet.Debt - released.Repaid.Total(),
            Lifetime = wallet.Lifetime with { Expired = wallet.Lifetime.Expired + released.ExpiredAtOnce.Total() },
            Membership = Pooling.Count(wallet, hold.Share, hold.Sequence, -hold.Points),
        };
    }
}
