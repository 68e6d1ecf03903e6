using System.Collections.Frozen;
using System.Text.Json;
using Ledger.Rewards;

namespace Ledger.Grains.Journal;

/// <summary>The words of where redemptions stand, as stores keep them and events say them.</summary>
internal static class RedemptionText
{
    private static readonly FrozenDictionary<RedemptionStatus, string> s_words =
        Enum.GetValues<RedemptionStatus>().ToFrozenDictionary(status => status, status => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()));

    private static readonly FrozenDictionary<string, RedemptionStatus> s_statuses = s_words.ToFrozenDictionary(word => word.Value, word => word.Key);

    /// <summary>What is still to come, as a condition that the stores' indexes have word for word.</summary>
    public const string IsOpen = "status IN ('awaits_payment', 'placed', 'ready', 'booked')";

    public static string Of(RedemptionStatus status) => s_words[status];

    public static RedemptionStatus Read(string word) => s_statuses[word];
}
