using Ledger.Api.Communities;
using Ledger.Api.Residents;
using Ledger.Grains.Stocks;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>Sends a command about a redemption to the wallet that its id leads to, and brings what becomes of it to the reward's stock.</summary>
internal sealed class RedemptionCommand(DirectCommand direct, Redemptions redemptions, CommunityScope scope, StockDriver stocks)
{
    /// <exception cref="Problems.RequestRefusedException">Nothing was redeemed under the id.</exception>
    public async Task<IResult> Send(HttpContext context, RedemptionId redemption, WalletCommand command)
    {
        var (resident, transaction) = await redemptions.Find(await scope.Of(context), redemption, context.RequestAborted) ?? throw RedemptionPath.NotFound();
        var made = (RewardRedeemed)transaction.Events[^1];
        var (community, id, key) = await direct.Address(context, resident.Value);
        var envelope = new CommandEnvelope { Community = community, Resident = id, Key = key, Command = command };
        var refused = DirectCommand.NotActingAs(context, made.Merchant);
        if (refused is null && command is CancelRedemption)
        {
            await stocks.Recall(community, made);
        }

        var answer = await direct.Send(context, envelope, refused);
        if (command is CancelRedemption or FulfilRedemption { Step: RedemptionStep.Pay })
        {
            await stocks.Settle(community, made);
        }

        return answer;
    }
}
