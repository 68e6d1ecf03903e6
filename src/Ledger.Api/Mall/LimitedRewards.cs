using System.Text.Json.Nodes;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Mall;
using Ledger.Grains.Stocks;
using Ledger.Grains.Wallets;
using Ledger.Rewards;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>Redeems rewards of which there are only so many: keep, redeem, settle. Other rewards never come near a stock.</summary>
internal sealed class LimitedRewards(DirectCommand direct, WalletCalls wallets, StockDriver stocks, StockLevels levels, IMall mall, IProgrammes programmes, IGrainFactory grains)
{
    /// <summary>Redeems a reward. The same request again goes the same way, and finishes what was left.</summary>
    public async Task<IResult> Redeem(HttpContext context, RedeemReward command, CommandEnvelope envelope)
    {
        var community = envelope.Community;
        if ((await mall.Of(community)).Find(command.Reward) is not { Limited: true })
        {
            return await direct.Send(context, envelope);
        }

        var kept = await stocks.Send(community, command.Reward, new ReserveStock(command.Redemption, command.Quantity));
        if (kept is not StockResult.Recorded { Happened: StockReserved } && await wallets.IsKnown(envelope, context.RequestAborted))
        {
            // It was redeemed before the reward was limited.
            return await direct.Send(context, envelope);
        }

        var language = context.Request.Language();
        switch (kept)
        {
            case StockResult.Recorded { Happened: StockRefused refused, Replayed: var replayed }:
                return new CommandAnswer(null, SoldOut(command.Reward, refused.After.Left, command.Quantity, language), replayed);
            case StockResult.KeyReused:
                return await CommandAnswer.Of(envelope, new CommandResult.KeyReused(envelope.Key), programmes, language);
        }

        var result = await wallets.Send(envelope with { FromStock = true });
        if (result is CommandResult.Recorded recorded)
        {
            await stocks.Settle(community, command.Reward, command.Redemption, recorded.Transaction);
        }

        return await CommandAnswer.Of(envelope, result, programmes, language);
    }

    /// <summary>How many of a reward were left a moment ago; null for any number.</summary>
    public async Task<long?> LeftOf(CommunityId community, Reward reward) => reward.Limited ? (await levels.Of(community, reward.Id)).Left : null;

    /// <summary>How the stock of a reward stands now.</summary>
    public async Task<StockLevel> Read(CommunityId community, RewardId reward) => (await grains.GetStock(community, reward).Read()).Level;

    /// <summary>Puts some in, or takes some out.</summary>
    public Task<StockResult> Change(CommunityId community, RewardId reward, long change, CommandKey key) =>
        stocks.Send(community, reward, new AdjustStock(change), key);

    /// <summary>That not so many are left.</summary>
    public static Problem SoldOut(RewardId reward, long left, long requested, Language language) => new(
        KnownProblems.RewardSoldOut,
        language,
        language.Say($"{left} of '{reward}' are left, {requested} were asked for.", $"奖品“{reward}”剩余 {left} 件，需要 {requested} 件。"))
    {
        Members = new JsonObject { ["reward"] = reward.Value, ["left"] = left, ["requested"] = requested },
    };
}
