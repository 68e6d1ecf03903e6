using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Settlements;
using Ledger.Settlements;
using NodaTime.Text;

namespace Ledger.Api.Settlement;

/// <summary>What callers read when a command about a statement is refused.</summary>
internal static class StatementProblems
{
    public static Problem Of(MerchantId merchant, SettlementResult.Refused answer, Language language)
    {
        var (refused, statement, kind) = (answer.Refusal, answer.Statement, KnownProblems.Find(answer.Refusal.Code)!);
        return new(kind, language, language.Say($"{English(merchant, refused, statement)} {kind.Cure}", Chinese(merchant, refused, statement)))
        {
            Members = statement is null
                ? new JsonObject { ["endsAt"] = InstantPattern.ExtendedIso.Format(refused.EndsAt) }
                : new JsonObject { ["points"] = statement.Closed.Net.Points.Value },
        };
    }

    private static string English(MerchantId merchant, StatementRefused refused, Statement? statement)
    {
        var (what, net) = ($"The statement of '{merchant}' for {LocalDates.Text(refused.Day)}", statement?.Closed.Net);
        return refused.Objection switch
        {
            StatementObjection.NotDue => $"{what} can be closed from {refused.EndsAt} on.",
            StatementObjection.AlreadyClosed when net is null => $"{what} was closed with other days; nothing moved.",
            StatementObjection.AlreadyClosed => $"{what} is closed: {net}.",
            StatementObjection.NotClosed => $"{what} is not closed.",
            StatementObjection.Disputed => $"{what} of {net} is disputed.",
            StatementObjection.NotDisputed => $"{what} of {net} is not disputed.",
            StatementObjection.AlreadyPaid => $"{what} of {net} was paid with '{statement!.Payment!.Reference}'.",
            StatementObjection.Held => $"{what} of {net} is held by what is odd in it.",
            StatementObjection.NotHeld => $"{what} of {net} is not held.",
            _ => throw new UnreachableException($"Objection {refused.Objection} has no case."),
        };
    }

    private static string Chinese(MerchantId merchant, StatementRefused refused, Statement? statement)
    {
        var (what, points) = ($"商户 {merchant} {LocalDates.Text(refused.Day)} 的结算单", statement?.Closed.Net.Points);
        return refused.Objection switch
        {
            StatementObjection.NotDue => $"{what}自 {refused.EndsAt} 起可关闭，请届时用新的请求关闭。",
            StatementObjection.AlreadyClosed when points is null => $"{what}已随其他日期关闭，当日没有变动。",
            StatementObjection.AlreadyClosed => $"{what}已关闭，共 {points} 分，无需再操作；之后的变动计入下一日。",
            StatementObjection.NotClosed => $"{what}尚未关闭，请先关闭该日。",
            StatementObjection.Disputed => $"{what}（{points} 分）有争议，请先由运营人员确认。",
            StatementObjection.NotDisputed => $"{what}（{points} 分）没有争议，无需确认。",
            StatementObjection.AlreadyPaid => $"{what}（{points} 分）已支付，付款单号“{statement!.Payment!.Reference}”；如有差错，请以后续退款更正。",
            StatementObjection.Held => $"{what}（{points} 分）因异常暂缓支付，请运营人员核实后放行。",
            StatementObjection.NotHeld => $"{what}（{points} 分）没有被暂缓，无需放行。",
            _ => throw new UnreachableException($"Objection {refused.Objection} has no case."),
        };
    }
}
