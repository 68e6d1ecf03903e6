using System.Collections.Frozen;
using Ledger.Wallets;

namespace Ledger.Api.Problems;

/// <summary>What callers read about each refusal of the wallet: one entry per case of <see cref="Refusal"/>, in its ranking.</summary>
public static class RefusalProblems
{
    /// <summary>All of them, first the one that wins where several apply.</summary>
    public static IReadOnlyList<KnownProblem> All { get; } =
    [
        New("time_runs_backwards", "The wallet is ahead of this time", "时间早于钱包的最后一笔交易",
            "Only imports meet this: import history before live events, in order of time."),
        New("resident_erased", "The resident is erased", "居民信息已删除", "Nothing is to be done: the id is never used again. Whoever comes back gets a new one.") with { Status = 410 },
        New("wallet_closed", "The wallet is closed", "账户已注销", "Nothing more begins in it. Whoever comes back gets a new resident id."),
        New("wallet_frozen", "The wallet is frozen", "账户已冻结", "Have the resident ask an operator, who can unfreeze it; then send a new command, for this one stays refused."),
        New("occurred_in_future", "The activity lies in the future", "活动时间在未来", "Check the clock of the app; send it as a new event when it has happened."),
        New("occurred_too_long_ago", "The activity lies too far back", "活动时间过早", "Ask an operator for an adjustment, or for a longer bound for this source."),
        New("no_programme", "No programme was in force", "当时没有生效的积分方案", "An operator publishes a programme; then send it as a new event."),
        New("unknown_activity", "The programme does not know this activity", "积分方案中没有该活动类型", "Correct the activity, or have a rule for it published; then send it as a new event."),
        New("unknown_fund", "The programme names no such fund", "积分方案中没有该基金", "See GET /v1/funds, then send it with a new Idempotency-Key."),
        New("gifts_not_offered", "Nobody may give points here", "不允许赠送积分", "An operator publishes a programme with `gifts`; then send it with a new Idempotency-Key."),
        New("gift_to_self", "A gift is for somebody else", "不能赠送给自己", "Name another resident."),
        New("receiver_unknown", "The receiver has no wallet", "收赠人没有钱包", "Check the resident; who has none gets a wallet with the first activity. Then give again with a new Idempotency-Key."),
        New("gift_outside_household", "Gifts stay within a household here", "积分只能赠送给家庭成员", "Give to a member of the same household, or have both added to one (PUT /v1/households/{household}/members/{resident}); then give again with a new Idempotency-Key."),
        New("not_in_household", "The resident is in no such household", "居民不属于该家庭", "Have an operator or the app add the resident to the household; then send it with a new Idempotency-Key."),
        New("in_other_household", "The resident is in another household", "居民已属于其他家庭", "Have the resident taken out of that household first; then add the resident with a new Idempotency-Key."),
        New("unknown_transaction", "The resident has no such transaction", "该居民没有对应的交易", "Check the id and the resident."),
        New("not_an_earning", "Only an earning can be reversed", "只能冲正积分获得", "Refund a spend instead; a refused command leaves nothing to reverse."),
        New("not_a_spend", "Only a spend can be refunded", "只能退还积分消费", "Reverse an earning instead; a refused command leaves nothing to refund."),
        New("share_of_pool", "It is a share of a pooled spend", "该交易是家庭消费的一部分", "Refund the whole spend: POST /v1/households/{household}/spends/{spend}/refunds."),
        New("not_awaiting_approval", "Nobody is asked to decide this", "该交易无需审批", "Nothing is to be done: it counted at once, or was refused."),
        New("approval_already_decided", "It was decided before", "已有审批结果", "Nothing is to be done; `outcome` says how it was decided. Reverse the activity to take an approved award back."),
        New("approval_own_entry", "Whoever entered it cannot approve it", "录入人不能审批", "Have another operator decide, with a key of another client."),
        New("approver_share_exceeded", "Somebody else is to decide", "须由他人审批", "Have another operator decide: one person approved nearly all of this resident's awards."),
        New("hold_not_found", "The resident has no such hold", "没有对应的积分保留", "Ask what became of the reference: its hold may have been refused."),
        New("reference_voided", "The reference was voided before its hold came", "商户单号已作废", "Nothing was taken. Sell under a new reference."),
        New("reference_reused", "The reference stands for another hold", "商户单号已用于其他保留", "Ask what became of the reference; a new sale needs a new one."),
        New("redemption_voided", "The redemption was voided before it came", "兑换单已作废", "Nothing was taken. Redeem again with a new Idempotency-Key."),
        New("reward_not_offered", "The reward is not offered now", "奖品当前不可兑换", "Redeem between `from` and `until`, or choose another reward."),
        New("unknown_redemption", "The resident has no such redemption", "没有对应的兑换单", "Check the id and the resident."),
        New("redemption_step_not_allowed", "The redemption does not stand there", "兑换单状态不允许此操作", "Read where it stands; `standing` and `handover` say what can follow."),
        New("cancellation_not_allowed", "It cannot be cancelled", "不可取消", "Ask the merchant or an operator; the reward's rules name who may, and until when."),
        New("pickup_code_locked", "Too many wrong codes", "取货码错误次数过多", "Have an operator hand it over."),
        New("wrong_pickup_code", "The code is wrong", "取货码错误", "Have the resident show the code of this redemption; send it with a new Idempotency-Key."),
        New("merchant_suspended", "The merchant may not sell now", "商户已停用", "Nothing was taken: take other money. An operator makes the merchant active again; then sell under a new reference."),
        New("unknown_terminal", "The merchant has no such terminal", "商户没有该收银终端", "An operator adds the terminal to the merchant; then sell under a new reference."),
        New("paycode_expired", "The paycode has ended", "付款码已失效", "Have the resident show a new code; sell under a new reference."),
        New("paycode_used", "The paycode was used", "付款码已使用", "Ask what became of the sale that it was scanned for; for another one have the resident show a new code, under a new reference."),
        New("nothing_to_reverse", "Nothing is left to reverse", "没有可冲正的积分", "Nothing is to be done: all of it was taken back or has expired."),
        New("refund_exceeds_spend", "More than was spent would come back", "退还超过消费数", "Refund at most what is left of the spend."),
        New("settled_use_refund", "The sale is settled: refund it", "已过结算时间，请退款", "Nothing is held any more, and nothing was changed. Refund what was captured: POST /v1/merchants/{merchant}/refs/{reference}/refunds."),
        New("hold_ended", "The hold has ended", "积分保留已结束", "Nothing more can be taken of it: sell under a new reference, or refund what was captured."),
        New("capture_exceeds_hold", "More than is held would be taken", "收取超过保留数", "Capture at most what is still held; for more, void it and hold again under a new reference."),
        New("wallet_not_settled", "Something in the wallet is under way", "账户尚有未结事项", "Have the holds end and the entries decided; have a debt repaid, or send `forgiveDebt`. Then close it with a new command."),
        New("too_many_waiting", "Too many reversals wait for their activities", "等待中的冲正过多", "Send the activities that the earlier reversals name."),
        New("too_many_holds", "Too many holds are open", "未结束的积分保留过多", "Capture or release some of the resident's holds, or wait for their time limits; then hold under a new reference."),
        New("too_many_redemptions", "Too many redemptions are open", "未完成的兑换过多", "Have some handed over or cancelled; then redeem with a new Idempotency-Key."),
        New("too_many_errands", "Too much is under way", "在途事项过多", "Wait until some of it has arrived, then send it with a new Idempotency-Key."),
        New("gift_expired", "Points of the gift expired on the way", "赠送的积分已在途中过期", "Nothing is to be done: the gift went back to its giver."),
        New("gift_limit_exceeded", "More than may be given", "超出赠送限额", "Give less, or give when the next day or month begins, with a new Idempotency-Key."),
        New("pool_limit_exceeded", "More than the resident consented to", "超出居民同意的家庭支付限额", "Ask for less, have the resident consent to more, or wait for the next month."),
        New("award_too_large", "The award would be too large", "积分过大", "Check the quantity and its unit."),
        New("cap_exceeded", "A cap has no room for it", "超出积分上限", "Nothing is to be done for this activity. Where the cap has a period, the next one has room again: send later activities as new events."),
        New("too_many_undecided", "Too much waits for a decision", "等待审批的记录过多", "Have an operator decide what waits (GET /v1/approvals); then send it as a new event."),
        New("reward_tier_required", "The reward is for other tiers", "会员等级不符", "Reach one of the tiers, or choose another reward."),
        New("reward_limit_reached", "The resident's limit for this reward is reached", "已达该奖品的兑换上限", "Redeem again when it resets, with a new Idempotency-Key."),
        New("insufficient_points", "Not enough points", "积分不足", "Ask for fewer points with a new command; this one stays refused."),
        New("balance_limit", "The wallet would hold too much", "积分余额超出上限", "Have points spent first."),
        New("debt_limit", "The resident would owe too much", "欠分超出上限", "Look for earlier events with wrong quantities; have the debt repaid, then send a new reversal."),
        New("lifetime_limit", "The wallet moved too much in its life", "累计积分超出上限", "Look for earlier events with wrong quantities; the resident goes on in a new wallet."),
    ];

    private static readonly FrozenDictionary<string, KnownProblem> ByCode = All.ToFrozenDictionary(problem => problem.Code);

    /// <summary>What callers read about a refusal.</summary>
    public static KnownProblem Of(Refusal refusal) => ByCode[refusal.Code];

    private static KnownProblem New(string code, string title, string chineseTitle, string cure) =>
        new(code, 422, title, chineseTitle, cure) { IsRefusal = true };
}
