using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A paycode that a resident may show. The code itself is not stored.</summary>
/// <param name="Community">Where it is used.</param>
/// <param name="Digest">The code.</param>
/// <param name="Resident">Who pays with it.</param>
/// <param name="Until">The first instant at which it no longer counts; a whole second.</param>
public sealed record StoredPaycode(CommunityId Community, PaycodeDigest Digest, ResidentId Resident, Instant Until)
{
    /// <summary>How many a resident may have that have not ended.</summary>
    public const int LiveMax = 5;
}
