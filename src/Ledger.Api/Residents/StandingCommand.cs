using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>Sends a command about a wallet as a whole. The answer is how the wallet stands now, also where nothing was to be done.</summary>
internal sealed class StandingCommand(WalletCalls wallets, IProgrammes programmes)
{
    public Task<IResult> Send(HttpContext context, CommandEnvelope envelope) => Send(
        context, envelope, state => Answers.Ok(WalletStanding.Of(envelope.Resident, state), ApiJson.Web.WalletStanding));

    /// <param name="context">The request.</param>
    /// <param name="envelope">The command.</param>
    /// <param name="answer">Tells what is asked for of the wallet as it is now.</param>
    public async Task<IResult> Send(HttpContext context, CommandEnvelope envelope, Func<WalletState, IResult> answer)
    {
        var result = await wallets.Send(envelope);
        if (result is CommandResult.KeyReused or CommandResult.Recorded { Transaction.Refusal: not null })
        {
            return await CommandAnswer.Of(envelope, result, programmes, context.Request.Language());
        }

        CommandAnswer.Mark(context, result is CommandResult.Recorded { Replayed: true });
        return answer((await wallets.Read(envelope.Community, envelope.Resident)).State);
    }
}
