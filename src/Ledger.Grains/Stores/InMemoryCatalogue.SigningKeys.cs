namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : ISigningKeys
{
    private readonly List<SigningKey> _signingKeys = [];

    /// <inheritdoc/>
    public Task<bool> AddSigningKey(SigningKey key, string? retires, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Answer(() =>
        {
            var signing = _signingKeys.FindIndex(other => other.Community == key.Community && other.RetiredAt is null);
            var isNext = (signing < 0 ? null : _signingKeys[signing].Id) == retires;
            if (isNext)
            {
                if (signing >= 0)
                {
                    _signingKeys[signing] = _signingKeys[signing] with { Private = null, RetiredAt = key.CreatedAt };
                }

                _signingKeys.Add(key);
            }

            return isNext;
        });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SigningKey>> ListSigningKeys(CommunityId community, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<SigningKey>>(() => [.. _signingKeys.Where(key => key.Community == community).Reverse()]);
}
