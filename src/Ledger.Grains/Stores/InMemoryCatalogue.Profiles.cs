using NodaTime;

namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IProfiles
{
    private readonly Dictionary<(CommunityId Community, ResidentId Resident), ResidentProfile> _profiles = [];

    /// <inheritdoc/>
    public Task<bool> PutProfile(ResidentProfile profile, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return Answer(() =>
        {
            var isTaken = ProfilesOf(profile.Community).Any(other => other.Resident != profile.Resident
                && ((profile.Phone is not null && other.Phone == profile.Phone) || (profile.MemberCode is not null && other.MemberCode == profile.MemberCode)));
            var key = (profile.Community, profile.Resident);
            if (!isTaken)
            {
                _profiles[key] = profile.Pin is null && _profiles.TryGetValue(key, out var old)
                    ? profile with { Pin = old.Pin, WrongPins = old.WrongPins, PinLockedUntil = old.PinLockedUntil }
                    : profile with { WrongPins = 0, PinLockedUntil = null };
            }

            return !isTaken;
        });
    }

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) =>
        Answer(() => _profiles.GetValueOrDefault((community, resident)));

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByCode(CommunityId community, string memberCode, CancellationToken cancellation = default) =>
        Answer(() => ProfilesOf(community).FirstOrDefault(profile => profile.MemberCode == memberCode));

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByPhone(CommunityId community, string phone, CancellationToken cancellation = default) =>
        Answer(() => ProfilesOf(community).FirstOrDefault(profile => profile.Phone == phone));

    /// <inheritdoc/>
    public Task<bool> EraseProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) =>
        Answer(() => _profiles.Remove((community, resident)));

    /// <inheritdoc/>
    public Task<bool> CountPin(ResidentProfile seen, int wrongPins, Instant? lockedUntil, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return Answer(() =>
        {
            var key = (seen.Community, seen.Resident);
            var isAsSeen = _profiles.TryGetValue(key, out var now) && now.Pin == seen.Pin && now.WrongPins == seen.WrongPins;
            if (isAsSeen)
            {
                _profiles[key] = now! with { WrongPins = wrongPins, PinLockedUntil = lockedUntil };
            }

            return isAsSeen;
        });
    }

    private IEnumerable<ResidentProfile> ProfilesOf(CommunityId community) => _profiles.Values.Where(profile => profile.Community == community);
}
