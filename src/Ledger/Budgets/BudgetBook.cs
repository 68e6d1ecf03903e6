using System.Collections.Immutable;

namespace Ledger.Budgets;

/// <summary>A part of a budget that one process may draw from without asking anybody.</summary>
/// <param name="Id">Names it for ever; ids are never used again.</param>
/// <param name="Granted">What it may draw in all.</param>
/// <param name="Used">What it drew; never more than granted.</param>
public sealed record BudgetLease(long Id, BudgetAmount Granted, BudgetAmount Used);

/// <summary>What whoever asked for more of a budget was given.</summary>
/// <param name="Lease">The lease that may be drawn from; 0 for none, when nothing is left.</param>
/// <param name="Added">By how much it grew.</param>
public readonly record struct TakenLease(long Lease, BudgetAmount Added);

/// <summary>The book of one campaign's budget: what was drawn through leases that have ended, and the leases that are open. Immutable.</summary>
/// <remarks>
/// The law: what was drawn, and all that open leases may still draw, together never pass the largest limit under which something was granted.
/// Every store keeps this book; a lease that has ended is gone from it, so whoever still holds one cannot draw.
/// </remarks>
/// <param name="Ended">What ended leases drew.</param>
/// <param name="Leases">The open leases.</param>
public sealed record BudgetBook(BudgetAmount Ended, ImmutableArray<BudgetLease> Leases)
{
    /// <summary>So small a part of what is left is granted at once: few leases on the way, and almost nothing in them at the end.</summary>
    public const int Share = 16;

    /// <summary>Nothing granted.</summary>
    public static BudgetBook Empty { get; } = new(BudgetAmount.Zero, []);

    /// <summary>What was drawn in all.</summary>
    public BudgetAmount Used => Leases.Aggregate(Ended, (used, lease) => used + lease.Used);

    /// <summary>What open leases may still draw.</summary>
    public BudgetAmount Leased => Leases.Aggregate(BudgetAmount.Zero, (leased, lease) => (leased + (lease.Granted - lease.Used)).Capped());

    /// <summary>Extends a lease, or opens a new one when it is not open: by what is needed, or by a share of what is left where that is more.</summary>
    /// <param name="lease">The lease to extend.</param>
    /// <param name="otherwise">The id of a new one.</param>
    /// <param name="limit">The budget; <see cref="BudgetAmount.NoLimit"/> in points or awards is granted whole.</param>
    /// <param name="need">What is short; nothing more is granted of what is not.</param>
    /// <returns>The book after it, the lease that may be drawn from (0 for none), and by how much it grew.</returns>
    public (BudgetBook Book, TakenLease Taken) Take(long lease, long otherwise, BudgetAmount limit, BudgetAmount need)
    {
        var old = Find(lease);
        var added = new BudgetAmount(
            More(limit.Points, Granted(open => open.Points), need.Points), More(limit.Awards, Granted(open => open.Awards), need.Awards));
        return added == BudgetAmount.Zero ? (this, new(old?.Id ?? 0, added))
            : old is not null ? (this with { Leases = Leases.Replace(old, old with { Granted = (old.Granted + added).Capped() }) }, new(lease, added))
            : (this with { Leases = Leases.Add(new(otherwise, added, BudgetAmount.Zero)) }, new(otherwise, added));
    }

    /// <summary>Draws through a lease; null when it has ended or does not hold so much, and then nothing is drawn.</summary>
    public BudgetBook? Draw(long lease, BudgetAmount amount) => Find(lease) is { } open && open.Granted.Holds(open.Used + amount)
        ? this with { Leases = Leases.Replace(open, open with { Used = open.Used + amount }) }
        : null;

    /// <summary>Ends a lease: what it did not draw is free again. Nothing happens when it has ended before.</summary>
    public BudgetBook End(long lease) => Find(lease) is { } open ? new(Ended + open.Used, Leases.Remove(open)) : this;

    private static long More(long limit, Int128 granted, long need)
    {
        if (need == 0 || limit == BudgetAmount.NoLimit)
        {
            return need == 0 ? 0 : limit;
        }

        var left = limit > granted ? limit - granted : 0;
        return (long)Int128.Min(left, Int128.Max(need, left / Share));
    }

    private Int128 Granted(Func<BudgetAmount, long> of) => Leases.Aggregate((Int128)of(Ended), (granted, lease) => granted + of(lease.Granted));

    private BudgetLease? Find(long lease) => Leases.FirstOrDefault(open => open.Id == lease);
}
