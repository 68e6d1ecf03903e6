using Ledger.Accounts;

namespace Ledger.Api.Wallets;

/// <summary>A resident's four accounts. Unit: points; all zero or more, debt shown positive.</summary>
/// <param name="Available">Can be spent.</param>
/// <param name="Pending">Awarded, not yet active.</param>
/// <param name="Held">Set aside for a merchant.</param>
/// <param name="Debt">Owed after a clawback.</param>
public sealed record BalanceAfter(long Available, long Pending, long Held, long Debt)
{
    internal static BalanceAfter Of(Balances balances) =>
        new(balances.Available.Value, balances.Pending.Value, balances.Held.Value, balances.Debt.Value);
}
