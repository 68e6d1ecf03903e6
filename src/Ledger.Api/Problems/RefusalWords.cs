using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ledger.Api.Approvals;
using Ledger.Api.Json;
using Ledger.Api.Mall;
using Ledger.Json;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Problems;

/// <summary>Turns a refusal into the problem that callers read: all its numbers as members, and the same in words.</summary>
/// <remarks>A function of the refusal and the language only, so that a repeat reads the same.</remarks>
internal static class RefusalWords
{
    public static Problem ProblemOf(Refusal refusal, Language language)
    {
        var kind = RefusalProblems.Of(refusal);
        var detail = language == Language.Chinese ? Chinese(refusal) : $"{English(refusal)} {kind.Cure}";
        return new(kind, language, detail) { Members = Numbers(refusal, LedgerJson.Default.Refusal) };
    }

    /// <summary>All that a refusal holds but its code.</summary>
    public static JsonObject Numbers<T>(T refusal, JsonTypeInfo<T> type)
    {
        var members = JsonSerializer.SerializeToNode(refusal, type)!.AsObject();
        members.Remove("code");
        if (members["of"] is JsonObject of)
        {
            var (source, id) = Outside(of["source"]!.GetValue<string>(), of["id"]!.GetValue<string>());
            members["of"] = new JsonObject { ["source"] = source, ["id"] = id };
        }

        return members;
    }

    /// <summary>The key as the caller gave it: our own prefix of the namespace is nobody's business.</summary>
    public static (string Source, string Id) Outside(string source, string id) =>
        (source.StartsWith("event:", StringComparison.Ordinal) ? source["event:".Length..] : source, id);

