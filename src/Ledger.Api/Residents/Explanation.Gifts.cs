using System.Diagnostics;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <content>Gifts, donations, what expires for a fund, and what a household may spend.</content>
internal sealed partial class Explanation
{
    private IEnumerable<string> Sent(GiftSent sent, int version)
    {
        yield return Say($"{sent.Points} points were given to {sent.To}.", $"赠送 {sent.Points} 分给 {sent.To}。");
        yield return Say("They are " + Slices(sent.From, version) + ".", "来自" + Slices(sent.From, version) + "。");
    }

    private IEnumerable<string> Received(GiftReceived received, int version)
    {
        yield return Say(
            $"{received.Points} points came from {received.From} and keep their dates.", $"收到 {received.From} 赠送的 {received.Points} 分，有效期不变。");
        if (DebtRepaid(received.DebtRepaid) is { } repaid)
        {
            yield return repaid;
        }

        if (!received.Lots.IsEmpty)
        {
            yield return Say("They are " + Slices(received.Lots, version) + ".", "记为" + Slices(received.Lots, version) + "。");
        }
    }

    private string Delivered(GiftDelivered delivered) => Say(
        $"The {delivered.Points} points of transaction {delivered.Of} arrived at {delivered.To}.", $"交易 {delivered.Of} 的 {delivered.Points} 分已送达 {delivered.To}。");

    private IEnumerable<string> Returned(GiftReturned returned, int version)
    {
        yield return returned.How switch
        {
            GiftEnd.TakenBack => Say($"The gift of transaction {returned.Of} to {returned.To} was taken back.", $"交易 {returned.Of} 赠给 {returned.To} 的积分已撤回。"),
            GiftEnd.Refused => Say(
                $"The gift of transaction {returned.Of} came back, for the wallet of {returned.To} could not take it in: {returned.Why}.",
                $"{returned.To} 的钱包无法接收交易 {returned.Of} 的赠分（{returned.Why}），积分已退回。"),
            GiftEnd.Undeliverable => Say(
                $"The gift of transaction {returned.Of} came back, for the wallet of {returned.To} did not answer.",
                $"{returned.To} 的钱包长时间无响应，交易 {returned.Of} 的赠分已退回。"),
            _ => throw new UnreachableException($"A gift that ended {returned.How} did not come back."),
        };
        foreach (var sentence in Back(returned.DebtRepaid, returned.Back, returned.ExpiredAtOnce, version))
        {
            yield return sentence;
        }
    }

    private string Donated(PointsDonated donated) => Say(
        $"{donated.Points} points were donated to the fund {donated.Fund}: {Lots(donated.From)}.", $"向基金 {donated.Fund} 捐赠 {donated.Points} 分：{Lots(donated.From)}。");

    private string Consented(PoolConsentGiven given)
    {
        if (given.Consent is not { } consent)
        {
            return Say("From now on the household spends none of the resident's points.", "此后家庭成员不可使用该居民的积分。");
        }

        var (spend, month) = (consent.PerSpendMax, consent.PerMonthMax);
        return Say(
            $"From now on other members of the household may spend {(spend is null ? "any number" : $"up to {spend}")} of the resident's points at once{(month is null ? "" : $" and {month} in a month")}.",
            $"此后其他家庭成员{(spend is null ? "" : $"每次最多可用 {spend} 分")}{(spend is null || month is null ? "" : "，")}{(month is null ? "" : $"每月最多可用 {month} 分")}。");
    }

    private string Chosen(ExpiryChosen chosen) => chosen.Fund is { } fund
        ? Say($"From now on points that expire go to the fund {fund}.", $"此后到期积分捐入基金 {fund}。")
        : Say("From now on points that expire go nowhere.", "此后到期积分不再捐入基金。");
}
