using System.Diagnostics;
using Ledger.Api.Json;
using Ledger.Rewards;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>Where a redemption stands, and who acts on it, in words.</summary>
internal static class RedemptionWords
{
    public static string English(RedemptionStatus status) => EnumWords.Of(status).Replace('_', ' ');

    public static string Chinese(RedemptionStatus status) => status switch
    {
        RedemptionStatus.AwaitsPayment => "待支付",
        RedemptionStatus.Placed => "已下单",
        RedemptionStatus.Ready => "待领取",
        RedemptionStatus.Booked => "已预约",
        RedemptionStatus.PickedUp => "已领取",
        RedemptionStatus.Delivered => "已交付",
        RedemptionStatus.NoShow => "未到场",
        RedemptionStatus.Cancelled => "已取消",
        RedemptionStatus.TimedOut => "已超时",
        _ => throw new UnreachableException($"Status {status} has no words."),
    };

    public static string English(RedemptionStep step) => EnumWords.Of(step).Replace('_', '-');

    public static string Chinese(RedemptionStep step) => step switch
    {
        RedemptionStep.Pay => "支付",
        RedemptionStep.Ready => "备货",
        RedemptionStep.Book => "预约",
        RedemptionStep.PickUp => "领取",
        RedemptionStep.Deliver => "交付",
        RedemptionStep.NoShow => "登记未到场",
        RedemptionStep.Cancel => "取消",
        _ => throw new UnreachableException($"Step {step} has no words."),
    };

    public static string English(Party party) => EnumWords.Of(party);

    public static string Chinese(Party party) => party switch
    {
        Party.Resident => "居民",
        Party.Merchant => "商户",
        Party.Operator => "运营人员",
        _ => throw new UnreachableException($"Party {party} has no words."),
    };
}
