using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ledger.Api.Mall;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>Says in words what a transaction did and why, from what is stored with it: later programmes change no explanation.</summary>
/// <param name="programmes">For names of activities and the zone of dates.</param>
/// <param name="language">The language of the sentences.</param>
internal sealed partial class Explanation(PublishedProgrammes programmes, Language language)
{
    public IEnumerable<string> Of(Transaction transaction)
    {
        foreach (var happened in transaction.Events)
        {
            foreach (var sentence in Of(happened, transaction.ProgrammeVersion))
            {
                yield return sentence;
            }
        }
    }

    private IEnumerable<string> Of(WalletEvent happened, int version) => happened switch
    {
        PointsEarned earned => Earned(earned),
        PointsSpent spent => Spent(spent, version),
        PointsHeld held => Held(held, version),
        HoldRepeated repeated =>
            [Say($"Transaction {repeated.Of}, the same hold, was sent again under another key. Nothing moved.", $"交易 {repeated.Of} 的积分保留以另一幂等键再次提交，积分没有变动。")],
        HoldCaptured captured => Captured(captured, version),
        HoldReleased released => Released(released, version),
        RewardRedeemed redeemed => [Redeemed(redeemed)],
        RedemptionMoved moved => [Moved(moved)],
        RedemptionCancelled cancelled => [Cancelled(cancelled)],
        SpendRefunded refunded => Refunded(refunded, version),
        EarningReversed reversed => Reversed(reversed, version),
        ReversalWaiting waiting => [Waiting(waiting)],
        PointsExpired expired => [Expired(expired)],
        PointsActivated activated => Activated(activated, version),
        ExpiryWarned warned => Warned(warned, version),
        ExpiryExtended extended => [Extended(extended, version)],
        PointsAdjusted adjusted => Adjusted(adjusted, version),
        TierChanged changed => [new TierWords(programmes.Find(changed.ProgrammeVersion)?.Programme, language).Of(changed)],
        AdjustmentProposed proposed => [Proposed(proposed, version)],
        AwardApproved approved => Approved(approved, version),
        EntryRejected rejected => [Rejected(rejected)],
        PointsCorrected corrected => Corrected(corrected, version),
        GiftSent sent => Sent(sent, version),
        GiftReceived received => Received(received, version),
        GiftDelivered delivered => [Delivered(delivered)],
        GiftReturned returned => Returned(returned, version),
        PointsDonated donated => [Donated(donated)],
        ExpiryChosen chosen => [Chosen(chosen)],
        HouseholdJoined joined => [Say($"The resident belongs to the household {joined.Household}.", $"加入家庭 {joined.Household}。")],
        HouseholdLeft left => [Say($"The resident belongs to the household {left.Household} no longer.", $"离开家庭 {left.Household}。")],
        PoolConsentGiven given => [Consented(given)],
        ErrandPutOff putOff =>
            [Say($"What transaction {putOff.Of} still has to have done elsewhere could not be done; it is tried again at {putOff.Until}.", $"交易 {putOff.Of} 的后续处理未能完成，将于 {putOff.Until} 重试。")],
        WalletFrozen frozen =>
            [Say($"{frozen.By} froze the wallet: nothing leaves it by an act of the resident.", $"{frozen.By} 冻结了账户：居民暂不能支出积分。")],
        WalletUnfrozen unfrozen => [Say($"{unfrozen.By} unfroze the wallet.", $"{unfrozen.By} 解冻了账户。")],
        WalletClosed closed => Closed(closed),
        PointsGivenUp given => [GivenUp(given)],
        ResidentErased erased => [Say($"{erased.By} erased the resident.", $"{erased.By} 删除了居民信息。")],
        CommandRefused refused => [RefusalWords.ProblemOf(refused.Refusal, language).Detail],
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no words."),
    };

