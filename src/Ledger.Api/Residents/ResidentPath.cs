using System.Globalization;
using Ledger.Api.Problems;

namespace Ledger.Api.Residents;

/// <summary>Reads the parts of <c>/v1/residents/{resident}/transactions/{n}</c>.</summary>
internal static class ResidentPath
{
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static ResidentId Resident(string text) => ResidentId.TryParse(text, out var resident)
        ? resident
        : throw new RequestRefusedException(KnownProblems.IdentifierInvalid, $"The resident must be {Identifier.Rule}.");

    /// <exception cref="RequestRefusedException">It is no number of a transaction.</exception>
    public static long Transaction(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence is > 0 and < long.MaxValue
            ? sequence
            : throw NoTransaction();

    public static RequestRefusedException NoTransaction() =>
        new(KnownProblems.TransactionNotFound, "The resident has no transaction of this number.");
}
