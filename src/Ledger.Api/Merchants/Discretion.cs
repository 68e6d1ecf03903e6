using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>Keeps from tills what a wallet holds and owes: they learn of a sale what belongs to the sale.</summary>
internal static class Discretion
{
    /// <summary>A receipt as a caller may read it.</summary>
    public static Receipt For(this Receipt receipt, Caller caller) => caller.IsOnlyMerchant
        ? receipt with { Balance = null, DebtRepaid = null, ExpiredAtOnce = null, GivenUp = null, Tier = null }
        : receipt;

    /// <summary>A problem as a caller may read it.</summary>
    public static Problem For(this Problem problem, Caller caller) => caller.IsOnlyMerchant && problem.Members?.ContainsKey("available") == true
        ? problem.InGeneral() with
        {
            Members = [.. problem.Members.Where(member => member.Key != "available").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))],
        }
        : problem;
}
