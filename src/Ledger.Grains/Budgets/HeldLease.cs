using Ledger.Budgets;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Budgets;

/// <summary>The lease that a desk holds of one campaign, and what of it is free. Safe for concurrent callers.</summary>
internal sealed class HeldLease(TimeProvider time) : IDisposable
{
    private readonly Lock _door = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Versions with different budgets may take turns, for late activities belong to the one before: each is asked for once a moment.
    private readonly Dictionary<BudgetAmount, long> _emptyAt = [];
    private BudgetAmount _free;
    private BudgetAmount _limit;
    private bool _used;

    /// <summary>The lease; 0 for none.</summary>
    public long Lease { get; private set; }

    /// <summary>Waits for the turn to change the lease; disposing the answer gives it back.</summary>
    public async Task<Turn> EnterTurn()
    {
        await _turn.WaitAsync();
        return new(_turn);
    }

    /// <summary>Takes what is wanted, or the rest where the budget was empty a moment ago; null when the lease must be extended first.</summary>
    /// <param name="limit">The budget by the version that decides.</param>
    /// <param name="wanted">Points, and one award.</param>
    public LeaseDraw? TryTake(BudgetAmount limit, BudgetAmount wanted)
    {
        lock (_door)
        {
            if (!limit.Holds(_limit))
            {
                // Granted under a larger budget than this one: not for this version to draw.
                return WasEmpty(limit) ? Take(BudgetAmount.Zero) : null;
            }

            if (_free.Holds(wanted))
            {
                return Take(wanted);
            }

            return WasEmpty(limit)
                ? Take(_free.Awards == 0 ? BudgetAmount.Zero : BudgetAmount.Of(new(Math.Min(_free.Points, wanted.Points))))
                : null;
        }
    }

    /// <summary>Was something granted under a larger budget than this one?</summary>
    public bool IsBeyond(BudgetAmount limit)
    {
        lock (_door)
        {
            return !limit.Holds(_limit);
        }
    }

    /// <summary>The lease, and what is short of what is wanted.</summary>
    public (long Lease, BudgetAmount Need) Lacks(BudgetAmount wanted)
    {
        lock (_door)
        {
            return (Lease, new(Math.Max(0, wanted.Points - _free.Points), Math.Max(0, wanted.Awards - _free.Awards)));
        }
    }

    /// <summary>The lease was extended, or replaced by another one.</summary>
    /// <param name="taken">What was granted.</param>
    /// <param name="limit">The budget under which it was.</param>
    /// <param name="isAll">Whether there was less than was needed.</param>
    public void Add(TakenLease taken, BudgetAmount limit, bool isAll)
    {
        lock (_door)
        {
            _free = taken.Lease == Lease ? (_free + taken.Added).Capped() : taken.Added;
            (Lease, _limit, _used) = (taken.Lease, limit, true);
            _emptyAt.Remove(limit);
            if (isAll)
            {
                _emptyAt[limit] = time.GetTimestamp();
            }
        }
    }

    /// <summary>What was taken from the lease is not drawn.</summary>
    public void GiveBack(LeaseDraw draw)
    {
        lock (_door)
        {
            if (draw.Lease == Lease)
            {
                _free += draw.Amount;
            }
        }
    }

    /// <summary>A lease is not held any more.</summary>
    public void Forget(long lease)
    {
        lock (_door)
        {
            if (lease == Lease)
            {
                (Lease, _free, _limit) = (0, BudgetAmount.Zero, BudgetAmount.Zero);
                _emptyAt.Clear();
            }
        }
    }

    /// <summary>The lease, when somebody took from it since this was last asked; else null.</summary>
    public long? UsedSinceAsked()
    {
        lock (_door)
        {
            var used = _used;
            _used = false;
            return used && Lease != 0 ? Lease : null;
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool WasEmpty(BudgetAmount limit)
    {
        foreach (var (of, at) in _emptyAt)
        {
            if (of.Holds(limit) && time.GetElapsedTime(at) < BudgetDesk.AskAgainAfter)
            {
                return true;
            }
        }

        return false;
    }

    private LeaseDraw Take(BudgetAmount amount)
    {
        _free -= amount;
        _used |= amount != BudgetAmount.Zero;
        return new(Lease, amount);
    }

    /// <summary>The right to change the lease, until disposed.</summary>
    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
