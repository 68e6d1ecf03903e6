using System.Collections.Immutable;
using Ledger.Rewards;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>The redemptions that merchants hand over, as the appends of the journal wrote them.</summary>
public interface IRedemptions
{
    /// <summary>Redemptions of a merchant, in the order of <see cref="RowPlace"/>.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<StoredRedemption>> List(RedemptionQuestion question, CancellationToken cancellation = default);
}

/// <summary>A redemption, kept beside the journal so that its merchant finds it. All of it follows from the transactions that made and moved it.</summary>
/// <param name="Stream">The wallet.</param>
/// <param name="Sequence">The transaction that made it.</param>
/// <param name="At">Its time.</param>
/// <param name="Merchant">Who hands it over.</param>
/// <param name="Status">Where it stands.</param>
public sealed record StoredRedemption(StreamId Stream, long Sequence, Instant At, MerchantId Merchant, RedemptionStatus Status)
{
    /// <summary>Its place in a list.</summary>
    public RowPlace Place => new(At, Stream.Name, Sequence);
}

/// <summary>Which redemptions are wanted.</summary>
/// <param name="Community">Whose.</param>
/// <param name="Merchant">Of this merchant.</param>
/// <param name="Statuses">That stand in one of these.</param>
public sealed record RedemptionQuestion(CommunityId Community, MerchantId Merchant, ImmutableArray<RedemptionStatus> Statuses)
{
    /// <summary>Only those that were redeemed then or later.</summary>
    public Instant From { get; init; } = Instant.MinValue;

    /// <summary>Only those that were redeemed before; null for all.</summary>
    public Instant? Until { get; init; }

    /// <summary>Only what comes after this place; null for all.</summary>
    public RowPlace? After { get; init; }

    /// <summary>The most that are wanted.</summary>
    public int RowsMax { get; init; } = int.MaxValue;

    /// <summary>Whether all that is wanted is still to be handed over: few, however many there ever were.</summary>
    public bool IsOpenOnly => Statuses.All(status => status.IsOpen);

    /// <summary>Where the list begins: behind <see cref="After"/>, or at <see cref="From"/>.</summary>
    internal RowPlace Begin => After is { } after && after.At >= From ? after : new(From, "", 0);
}
