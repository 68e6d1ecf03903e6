using Ledger.Merchants;
using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>What somebody made of a merchant. Never changes; the last one counts.</summary>
/// <param name="Community">Whose.</param>
/// <param name="Revision">From 1, no gap.</param>
/// <param name="Merchant">The merchant, whole.</param>
/// <param name="ChangedBy">The client that wrote it.</param>
/// <param name="ChangedAt">When.</param>
public sealed record MerchantRevision(CommunityId Community, int Revision, Merchant Merchant, string ChangedBy, Instant ChangedAt);

/// <summary>The merchants of communities, with all that they ever were. Few, and changed by people.</summary>
/// <remarks>The obligations of <see cref="ICatalogue"/>.</remarks>
public interface IMerchantRegister
{
    /// <summary>Adds the next revision of a merchant, or the first; false when its number is not the next one: somebody else came first.</summary>
    Task<bool> AddMerchantRevision(MerchantRevision revision, CancellationToken cancellation = default);

    /// <summary>The merchants of a community as they are now, by identifier.</summary>
    Task<IReadOnlyList<MerchantRevision>> ListMerchants(CommunityId community, CancellationToken cancellation = default);

    /// <summary>A merchant as it is now; null when nobody registered it.</summary>
    Task<MerchantRevision?> FindMerchant(CommunityId community, MerchantId merchant, CancellationToken cancellation = default);

    /// <summary>All that a merchant ever was, oldest first; empty when nobody registered it.</summary>
    Task<IReadOnlyList<MerchantRevision>> ListMerchantRevisions(CommunityId community, MerchantId merchant, CancellationToken cancellation = default);
}
