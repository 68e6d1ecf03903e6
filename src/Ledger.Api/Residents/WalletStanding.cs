using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>How a wallet stands as a whole.</summary>
/// <param name="Resident">Whose.</param>
/// <param name="Status"><c>open</c>, <c>frozen</c>, <c>closed</c> or <c>erased</c>.</param>
/// <param name="Since">Since when; absent for an open one.</param>
/// <param name="By">The client that did it; absent for an open one.</param>
/// <param name="Fund">The fund that got what was left in a closed one, and gets what comes back; absent where it counts as expired.</param>
public sealed record WalletStanding(string Resident, string Status, Instant? Since = null, string? By = null, string? Fund = null)
{
    internal static WalletStanding Of(ResidentId resident, WalletState state) => state switch
    {
        { Erased: { } erasure } => new(resident.Value, "erased", erasure.Since, erasure.By, state.Closed?.Fund?.Value),
        { Closed: { } closure } => new(resident.Value, "closed", closure.Since, closure.By, closure.Fund?.Value),
        { Frozen: { } freeze } => new(resident.Value, "frozen", freeze.Since, freeze.By),
        _ => new(resident.Value, "open"),
    };
}
