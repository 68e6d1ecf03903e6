using System.Collections.Immutable;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>A lot that is awarded and not yet active.</summary>
/// <param name="Id">Its name.</param>
/// <param name="EarnedAt">When the activity took place.</param>
/// <param name="ActiveAt">The first instant at which it can be spent.</param>
/// <param name="ExpiresAt">The first instant at which it is no longer usable; null for never.</param>
/// <param name="Points">Points in it; more than zero.</param>
/// <param name="Warnings">When the resident is warned before it expires; null for never.</param>
/// <param name="Idle">When it expires unless the resident acts; null where only its date counts.</param>
public sealed record PendingLot(
    LotId Id,
    Instant EarnedAt,
    Instant ActiveAt,
    Instant? ExpiresAt,
    Points Points,
    ExpiryWarnings? Warnings = null,
    ExpiryPolicy.Inactivity? Idle = null);

/// <summary>Lots became active at an instant.</summary>
/// <param name="ActiveAt">The first instant at which they can be spent.</param>
/// <param name="Lots">The lots and what became available of each; what repaid a debt is not in them.</param>
/// <param name="Repaid">The lots whose points repaid a debt, and how many.</param>
public sealed record PointsActivated(Instant ActiveAt, ImmutableArray<LotSlice> Lots, ImmutableArray<LotPoints> Repaid) : WalletEvent;

internal static class Activating
{
    /// <summary>The next lots that become active together by an instant; null when none does.</summary>
    public static PointsActivated? NextUntil(WalletState wallet, Instant until)
    {
        if (wallet.NextActivation is not { } next || next > until)
        {
            return null;
        }

        var debt = wallet.Debt;
        var lots = ImmutableArray.CreateBuilder<LotSlice>();
        var repaid = ImmutableArray.CreateBuilder<LotPoints>();
        foreach (var lot in wallet.Pending)
        {
            if (lot.ActiveAt == next)
            {
                var repays = Points.Min(debt, lot.Points);
                debt -= repays;
                if (repays.IsPositive)
                {
                    repaid.Add(new(lot.Id, repays));
                }

                if (lot.Points > repays)
                {
                    lots.Add(new(lot.Id, lot.Points - repays, lot.EarnedAt, lot.ExpiresAt, lot.Warnings, lot.Idle));
                }
            }
        }

        return new(next, lots.DrainToImmutable(), repaid.DrainToImmutable());
    }

    public static WalletState Evolve(WalletState wallet, PointsActivated activated) => wallet.Add(activated.Lots, activated.ActiveAt) with
    {
        PendingLots = WalletState.OrNull(wallet.Pending.RemoveAll(lot => lot.ActiveAt == activated.ActiveAt)),
        Debt = wallet.Debt - activated.Repaid.Total(),
    };

    /// <summary>With a further lot, kept by when each becomes active, and then by name: one that was approved late may be older than its neighbours.</summary>
    public static ImmutableArray<PendingLot> Add(ImmutableArray<PendingLot> pending, LotSlice lot, Instant activeAt) => pending.InsertInOrder(
        new(lot.Lot, lot.EarnedAt, activeAt, lot.ExpiresAt, lot.Points, lot.Warnings, lot.Idle), static other => (other.ActiveAt, other.Id));

    /// <summary>Without some points of a lot.</summary>
    /// <exception cref="InvalidOperationException">The lot does not hold them: the event does not belong to this state.</exception>
    public static ImmutableArray<PendingLot>? Take(ImmutableArray<PendingLot> pending, LotPoints taken)
    {
        for (var i = 0; i < pending.Length; i++)
        {
            if (pending[i].Id == taken.Lot && pending[i].Points >= taken.Points)
            {
                var left = pending[i].Points - taken.Points;
                return WalletState.OrNull(left.IsZero ? pending.RemoveAt(i) : pending.SetItem(i, pending[i] with { Points = left }));
            }
        }

        throw new InvalidOperationException($"Lot {taken.Lot} does not hold {taken.Points} pending points.");
    }

    /// <summary>Without some points of several lots.</summary>
    /// <inheritdoc cref="Take"/>
    public static ImmutableArray<PendingLot>? TakeAll(ImmutableArray<PendingLot>? pending, ImmutableArray<LotPoints> taken) =>
        taken.Aggregate(pending, (left, lot) => Take(left ?? [], lot));

    /// <summary>When points of an activity become active; null for at once.</summary>
    public static Instant? ActiveAt(Programme programme, PendingPolicy? policy, LocalDate occurred, Instant at) =>
        policy is not null && programme.StartOf(policy.FirstDate(occurred)) is var active && active > at ? active : null;
}
