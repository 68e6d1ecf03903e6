using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

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
/// <param name="Of">The transaction that proposed it, where a second operator approved; null for others.</param>
/// <param name="By">That second operator; null for others.</param>
public sealed record PointsAdjusted(
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    ImmutableArray<LotPoints> From,
    string? Reason,
    long? Of = null,
    string? By = null) : WalletEvent;

/// <summary>An operator proposed to add or remove more points than one alone may: nothing moves until a second one approves.</summary>
/// <param name="Points">How many: positive to add, negative to remove.</param>
/// <param name="Approval">What it waits for.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record AdjustmentProposed(Points Points, AwaitedApproval Approval, string? Reason) : WalletEvent;

internal static class Adjusting
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, AdjustPoints command) =>
        !envelope.Historic
            && programmes.InForceAt(envelope.At)?.Programme is { Adjustments: { } policy } programme
            && Math.Abs(command.Points.Value) > policy.SecondOperatorAbove
            ? Approving.Full(wallet) ?? Verdict.Accept(new AdjustmentProposed(
                command.Points, new(policy.DueAt(programme, envelope.At), SilenceApproves: false, [envelope.Sender]), envelope.Note?.Digest()))
            : Adjust(programmes, wallet, envelope, command.Points, null);

    /// <summary>Adds or removes points, perhaps because a second operator approves what a transaction proposed.</summary>
    public static Verdict Adjust(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, Points points, long? of)
    {
        var verdict = points.IsPositive ? Add(programmes, wallet, envelope, points) : Remove(wallet, envelope, -points);
        return of is not null && verdict.Events is [PointsAdjusted adjusted]
            ? Verdict.Accept(adjusted with { Of = of, By = envelope.Sender }, refersTo: of)
            : verdict;
    }

    public static WalletState Evolve(WalletState wallet, PointsAdjusted adjusted) => wallet.AddOrTake(adjusted.Lot, adjusted.From) with
    {
        Debt = wallet.Debt - adjusted.DebtRepaid,
        UndecidedEntries = adjusted.Of is { } of ? Approving.Without(wallet, Approving.Found(wallet, of)) : wallet.UndecidedEntries,
        Lifetime = wallet.Lifetime with { Adjusted = wallet.Lifetime.Adjusted + adjusted.Points },
    };

    public static WalletState Evolve(WalletState wallet, AdjustmentProposed proposed) => wallet with
    {
        UndecidedEntries = Approving.Add(wallet.Undecided, new(wallet.Sequence + 1, proposed.Points, wallet.LastAt, proposed.Approval, null)),
    };

    /// <summary>Why so many points cannot be added; null when they can.</summary>
    public static Refusal? Limit(WalletState wallet, Points points) =>
        wallet.Exceeded(points) as Refusal ?? LifetimeTotals.Exceeded(LifetimeSum.Adjusted, wallet.Lifetime.Adjusted, points);

    /// <summary>What becomes of points that are added: they repay a debt, and the rest is a lot.</summary>
    public static (Points Repaid, LotSlice? Lot) Added(PublishedProgrammes programmes, WalletState wallet, Instant at, Points points)
    {
        var programme = programmes.InForceAt(at)?.Programme;
        var repaid = Points.Min(wallet.Debt, points);
        var expiresAt = programme?.EndOf(programme.WithNotice(programme.Expiry.LastDate(programme.DateOf(at)), at));
        var lot = points > repaid
            ? new LotSlice(
                new LotId(wallet.Sequence + 1),
                points - repaid,
                at,
                expiresAt,
                expiresAt is null ? null : programme?.Warnings,
                programme?.Expiry as ExpiryPolicy.Inactivity)
            : null as LotSlice?;
        return (repaid, lot);
    }

    private static Verdict Add(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, Points points)
    {
        if (Limit(wallet, points) is { } limit)
        {
            return limit;
        }

        var (repaid, lot) = Added(programmes, wallet, envelope.At, points);
        return Verdict.Accept(new PointsAdjusted(points, repaid, lot, [], envelope.Note?.Digest()));
    }

    private static Verdict Remove(WalletState wallet, CommandEnvelope envelope, Points points) => wallet.Available < points
        ? new Refusal.InsufficientPoints(wallet.Available, points)
        : Verdict.Accept(new PointsAdjusted(
            -points,
            Points.Zero,
            null,
            wallet.Lots.Allocate(points).Named(),
            envelope.Note?.Digest()));
}
