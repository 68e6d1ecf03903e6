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
    public static ValueTask<Problem?> NotGranted(HttpContext context, CommandEnvelope envelope, IMerchants merchants) =>
        NotGranted(context, envelope.Community, TerminalOf(envelope.Command), envelope.Command is HoldPoints or RefundSpend, merchants);

    /// <summary>What a caller lacks to do something at a till, or at none; null when nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="community">The community.</param>
    /// <param name="terminal">The till; null when none is said.</param>
    /// <param name="isNeeded">Whether a merchant that registered its tills must say one.</param>
    /// <param name="merchants">The register.</param>
    public static async ValueTask<Problem?> NotGranted(HttpContext context, CommunityId community, string? terminal, bool isNeeded, IMerchants merchants)
    {
        var (caller, language) = (context.Caller(), context.Request.Language());
        if (terminal is not null)
        {
            return caller.Terminal is { } own && terminal != own
                ? JsonMembers.Wrong(KnownProblems.TerminalNotGranted, "$.terminal", $"must be '{own}', the terminal of this key").In(language)
                : null;
        }

        return caller is { IsOnlyMerchant: true, Merchant: { } merchant } && isNeeded
            && (await merchants.Of(community)).Find(merchant) is { Terminals.IsEmpty: false }
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
