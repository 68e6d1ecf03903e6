using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Households;

/// <summary>A pooled spend and what became of it, from the household's journal: the household itself forgets what is done.</summary>
/// <param name="Sequence">The transaction that opened it.</param>
/// <param name="At">Its time.</param>
/// <param name="Opened">What was to be spent.</param>
public sealed record PooledSpend(long Sequence, Instant At, PooledSpendOpened Opened)
{
    /// <summary>Whether every share was taken, or none was kept; null while that is not so.</summary>
    public bool? Taken { get; init; }

    /// <summary>When that was so; null while it is not.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>Why every share goes back; null where none does.</summary>
    public HouseholdRefusal? Why { get; init; }

    /// <summary>Points that refunds gave back, or are giving back.</summary>
    public Points Refunded { get; init; }

    /// <summary>Refunds that have reached every wallet, by the transaction that opened them.</summary>
    public ImmutableArray<long> EndedRefunds { get; init; } = [];

    /// <summary>Points that may still come back.</summary>
    public Points Left => Taken == true ? Opened.Points - Refunded : Points.Zero;

    /// <summary>The same after something more happened to the household.</summary>
    public PooledSpend After(HouseholdEvent happened, Instant at) => happened switch
    {
        PooledSpendDecided e when e.Of == Sequence => this with { Why = e.Why },
        PooledSpendEnded e when e.Of == Sequence => this with { Taken = e.Taken, EndedAt = at },
        PooledRefundOpened e when e.Of == Sequence => this with { Refunded = Refunded + e.Points },
        PooledRefundEnded e when e.Of == Sequence => this with { EndedRefunds = EndedRefunds.Add(e.Refund) },
        _ => this,
    };
}
