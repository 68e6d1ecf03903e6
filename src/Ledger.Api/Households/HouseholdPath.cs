using System.Globalization;
using Ledger.Api.Problems;

namespace Ledger.Api.Households;

/// <summary>Reads the parts of <c>/v1/households/{household}/spends/{number}</c>.</summary>
internal static class HouseholdPath
{
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static HouseholdId Household(string text) => HouseholdId.TryParse(text, out var household)
        ? household
        : throw new RequestRefusedException(KnownProblems.IdentifierInvalid, $"The household must be {Identifier.Rule}.");

    /// <exception cref="RequestRefusedException">It is no number of a transaction.</exception>
    public static long Spend(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence is > 0 and < long.MaxValue ? sequence : throw NoSpend();

    public static RequestRefusedException NoSpend() => new(KnownProblems.PooledSpendNotFound, "The household has no pooled spend of this number.");

    public static RequestRefusedException UnderWay(string detail) => new(KnownProblems.UnderWay, detail) { RetryAfterSeconds = 1 };
}
