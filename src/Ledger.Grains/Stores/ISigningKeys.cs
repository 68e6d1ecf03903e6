namespace Ledger.Grains.Stores;

/// <summary>Keys that sign vouchers: one at a time for a community, and those before it, to check what they signed.</summary>
/// <remarks>The obligations of <see cref="ICatalogue"/>.</remarks>
public interface ISigningKeys
{
    /// <summary>
    /// Has a key sign from now on. The one before it is retired when the new one was made, and its private half is gone; false, and nothing is changed, when another
    /// one signs than is named.
    /// </summary>
    /// <param name="key">The new one.</param>
    /// <param name="retires">The one that signs until now; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    Task<bool> AddSigningKey(SigningKey key, string? retires, CancellationToken cancellation = default);

    /// <summary>All keys of a community: the one that signs first, then the last that was retired, and so on.</summary>
    Task<IReadOnlyList<SigningKey>> ListSigningKeys(CommunityId community, CancellationToken cancellation = default);
}
