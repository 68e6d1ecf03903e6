using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Mall;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Mall;

/// <summary>Looks at rewards with a resident's eyes: the price of the tier, and what stands in the way, by the very rules that redeeming goes by.</summary>
internal sealed class Shopper(WalletCalls wallets, IProgrammes programmes, IMerchants merchants, IMall mall, LimitedRewards limited)
{
    /// <summary>A resident's look at the mall now.</summary>
    /// <exception cref="RequestRefusedException">The resident is erased.</exception>
    public async Task<Look> Of(CommunityId community, ResidentId resident)
    {
        var reading = await wallets.ReadToTell(community, resident);
        var at = Instant.Max(reading.AsOf, reading.State.LastAt);
        return new(
            community, await programmes.Of(community), await merchants.Of(community), await mall.Of(community), limited, Due.Apply(reading.State, at).After, at);
    }

    internal sealed record Look(
        CommunityId Community,
        PublishedProgrammes Programmes,
        MerchantBook Merchants,
        RewardBook Rewards,
        LimitedRewards Limited,
        WalletState Wallet,
        Instant At)
    {
        public async Task<RewardView> Of(Reward reward, int quantity, Language language)
        {
            var left = await Limited.LeftOf(Community, reward);
            return RewardView.Of(reward, language, Wallet.Tiers?.Tier) with
            {
                Left = left,
                Obstacles =
                [
                    .. Redeeming.Obstacles(Programmes, Wallet, At, Merchants, Rewards, reward.Id, quantity)
                        .Select(refusal => RefusalWords.ProblemOf(refusal, language)),
                    .. left < quantity ? [LimitedRewards.SoldOut(reward.Id, left.Value, quantity, language)] : Array.Empty<Problem>(),
                ],
            };
        }
    }
}
