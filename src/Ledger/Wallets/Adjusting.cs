using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>An operator adds or removes points by hand, with a reason (<see cref="CommandEnvelope.Note"/>).</summary>
/// <param name="Points">How many: positive adds, negative removes; not zero, at most 2^53−1 either way.</param>
public sealed record AdjustPoints(Points Points) : WalletCommand;

/// <summary>An operator added or removed points.</summary>
/// <param name="Points">How many: positive added, negative removed.</param>
/// <param name="DebtRepaid">The part of what was added that repaid a debt.</param>
/// <param name="Lot">The rest of what was added, as a lot; null when nothing is left or points were removed.</param>
/// <param name="From">The lots that gave what was removed, in consumption order.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record PointsAdjusted(
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    ImmutableArray<LotPoints> From,
    string? Reason) : WalletEvent;

internal static class Adjusting
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, AdjustPoints command) =>
        command.Points.IsPositive ? Add(programmes, wallet, envelope, command.Points) : Remove(wallet, envelope, -command.Points);

    public static WalletState Evolve(WalletState wallet, PointsAdjusted adjusted)
    {
        var after = adjusted.Lot is { } lot
            ? wallet.Add(lot)
            : wallet with { Lots = wallet.Lots.TakeAll(adjusted.From) };
        return after with
        {
            Debt = wallet.Debt - adjusted.DebtRepaid,
            Lifetime = wallet.Lifetime with { Adjusted = wallet.Lifetime.Adjusted + adjusted.Points },
        };
    }

    private static Verdict Add(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, Points points)
    {
        if (wallet.Exceeded(points) is { } full)
        {
            return full;
        }

        if (LifetimeTotals.Exceeded(LifetimeSum.Adjusted, wallet.Lifetime.Adjusted, points) is { } limit)
        {
            return limit;
        }

        var programme = programmes.InForceAt(envelope.At)?.Programme;
        var repaid = Points.Min(wallet.Debt, points);
        var expiresAt = programme?.EndOf(programme.WithNotice(programme.Expiry.LastDate(programme.DateOf(envelope.At)), envelope.At));
        var lot = points > repaid
            ? new LotSlice(new LotId(wallet.Sequence + 1), points - repaid, envelope.At, expiresAt, expiresAt is null ? null : programme?.Warnings)
            : null as LotSlice?;
        return Verdict.Accept(new PointsAdjusted(points, repaid, lot, [], envelope.Note?.Digest()));
    }

    private static Verdict Remove(WalletState wallet, CommandEnvelope envelope, Points points) => wallet.Available < points
        ? new Refusal.InsufficientPoints(wallet.Available, points)
        : Verdict.Accept(new PointsAdjusted(
            -points,
            Points.Zero,
            null,
            [.. wallet.Lots.Allocate(points).Select(slice => new LotPoints(slice.Lot, slice.Points))],
            envelope.Note?.Digest()));
}
