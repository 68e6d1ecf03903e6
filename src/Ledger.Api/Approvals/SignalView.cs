using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Json;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Approvals;

/// <summary>What a check found in an entry. It accuses nobody.</summary>
/// <param name="Check">Which check: overlap, hours_per_day, entry_rate, maker_rate, organiser_is_beneficiary, approver_share.</param>
/// <param name="Holds">Did it make the award wait?</param>
/// <param name="Detail">What it found, in a sentence of the caller's language.</param>
/// <param name="Numbers">The numbers behind it.</param>
public sealed record SignalView(string Check, bool Holds, string Detail, JsonElement Numbers)
{
    /// <summary>What checks found when a transaction was decided; null for nothing.</summary>
    internal static IReadOnlyList<SignalView>? Of(Transaction transaction, Language language) => Of(
        (transaction.Deed as AwardApproved)?.Signals ?? transaction.Events.OfType<PointsEarned>().FirstOrDefault()?.Signals, language);

    internal static IReadOnlyList<SignalView>? Of(ImmutableArray<IntegritySignal>? signals, Language language) =>
        signals is { } some ? [.. some.Select(signal => Of(signal, language))] : null;

    /// <summary>What a signal says in words.</summary>
    internal static string Words(IntegritySignal signal, Language language) => signal switch
    {
        IntegritySignal.Overlap s => language.Say(
            $"It overlaps transaction {s.With} ({Time(s.From)} to {Time(s.Until)}) by {s.Minutes} minutes.",
            $"与交易 {s.With}（{Time(s.From)} 至 {Time(s.Until)}）重叠 {s.Minutes} 分钟。"),
        IntegritySignal.HoursPerDay s => language.Say(
            $"It makes {s.Minutes} minutes on {LocalDates.Text(s.Date)}; more than {s.MinutesMax} are not usual.",
            $"{LocalDates.Text(s.Date)} 当日共 {s.Minutes} 分钟，超过 {s.MinutesMax} 分钟。"),
        IntegritySignal.EntryRate s => language.Say(
            $"{s.Entered} activities of the resident were entered within an hour; more than {s.PerHourMax} are not usual.",
            $"一小时内为该居民录入 {s.Entered} 次活动，超过 {s.PerHourMax} 次。"),
        IntegritySignal.MakerRate s => language.Say(
            $"'{s.Maker}' entered {s.Entered} activities within an hour, whoever they are for; more than {s.PerHourMax} are not usual.",
            $"“{s.Maker}”一小时内为各居民共录入 {s.Entered} 次活动，超过 {s.PerHourMax} 次。"),
        IntegritySignal.OrganiserIsBeneficiary s => language.Say(
            $"Its organiser '{s.Organiser}' is who gets the points.", $"活动组织者“{s.Organiser}”即积分获得者。"),
        IntegritySignal.ApproverShare s => language.Say(
            $"'{s.Approver}' approved {s.Approved} of the resident's last {s.Of}; more than {Percent(s.BasisPointsMax)} % are not usual.",
            $"该居民最近 {s.Of} 次审批中“{s.Approver}”占 {s.Approved} 次，超过 {Percent(s.BasisPointsMax)}%。"),
        _ => throw new UnreachableException($"Signal {signal.GetType().Name} has no words."),
    };

    internal static string Percent(int basisPoints) => (basisPoints / 100m).ToString(CultureInfo.InvariantCulture);

    private static SignalView Of(IntegritySignal signal, Language language)
    {
        var numbers = JsonSerializer.SerializeToNode(signal, LedgerJson.Default.IntegritySignal)!.AsObject();
        var check = numbers["signal"]!.GetValue<string>();
        numbers.Remove("signal");
        numbers.Remove("holds");
        return new(check, signal.Holds, Words(signal, language), JsonElement.Parse(numbers.ToJsonString()));
    }

    private static string Time(NodaTime.Instant instant) => instant.ToString("uuuu-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
