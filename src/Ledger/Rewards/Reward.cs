using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Rewards;

/// <summary>Something that residents redeem points for: one immutable value, valid by construction (see <see cref="RewardReader"/>).</summary>
public sealed record Reward
{
    /// <summary>The most of one reward that one redemption takes.</summary>
    public const int QuantityMax = 100;

    /// <summary>Its identifier; stands for this reward for ever.</summary>
    public required RewardId Id { get; init; }

    /// <summary>From 1, one more with each change; what is redeemed names the one that it was redeemed by.</summary>
    public required int Revision { get; init; }

    /// <summary>What it is.</summary>
    public required RewardKind Kind { get; init; }

    /// <summary>Where it stands in the mall.</summary>
    public required RewardCategory Category { get; init; }

    /// <summary>Who is owed for it and hands it over.</summary>
    public required MerchantId Merchant { get; init; }

    /// <summary>What one costs whoever has no price of his own.</summary>
    public required RewardPrice Price { get; init; }

    /// <summary>What one costs the holders of tiers. A tier that is not named pays <see cref="Price"/>.</summary>
    public ImmutableDictionary<string, RewardPrice> TierPrices { get; init; } = ImmutableDictionary<string, RewardPrice>.Empty;

    /// <summary>The tiers that may redeem it. Default: empty, everybody.</summary>
    public ImmutableArray<string> Tiers { get; init; } = [];

    /// <summary>The first instant at which it is offered; null for always.</summary>
    public Instant? From { get; init; }

    /// <summary>The first instant at which it is no longer offered; null for never.</summary>
    public Instant? Until { get; init; }

    /// <summary>How many a resident may redeem in a period; at most one for each kind of period. Default: none.</summary>
    public ImmutableArray<RewardLimit> Limits { get; init; } = [];

    /// <summary>Whether there are only as many as its stock has. Default: any number.</summary>
    public bool Limited { get; init; }

    /// <summary>How it comes to the resident.</summary>
    public required Handover Handover { get; init; }

    /// <summary>Minutes within which cash must be paid; then the points are given back. Default: 24 hours.</summary>
    public int HoldMinutes { get; init; } = 24 * 60;

    /// <summary>What may be cancelled, by whom, and what comes back. A state that is not named allows no cancelling.</summary>
    public ImmutableArray<CancellationRule> Cancellation { get; init; } = CancellationRule.Otherwise;

    /// <summary>Names by language tag; at least one.</summary>
    public required ImmutableDictionary<string, string> Names { get; init; }

    /// <summary>Texts by language tag; may be empty.</summary>
    public ImmutableDictionary<string, string> Texts { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Pictures by address.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>Is it offered at an instant?</summary>
    public bool IsOfferedAt(Instant at) => !(at < From) && !(at >= Until);

    /// <summary>May the holder of a tier redeem it?</summary>
    public bool Admits(string? tier) => Tiers.IsEmpty || (tier is not null && Tiers.Contains(tier));

    /// <summary>What one costs the holder of a tier.</summary>
    public RewardPrice PriceFor(string? tier) => tier is not null && TierPrices.TryGetValue(tier, out var price) ? price : Price;
}

/// <summary>What a reward costs.</summary>
/// <param name="Points">Points; more than zero.</param>
/// <param name="Cash">Money beside the points, paid to the merchant or the app; null for none.</param>
public sealed record RewardPrice(Points Points, Cash? Cash = null)
{
    /// <summary>The most points that one reward may cost: so many times <see cref="Reward.QuantityMax"/> are still a number of points.</summary>
    public const long PointsMax = 1_000_000_000_000;

    /// <summary>The price of several.</summary>
    public RewardPrice Times(int quantity) =>
        new(new(Points.Value * quantity), Cash is { } cash ? cash with { Amount = cash.Amount * quantity } : null);
}

/// <summary>Money, which this ledger names and never moves.</summary>
/// <param name="Amount">In the smallest unit of the currency, such as fen; more than zero.</param>
/// <param name="Currency">ISO 4217, for example <c>CNY</c>.</param>
public readonly record struct Cash(long Amount, string Currency);

/// <summary>How many of a reward a resident may redeem in a period. What was cancelled, or never paid, does not count.</summary>
/// <param name="Per">A local day, an ISO week, a month, or a lifetime.</param>
/// <param name="Max">How many; more than zero.</param>
public readonly record struct RewardLimit(CapPeriod Per, long Max);

/// <summary>What a reward is.</summary>
public enum RewardKind
{
    /// <summary>A thing.</summary>
    Goods,

    /// <summary>A service, mostly by appointment.</summary>
    Service,

    /// <summary>A voucher of a shop.</summary>
    Voucher,

    /// <summary>A health card, often for somebody else.</summary>
    HealthCard,

    /// <summary>A wish of somebody that the resident's points fulfil.</summary>
    CharityWish,
}

/// <summary>Where a reward stands in the mall.</summary>
public enum RewardCategory
{
    /// <summary>Health.</summary>
    Health,

    /// <summary>Care of the elderly.</summary>
    ElderCare,

    /// <summary>Education.</summary>
    Education,

    /// <summary>Shops.</summary>
    Shops,

    /// <summary>The property service.</summary>
    Property,

    /// <summary>Clubs.</summary>
    Club,

    /// <summary>Charity.</summary>
    Charity,
}

/// <summary>How a reward comes to the resident.</summary>
public enum Handover
{
    /// <summary>Picked up at the merchant's counter, with a code.</summary>
    PickUp,

    /// <summary>Given at an appointment.</summary>
    Appointment,

    /// <summary>Brought or sent.</summary>
    Delivery,
}

/// <summary>Cancelling in one state of a redemption.</summary>
/// <param name="Status">The state: placed, ready or booked. What awaits payment may always be cancelled.</param>
/// <param name="By">Who may.</param>
/// <param name="BasisPoints">The share of the points that comes back, in ten-thousandths, 0 to 10,000; a fraction of a point is dropped.</param>
/// <param name="WithinMinutes">Only so many minutes after it was redeemed; null for ever.</param>
/// <param name="BeforeSlotMinutes">Only until so many minutes before the appointment; null: until it is given.</param>
/// <param name="KeepsStock">True where what was taken of a limited stock does not go back, because it is spoilt or gone.</param>
public sealed record CancellationRule(
    RedemptionStatus Status,
    ImmutableArray<Party> By,
    int BasisPoints,
    int? WithinMinutes = null,
    int? BeforeSlotMinutes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool KeepsStock = false)
{
    /// <summary>All of the points.</summary>
    public const int Whole = 10_000;

    /// <summary>Where a reward says nothing: anybody, before it is given, for all of the points.</summary>
    public static ImmutableArray<CancellationRule> Otherwise { get; } =
        [.. new[] { RedemptionStatus.Placed, RedemptionStatus.Ready, RedemptionStatus.Booked }
            .Select(status => new CancellationRule(status, [Party.Resident, Party.Merchant, Party.Operator], Whole))];
}

/// <summary>Who acts on a redemption.</summary>
public enum Party
{
    /// <summary>The resident, through an app.</summary>
    Resident,

    /// <summary>The merchant.</summary>
    Merchant,

    /// <summary>An operator.</summary>
    Operator,
}
