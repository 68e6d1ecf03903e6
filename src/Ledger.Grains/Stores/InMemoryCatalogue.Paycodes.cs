using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IPaycodes
{
    private readonly Dictionary<(CommunityId Community, PaycodeDigest Digest), StoredPaycode> _paycodes = [];

    /// <inheritdoc/>
    public Task<bool> AddPaycode(StoredPaycode code, Instant now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Answer(() => EndsOf(code.Community, code.Resident, code.IsFound, now).Count() < StoredPaycode.LiveMax
            && _paycodes.TryAdd((code.Community, code.Digest), code));
    }

    /// <inheritdoc/>
    public Task<StoredPaycode?> FindPaycode(CommunityId community, PaycodeDigest digest, CancellationToken cancellation = default) =>
        Answer(() => _paycodes.GetValueOrDefault((community, digest)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Instant>> ListPaycodeEnds(
        CommunityId community, ResidentId resident, bool found, Instant now, CancellationToken cancellation = default) =>
        Answer<IReadOnlyList<Instant>>(() => [.. EndsOf(community, resident, found, now).Order()]);

    /// <inheritdoc/>
    public Task ForgetPaycodes(Instant endedBy, CancellationToken cancellation = default) => Answer(() =>
    {
        foreach (var (key, code) in _paycodes)
        {
            if (code.Until <= endedBy)
            {
                _paycodes.Remove(key);
            }
        }

        return true;
    });

    private IEnumerable<Instant> EndsOf(CommunityId community, ResidentId resident, bool found, Instant now) => _paycodes.Values
        .Where(code => code.Community == community && code.Resident == resident && code.IsFound == found && code.Until > now)
        .Select(code => code.Until);
}
