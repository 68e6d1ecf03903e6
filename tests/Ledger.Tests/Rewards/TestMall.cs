using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Tests.Rewards;

/// <summary>A small mall to play in: one reward for each way to the resident, with limits, tiers, cash and rules of cancelling.</summary>
internal static class TestMall
{
    /// <summary>The code that every envelope of a test brings.</summary>
    public const string Code = "123456";

    public static readonly RewardId Tea = new("tea");
    public static readonly RewardId Visit = new("visit");
    public static readonly RewardId Parcel = new("parcel");
    public static readonly RewardId Gone = new("gone");
    public static readonly RewardId Plain = new("plain");
    public static readonly RewardId Closed = new("closed");

    /// <summary>Those of which there are only so many.</summary>
    public static readonly ImmutableArray<RewardId> Limited = [Plain, Visit];

    public static readonly ImmutableArray<RewardId> All = [Tea, Visit, Parcel, Plain, Tea, Visit, Closed, Gone, new("never")];

    /// <param name="worth">Points of one coin.</param>
    public static RewardBook Of(long worth) => new(
    [
        Reward(Tea, Handover.PickUp, 4 * worth) with
        {
            Limits = [new(CapPeriod.LocalDay, 3), new(CapPeriod.Month, 5)],
            TierPrices = ImmutableDictionary<string, RewardPrice>.Empty.Add("gold", new(new(3 * worth))),
        },
        Reward(Visit, Handover.Appointment, 8 * worth) with
        {
            Merchant = new("m1"),
            Price = new(new(8 * worth), new(990, "CNY")),
            HoldMinutes = 90,
            Limits = [new(CapPeriod.IsoWeek, 2)],
            Limited = true,
            Cancellation =
            [
                new(RedemptionStatus.Placed, [Party.Resident, Party.Operator], CancellationRule.Whole),
                new(RedemptionStatus.Booked, [Party.Resident], 5_000, BeforeSlotMinutes: 60),
                new(RedemptionStatus.Booked, [Party.Merchant], CancellationRule.Whole),
            ],
        },
        Reward(Parcel, Handover.Delivery, 6 * worth) with
        {
            Tiers = ["silver", "gold"],
            Limits = [new(CapPeriod.Lifetime, 4)],
            Cancellation = [new(RedemptionStatus.Placed, [Party.Resident], 0, WithinMinutes: 60)],
        },
        Reward(Plain, Handover.Delivery, worth) with
        {
            Merchant = new("m2"),
            Limited = true,
            Cancellation =
            [
                new(RedemptionStatus.Placed, [Party.Resident, Party.Operator], CancellationRule.Whole),
                new(RedemptionStatus.Ready, [Party.Resident, Party.Merchant], CancellationRule.Whole, KeepsStock: true),
            ],
        },
        Reward(Closed, Handover.Delivery, worth) with { Merchant = new("m-closed") },
        Reward(Gone, Handover.PickUp, worth) with { From = Instant.FromUtc(1999, 1, 1, 0, 0), Until = Instant.FromUtc(2000, 1, 1, 0, 0) },
    ]);

    public static Reward Reward(RewardId id, Handover handover, long points) => new()
    {
        Id = id,
        Revision = 3,
        Kind = RewardKind.Goods,
        Category = RewardCategory.Shops,
        Merchant = new("tea-house"),
        Price = new(new(points)),
        Handover = handover,
        Names = ImmutableDictionary<string, string>.Empty.Add("en", id.Value),
    };
}
