using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>What a journal keeps beside its rows, laid open for checking. Nobody else needs it.</summary>
public interface IJournalInspection
{
    /// <summary>When each stream of a community next has something due, as the commits kept it.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyDictionary<StreamId, Instant>> ReadDueTimes(CommunityId community, CancellationToken cancellation = default);

    /// <summary>Every reference of a community with what it stands for.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<Journal.StoredReference>> ReadReferences(CommunityId community, CancellationToken cancellation = default);

    /// <summary>Gives every movement of a community, in any order.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task ReadMovements(CommunityId community, Action<Journal.StoredMovement> each, CancellationToken cancellation = default);

    /// <summary>Gives every redemption of a community, in any order.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task ReadRedemptions(CommunityId community, Action<Journal.StoredRedemption> each, CancellationToken cancellation = default);

    /// <summary>The last closed day of each merchant of a community that has one.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyDictionary<MerchantId, LocalDate>> ReadClosedDays(CommunityId community, CancellationToken cancellation = default);

    /// <summary>What is wrong with the way things are stored, in words: what reading rows does not show. Empty when all is well.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<string>> InspectStorage(CommunityId community, CancellationToken cancellation = default);
}
