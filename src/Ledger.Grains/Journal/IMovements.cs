using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>The movements of merchants, as the appends of the journal wrote them, and the days that are closed for them.</summary>
/// <remarks>
/// Obligations. A movement counts in the day in which it happened, or, where that day is closed for its merchant when it is committed, in the first
/// day that is not. Once <see cref="CloseThrough"/> has answered, no day up to that one gets another movement, whatever was on its way: what is
/// read of these days afterwards stays as it is. So no movement is lost between two statements, and none is in both.
/// </remarks>
public interface IMovements
{
    /// <summary>Movements of a day, in the order of <see cref="RowPlace"/>.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<StoredMovement>> List(MovementQuestion question, CancellationToken cancellation = default);

    /// <summary>The movements of merchants up to a day, added up; in any order, days without movements are left out.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<MovementSum>> Sum(
        CommunityId community, IReadOnlyCollection<DaysOfMerchant> merchants, LocalDate through, CancellationToken cancellation = default);

    /// <summary>Who bought more often than a number of times in a day, at whatever till; in any order.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<BuyerSum>> SumBuyersAbove(MovementQuestion question, long salesMax, CancellationToken cancellation = default);

    /// <summary>What some wallets bought in a day of the cashier that is named beside each; in any order, those that bought nothing are left out.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<ServedSum>> SumServed(MovementQuestion question, IReadOnlyCollection<Served> served, CancellationToken cancellation = default);

    /// <summary>Closes every day up to one for merchants. Days that are closed stay closed.</summary>
    /// <exception cref="JournalUnavailableException">Nothing was closed, or nobody knows: close again.</exception>
    Task CloseThrough(CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation = default);
}
