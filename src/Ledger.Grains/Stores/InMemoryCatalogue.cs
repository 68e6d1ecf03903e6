using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A catalogue without a disk, for tests. Nothing survives the process.</summary>
public sealed partial class InMemoryCatalogue : ICatalogue
{
    private readonly Lock _door = new();
    private readonly SortedDictionary<string, Community> _communities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApiKey> _keys = [];
    private readonly Dictionary<CommunityId, List<StoredProgramme>> _programmes = [];

    /// <inheritdoc/>
    public Task<bool> AddCommunity(Community community, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(community);
        return Answer(() => _communities.TryAdd(community.Id.Value, community));
    }

    /// <inheritdoc/>
    public Task<Community?> FindCommunity(CommunityId id, CancellationToken cancellation = default) =>
        Answer(() => _communities.GetValueOrDefault(id.Value));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Community>> ListCommunities(CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<Community>>(() => [.. _communities.Values]);

    /// <inheritdoc/>
    public Task<FirstKeyOutcome> AddFirstKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Answer(() => _keys.Values.Any(other => other.Client == key.Client) ? FirstKeyOutcome.ClientTaken
            : Add(key) ? FirstKeyOutcome.Added
            : FirstKeyOutcome.KeyTaken);
    }

    /// <inheritdoc/>
    public Task<bool> AddKey(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Answer(() => Add(key));
    }

    /// <inheritdoc/>
    public Task<ApiKey?> FindKey(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) => Answer(() => Find(hash));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListKeys(CancellationToken cancellation = default) => Answer<IReadOnlyList<ApiKey>>(() =>
    [
        .. _keys.Values.OrderBy(key => key.Client, StringComparer.Ordinal)
            .ThenBy(key => key.CreatedAt)
            .ThenBy(key => key.Id, StringComparer.Ordinal),
    ]);

    /// <inheritdoc/>
    public Task<bool> RevokeKey(string id, Instant at, CancellationToken cancellation = default) => Answer(() =>
    {
        var revocable = _keys.TryGetValue(id, out var key) && key.RevokedAt is null;
        if (revocable)
        {
            _keys[id] = key! with { RevokedAt = at };
        }

        return revocable;
    });

    /// <inheritdoc/>
    public Task<bool> AddProgramme(StoredProgramme programme, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        return Answer(() => IsNext(programme) && Add(programme));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredProgramme>> ListProgrammes(CommunityId community, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<StoredProgramme>>(() => [.. Versions(community)]);

    private bool Add(ApiKey key) => Find(key.Hash) is null && _keys.TryAdd(key.Id, key);

    private ApiKey? Find(ReadOnlyMemory<byte> hash) => _keys.Values.FirstOrDefault(key => key.Hash.Span.SequenceEqual(hash.Span));

    private bool IsNext(StoredProgramme programme) => programme.Version == Versions(programme.Community).Count + 1;

    private bool Add(StoredProgramme programme)
    {
        Versions(programme.Community).Add(programme);
        return true;
    }

    private List<StoredProgramme> Versions(CommunityId community)
    {
        if (!_programmes.TryGetValue(community, out var versions))
        {
            _programmes.Add(community, versions = []);
        }

        return versions;
    }

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_door)
        {
            return Task.FromResult(answer());
        }
    }
}
