using Ledger.Api.Communities;
using Ledger.Api.Residents;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>Sends a command about a redemption to the wallet that its id leads to.</summary>
internal sealed class RedemptionCommand(DirectCommand direct, Redemptions redemptions, CommunityScope scope)
{
    /// <exception cref="Problems.RequestRefusedException">Nothing was redeemed under the id.</exception>
    public async Task<IResult> Send(HttpContext context, RedemptionId redemption, WalletCommand command)
    {
        var (resident, made) = await redemptions.Find(await scope.Of(context), redemption, context.RequestAborted) ?? throw RedemptionPath.NotFound();
        var (community, id, key) = await direct.Address(context, resident.Value);
        return await direct.Send(
            context,
            new() { Community = community, Resident = id, Key = key, Command = command },
            DirectCommand.NotActingAs(context, ((RewardRedeemed)made.Events[^1]).Merchant));
    }
}
