using System.Diagnostics;
using Ledger.Api.Problems;
using Ledger.Households;
using Ledger.Json;

namespace Ledger.Api.Households;

/// <summary>Turns a household's refusal into the problem that callers read: all its numbers as members, and the same in words.</summary>
/// <remarks>A function of the refusal and the language only, so that a repeat reads the same.</remarks>
internal static class HouseholdWords
{
    public static Problem ProblemOf(HouseholdRefusal refusal, Language language) => refusal switch
    {
        HouseholdRefusal.TillRefused till => RefusalWords.ProblemOf(till.Why, language),
        HouseholdRefusal.BuyerRefused buyer => RefusalWords.ProblemOf(buyer.Why, language),
        _ => new(KnownProblems.Find(refusal.Code)!, language, language.Say(English(refusal), Chinese(refusal))) { Members = RefusalWords.Numbers(refusal, LedgerJson.Default.HouseholdRefusal) },
    };

    /// <summary>The same as a caller may read it: what members have is no merchant's business.</summary>
    public static Problem WithoutMembers(Problem problem) => problem.InGeneral() with { Members = null };

    private static string English(HouseholdRefusal refusal) => refusal switch
    {
        HouseholdRefusal.ReferenceTaken r => $"{r.Reference.Id} of {r.Reference.Merchant} stands for something else.",
        HouseholdRefusal.NotAMember r => $"'{r.Resident}' does not belong to this household.",
        HouseholdRefusal.Full r => $"The household has {r.MembersMax} members.",
        HouseholdRefusal.Busy r => $"{r.UnderWay} changes, spends and refunds of this household are not finished.",
        HouseholdRefusal.PoolTooSmall r => $"{r.Requested} points were asked for and {r.Offered} could be given: {Words(r, ", ")}.",
        HouseholdRefusal.ShareRefused r => $"The wallet of '{r.Resident}' refused its share of {r.Share} points: {RefusalWords.ProblemOf(r.Why, Language.English).Detail}",
        HouseholdRefusal.NotInTime r => $"Not every share was held before {r.DecideBefore}; all went back.",
        HouseholdRefusal.NotTaken r => $"No points of spend {r.Spend} were captured.",
        HouseholdRefusal.RefundExceeds r => $"Of {r.Spent} points spent, {r.AlreadyRefunded} came back before; {r.Requested?.ToString() ?? "nothing is left, so more"} cannot come back.",
        _ => throw new UnreachableException($"Refusal {refusal.GetType().Name} has no words."),
    };

    private static string Chinese(HouseholdRefusal refusal) => refusal switch
    {
        HouseholdRefusal.ReferenceTaken r => $"商户 {r.Reference.Merchant} 的单号 {r.Reference.Id} 已用于其他记录。",
        HouseholdRefusal.NotAMember r => $"“{r.Resident}”不是该家庭的成员。",
        HouseholdRefusal.Full r => $"该家庭已有 {r.MembersMax} 名成员。",
        HouseholdRefusal.Busy r => $"该家庭有 {r.UnderWay} 项变更、消费或退还尚未完成。",
        HouseholdRefusal.PoolTooSmall r => $"需要 {r.Requested} 分，成员共可支付 {r.Offered} 分：{Words(r, "，")}。",
        HouseholdRefusal.ShareRefused r => $"“{r.Resident}”的钱包拒绝支付 {r.Share} 分：{RefusalWords.ProblemOf(r.Why, Language.Chinese).Detail}",
        HouseholdRefusal.NotInTime r => $"未能在 {RefusalWords.Local(r.DecideBefore)} 前保留全部积分，已全部退回。",
        HouseholdRefusal.NotTaken r => $"消费 {r.Spend} 没有收取积分。",
        HouseholdRefusal.RefundExceeds r => $"共消费 {r.Spent} 分，已退还 {r.AlreadyRefunded} 分，不能再退还 {r.Requested?.ToString() ?? "更多"}。",
        _ => throw new UnreachableException($"Refusal {refusal.GetType().Name} has no words."),
    };

    private static string Words(HouseholdRefusal.PoolTooSmall refusal, string separator) =>
        string.Join(separator, refusal.Offers.Select(offer => $"{offer.Resident} {offer.Points}"));
}
