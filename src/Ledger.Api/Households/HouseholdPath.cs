using Ledger.Api.Json;
using Ledger.Api.Problems;

namespace Ledger.Api.Households;

/// <summary>Reads the parts of <c>/v1/households/{household}/spends/{number}</c>.</summary>
internal static class HouseholdPath
{
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static HouseholdId Household(string text) => new(RequestTexts.IdentifierOf(text, "household"));

    /// <exception cref="RequestRefusedException">It is no number of a transaction.</exception>
    public static long Spend(string text) => RequestTexts.TransactionOf(text) ?? throw NoSpend();

    public static RequestRefusedException NoSpend() => new(KnownProblems.PooledSpendNotFound, "The household has no pooled spend of this number.");
}
