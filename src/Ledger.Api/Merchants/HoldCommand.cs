using Ledger.Api.Communities;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>Sends a command about a sale to the wallet that its reference leads to.</summary>
internal sealed class HoldCommand(DirectCommand direct, Sales sales, CommunityScope scope)
{
    /// <param name="context">The request.</param>
    /// <param name="reference">The sale.</param>
    /// <param name="command">Makes the command.</param>
    /// <exception cref="RequestRefusedException">The caller may not act for the merchant, or nothing came with the reference.</exception>
    public async Task<IResult> Send(HttpContext context, MerchantReference reference, Func<Transactions.CommandKey, WalletCommand> command)
    {
        var refused = DirectCommand.NotActingAs(context, reference.Merchant);
        if (await sales.Find(await scope.Of(context), reference, context.RequestAborted) is not { } stored)
        {
            return refused is null ? throw SalePath.Unknown() : new ProblemResult(refused);
        }

        var row = await sales.ReadRow(stored, context.RequestAborted);
        if (stored.Stream.Resident is not { } resident)
        {
            var voided = new Refusal.ReferenceVoided(reference, row.EffectiveAt);
            return new ProblemResult(refused ?? RefusalWords.ProblemOf(voided, context.Request.Language()));
        }

        var (community, id, key) = await direct.Address(context, resident.Value);
        return await direct.Send(context, new() { Community = community, Resident = id, Key = key, Command = command(row.Key) }, refused);
    }
}
