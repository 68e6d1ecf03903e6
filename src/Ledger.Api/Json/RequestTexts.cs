using System.Globalization;
using Ledger.Api.Problems;

namespace Ledger.Api.Json;

/// <summary>Reads parts of a path or a query.</summary>
internal static class RequestTexts
{
    /// <param name="text">The part.</param>
    /// <param name="what">What it names, in a word.</param>
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static string IdentifierOf(string text, string what) => Identifier.IsValid(text)
        ? text
        : throw new RequestRefusedException(KnownProblems.IdentifierInvalid, $"The {what} must be {Identifier.Rule}.");

    /// <summary>The number of a transaction; null where it is none.</summary>
    public static long? TransactionOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence is > 0 and < long.MaxValue ? sequence : null;
}
