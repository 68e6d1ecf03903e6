using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Merchants;

/// <summary>Where and by whom something is sold or given back.</summary>
/// <param name="Terminal">The till; null when it is not said. That of the key, where the key is for one.</param>
/// <param name="Cashier">Who serves; null when it is not said.</param>
internal readonly record struct AtTill(string? Terminal, string? Cashier)
{
    /// <summary>Reads the members <c>terminal</c> and <c>cashier</c>.</summary>
    /// <exception cref="RequestRefusedException">They are no identifiers, or the key is for another till.</exception>
    public static AtTill Read(HttpContext context, JsonMembers members)
    {
        var (own, named) = (context.Caller().Terminal, members.OptionalIdentifier("terminal"));
        return own is null || named is null || named == own
            ? new(own ?? named, members.OptionalIdentifier("cashier"))
            : throw JsonMembers.Wrong(KnownProblems.TerminalNotGranted, members.At("terminal"), $"must be '{own}', the terminal of this key");
    }
}
