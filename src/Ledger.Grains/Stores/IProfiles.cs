using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>Residents as counters know them.</summary>
/// <remarks>The obligations of <see cref="ICatalogue"/>. What was erased or written over is not left in free pages of a file.</remarks>
public interface IProfiles
{
    /// <summary>Sets a profile in place of the one before it; without a PIN in it the PIN stays as it is, with one it is set and unlocked.</summary>
    /// <returns>False, and nothing is changed, when phone or member code is another resident's.</returns>
    Task<bool> PutProfile(ResidentProfile profile, CancellationToken cancellation = default);

    /// <summary>The profile of a resident; null when there is none.</summary>
    Task<ResidentProfile?> FindProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default);

    /// <summary>The profile with a member code; null when there is none.</summary>
    Task<ResidentProfile?> FindProfileByCode(CommunityId community, string memberCode, CancellationToken cancellation = default);

    /// <summary>The profile with a phone number; null when there is none.</summary>
    Task<ResidentProfile?> FindProfileByPhone(CommunityId community, string phone, CancellationToken cancellation = default);

    /// <summary>Erases a profile; false when there is none.</summary>
    Task<bool> EraseProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default);

    /// <summary>Counts a PIN, before it is looked at or after it was right; false when the profile is not as it was seen: of several at once one is told yes.</summary>
    /// <param name="seen">The profile that was read.</param>
    /// <param name="wrongPins">How many were wrong since the last right one, this one included.</param>
    /// <param name="lockedUntil">Until when no PIN is looked at; null for not locked.</param>
    /// <param name="cancellation">Stops.</param>
    Task<bool> CountPin(ResidentProfile seen, int wrongPins, Instant? lockedUntil, CancellationToken cancellation = default);
}
