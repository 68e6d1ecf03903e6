using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Redeem points for a reward of the mall.</summary>
/// <param name="Reward">Which.</param>
/// <param name="Quantity">How many; 1 to <see cref="Rewards.Reward.QuantityMax"/>.</param>
/// <param name="Redemption">What it makes; follows from the command's key.</param>
/// <param name="For">Whom it is for, such as the holder of a health card; null for the resident.</param>
public sealed record RedeemReward(RewardId Reward, int Quantity, RedemptionId Redemption, ResidentId? For = null) : WalletCommand;

/// <summary>
/// A reward was redeemed. The points were spent, or set aside until cash is paid, by the event before it; this one says what for, and pins all
/// that later steps go by.
/// </summary>
/// <param name="Redemption">What was made.</param>
/// <param name="Reward">The reward.</param>
/// <param name="Revision">The revision of it that counted.</param>
/// <param name="Merchant">Who is owed for it and hands it over.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Price">What all of them cost.</param>
/// <param name="Handover">How it comes to the resident.</param>
/// <param name="Cancellation">What may be cancelled, by whom, and what comes back.</param>
/// <param name="Counted">The periods in which it counts towards a limit; null for none.</param>
/// <param name="Tier">The tier whose holder paid this price; null where everybody pays it.</param>
/// <param name="Code">What is shown at the counter; null where it is not picked up.</param>
/// <param name="For">Whom it is for; null for the resident.</param>
/// <param name="FromStock">Whether it was kept for it in the reward's stock.</param>
public sealed record RewardRedeemed(
    RedemptionId Redemption,
    RewardId Reward,
    int Revision,
    MerchantId Merchant,
    int Quantity,
    RewardPrice Price,
    Handover Handover,
    ImmutableArray<CancellationRule> Cancellation,
    ImmutableArray<CountedPeriod>? Counted = null,
    string? Tier = null,
    string? Code = null,
    ResidentId? For = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool FromStock = false) : WalletEvent;

/// <summary>Redeeming rewards.</summary>
public static class Redeeming
{
    /// <summary>Redemptions that may be open at once, so that a wallet stays bounded.</summary>
    public const int OpenMax = 100;

