using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>Says in words what became of each rule, tier and campaign when an award was made.</summary>
/// <param name="programme">The version that the award names.</param>
/// <param name="language">The language of the sentences.</param>
internal sealed class AwardWords(Programme programme, Language language)
{
    // A programme may have two hundred rules for one activity; a page that lists them all helps nobody.
    private const int UnmatchedMax = 10;

    private static readonly string[] DaysInEnglish = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    private static readonly string[] DaysInChinese = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

    public IEnumerable<string> Of(ImmutableArray<RuleOutcome> outcomes)
    {
        foreach (var outcome in outcomes.Where(outcome => outcome.Fate != RuleFate.NotMatched))
        {
            yield return Matched(outcome);
        }

        var unmatched = outcomes.Where(outcome => outcome.Fate == RuleFate.NotMatched).ToList();
        foreach (var outcome in unmatched.Take(UnmatchedMax))
        {
            yield return Say(
                $"{NameOf(outcome.Name)} did not match: it needs {English(outcome.Missing!)}.",
                $"{NameOf(outcome.Name)}不适用：需要{Chinese(outcome.Missing!)}。");
        }

        if (unmatched.Count > UnmatchedMax)
        {
            yield return Say(
                $"{unmatched.Count - UnmatchedMax} more rules did not match.", $"另有 {unmatched.Count - UnmatchedMax} 条规则不适用。");
        }
    }

    private string Matched(RuleOutcome outcome) => outcome.Fate switch
    {
        RuleFate.Counted => Say(
            $"{NameOf(outcome.Name)} gave {outcome.Points} points{Of(outcome.Rounded, language)}.",
            $"{NameOf(outcome.Name)}给予 {outcome.Points} 分{Of(outcome.Rounded, language)}。"),
        RuleFate.Outdone => Say(
            $"{NameOf(outcome.Name)} would have given {outcome.Points} points; only the best of those that do not stack counts.",
            $"{NameOf(outcome.Name)}可得 {outcome.Points} 分；不可叠加的规则只取最高一条。"),
        RuleFate.AddedNothing => Say($"{NameOf(outcome.Name)} matched and had nothing to add.", $"{NameOf(outcome.Name)}适用，但没有可增加的积分。"),
        _ => throw new UnreachableException($"Fate {outcome.Fate} has no words."),
    };

    /// <summary>What is said of a fraction behind the points; nothing where there was none.</summary>
    public static string Of(Rounding? rounded, Language language) => rounded switch
    {
        null => string.Empty,
        Rounding.Down => language.Say(", rounded down", "（向下取整）"),
        Rounding.Up => language.Say(", rounded up", "（向上取整）"),
        Rounding.HalfUp => language.Say(", rounded half up", "（四舍五入）"),
        _ => throw new UnreachableException($"Rounding {rounded} has no words."),
    };

    private string NameOf(string name)
    {
        var id = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (name.StartsWith(TierLevel.Prefix, StringComparison.Ordinal))
        {
            return Say($"Tier '{TierName(id)}'", $"会员等级“{TierName(id)}”");
        }

        if (!name.StartsWith(Campaign.Prefix, StringComparison.Ordinal))
        {
            return Say($"Rule '{id}'", $"规则“{id}”");
        }

        var known = programme.Campaigns.FirstOrDefault(campaign => campaign.Name == name)?.Names.GetValueOrDefault(language.Tag()) ?? id;
        return Say($"Campaign '{known}'", $"促销活动“{known}”");
    }

    private string TierName(string id) => programme.Tiers.NameOf(id, language);

    private string English(Condition condition) => condition switch
    {
        Condition.QuantityWithin c => $"a quantity {Range(c.Min, c.Max)}",
        Condition.NumberWithin c => $"a number '{c.Attribute}' {Range(c.Min, c.Max)}",
        Condition.WordIn c => $"'{c.Attribute}' to be {string.Join(" or ", c.In)}",
        Condition.Present c => $"an attribute '{c.Attribute}'",
        Condition.TagIn c => $"the tag {string.Join(" or ", c.In)}",
        Condition.TierIn c => $"the tier {string.Join(" or ", c.In.Select(TierName))}",
        Condition.During c => $"{Days(c.Days, DaysInEnglish, ", ")} from {Time(c.From)} to {Time(c.Until)}",
        Condition.DateWithin c => $"a date from {LocalDates.Text(c.From)} through {LocalDates.Text(c.Through)}",
        Condition.FirstTime => "the first activity of this type ever",
        Condition.NthInPeriod c => $"activity number {c.Number} of the {PeriodInEnglish(c.Per)}",
        Condition.Streak c => $"{c.Length} {(c.Per == CapPeriod.IsoWeek ? "weeks" : "days")} in a row that were not paid before",
        _ => throw new UnreachableException($"Condition {condition.GetType().Name} has no words."),
    };

    private string Chinese(Condition condition) => condition switch
    {
        Condition.QuantityWithin c => $"数量{Range(c.Min, c.Max)}",
        Condition.NumberWithin c => $"属性“{c.Attribute}”的数值{Range(c.Min, c.Max)}",
        Condition.WordIn c => $"属性“{c.Attribute}”为 {string.Join(" 或 ", c.In)}",
        Condition.Present c => $"属性“{c.Attribute}”",
        Condition.TagIn c => $"居民标签 {string.Join(" 或 ", c.In)}",
        Condition.TierIn c => $"会员等级 {string.Join(" 或 ", c.In.Select(TierName))}",
        Condition.During c => $"{Days(c.Days, DaysInChinese, "、")} {Time(c.From)} 至 {Time(c.Until)}",
        Condition.DateWithin c => $"日期在 {LocalDates.Text(c.From)} 至 {LocalDates.Text(c.Through)} 之间",
        Condition.FirstTime => "首次参加该类活动",
        Condition.NthInPeriod c => $"{PeriodInChinese(c.Per)}第 {c.Number} 次",
        Condition.Streak c => $"连续 {c.Length} {(c.Per == CapPeriod.IsoWeek ? "周" : "天")}且未奖励过",
        _ => throw new UnreachableException($"Condition {condition.GetType().Name} has no words."),
    };

    private static string PeriodInEnglish(CapPeriod per) => per switch
    {
        CapPeriod.LocalDay => "local day",
        CapPeriod.IsoWeek => "week",
        CapPeriod.Month => "month",
        CapPeriod.Lifetime => "resident's life",
        _ => throw new UnreachableException($"Period {per} has no words."),
    };

    private static string PeriodInChinese(CapPeriod per) => per switch
    {
        CapPeriod.LocalDay => "当日",
        CapPeriod.IsoWeek => "当周",
        CapPeriod.Month => "当月",
        CapPeriod.Lifetime => "累计",
        _ => throw new UnreachableException($"Period {per} has no words."),
    };

    private static string Range(long min, long max) =>
        max == Points.Max.Value ? $"≥ {min}" : min <= 1 - Points.Max.Value ? $"≤ {max}" : $"{min} – {max}";

    private static string Days(int days, string[] names, string separator) =>
        string.Join(separator, names.Where((_, i) => (days & (1 << i)) != 0));

    private static string Time(LocalTime? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? "24:00";

    private string Say(string english, string chinese) => language.Say(english, chinese);
}