    private static string English(Refusal refusal) => refusal switch
    {
        Refusal.TimeRunsBackwards r => $"The wallet has already seen {r.LastAt}, which is after {r.At}.",
        Refusal.Erased r => $"This resident was erased at {r.Since}.",
        Refusal.Closed r => $"This wallet is closed since {r.Since}.",
        Refusal.Frozen r => $"Nothing leaves this wallet by an act of the resident: it is frozen since {r.Since}.",
        Refusal.OccurredInFuture r => $"The activity is said to have occurred at {r.OccurredAt}, more than {r.MinutesAheadMax} minutes after now ({r.At}).",
        Refusal.OccurredTooLongAgo r => $"The activity occurred at {r.OccurredAt}, more than {r.DaysMax} days before now ({r.At}).",
        Refusal.NoProgramme r => $"No programme was in force at {r.At}.",
        Refusal.UnknownActivity r => $"Programme version {r.ProgrammeVersion} has no rule for '{r.Activity}'.",
        Refusal.UnknownFund r => $"Programme version {r.ProgrammeVersion} names no fund '{r.Fund}'.",
        Refusal.GiftsNotOffered r => $"Programme version {r.ProgrammeVersion} has no gifts.",
        Refusal.GiftToSelf r => $"'{r.To}' cannot give points to '{r.To}'.",
        Refusal.ReceiverUnknown r => $"'{r.To}' has no wallet yet.",
        Refusal.GiftOutsideHousehold { Household: { } household } r => $"'{r.To}' does not belong to the household '{household}', and gifts do not leave it.",
        Refusal.GiftOutsideHousehold r => $"Gifts stay within a household, and who would give to '{r.To}' belongs to none.",
        Refusal.NotInHousehold { Household: { } household } => $"This resident does not belong to the household '{household}'.",
        Refusal.NotInHousehold => "This resident belongs to no household.",
        Refusal.InOtherHousehold r => $"This resident belongs to the household '{r.Household}' since {r.Since}.",
        Refusal.UnknownTransaction r => $"This resident has no transaction of {Name(r.Of)}.",
        Refusal.NotAnEarning r => $"{Name(r.Of)} did not earn points.",
        Refusal.NotASpend r => $"{Name(r.Of)} did not spend points.",
        Refusal.ShareOfPool r => $"It is a share of spend {r.Spend} of the household '{r.Household}'.",
        Refusal.NotAwaitingApproval r => $"{Name(r.Of)} asked for nobody's decision.",
        Refusal.ApprovalAlreadyDecided r => $"{Name(r.Of)} is {English(r.Outcome)}.",
        Refusal.ApprovalOwnEntry r => $"'{r.By}' entered or organised {Name(r.Of)}, or would get its points.",
        Refusal.ApproverShareExceeded r =>
            $"One person would have approved {r.Approved} of this resident's last {r.Last} awards; at most {SignalView.Percent(r.BasisPointsMax)} % may come from one.",
        Refusal.HoldNotFound r => $"This resident has no hold for {r.Reference.Id} of {r.Reference.Merchant}.",
        Refusal.ReferenceVoided r => $"{r.Reference.Id} of {r.Reference.Merchant} was voided at {r.At}, before any hold came with it.",
        Refusal.ReferenceReused r => $"{r.Reference.Id} of {r.Reference.Merchant} stands for a hold of {r.Points} points that was asked for at {r.At}.",
        Refusal.MerchantSuspended r => $"The merchant '{r.Merchant}' is suspended.",
        Refusal.UnknownTerminal r => $"The merchant '{r.Merchant}' has no terminal '{r.Terminal}'.",
        Refusal.PaycodeExpired { ExpiredAt: { } end } => $"The paycode ended at {end}.",
        Refusal.PaycodeExpired => "The paycode ended long ago.",
        Refusal.PaycodeUsed r => $"The paycode was used at {r.At}.",
        Refusal.NothingToReverse r => $"Of {r.Credited} points earned, {r.AlreadyClaimed} were taken back and {r.AlreadyExpired} expired.",
        Refusal.RefundExceedsSpend r => $"Of {r.Spent} points spent, {r.AlreadyRefunded} came back before; {Asked(r)} cannot come back.",
        Refusal.RedemptionVoided r => $"Redemption {r.Redemption} was voided at {r.At}, before anything came with it.",
        Refusal.RewardNotOffered r => $"'{r.Reward}' is not offered at {r.At}{Window(r)}.",
        Refusal.UnknownRedemption r => $"This resident has no redemption {r.Redemption}.",
        Refusal.RedemptionStepNotAllowed { Slot: { } slot, Step: RedemptionStep.Book } => $"An appointment at {slot} is not ahead.",
        Refusal.RedemptionStepNotAllowed { Slot: { } slot } => $"The appointment at {slot} is still ahead: nobody has missed it.",
        Refusal.RedemptionStepNotAllowed r => $"The redemption is {RedemptionWords.English(r.Standing)} since {r.Since}; {RedemptionWords.English(r.Step)} cannot follow where a reward comes by {EnumWords.Of(r.Handover)}.",
        Refusal.CancellationNotAllowed { Until: { } until } r => $"The {RedemptionWords.English(r.By)} could cancel it, being {RedemptionWords.English(r.Standing)}, until {until}.",
        Refusal.CancellationNotAllowed r => $"The {RedemptionWords.English(r.By)} cannot cancel it while it is {RedemptionWords.English(r.Standing)}.",
        Refusal.PickupCodeLocked r => $"{r.WrongCodesMax} wrong codes were shown.",
        Refusal.WrongPickupCode r => $"This is not the code of redemption {r.Redemption}; {r.AttemptsLeft} attempts are left.",
        Refusal.SettledUseRefund r => $"The settlement day of {r.Reference.Id} of {r.Reference.Merchant} ended at {r.SettledAt}; {r.Captured} points were captured and {r.Refunded} came back.",
        Refusal.HoldEnded r => $"The hold of {r.Held} points for {r.Reference.Id} of {r.Reference.Merchant} {English(r.How)} at {r.At}; {r.Captured} were captured.",
        Refusal.CaptureExceedsHold r => $"{r.Requested} points were asked for, and {r.Held} are still held for {r.Reference.Id} of {r.Reference.Merchant}.",
        Refusal.NotSettled r => $"{r.Holds} holds of {r.Held} points are open, {r.Undecided} entries wait for a decision, {r.Redemptions} redeemed rewards are not handed over, {r.Errands} gifts and the like are under way, and {r.Debt} points are owed.",
        Refusal.TooManyHolds r => $"This resident has {r.HoldsMax} open holds.",
        Refusal.TooManyWaiting r => $"{r.WaitingMax} reversals of this resident wait for activities that never came.",
        Refusal.TooManyErrands r => $"{r.ErrandsMax} gifts and the like of this resident are under way.",
        Refusal.GiftExpired r => $"{r.Expired} of the gift's {r.Points} points expired on the way.",
        Refusal.GiftLimitExceeded r => $"{r.Requested} points were to be given; {English(r.Per)} may give {r.Limit}, and {r.Used} were given before.",
        Refusal.PoolLimitExceeded r => $"{r.Requested} points were to be spent by others; {English(r.Per)} may take {r.Limit}, and {r.Used} were taken before.",
        Refusal.AwardTooLarge r => $"'{r.Activity}' with quantity {r.Quantity} would earn more than {r.PointsMax} points.",
        Refusal.TooManyRedemptions r => $"This resident has {r.OpenMax} open redemptions.",
        Refusal.CapExceeded r => $"'{r.Activity}' would earn {r.Requested} points: {CapWords.English(r.Per, r.Start, r.Unit, r.Limit, r.Used, r.Scope)}.",
        Refusal.TooManyUndecided r => $"{r.UndecidedMax} awards and proposals of this resident wait for a decision.",
        Refusal.RewardTierRequired r => $"The reward is for {string.Join(", ", r.Tiers)}; this resident's tier is {r.Tier ?? "none"}.",
        Refusal.RewardLimitReached r => $"{r.Limit} of '{r.Reward}' {Period(r)}: {r.Used} were redeemed, {r.Requested} asked for{(r.ResetsAt is { } reset ? $"; it resets at {reset}" : "")}.",
        Refusal.InsufficientPoints r => $"{r.Requested} points were asked for and {r.Available} are available: {r.Missing} are missing.",
        Refusal.BalanceLimit r => $"{r.Credited} points on top of {r.Available} would be more than {r.PointsMax}.",
        Refusal.DebtLimit r => $"{r.Debt} points are owed; {r.Added} more would be more than {r.PointsMax}.",
        Refusal.LifetimeLimit r => $"{r.Requested} points were to be {English(r.Sum)}; over this wallet's life only {r.Left} more can be.",
        _ => throw new UnreachableException($"Refusal {refusal.GetType().Name} has no words."),
    };

