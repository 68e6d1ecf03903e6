namespace Ledger.Grains.Journal;

/// <summary>Where a reader of the feed stands: after this row. Opaque; each store gives it a meaning of its own.</summary>
/// <param name="Commit">Rises from commit to commit.</param>
/// <param name="Stream">The stream of the row, by which the rows of one commit are ordered.</param>
/// <param name="Sequence">The row's number in its stream.</param>
public readonly record struct FeedPosition(long Commit, string Stream, long Sequence)
{
    /// <summary>Before the first row.</summary>
    public static FeedPosition Start { get; } = new(0, "", 0);
}

/// <summary>A row of the feed.</summary>
/// <param name="Position">Where a reader stands who has read it.</param>
/// <param name="Row">The row.</param>
public sealed record FeedRow(FeedPosition Position, JournalRow Row);

/// <summary>The journal in the order in which it was written, for whoever follows it.</summary>
/// <remarks>
/// Obligations. Whoever reads on from the last position is given every row of the community exactly once, however many writers commit at
/// once, in whatever order, and however long one of them takes: a row is shown only when no row can come before it any more. Rows of one
/// stream come in the order of their sequences. A row may come a little after its commit, never out of its place.
/// </remarks>
public interface IJournalFeed
{
    /// <summary>The next rows of a community after a position; empty when there is nothing new.</summary>
    /// <param name="community">Whose.</param>
    /// <param name="after">The position of the last row read; <see cref="FeedPosition.Start"/> for the beginning.</param>
    /// <param name="rowsMax">At most so many.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<FeedRow>> ReadFeed(CommunityId community, FeedPosition after, int rowsMax, CancellationToken cancellation = default);
}
