using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>Paycodes, where every silo finds them at once. Short-lived.</summary>
/// <remarks>The obligations of <see cref="ICatalogue"/>. That a code is used once is the wallet's part: using it changes nothing here.</remarks>
public interface IPaycodes
{
    /// <summary>Adds a code; false when its resident has <see cref="StoredPaycode.LiveMax"/> of their kind that end after now, or the code is taken.</summary>
    Task<bool> AddPaycode(StoredPaycode code, Instant now, CancellationToken cancellation = default);

    /// <summary>A code, also one that has ended; null when there is none, or no longer.</summary>
    Task<StoredPaycode?> FindPaycode(CommunityId community, PaycodeDigest digest, CancellationToken cancellation = default);

    /// <summary>When the codes of a resident end that end after now, ascending: those that counters got, or those that the resident got.</summary>
    Task<IReadOnlyList<Instant>> ListPaycodeEnds(CommunityId community, ResidentId resident, bool found, Instant now, CancellationToken cancellation = default);

    /// <summary>Deletes the codes of all communities that ended at an instant or before.</summary>
    Task ForgetPaycodes(Instant endedBy, CancellationToken cancellation = default);
}