    private static string Chinese(Refusal refusal) => refusal switch
    {
        Refusal.TimeRunsBackwards r => $"钱包已记录到 {Local(r.LastAt)}，晚于 {Local(r.At)}。",
        Refusal.Erased r => $"该居民的信息已于 {Local(r.Since)} 删除。",
        Refusal.Closed r => $"该账户已于 {Local(r.Since)} 注销。",
        Refusal.Frozen r => $"该账户自 {Local(r.Since)} 起冻结，暂不能支出积分。请联系运营人员解冻后重新提交新请求。",
        Refusal.OccurredInFuture r => $"活动时间 {Local(r.OccurredAt)} 比当前时间 {Local(r.At)} 晚超过 {r.MinutesAheadMax} 分钟。",
        Refusal.OccurredTooLongAgo r => $"活动时间 {Local(r.OccurredAt)} 比当前时间 {Local(r.At)} 早超过 {r.DaysMax} 天。",
        Refusal.NoProgramme r => $"{Local(r.At)} 没有生效的积分方案。",
        Refusal.UnknownActivity r => $"积分方案第 {r.ProgrammeVersion} 版没有活动“{r.Activity}”的规则。",
        Refusal.UnknownFund r => $"积分方案第 {r.ProgrammeVersion} 版没有基金“{r.Fund}”。",
        Refusal.GiftsNotOffered r => $"积分方案第 {r.ProgrammeVersion} 版不允许赠送积分。",
        Refusal.GiftToSelf r => $"“{r.To}”不能赠送积分给自己。",
        Refusal.ReceiverUnknown r => $"“{r.To}”还没有钱包。",
        Refusal.GiftOutsideHousehold { Household: { } household } r => $"“{r.To}”不属于家庭“{household}”，积分只能赠送给家庭成员。",
        Refusal.GiftOutsideHousehold => "积分只能赠送给家庭成员，赠送人不属于任何家庭。",
        Refusal.NotInHousehold { Household: { } household } => $"该居民不属于家庭“{household}”。",
        Refusal.NotInHousehold => "该居民不属于任何家庭。",
        Refusal.InOtherHousehold r => $"该居民自 {Local(r.Since)} 起属于家庭“{r.Household}”。",
        Refusal.UnknownTransaction r => $"该居民没有 {Name(r.Of)} 的交易。",
        Refusal.NotAnEarning r => $"{Name(r.Of)} 不是积分获得。",
        Refusal.NotASpend r => $"{Name(r.Of)} 不是积分消费。",
        Refusal.ShareOfPool r => $"该交易是家庭“{r.Household}”消费 {r.Spend} 的一部分。",
        Refusal.NotAwaitingApproval r => $"{Name(r.Of)} 无需审批。",
        Refusal.ApprovalAlreadyDecided r => $"{Name(r.Of)} {Chinese(r.Outcome)}。",
        Refusal.ApprovalOwnEntry r => $"“{r.By}”是 {Name(r.Of)} 的录入人、组织者或积分获得者。",
        Refusal.ApproverShareExceeded r =>
            $"该居民最近 {r.Last} 次审批中同一人将占 {r.Approved} 次，最多占 {SignalView.Percent(r.BasisPointsMax)}%。",
        Refusal.HoldNotFound r => $"该居民没有商户 {r.Reference.Merchant} 单号 {r.Reference.Id} 的积分保留。请查询该单号的结果：保留可能已被拒绝。",
        Refusal.ReferenceVoided r => $"商户 {r.Reference.Merchant} 的单号 {r.Reference.Id} 已于 {Local(r.At)} 作废，此前没有积分保留。未扣积分，请使用新单号。",
        Refusal.ReferenceReused r => $"商户 {r.Reference.Merchant} 的单号 {r.Reference.Id} 已用于 {Local(r.At)} 的 {r.Points} 分保留。请查询该单号的结果；新交易请使用新单号。",
        Refusal.MerchantSuspended r => $"商户 {r.Merchant} 已停用。未扣积分，请改用其他方式付款。",
        Refusal.UnknownTerminal r => $"商户 {r.Merchant} 没有收银终端 {r.Terminal}。请由运营人员登记该终端，再用新单号收款。",
        Refusal.PaycodeExpired { ExpiredAt: { } end } => $"付款码已于 {Local(end)} 失效。请居民出示新的付款码，并使用新单号。",
        Refusal.PaycodeExpired => "付款码早已失效。请居民出示新的付款码，并使用新单号。",
        Refusal.PaycodeUsed r => $"付款码已于 {Local(r.At)} 使用。请查询原交易的结果；新交易请居民出示新的付款码，并使用新单号。",
        Refusal.NothingToReverse r => $"共获得 {r.Credited} 分，已冲正 {r.AlreadyClaimed} 分，已过期 {r.AlreadyExpired} 分。",
        Refusal.RefundExceedsSpend r => $"共消费 {r.Spent} 分，已退还 {r.AlreadyRefunded} 分，无法再退还 {r.Requested} 分。最多退还尚未退还的积分。",
        Refusal.RedemptionVoided r => $"兑换单 {r.Redemption} 已于 {Local(r.At)} 作废，此前没有兑换。",
        Refusal.RewardNotOffered r => $"奖品“{r.Reward}”当前不可兑换{ChineseWindow(r)}。",
        Refusal.UnknownRedemption r => $"该居民没有兑换单 {r.Redemption}。",
        Refusal.RedemptionStepNotAllowed { Slot: { } slot, Step: RedemptionStep.Book } => $"预约时间 {Local(slot)} 已过。",
        Refusal.RedemptionStepNotAllowed { Slot: { } slot } => $"预约时间 {Local(slot)} 未到，不能记为未到场。",
        Refusal.RedemptionStepNotAllowed r => $"兑换单自 {Local(r.Since)} 起为“{RedemptionWords.Chinese(r.Standing)}”，不能{RedemptionWords.Chinese(r.Step)}。",
        Refusal.CancellationNotAllowed { Until: { } until } r => $"“{RedemptionWords.Chinese(r.Standing)}”状态下，{RedemptionWords.Chinese(r.By)}仅可在 {Local(until)} 之前取消。",
        Refusal.CancellationNotAllowed r => $"“{RedemptionWords.Chinese(r.Standing)}”状态下，{RedemptionWords.Chinese(r.By)}不可取消。",
        Refusal.PickupCodeLocked r => $"取货码已错误 {r.WrongCodesMax} 次。",
        Refusal.WrongPickupCode r => $"不是兑换单 {r.Redemption} 的取货码，还可尝试 {r.AttemptsLeft} 次。",
        Refusal.SettledUseRefund r => $"商户 {r.Reference.Merchant} 单号 {r.Reference.Id} 的结算日已于 {Local(r.SettledAt)} 截止，已收取 {r.Captured} 分，已退还 {r.Refunded} 分。请改为退款。",
        Refusal.HoldEnded r => $"商户 {r.Reference.Merchant} 单号 {r.Reference.Id} 的 {r.Held} 分保留已于 {Local(r.At)} {Chinese(r.How)}，已收取 {r.Captured} 分。不能再收取：请用新单号收款，已收取的可以退款。",
        Refusal.CaptureExceedsHold r => $"商户 {r.Reference.Merchant} 单号 {r.Reference.Id} 仅保留 {r.Held} 分，无法收取 {r.Requested} 分。最多收取仍保留的积分；需要更多时请作废，并用新单号重新保留。",
        Refusal.NotSettled r => $"尚有 {r.Holds} 笔积分保留（{r.Held} 分）未结束，{r.Undecided} 笔记录等待审批，{r.Redemptions} 笔兑换未完成，{r.Errands} 笔赠分等事项在途，欠分 {r.Debt} 分。",
        Refusal.TooManyHolds r => $"该居民已有 {r.HoldsMax} 笔未结束的积分保留。请先收取或释放一部分，或等待其超时，再用新单号收款。",
        Refusal.TooManyWaiting r => $"该居民已有 {r.WaitingMax} 笔冲正在等待对应的活动。",
        Refusal.TooManyErrands r => $"该居民已有 {r.ErrandsMax} 笔在途赠分等待处理。",
        Refusal.GiftExpired r => $"赠送的 {r.Points} 分中有 {r.Expired} 分已在途中过期。",
        Refusal.GiftLimitExceeded r => $"本次赠送 {r.Requested} 分；{Chinese(r.Per)}最多赠送 {r.Limit} 分，已赠送 {r.Used} 分。",
        Refusal.PoolLimitExceeded r => $"其他成员本次将使用 {r.Requested} 分；{Chinese(r.Per)}最多 {r.Limit} 分，已使用 {r.Used} 分。",
        Refusal.AwardTooLarge r => $"活动“{r.Activity}”数量 {r.Quantity} 的积分将超过 {r.PointsMax}。",
        Refusal.TooManyRedemptions r => $"该居民已有 {r.OpenMax} 笔未完成的兑换。",
        Refusal.CapExceeded r => $"活动“{r.Activity}”将得 {r.Requested} 分：{CapWords.Chinese(r.Per, r.Start, r.Unit, r.Limit, r.Used, r.Scope)}。",
        Refusal.TooManyUndecided r => $"该居民已有 {r.UndecidedMax} 笔奖励或调整等待审批。",
        Refusal.RewardTierRequired r => $"该奖品仅限 {string.Join('、', r.Tiers)} 等级，当前等级为 {r.Tier ?? "无"}。",
        Refusal.RewardLimitReached r => $"“{r.Reward}”{ChinesePeriod(r)}限兑 {r.Limit} 份，已兑 {r.Used} 份，本次 {r.Requested} 份{(r.ResetsAt is { } reset ? $"，{Local(reset)} 重置" : "")}。",
        Refusal.InsufficientPoints r => $"需要 {r.Requested} 分，可用 {r.Available} 分，还差 {r.Missing} 分。请用新的请求兑换较少积分；本请求不会再成功。",
        Refusal.BalanceLimit r => $"可用 {r.Available} 分，再加 {r.Credited} 分将超过上限 {r.PointsMax}。",
        Refusal.DebtLimit r => $"已欠 {r.Debt} 分，再欠 {r.Added} 分将超过上限 {r.PointsMax}。",
        Refusal.LifetimeLimit r => $"本次{Chinese(r.Sum)} {r.Requested} 分；该钱包累计只能再{Chinese(r.Sum)} {r.Left} 分。",
        _ => throw new UnreachableException($"Refusal {refusal.GetType().Name} has no words."),
    };

