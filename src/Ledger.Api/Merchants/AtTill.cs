using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
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

    /// <summary>What a caller lacks to do a command at the till that it names, or at none; null when nothing.</summary>
    public static async ValueTask<Problem?> NotGranted(HttpContext context, CommandEnvelope envelope, IMerchants merchants)
    {
        var (caller, command, language) = (context.Caller(), envelope.Command, context.Request.Language());
        if (TerminalOf(command) is { } named)
        {
            return caller.Terminal is { } own && named != own
                ? JsonMembers.Wrong(KnownProblems.TerminalNotGranted, "$.terminal", $"must be '{own}', the terminal of this key").In(language)
                : null;
        }

        return caller is { IsOnlyMerchant: true, Merchant: { } merchant } && command is HoldPoints or RefundSpend
            && (await merchants.Of(envelope.Community)).Find(merchant) is { Terminals.IsEmpty: false }
            ? new(
                KnownProblems.TerminalRequired,
                language,
                language.Say($"The tills of '{merchant}' are registered, and this key is for none of them: send `terminal`.", $"商户 {merchant} 已登记收银终端，而该密钥不属于其中任何一个：请注明 terminal。"))
            : null;
    }

    private static string? TerminalOf(WalletCommand command) => command switch
    {
        SpendPoints spend => spend.Terminal,
        HoldPoints hold => hold.Terminal,
        Ledger.Wallets.CaptureHold capture => capture.Terminal,
        RefundSpend refund => refund.Terminal,
        _ => null,
    };
}
