using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A paycode that a resident may show. The code itself is not stored.</summary>
/// <param name="Community">Where it is used.</param>
/// <param name="Digest">The code.</param>
/// <param name="Resident">Who pays with it.</param>
/// <param name="Until">The first instant at which it no longer counts; a whole second.</param>
/// <param name="PinAbove">Above so many points it asks for the resident's PIN: a counter got it for a member. Null for one that the resident got.</param>
public sealed record StoredPaycode(CommunityId Community, PaycodeDigest Digest, ResidentId Resident, Instant Until, Points? PinAbove = null)
{
    /// <summary>How many a resident may have that have not ended; as many more that counters got.</summary>
    public const int LiveMax = 5;

    /// <summary>Did a counter get it?</summary>
    public bool IsFound => PinAbove is not null;
}
