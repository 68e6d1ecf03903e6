using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>How a wallet stands as a whole.</summary>
/// <param name="Resident">Whose.</param>
/// <param name="Status"><c>open</c> or <c>frozen</c>.</param>
/// <param name="Since">Since when; absent for an open one.</param>
/// <param name="By">The client that froze it; absent for an open one.</param>
public sealed record WalletStanding(string Resident, string Status, Instant? Since, string? By)
{
    internal static WalletStanding Of(ResidentId resident, WalletState state) =>
        new(resident.Value, state.Frozen is null ? "open" : "frozen", state.Frozen?.Since, state.Frozen?.By);
}
