using Ledger.Budgets;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Budgets;

/// <summary>What a silo asks for when its lease of a campaign's budget is used up, or when it has none.</summary>
public sealed record LeaseRequest
{
    /// <summary>Whose campaign.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Which one, for example <c>campaign/spring</c>.</summary>
    public required string Campaign { get; init; }

    /// <summary>The lease to extend; 0 for none. One that has ended is replaced by a new one.</summary>
    public long Lease { get; init; }

    /// <summary>The budget by the version that decides.</summary>
    public required BudgetAmount Limit { get; init; }

    /// <summary>What is short.</summary>
    public required BudgetAmount Need { get; init; }

    /// <summary>Leases of others that were not renewed for so long are ended first.</summary>
    public required TimeSpan LapseAfter { get; init; }
}

/// <summary>Leases of budgets. What they are drawn from is counted by <see cref="IJournal.Append"/>, in the transaction of the award.</summary>
/// <remarks>
/// Obligations: those of <see cref="BudgetBook"/>, whoever calls at once. A lease that has ended can never be drawn from again. No exception of
/// a database provider leaves: only <see cref="JournalUnavailableException"/>; then a lease may have grown all the same, and ends like any other.
/// </remarks>
public interface IBudgets
{
    /// <summary>Takes a lease, or extends one.</summary>
    Task<TakenLease> Take(LeaseRequest request, CancellationToken cancellation = default);

    /// <summary>Says that these leases are still used. Those that have ended stay ended.</summary>
    Task Renew(IReadOnlyCollection<long> leases, CancellationToken cancellation = default);

    /// <summary>Ends a lease of a campaign: what it did not draw is free again.</summary>
    Task End(CommunityId community, string campaign, long lease, CancellationToken cancellation = default);
}