    private static string English(ApprovalOutcome outcome) => outcome switch
    {
        ApprovalOutcome.Approved => "approved already",
        ApprovalOutcome.Rejected => "rejected already",
        ApprovalOutcome.Lapsed => "lapsed, for nobody approved it in time",
        ApprovalOutcome.Reversed => "reversed already",
        _ => throw new UnreachableException($"Outcome {outcome} has no words."),
    };

    private static string Chinese(ApprovalOutcome outcome) => outcome switch
    {
        ApprovalOutcome.Approved => "已审批通过",
        ApprovalOutcome.Rejected => "已被驳回",
        ApprovalOutcome.Lapsed => "逾期未审批，已失效",
        ApprovalOutcome.Reversed => "已冲正",
        _ => throw new UnreachableException($"Outcome {outcome} has no words."),
    };

    private static string English(LifetimeSum sum) => sum switch
    {
        LifetimeSum.Earned => "earned",
        LifetimeSum.Spent => "spent",
        LifetimeSum.Adjusted => "added by hand",
        LifetimeSum.Sent => "given",
        LifetimeSum.Given => "donated",
        LifetimeSum.Received => "received",
        _ => throw new UnreachableException($"Sum {sum} has no words."),
    };

    private static string Chinese(LifetimeSum sum) => sum switch
    {
        LifetimeSum.Earned => "获得",
        LifetimeSum.Spent => "消费",
        LifetimeSum.Adjusted => "调增",
        LifetimeSum.Sent => "赠送",
        LifetimeSum.Given => "捐赠",
        LifetimeSum.Received => "收赠",
        _ => throw new UnreachableException($"Sum {sum} has no words."),
    };

