using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Stores;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Api.Mall;

/// <summary>A reward of the mall.</summary>
public sealed record RewardView
{
    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    /// <summary>From 1, one more with each change; in double quotes it is the <c>ETag</c>.</summary>
    public required int Revision { get; init; }

    /// <summary><c>goods</c>, <c>service</c>, <c>voucher</c>, <c>health_card</c> or <c>charity_wish</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>health</c>, <c>elder_care</c>, <c>education</c>, <c>shops</c>, <c>property</c>, <c>club</c> or <c>charity</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Who is owed for it and hands it over.</summary>
    public required string Merchant { get; init; }

    /// <summary>Its name in the caller's language.</summary>
    public required string Name { get; init; }

    /// <summary>Its text in the caller's language; absent for none.</summary>
    public string? Text { get; init; }

    /// <summary>Pictures by address.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>What one costs; for a resident what it costs that one.</summary>
    public required PriceView Price { get; init; }

    /// <summary>What one costs the holders of tiers.</summary>
    public required IReadOnlyDictionary<string, PriceView> TierPrices { get; init; }

    /// <summary>The tiers that may redeem it; empty for everybody.</summary>
    public required IReadOnlyList<string> Tiers { get; init; }

    /// <summary>The first moment at which it is offered; absent for always.</summary>
    public Instant? From { get; init; }

    /// <summary>The first moment at which it is no longer offered; absent for never.</summary>
    public Instant? Until { get; init; }

    /// <summary>How many a resident may redeem in a period.</summary>
    public required IReadOnlyList<RewardLimitView> Limits { get; init; }

    /// <summary>How many are left; absent for any number.</summary>
    public long? Left { get; init; }

    /// <summary><c>pick_up</c>, <c>appointment</c> or <c>delivery</c>.</summary>
    public required string Handover { get; init; }

    /// <summary>Minutes within which cash must be paid; absent where none is.</summary>
    public int? HoldMinutes { get; init; }

    /// <summary>Everything that stands between the resident and the reward, each with its numbers; empty: it can be redeemed now. Absent where nobody is asked about.</summary>
    public IReadOnlyList<Problem>? Obstacles { get; init; }

    /// <summary>The reward as operators wrote it; for operators only, and absent in lists.</summary>
    public JsonElement? Definition { get; init; }

    internal static RewardView Of(Reward reward, Language language, string? tier = null) => new()
    {
        Id = reward.Id.Value,
        Revision = reward.Revision,
        Kind = EnumWords.Of(reward.Kind),
        Category = EnumWords.Of(reward.Category),
        Merchant = reward.Merchant.Value,
        Name = reward.Names.In(language)!,
        Text = reward.Texts.In(language),
        Images = reward.Images,
        Price = PriceView.Of(reward.PriceFor(tier)),
        TierPrices = reward.TierPrices.ToDictionary(price => price.Key, price => PriceView.Of(price.Value), StringComparer.Ordinal),
        Tiers = reward.Tiers,
        From = reward.From,
        Until = reward.Until,
        Limits = [.. reward.Limits.Select(limit => new RewardLimitView(EnumWords.Of(limit.Per), limit.Max))],
        Handover = EnumWords.Of(reward.Handover),
        HoldMinutes = reward.TierPrices.Values.Append(reward.Price).Any(price => price.Cash is not null) ? reward.HoldMinutes : null,
    };

    internal static RewardView Of(Reward reward, StoredReward stored, Language language) =>
        Of(reward, language) with { Definition = JsonElement.Parse(stored.Json) };
}

/// <summary>What something costs.</summary>
/// <param name="Points">Points.</param>
/// <param name="Cash">Money beside them; absent for none.</param>
public sealed record PriceView(long Points, CashView? Cash)
{
    internal static PriceView Of(RewardPrice price) =>
        new(price.Points.Value, price.Cash is { } cash ? new(cash.Amount, cash.Currency) : null);
}

/// <summary>Money.</summary>
/// <param name="Amount">In the smallest unit of the currency, such as fen.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record CashView(long Amount, string Currency);

/// <summary>How many of a reward a resident may redeem.</summary>
/// <param name="Per"><c>local_day</c>, <c>iso_week</c>, <c>month</c> or <c>lifetime</c>.</param>
/// <param name="Max">How many.</param>
public sealed record RewardLimitView(string Per, long Max);

/// <summary>Rewards of the mall, by identifier.</summary>
/// <param name="Data">All of them.</param>
public sealed record RewardList(IReadOnlyList<RewardView> Data);
