using NodaTime;

namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IReratings
{
    private readonly Dictionary<(CommunityId Community, string Id), Rerating> _reratings = [];

    /// <inheritdoc/>
    public Task<bool> AddRerating(Rerating rerating, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rerating);
        return Answer(() => Of(rerating.Community).Count(other => other.Status == ReratingStatus.Proposed) < Rerating.ProposedMax
            && _reratings.TryAdd((rerating.Community, rerating.Id), rerating));
    }

    /// <inheritdoc/>
    public Task<Rerating?> FindRerating(CommunityId community, string id, CancellationToken cancellation = default) =>
        Answer(() => _reratings.GetValueOrDefault((community, id)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Rerating>> ListReratings(
        CommunityId community, ReratingPlace? after, int countMax, CancellationToken cancellation = default) => Answer<IReadOnlyList<Rerating>>(() =>
    [
        .. Of(community).Where(rerating => after is not { } place || IsAfter(rerating, place))
            .OrderBy(rerating => rerating.ProposedAt)
            .ThenBy(rerating => rerating.Id, StringComparer.Ordinal)
            .Take(countMax)
            .Select(rerating => rerating with { Programme = null }),
    ]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Rerating>> ListApprovedReratings(CancellationToken cancellation = default) => Answer<IReadOnlyList<Rerating>>(() =>
    [
        .. _reratings.Values.Where(rerating => rerating.Status == ReratingStatus.Approved)
            .OrderBy(rerating => rerating.DecidedAt)
            .Select(rerating => rerating with { Programme = null }),
    ]);

    /// <inheritdoc/>
    public Task<bool> DecideRerating(
        CommunityId community, string id, ReratingStatus decision, string decidedBy, Instant decidedAt, CancellationToken cancellation = default) => Answer(() =>
        Change(
            (community, id),
            rerating => rerating.Status == ReratingStatus.Proposed && (decision != ReratingStatus.Approved || !Of(community).Any(other => Overlaps(rerating, other))),
            rerating => rerating with { Status = decision, DecidedBy = decidedBy, DecidedAt = decidedAt }));

    /// <inheritdoc/>
    public Task<bool> FinishRerating(CommunityId community, string id, long refused, Instant doneAt, CancellationToken cancellation = default) => Answer(() =>
        Change(
            (community, id),
            rerating => rerating.Status == ReratingStatus.Approved,
            rerating => rerating with { Status = ReratingStatus.Done, Refused = refused, DoneAt = doneAt }));

    /// <inheritdoc/>
    public Task<bool> FailRerating(CommunityId community, string id, string failure, Instant failedAt, CancellationToken cancellation = default) => Answer(() =>
        Change(
            (community, id),
            rerating => rerating.Status == ReratingStatus.Approved,
            rerating => rerating with { Status = ReratingStatus.Failed, Failure = failure, DoneAt = failedAt }));

    /// <inheritdoc/>
    public async Task<bool> WorkAlone(CommunityId community, string id, Func<Task> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        await work();
        return true;
    }

    private static bool IsAfter(Rerating rerating, ReratingPlace place) =>
        rerating.ProposedAt > place.ProposedAt || (rerating.ProposedAt == place.ProposedAt && string.CompareOrdinal(rerating.Id, place.Id) > 0);

    private static bool Overlaps(Rerating rerating, Rerating other) =>
        other.Status is ReratingStatus.Approved or ReratingStatus.Done && other.From < rerating.Until && rerating.From < other.Until;

    private IEnumerable<Rerating> Of(CommunityId community) => _reratings.Values.Where(rerating => rerating.Community == community);

    private bool Change((CommunityId, string) key, Func<Rerating, bool> may, Func<Rerating, Rerating> change)
    {
        var can = _reratings.TryGetValue(key, out var rerating) && may(rerating);
        if (can)
        {
            _reratings[key] = change(rerating!);
        }

        return can;
    }
}