    internal static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RedeemReward command, Thawed thawed, MerchantBook merchants, RewardBook rewards)
    {
        var obstacle = Obstacles(programmes, wallet, envelope.At, merchants, rewards, command.Reward, command.Quantity).FirstOrDefault();
        return obstacle is not Refusal.NoProgramme && thawed is Thawed.Taken voided ? new Refusal.RedemptionVoided(command.Redemption, voided.At)
            : obstacle is not null ? obstacle
            : Verdict.Accept(Redeem(programmes, wallet, envelope, command, merchants, rewards.Find(command.Reward)!));
    }

    /// <summary>Everything that stands between a resident and a reward, the first refusal first; none when redeeming it now is accepted.</summary>
    /// <param name="programmes">All versions of the community.</param>
    /// <param name="wallet">The wallet, with what is due applied.</param>
    /// <param name="at">Now.</param>
    /// <param name="merchants">Who may sell.</param>
    /// <param name="rewards">What is offered.</param>
    /// <param name="id">The reward.</param>
    /// <param name="quantity">How many; 1 to <see cref="Reward.QuantityMax"/>.</param>
    public static IEnumerable<Refusal> Obstacles(
        PublishedProgrammes programmes, WalletState wallet, Instant at, MerchantBook merchants, RewardBook rewards, RewardId id, int quantity)
    {
        if (Admitting.WhyShut(wallet) is { } ended)
        {
            yield return ended;
        }

        if (programmes.InForceAt(at)?.Programme is not { } programme)
        {
            yield return new Refusal.NoProgramme(at);
            yield break;
        }

        if (rewards.Find(id) is not { } reward)
        {
            yield return new Refusal.RewardNotOffered(id, at, null, null);
            yield break;
        }

        if (!reward.IsOfferedAt(at))
        {
            yield return new Refusal.RewardNotOffered(id, at, reward.From, reward.Until);
        }

        if (merchants.SellingObjection(reward.Merchant, terminal: null) is { } objection)
        {
            yield return objection;
        }

        foreach (var obstacle in InWallet(programme, wallet, at, reward, quantity))
        {
            yield return obstacle;
        }
    }

    private static IEnumerable<Refusal> InWallet(Programme programme, WalletState wallet, Instant at, Reward reward, int quantity)
    {
        var tier = wallet.Tiers?.Tier;
        var price = reward.PriceFor(tier).Times(quantity);
        if (price.Cash is not null && wallet.Holds.Length >= Holding.HoldsMax)
        {
            yield return new Refusal.TooManyHolds(Holding.HoldsMax);
        }

        if (wallet.Redemptions.Length >= OpenMax)
        {
            yield return new Refusal.TooManyRedemptions(OpenMax);
        }

        if (!reward.Admits(tier))
        {
            yield return new Refusal.RewardTierRequired(reward.Id, tier, reward.Tiers);
        }

        foreach (var limit in reward.Limits)
        {
            var period = PeriodOf(programme, limit, at);
            var used = wallet.RedeemedIn(reward.Id, period, at);
            if (used + quantity > limit.Max)
            {
                yield return new Refusal.RewardLimitReached(reward.Id, limit.Per, period.Start, limit.Max, used, quantity, period.EndsAt);
            }
        }

        if (wallet.Available < price.Points)
        {
            yield return new Refusal.InsufficientPoints(wallet.Available, price.Points);
        }

        if (wallet.SpentTooMuch(price.Points) is { } tooMuch)
        {
            yield return tooMuch;
        }
    }

    private static ImmutableArray<WalletEvent> Redeem(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RedeemReward command, MerchantBook merchants, Reward reward)
    {
        var version = programmes.InForceAt(envelope.At)!;
        var tier = wallet.Tiers?.Tier;
        var price = reward.PriceFor(tier).Times(command.Quantity);
        var from = wallet.Lots.Allocate(price.Points);
        var redeemed = new RewardRedeemed(
            command.Redemption,
            reward.Id,
            reward.Revision,
            reward.Merchant,
            command.Quantity,
            price,
            reward.Handover,
            reward.Cancellation,
            reward.Limits.IsEmpty ? null : [.. reward.Limits.Select(limit => PeriodOf(version.Programme, limit, envelope.At))],
            tier is not null && reward.TierPrices.ContainsKey(tier) ? tier : null,
            reward.Handover == Handover.PickUp ? envelope.PickupCode : null,
            command.For,
            envelope.FromStock);

        // The points go the ways that they always go, so that refunds, expiry and settlement need not know of rewards.
        var reference = new MerchantReference(reward.Merchant, command.Redemption.Value);
        if (price.Cash is { Amount: var cash })
        {
            var until = envelope.At + Duration.FromMinutes(reward.HoldMinutes);
            return [new PointsHeld(reference, price.Points, from, until, version.Version, Cash: cash), redeemed];
        }

        var day = SettlementPart.At(programmes, merchants, reward.Merchant, envelope.At);
        var part = SettlementPart.Of(day, day.Rate, Points.Zero, price.Points) with { Reference = reference.Id };
        return [new PointsSpent(reward.Merchant, price.Points, from, version.Version, part), redeemed];
    }

    internal static WalletState Evolve(WalletState wallet, RewardRedeemed redeemed) => wallet with
    {
        OpenRedemptions = wallet.Redemptions.Add(Redemption.Of(wallet.Sequence + 1, wallet.LastAt, redeemed)),
        RedeemedCounts = WalletState.OrNull(Count(wallet, redeemed)),
    };

    private static ImmutableArray<RedeemedCount> Count(WalletState wallet, RewardRedeemed redeemed)
    {
        var counts = wallet.Redeemed.RemoveAll(count => count.EndsAt <= wallet.LastAt);
        foreach (var period in redeemed.Counted ?? [])
        {
            var counted = wallet.RedeemedIn(redeemed.Reward, period, wallet.LastAt);
            counts = counts.RemoveAll(count => IsOf(count, redeemed.Reward, period))
                .Add(new(redeemed.Reward, period.Per, period.Start, counted + redeemed.Quantity, period.EndsAt));
        }

        return counts;
    }

    /// <summary>Counts a redemption no longer: it was cancelled, or never paid.</summary>
    internal static ImmutableArray<RedeemedCount>? CountNoLonger(WalletState wallet, RewardRedeemed redeemed)
    {
        var counts = wallet.Redeemed;
        foreach (var period in redeemed.Counted ?? [])
        {
            counts =
            [
                .. counts.Select(count => IsOf(count, redeemed.Reward, period) ? count with { Count = count.Count - redeemed.Quantity } : count)
                    .Where(count => count.Count > 0),
            ];
        }

        return WalletState.OrNull(counts);
    }

    private static bool IsOf(RedeemedCount count, RewardId reward, CountedPeriod period) =>
        count.Reward == reward && count.Per == period.Per && count.Start == period.Start;

    /// <summary>How many of a reward were redeemed in a period. One that is over is as good as forgotten.</summary>
    private static long RedeemedIn(this WalletState wallet, RewardId reward, CountedPeriod period, Instant at)
    {
        foreach (var count in wallet.Redeemed)
        {
            if (IsOf(count, reward, period) && !(count.EndsAt <= at))
            {
                return count.Count;
            }
        }

        return 0;
    }

    private static CountedPeriod PeriodOf(Programme programme, RewardLimit limit, Instant at)
    {
        var start = limit.Per.StartOf(programme.DateOf(at));
        return new(limit.Per, start, limit.Per == CapPeriod.Lifetime ? null : programme.EndOf(limit.Per.LastDateOf(start)));
    }
}
