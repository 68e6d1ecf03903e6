using Ledger.Households;

namespace Ledger.Grains.Households;

/// <summary>A household as it is committed.</summary>
/// <param name="State">The replay of every transaction.</param>
/// <param name="Hash">The hash of the last one.</param>
internal sealed record StoredHousehold(HouseholdState State, ReadOnlyMemory<byte> Hash);
