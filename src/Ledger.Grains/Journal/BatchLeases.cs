using System.Collections.Immutable;
using Ledger.Budgets;

namespace Ledger.Grains.Journal;

/// <summary>The leases that a batch draws from: each read once, drawn from by set after set, and stored once.</summary>
/// <param name="load">Reads a lease; null when it has ended.</param>
internal sealed class BatchLeases(Func<long, BudgetLease?> load)
{
    private readonly Dictionary<long, BudgetLease?> _leases = [];
    private readonly HashSet<long> _drawn = [];

    /// <summary>The leases that were drawn from, as they are after it.</summary>
    public IEnumerable<BudgetLease> Drawn => _drawn.Select(lease => _leases[lease]!);

    /// <summary>The leases of a set that have ended or do not hold what it draws; empty when it may be written.</summary>
    public ImmutableArray<long> Lacking(AppendSet set) => set.Draws.IsEmpty ? [] : [.. set.Draws.Where(draw => !Holds(draw)).Select(draw => draw.Lease)];

    /// <summary>Counts what a set draws; nothing of it is <see cref="Lacking"/>.</summary>
    public void Draw(AppendSet set)
    {
        foreach (var (id, amount) in set.Draws)
        {
            var lease = Find(id)!;
            _leases[id] = lease with { Used = lease.Used + amount };
            _drawn.Add(id);
        }
    }

    /// <summary>The batch has ended: leases may change before the next one.</summary>
    public void Forget()
    {
        _leases.Clear();
        _drawn.Clear();
    }

    private bool Holds(LeaseDraw draw) => Find(draw.Lease) is { } lease && lease.Granted.Holds(lease.Used + draw.Amount);

    private BudgetLease? Find(long id)
    {
        if (!_leases.TryGetValue(id, out var lease))
        {
            _leases[id] = lease = load(id);
        }

        return lease;
    }
}
