namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IMerchantRegister
{
    private readonly List<MerchantRevision> _merchants = [];

    /// <inheritdoc/>
    public Task<bool> AddMerchantRevision(MerchantRevision revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(revision);
        return Answer(() =>
        {
            var isNext = RevisionsOf(revision.Community, revision.Merchant.Id).Count() == revision.Revision - 1;
            if (isNext)
            {
                _merchants.Add(revision);
            }

            return isNext;
        });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MerchantRevision>> ListMerchants(CommunityId community, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<MerchantRevision>>(() =>
        [
            .. _merchants.Where(revision => revision.Community == community)
                .GroupBy(revision => revision.Merchant.Id)
                .Select(revisions => revisions.Last())
                .OrderBy(revision => revision.Merchant.Id.Value, StringComparer.Ordinal),
        ]);

    /// <inheritdoc/>
    public Task<MerchantRevision?> FindMerchant(CommunityId community, MerchantId merchant, CancellationToken cancellation = default) =>
        Answer(() => RevisionsOf(community, merchant).LastOrDefault());

    /// <inheritdoc/>
    public Task<IReadOnlyList<MerchantRevision>> ListMerchantRevisions(
        CommunityId community, MerchantId merchant, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<MerchantRevision>>(() => [.. RevisionsOf(community, merchant)]);

    private IEnumerable<MerchantRevision> RevisionsOf(CommunityId community, MerchantId merchant) =>
        _merchants.Where(revision => revision.Community == community && revision.Merchant.Id == merchant);
}
