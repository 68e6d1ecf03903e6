using Ledger.Api.Json;
using Ledger.Api.Problems;

namespace Ledger.Api.Residents;

/// <summary>Reads the parts of <c>/v1/residents/{resident}/transactions/{n}</c>.</summary>
internal static class ResidentPath
{
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static ResidentId Resident(string text) => new(RequestTexts.IdentifierOf(text, "resident"));

    /// <exception cref="RequestRefusedException">It is no number of a transaction.</exception>
    public static long Transaction(string text) => RequestTexts.TransactionOf(text) ?? throw NoTransaction();

    public static RequestRefusedException NoTransaction() =>
        new(KnownProblems.TransactionNotFound, "The resident has no transaction of this number.");
}
