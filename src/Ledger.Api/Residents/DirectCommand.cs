using Ledger.Api.Communities;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>Sends a command that came with an <c>Idempotency-Key</c> rather than as an event.</summary>
internal sealed class DirectCommand(CommunityScope scope, WalletCalls wallets, IProgrammes programmes, IMerchants merchants)
{
    /// <summary>The key and the wallet of a request; the command is still to be added.</summary>
    /// <exception cref="RequestRefusedException">The resident, the key or the community is missing or wrong.</exception>
    public async ValueTask<(CommunityId Community, ResidentId Resident, CommandKey Key)> Address(HttpContext context, string resident)
    {
        var id = ResidentPath.Resident(resident);
        var key = IdempotencyKey.Of(context);
        return (await scope.Of(context), id, key);
    }

    /// <param name="context">The request.</param>
    /// <param name="envelope">The command.</param>
    /// <param name="refused">What the caller lacks for it; null when nothing. Does not count for a command that the journal knows.</param>
    public async Task<IResult> Send(HttpContext context, CommandEnvelope envelope, Problem? refused = null) =>
        (refused ?? await AtTill.NotGranted(context, envelope, merchants)) is { } lacking && !await wallets.IsKnown(envelope, context.RequestAborted)
            ? new ProblemResult(lacking)
            : await CommandAnswer.Of(envelope, await wallets.Send(envelope), programmes, context.Request.Language());

    /// <summary>What a caller lacks to act as a merchant; null when nothing.</summary>
    public static Problem? NotActingAs(HttpContext context, MerchantId? merchant) =>
        context.Caller() is var caller && (merchant is { } one ? caller.MayActAs(one) : caller.Is(Roles.App | Roles.Operator))
            ? null
            : Lacking(context, KnownProblems.MerchantNotGranted, $"This key is for the merchant '{caller.Merchant}'.", $"该密钥属于商户 {caller.Merchant}。");

    /// <summary>What a caller lacks to take, for a merchant, the points of a resident whom it names itself; null when nothing.</summary>
    public static Problem? NotNamingResidents(HttpContext context, MerchantId merchant) =>
        NotActingAs(context, merchant) ?? (context.Caller().Is(Roles.App | Roles.Operator)
            ? null
            : Lacking(
                context,
                KnownProblems.PaycodeRequired,
                "This key is a merchant's: whose points it takes is told by a paycode.",
                "该密钥属于商户：收取谁的积分由付款码决定。"));

    private static Problem Lacking(HttpContext context, KnownProblem kind, string english, string chinese) =>
        new(kind, context.Request.Language(), context.Request.Language().Say(english, chinese));
}
