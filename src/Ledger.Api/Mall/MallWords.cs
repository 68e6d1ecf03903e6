using System.Collections.Immutable;
using Ledger.Api.Problems;
using Ledger.Rewards;

namespace Ledger.Api.Mall;

/// <summary>Words of the mall as they are answered.</summary>
internal static class MallWords
{
    /// <summary>A text in a language, or in the first other one in which there is one; null where there is none.</summary>
    public static string? In(this ImmutableDictionary<string, string> texts, Language language) =>
        texts.OrderBy(text => !text.Key.StartsWith(language.Tag()[..2], StringComparison.OrdinalIgnoreCase)).ThenBy(text => text.Key, StringComparer.Ordinal)
            .Select(text => text.Value).FirstOrDefault();

    /// <summary>A price in words, such as <c>80 points and 990 CNY (smallest units)</c>.</summary>
    public static string Price(RewardPrice price, Language language) => price.Cash is { } cash
        ? language.Say($"{price.Points} points and {cash.Amount} {cash.Currency} (smallest units)", $"{price.Points} 分及 {cash.Amount} {cash.Currency}（最小货币单位）")
        : language.Say($"{price.Points} points", $"{price.Points} 分");
}