    private static string English(PoolSpan span) => span switch
    {
        PoolSpan.Spend => "one spend",
        PoolSpan.Month => "the spends of one month",
        _ => throw new UnreachableException($"Span {span} has no words."),
    };

    private static string Chinese(PoolSpan span) => span switch
    {
        PoolSpan.Spend => "每次",
        PoolSpan.Month => "每月",
        _ => throw new UnreachableException($"Span {span} has no words."),
    };

    private static string English(GiftSpan span) => span switch
    {
        GiftSpan.Gift => "one gift",
        GiftSpan.LocalDay => "the gifts of one day",
        GiftSpan.Month => "the gifts of one month",
        _ => throw new UnreachableException($"Span {span} has no words."),
    };

    private static string Chinese(GiftSpan span) => span switch
    {
        GiftSpan.Gift => "每次",
        GiftSpan.LocalDay => "每日",
        GiftSpan.Month => "每月",
        _ => throw new UnreachableException($"Span {span} has no words."),
    };

    private static string English(HoldEnd end) => end switch
    {
        HoldEnd.Captured => "was captured",
        HoldEnd.Released => "was released",
        HoldEnd.TimedOut => "timed out",
        HoldEnd.Voided => "was voided",
        _ => throw new UnreachableException($"End {end} has no words."),
    };