    private IEnumerable<string> Earned(PointsEarned earned)
    {
        var name = NameOf(earned.Activity, earned.ProgrammeVersion);

        // Where more is told, each rule says for itself how it rounded.
        var rounded = earned.Reason is null
            ? AwardWords.Of(programmes.Find(earned.ProgrammeVersion)?.Programme.RuleFor(earned.Activity)?.Rules[0].Formula.RoundedAt(earned.Quantity), language)
            : string.Empty;
        yield return Say(
            $"{name}, quantity {earned.Quantity}: programme version {earned.ProgrammeVersion} gives {earned.Computed} points{rounded}.",
            $"{name}，数量 {earned.Quantity}：按积分方案第 {earned.ProgrammeVersion} 版计算得 {earned.Computed} 分{rounded}。");
        foreach (var sentence in Reasons(earned))
        {
            yield return sentence;
        }

        if (earned.AfterCaps < earned.Computed)
        {
            yield return Clipped(earned);
        }

        if (earned.Overflow is { } overflow)
        {
            yield return Overflowed(overflow);
        }

        if (DebtRepaid(earned.DebtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (Made(earned.Lot, earned.ProgrammeVersion) is { } made)
        {
            yield return made;
        }

        if (earned.Approval is { } approval)
        {
            yield return Awaits(approval, earned.ProgrammeVersion);
        }

        if (earned.ActiveAt is { } active)
        {
            yield return Active(active, earned.ProgrammeVersion);
        }
    }

    private string Active(Instant active, int version)
    {
        var date = LocalDates.Text(active.InZone(ZoneOf(version)).Date);
        return Say($"It becomes active on {date}; until then it cannot be spent.", $"{date} 起生效，此前不可使用。");
    }

    // It is decided by the start of a local day; the one before is the last.
    private string Awaits(AwaitedApproval approval, int version)
    {
        var date = LocalDates.Text(LocalDates.LastBefore(approval.DueAt, ZoneOf(version)));
        return approval.SilenceApproves
            ? Say($"It counts once nobody has objected through {date}.", $"公示至 {date}，无异议后生效。")
            : Say($"A second person decides it, through {date} at the latest.", $"须由第二人审批，最迟 {date}。");
    }

    private string Proposed(AdjustmentProposed proposed, int version)
    {
        var what = proposed.Points.IsPositive
            ? Say($"An operator proposes to add {proposed.Points} points.", $"运营人员提议增加 {proposed.Points} 分。")
            : Say($"An operator proposes to remove {-proposed.Points} points.", $"运营人员提议扣减 {-proposed.Points} 分。");
        return what + Say(" ", "") + Awaits(proposed.Approval, version);
    }

    private IEnumerable<string> Approved(AwardApproved approved, int version)
    {
        yield return approved.By is { } by
            ? Say(
                $"{approved.Points} points of transaction {approved.Of} were approved by {by}.", $"交易 {approved.Of} 的 {approved.Points} 分已由 {by} 审批通过。")
            : Say(
                $"Nobody objected in time to {approved.Points} points of transaction {approved.Of}.",
                $"交易 {approved.Of} 的 {approved.Points} 分公示期满，无人异议。");
        if (DebtRepaid(approved.DebtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (Made(approved.Lot, version) is { } made)
        {
            yield return made;
        }

        if (approved.ActiveAt is { } active)
        {
            yield return Active(active, version);
        }
    }

    private string Rejected(EntryRejected rejected)
    {
        var how = rejected.By is { } by
            ? Say($"Transaction {rejected.Of} was rejected by {by}.", $"交易 {rejected.Of} 已被 {by} 驳回。")
            : Say($"Nobody approved transaction {rejected.Of} in time.", $"交易 {rejected.Of} 逾期未审批，已失效。");
        return rejected.Lot is { } lot ? how + Say($" {lot.Points} points were taken back.", $"收回 {lot.Points} 分。") : how;
    }

    private IEnumerable<string> Activated(PointsActivated activated, int version)
    {
        if (!activated.Lots.IsEmpty)
        {
            yield return Say($"Became active: {Slices(activated.Lots, version)}.", $"已生效：{Slices(activated.Lots, version)}。");
        }

        if (DebtRepaid(activated.Repaid.Total) is { } repaid)
        {
            yield return repaid;
        }
    }

    private IEnumerable<string> Reasons(PointsEarned earned) => programmes.Find(earned.ProgrammeVersion)?.Programme is { } programme
        ? new AwardWords(programme, language).Of(Retelling.Of(programme, earned))
        : [];

    private string Clipped(PointsEarned earned)
    {
        var binding = earned.Caps.Where(cap => cap.Limit is not null && Binds(cap, earned)).ToList();
        var exhausted = (earned.Budgets ?? []).Where(draw => draw.AtHand is not null).ToList();
        return Say(
            $"{earned.Computed} computed, {earned.AfterCaps} paid: {string.Join("; ", exhausted.Select(English).Concat(binding.Select(English)))}.",
            $"计算 {earned.Computed} 分，实发 {earned.AfterCaps} 分：{string.Join("；", exhausted.Select(Chinese).Concat(binding.Select(Chinese)))}。");
    }

    private string Overflowed(Overflow overflow) => overflow.Fund is { } fund
        ? Say(
            $"{overflow.Points} of them went to the fund {fund}: awards bring a wallet to {overflow.PointsMax} at most, and this one held {overflow.Held}.",
            $"其中 {overflow.Points} 分转入公共基金 {fund}：奖励最多使钱包达到 {overflow.PointsMax} 分，当时已有 {overflow.Held} 分。")
        : Say(
            $"{overflow.Points} of them were cut: awards bring a wallet to {overflow.PointsMax} at most, and this one held {overflow.Held}.",
            $"其中 {overflow.Points} 分未发放：奖励最多使钱包达到 {overflow.PointsMax} 分，当时已有 {overflow.Held} 分。");

    private static bool Binds(CountedCap cap, PointsEarned earned) => cap.Per == CapPeriod.Campaign
        ? earned.Reason?.Grants?.Any(grant => grant.By == cap.Scope && grant.Points > cap.PointsMax) == true
        : cap.PointsMax <= earned.AfterCaps;

    private static string English(BudgetDraw draw) => $"budget of {Campaign.IdOf(draw.Campaign)} exhausted, {draw.AtHand} of {draw.Offered} left";

    private static string Chinese(BudgetDraw draw) => $"促销活动“{Campaign.IdOf(draw.Campaign)}”预算已用尽，应得 {draw.Offered} 分，仅余 {draw.AtHand} 分";

    private static string English(CountedCap cap) =>
        CapWords.English(cap.Per, cap.Start, cap.Unit, cap.Limit ?? 0, cap.Used, cap.Scope);

    private static string Chinese(CountedCap cap) =>
        CapWords.Chinese(cap.Per, cap.Start, cap.Unit, cap.Limit ?? 0, cap.Used, cap.Scope);

    private IEnumerable<string> Spent(PointsSpent spent, int version)
    {
        yield return Say($"{spent.Points} points spent at {spent.Merchant}.", $"在商户 {spent.Merchant} 消费 {spent.Points} 分。");
        yield return Say("Paid by " + Slices(spent.From, version) + ".", "由" + Slices(spent.From, version) + "支付。");
    }

    private IEnumerable<string> Held(PointsHeld held, int version)
    {
        var until = held.Until.InZone(ZoneOf(version)).LocalDateTime.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
        yield return Say(
            $"{held.Points} points set aside for {held.Reference.Merchant} (reference {held.Reference.Id}){(held.Paycode is null ? "" : " with a paycode")} until {until}.",
            $"{(held.Paycode is null ? "" : "凭付款码")}为商户 {held.Reference.Merchant}（单号 {held.Reference.Id}）保留 {held.Points} 分，至 {until}。");
        if (held.Share is { } share)
        {
            yield return Say($"They are the share of spend {share.Spend} of the household {share.Household}.", $"属于家庭 {share.Household} 消费 {share.Spend} 的一部分。");
        }

        yield return Say("They are " + Slices(held.From, version) + ".", "来自" + Slices(held.From, version) + "。");
    }

    private IEnumerable<string> Captured(HoldCaptured captured, int version)
    {
        yield return Say(
            $"{captured.Points} points held by transaction {captured.Of} were taken by {captured.Merchant}.",
            $"商户 {captured.Merchant} 收取交易 {captured.Of} 保留的 {captured.Points} 分。");
        yield return Say("Paid by " + Slices(captured.From, version) + ".", "由" + Slices(captured.From, version) + "支付。");
    }

    private IEnumerable<string> Released(HoldReleased released, int version)
    {
        yield return released.How switch
        {
            HoldEnd.Captured => Say($"The rest of what transaction {released.Of} held was given back.", $"交易 {released.Of} 保留的剩余积分已退回。"),
            HoldEnd.Released => Say($"What transaction {released.Of} held was given back.", $"交易 {released.Of} 保留的积分已退回。"),
            HoldEnd.TimedOut => Say($"The time limit passed, and what transaction {released.Of} held was given back.", $"交易 {released.Of} 的保留已超时，积分已退回。"),
            HoldEnd.Voided => Say($"The sale was voided, and what transaction {released.Of} held was given back.", $"交易已作废，交易 {released.Of} 保留的积分已退回。"),
            _ => throw new UnreachableException($"End {released.How} has no words."),
        };
        foreach (var sentence in Back(released.Repaid.Total, released.To, released.ExpiredAtOnce, version))
        {
            yield return sentence;
        }
    }

    private string Redeemed(RewardRedeemed redeemed)
    {
        var price = MallWords.Price(redeemed.Price, language);
        var tier = redeemed.Tier is { } name ? Say($", the price of tier {name}", $"（{name} 等级价）") : "";
        return Say(
            $"Redeemed {redeemed.Quantity} × {redeemed.Reward} for {price}{tier}; redemption {redeemed.Redemption}.",
            $"兑换 {redeemed.Quantity} 份 {redeemed.Reward}，共 {price}{tier}；兑换单 {redeemed.Redemption}。");
    }

    private string Moved(RedemptionMoved moved) => Say(
        $"Redemption {moved.Redemption} of transaction {moved.Of} is {RedemptionWords.English(moved.To)}, said {moved.By}.",
        $"交易 {moved.Of} 的兑换单 {moved.Redemption}：{RedemptionWords.Chinese(moved.To)}（由 {moved.By} 登记）。");

    private string Cancelled(RedemptionCancelled cancelled) => Say(
        $"Redemption {cancelled.Redemption} of transaction {cancelled.Of} was cancelled by {cancelled.By}; {cancelled.Points} points came back.",
        $"交易 {cancelled.Of} 的兑换单 {cancelled.Redemption} 已由 {cancelled.By} 取消，退回 {cancelled.Points} 分。");

    private IEnumerable<string> Refunded(SpendRefunded refunded, int version)
    {
        yield return Say(
            $"{refunded.Points} points of transaction {refunded.Of} came back from {refunded.Merchant}.",
            $"商户 {refunded.Merchant} 退还交易 {refunded.Of} 的 {refunded.Points} 分。");
        foreach (var sentence in Back(refunded.DebtRepaid, refunded.To, refunded.ExpiredAtOnce, version))
        {
            yield return sentence;
        }
    }

    private IEnumerable<string> Back(Points debtRepaid, ImmutableArray<LotSlice> to, ImmutableArray<LotPoints> expiredAtOnce, int version)
    {
        if (DebtRepaid(debtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (!to.IsEmpty)
        {
            yield return Say("Back in " + Slices(to, version) + ".", "退回到" + Slices(to, version) + "。");
        }

        if (!expiredAtOnce.IsEmpty)
        {
            yield return Say(
                $"{expiredAtOnce.Total} points expired at once, for their date had passed: {Lots(expiredAtOnce)}.",
                $"{expiredAtOnce.Total} 分已过有效期，退回后立即过期：{Lots(expiredAtOnce)}。");
        }
    }

    private IEnumerable<string> Reversed(EarningReversed reversed, int version)
    {
        var name = NameOf(reversed.Activity, version);
        yield return Say(
            $"{reversed.Claimed} points of transaction {reversed.Of} ({name}) taken back.",
            $"冲正交易 {reversed.Of}（{name}）的 {reversed.Claimed} 分。");
        if (reversed.FromFund is { } given)
        {
            yield return Say($"{given.Points} of them came back from the fund {given.Fund}.", $"其中 {given.Points} 分由公共基金 {given.Fund} 退回。");
        }

        if (reversed.FromPending is { } pending)
        {
            yield return Say($"{pending.Points} of them were not yet active.", $"其中 {pending.Points} 分尚未生效。");
        }

        if (!reversed.From.IsEmpty)
        {
            yield return Say($"Taken from {Lots(reversed.From)}.", $"取自{Lots(reversed.From)}。");
        }

        if (reversed.Debt.IsPositive)
        {
            yield return Say(
                $"{reversed.Debt} points were already spent and became debt; later points repay it first.",
                $"{reversed.Debt} 分已被消费，转为欠分，之后获得的积分优先偿还。");
        }

        if (reversed.WrittenOff.IsPositive)
        {
            yield return Say(
                $"{reversed.WrittenOff} points were already spent and were written off.", $"{reversed.WrittenOff} 分已被消费，由社区核销。");
        }
    }

    private string Waiting(ReversalWaiting waiting)
    {
        var (source, id) = RefusalWords.Outside(waiting.Of.Source, waiting.Of.Id);
        return Say(
            $"The activity '{id}' of '{source}' has not come yet; when it comes it is awarded and reversed at once.",
            $"“{source}”的活动“{id}”尚未到达；到达时将先入账并立即冲正。");
    }

    private IEnumerable<string> Closed(WalletClosed closed)
    {
        yield return Say($"{closed.By} closed the wallet for good.", $"{closed.By} 注销了账户。");
        if (!closed.Repaid.IsEmpty)
        {
            yield return Say(
                $"{closed.Repaid.Total} points that were not yet active repaid a debt: {Lots(closed.Repaid)}.", $"尚未生效的 {closed.Repaid.Total} 分偿还欠分：{Lots(closed.Repaid)}。");
        }

        if (closed.DebtForgiven.IsPositive)
        {
            yield return Say($"A debt of {closed.DebtForgiven} points was forgiven.", $"免除欠分 {closed.DebtForgiven} 分。");
        }
    }

    private string GivenUp(PointsGivenUp given)
    {
        var lots = given.Lots.AddRange(given.Pending);
        return given.Fund is { } fund
            ? Say($"{lots.Total} points went to the fund '{fund}': {Lots(lots)}.", $"{lots.Total} 分转入公益基金“{fund}”：{Lots(lots)}。")
            : Say($"{lots.Total} points count as expired: {Lots(lots)}.", $"{lots.Total} 分按过期处理：{Lots(lots)}。");
    }

    private string Expired(PointsExpired expired) => expired.Fund is { } fund
        ? Say(
            $"{expired.Lots.Total} points expired and went to the fund {fund}: {Lots(expired.Lots)}.", $"{expired.Lots.Total} 分到期，已捐入基金 {fund}：{Lots(expired.Lots)}。")
        : Say($"{expired.Lots.Total} points expired unused: {Lots(expired.Lots)}.", $"{expired.Lots.Total} 分到期未用：{Lots(expired.Lots)}。");

    private IEnumerable<string> Warned(ExpiryWarned warned, int version)
    {
        var last = LastDateBefore(warned.ExpiresAt, version);
        yield return Say(
            $"Warned: {warned.Points} points are usable through {last} and expire then unless they are spent.",
            $"到期提醒：{warned.Points} 分可用至 {last}，逾期未用将过期。");
        if (warned.Fund is { } fund)
        {
            yield return Say($"They go to the fund {fund} then.", $"过期积分将捐入基金 {fund}。");
        }

        if (warned.PutOffFrom is { } from)
        {
            var before = LastDateBefore(from, version);
            yield return Say(
                $"They were usable through {before}; the warning came later than {warned.DaysBefore} days before, so the date was put off.",
                $"原可用至 {before}；因提醒不足 {warned.DaysBefore} 天，有效期已顺延。");
        }
    }

    private string Extended(ExpiryExtended extended, int version)
    {
        var last = LastDateBefore(extended.ExpiresAt, version);
        return Say(
            $"The resident was active: points that expire after {extended.Idle.Months} months without activity are usable through {last}.",
            $"账户有活动：{extended.Idle.Months} 个月无活动即过期的积分，有效期延至 {last}。");
    }

    private string LastDateBefore(Instant end, int version) => LocalDates.Text(LocalDates.LastBefore(end, ZoneOf(version)));

    private IEnumerable<string> Adjusted(PointsAdjusted adjusted, int version)
    {
        yield return adjusted.Points.IsPositive
            ? Say($"An operator added {adjusted.Points} points.", $"运营人员增加 {adjusted.Points} 分。")
            : Say($"An operator removed {-adjusted.Points} points, from {Lots(adjusted.From)}.", $"运营人员扣减 {-adjusted.Points} 分，取自{Lots(adjusted.From)}。");
        if (adjusted is { Of: { } of, By: { } by })
        {
            yield return Say($"Transaction {of} proposed it; {by} approved.", $"由交易 {of} 提议，{by} 审批通过。");
        }

        if (DebtRepaid(adjusted.DebtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (Made(adjusted.Lot, version) is { } made)
        {
            yield return made;
        }
    }

    private IEnumerable<string> Corrected(PointsCorrected corrected, int version)
    {
        var (first, last, rerating) = (corrected.First, corrected.Last, corrected.Rerating);
        yield return corrected.Points.IsPositive
            ? Say(
                $"Re-rating '{rerating}' decided transactions {first} to {last} again: {corrected.Points} points more.",
                $"重新核算“{rerating}”对交易 {first} 至 {last} 重新计算：增加 {corrected.Points} 分。")
            : Say(
                $"Re-rating '{rerating}' decided transactions {first} to {last} again: {-corrected.Points} points less.",
                $"重新核算“{rerating}”对交易 {first} 至 {last} 重新计算：减少 {-corrected.Points} 分。");
        if (!corrected.From.IsEmpty)
        {
            yield return Say($"Taken from {Lots(corrected.From)}.", $"取自{Lots(corrected.From)}。");
        }

        if (corrected.Debt.IsPositive)
        {
            yield return Say($"{corrected.Debt} were spent already and are owed.", $"其中 {corrected.Debt} 分已被使用，记为欠分。");
        }

        if (corrected.Forgiven.IsPositive)
        {
            yield return Say($"{corrected.Forgiven} were spent already and are forgiven.", $"其中 {corrected.Forgiven} 分已被使用，不再追回。");
        }

        if (DebtRepaid(corrected.DebtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (Made(corrected.Lot, version) is { } made)
        {
            yield return made;
        }
    }

    private string? DebtRepaid(Points repaid) => repaid.IsPositive
        ? Say($"{repaid} of them repaid a debt.", $"其中 {repaid} 分偿还欠分。")
        : null;

    private string? Made(LotSlice? lot, int version) => lot is { } made
        ? Say($"Lot {made.Lot}: {made.Points} points, {Usable(made.ExpiresAt, version)}.", $"批次 {made.Lot}：{made.Points} 分，{Usable(made.ExpiresAt, version)}。")
        : null;

    private string Usable(Instant? expiresAt, int version) => expiresAt is { } at
        ? Say($"usable through {LastDateBefore(at, version)}", $"可用至 {LastDateBefore(at, version)}")
        : Say("never expiring", "长期有效");

    private string Slices(ImmutableArray<LotSlice> slices, int version) => string.Join(
        Say(", ", "、"),
        slices.Select(slice => Say(
            $"lot {slice.Lot} {slice.Points} points ({Usable(slice.ExpiresAt, version)})",
            $"批次 {slice.Lot} {slice.Points} 分（{Usable(slice.ExpiresAt, version)}）")));

    private string Lots(ImmutableArray<LotPoints> lots) => string.Join(
        Say(", ", "、"), lots.Select(lot => Say($"lot {lot.Lot} {lot.Points} points", $"批次 {lot.Lot} {lot.Points} 分")));

    private string NameOf(ActivityType activity, int version)
    {
        var names = programmes.Find(version)?.Programme.RuleFor(activity)?.Names ?? ImmutableDictionary<string, string>.Empty;
        return names.GetValueOrDefault(language.Tag()) ?? activity.Value;
    }

    private DateTimeZone ZoneOf(int version) => programmes.Find(version)?.Programme.Zone ?? DateTimeZone.Utc;

    private string Say(string english, string chinese) => language.Say(english, chinese);
}
