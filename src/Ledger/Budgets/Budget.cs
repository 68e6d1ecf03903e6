namespace Ledger.Budgets;

/// <summary>What a campaign may give to all residents together, for ever: a hard cap. Its campaign's id names what it counts.</summary>
/// <param name="Points">The most points, 1 to 2^53−1; null for no limit.</param>
/// <param name="Awards">The most awards that get something from it, 1 to 2^53−1; null for no limit. One of both is set.</param>
public sealed record Budget(Points? Points, long? Awards)
{
    /// <summary>Both limits as an amount; <see cref="BudgetAmount.NoLimit"/> where there is none.</summary>
    public BudgetAmount Limit => new(Points?.Value ?? BudgetAmount.NoLimit, Awards ?? BudgetAmount.NoLimit);
}

/// <summary>An amount of a budget. Never negative. Default: nothing.</summary>
/// <param name="Points">Points.</param>
/// <param name="Awards">Awards.</param>
public readonly record struct BudgetAmount(long Points, long Awards)
{
    /// <summary>Stands for a limit that is not set: more than is ever drawn, and two of them are still a number.</summary>
    public const long NoLimit = 1L << 61;

    /// <summary>Nothing.</summary>
    public static BudgetAmount Zero => default;

    /// <summary>What an award of so many points draws: one award, or nothing when there are no points.</summary>
    public static BudgetAmount Of(Points points) => points.IsPositive ? new(points.Value, 1) : Zero;

    /// <summary>Does it hold another amount, in points and in awards?</summary>
    public bool Holds(BudgetAmount other) => other.Points <= Points && other.Awards <= Awards;

    /// <summary>The amount, no more than <see cref="NoLimit"/>.</summary>
    public BudgetAmount Capped() => new(Math.Min(Points, NoLimit), Math.Min(Awards, NoLimit));

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">More than a number.</exception>
    public static BudgetAmount operator +(BudgetAmount left, BudgetAmount right) => new(left.Points + right.Points, left.Awards + right.Awards);

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">Less than a number.</exception>
    public static BudgetAmount operator -(BudgetAmount left, BudgetAmount right) => new(left.Points - right.Points, left.Awards - right.Awards);
}