    private static string Chinese(HoldEnd end) => end switch
    {
        HoldEnd.Captured => "收取",
        HoldEnd.Released => "释放",
        HoldEnd.TimedOut => "超时",
        HoldEnd.Voided => "作废",
        _ => throw new UnreachableException($"End {end} has no words."),
    };

    private static string Window(Refusal.RewardNotOffered refusal) => refusal switch
    {
        { From: { } from } when refusal.At < from => $", but from {from}",
        { Until: { } until } => $", but was until {until}",
        _ => "",
    };

    private static string ChineseWindow(Refusal.RewardNotOffered refusal) => refusal switch
    {
        { From: { } from } when refusal.At < from => $"，{Local(from)} 起可兑换",
        { Until: { } until } => $"，已于 {Local(until)} 截止",
        _ => "",
    };

    private static string Period(Refusal.RewardLimitReached refusal) => refusal.Per switch
    {
        CapPeriod.LocalDay => "a day",
        CapPeriod.IsoWeek => "a week",
        CapPeriod.Month => "a month",
        CapPeriod.Lifetime => "in a lifetime",
        _ => throw new UnreachableException($"A reward has no limit per {refusal.Per}."),
    };

    private static string ChinesePeriod(Refusal.RewardLimitReached refusal) => refusal.Per switch
    {
        CapPeriod.LocalDay => "每日",
        CapPeriod.IsoWeek => "每周",
        CapPeriod.Month => "每月",
        CapPeriod.Lifetime => "终身",
        _ => throw new UnreachableException($"A reward has no limit per {refusal.Per}."),
    };

    private static string Asked(Refusal.RefundExceedsSpend refusal) =>
        refusal.Requested.IsZero ? "nothing is left, so more" : refusal.Requested.Value.ToString(CultureInfo.InvariantCulture);

    private static string Name(CommandKey key)
    {
        var (source, id) = Outside(key.Source, key.Id);
        return $"'{id}' of '{source}'";
    }

    internal static string Local(Instant instant) => instant.ToString("uuuu-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
