using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>Where and by whom something is sold or given back.</summary>
/// <param name="Terminal">The till; null when it is not said. That of the key, where the key is for one and none is said.</param>
/// <param name="Cashier">Who serves; null when it is not said.</param>
internal readonly record struct AtTill(string? Terminal, string? Cashier)
{
    /// <summary>Reads the members <c>terminal</c> and <c>cashier</c>.</summary>
    /// <exception cref="RequestRefusedException">They are no identifiers.</exception>
    public static AtTill Read(HttpContext context, JsonMembers members) =>
        new(members.OptionalIdentifier("terminal") ?? context.Caller().Terminal, members.OptionalIdentifier("cashier"));

    /// <summary>What a caller whose key is for one till lacks for a command of another one; null when nothing.</summary>
    public static Problem? NotGranted(HttpContext context, WalletCommand command) => NotGranted(context, TerminalOf(command));

    /// <summary>What a caller whose key is for one till lacks for another one; null when nothing.</summary>
    public static Problem? NotGranted(HttpContext context, string? terminal) =>
        context.Caller().Terminal is { } own && terminal is { } named && named != own
            ? JsonMembers.Wrong(KnownProblems.TerminalNotGranted, "$.terminal", $"must be '{own}', the terminal of this key").In(context.Request.Language())
            : null;

    private static string? TerminalOf(WalletCommand command) => command switch
    {
        SpendPoints spend => spend.Terminal,
        HoldPoints hold => hold.Terminal,
        Ledger.Wallets.CaptureHold capture => capture.Terminal,
        RefundSpend refund => refund.Terminal,
        _ => null,
    };
}
