using Ledger.Wallets;

namespace Ledger.Accounts;

/// <summary>Points moved from one account to another: balanced by its shape.</summary>
/// <param name="From">The account that gives.</param>
/// <param name="To">The account that receives.</param>
/// <param name="Points">How many; more than zero.</param>
/// <param name="Lot">The lot that moves; null where no lot is involved (a debt made or repaid, a write-off).</param>
public readonly record struct Posting(Account From, Account To, Points Points, LotId? Lot);

/// <summary>The resident's four accounts after a transaction. Unit: points. All are zero or more; debt is shown positive.</summary>
/// <param name="Available">Can be spent.</param>
/// <param name="Pending">Awarded, not yet active.</param>
/// <param name="Held">Set aside for a merchant.</param>
/// <param name="Debt">Owed after a clawback.</param>
public readonly record struct Balances(Points Available, Points Pending, Points Held, Points Debt)
{
    /// <summary>What the resident has in all: available + pending + held − debt. May be negative.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Points Net => Available + Pending + Held - Debt;
}
