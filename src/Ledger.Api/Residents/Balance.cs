using System.Collections.Immutable;
using Ledger.Api.Approvals;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>What a resident has now. What has fallen due is applied, also where no background job has recorded it yet. Unit: points.</summary>
public sealed record Balance
{
    /// <summary>The resident.</summary>
    public required string Resident { get; init; }

    /// <summary>Can be spent.</summary>
    public required long Available { get; init; }

    /// <summary>Awarded, not yet active or not yet approved.</summary>
    public required long Pending { get; init; }

    /// <summary>Set aside for a merchant.</summary>
    public required long Held { get; init; }

    /// <summary>Owed after a clawback; later points repay it first.</summary>
    public required long Debt { get; init; }

    /// <summary>Available points that will expire, earliest first.</summary>
    public required IReadOnlyList<Expiring> Expiring { get; init; }

    /// <summary>Pending points that will become active, first to do so first.</summary>
    public required IReadOnlyList<Activating> Activating { get; init; }

    /// <summary>The tier, and what leads to the next one; absent where the programme has no tiers.</summary>
    public Tier? Tier { get; init; }

    /// <summary>Gifts that left and were not heard of yet, first to be delivered first; their points are in no other number.</summary>
    public required IReadOnlyList<Sharing.GiftSummary> GiftsUnderWay { get; init; }

    /// <summary>The fund that points go to when they expire; absent for nowhere.</summary>
    public string? ExpiryFund { get; init; }

    /// <summary>Pending points and proposed adjustments that wait for a decision, first to be due first.</summary>
    public required IReadOnlyList<AwaitingApproval> AwaitingApproval { get; init; }

    /// <summary>Since when the wallet is frozen, so that the resident can give nothing away; absent where it is not.</summary>
    public Instant? FrozenSince { get; init; }

    /// <summary>Since when the wallet is closed for good; absent where it is not.</summary>
    public Instant? ClosedSince { get; init; }

    /// <summary>The number of the last recorded transaction; 0 before the first.</summary>
    public required long Version { get; init; }

    /// <summary>When this was so.</summary>
    public required Instant AsOf { get; init; }

    /// <param name="resident">Whose.</param>
    /// <param name="state">With what is due applied.</param>
    /// <param name="asOf">When it was read.</param>
    /// <param name="programme">The one in force; null when the community has none.</param>
    internal static Balance Of(ResidentId resident, WalletState state, Instant asOf, Programme? programme) => new()
    {
        Resident = resident.Value,
        Available = state.Balances.Available.Value,
        Pending = state.Balances.Pending.Value,
        Held = state.Balances.Held.Value,
        Debt = state.Balances.Debt.Value,
        Expiring = Residents.Expiring.Of(state.Lots, programme?.Zone),
        Activating = Residents.Activating.Of(state.Pending, programme?.Zone),
        GiftsUnderWay = [.. state.GiftsUnderWay.Select(Sharing.GiftSummary.Of)],
        ExpiryFund = state.ExpiryFund?.Value,
        AwaitingApproval = [.. state.Undecided.Select(Residents.AwaitingApproval.Of)],
        Tier = programme?.Tiers is { } tiers ? Residents.Tier.Of(programme, tiers, state, asOf) : null,
        FrozenSince = state.Frozen?.Since,
        ClosedSince = state.Closed?.Since,
        Version = state.Sequence,
        AsOf = asOf,
    };
}

/// <summary>Points that expire at one moment.</summary>
/// <param name="UsableThrough">The last local date on which they can be spent.</param>
/// <param name="ExpiresAt">The moment after which they cannot.</param>
/// <param name="Points">How many.</param>
public sealed record Expiring(LocalDate UsableThrough, Instant ExpiresAt, long Points)
{
    internal static IReadOnlyList<Expiring> Of(Lots lots, DateTimeZone? zone)
    {
        var expiring = new List<Expiring>();
        foreach (var lot in lots)
        {
            // Lots come in the order of their expiry, those that never expire last.
            if (lot.ExpiresAt is not { } at)
            {
                break;
            }

            if (expiring is [.., var last] && last.ExpiresAt == at)
            {
                expiring[^1] = last with { Points = last.Points + lot.Open.Value };
            }
            else
            {
                expiring.Add(new(Wallets.LocalDates.LastBefore(at, zone ?? DateTimeZone.Utc), at, lot.Open.Value));
            }
        }

        return expiring;
    }
}

/// <summary>Points that become active at one moment.</summary>
/// <param name="ActiveFrom">The first local date on which they can be spent.</param>
/// <param name="ActiveAt">The moment.</param>
/// <param name="Points">How many.</param>
public sealed record Activating(LocalDate ActiveFrom, Instant ActiveAt, long Points)
{
    internal static IReadOnlyList<Activating> Of(ImmutableArray<PendingLot> pending, DateTimeZone? zone) =>
    [
        .. pending.GroupBy(lot => lot.ActiveAt).Select(lots =>
            new Activating(lots.Key.InZone(zone ?? DateTimeZone.Utc).Date, lots.Key, lots.Sum(lot => lot.Points.Value))),
    ];
}

/// <summary>What waits for a decision.</summary>
/// <param name="Transaction">The transaction that recorded it.</param>
/// <param name="Activity">The type of activity; absent for an adjustment.</param>
/// <param name="Points">How many points; of an adjustment, which is not among the pending points, positive to add, negative to remove.</param>
/// <param name="Approval">What it waits for.</param>
public sealed record AwaitingApproval(long Transaction, string? Activity, long Points, ApprovalWait Approval)
{
    internal static AwaitingApproval Of(UndecidedEntry entry) =>
        new(entry.Of, entry.Award?.Activity.Value, entry.Points.Value, ApprovalWait.Of(entry.Approval));
}
