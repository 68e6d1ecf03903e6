using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>Says in words what became of a tier.</summary>
/// <param name="programme">The version that decided; null when it is not known.</param>
/// <param name="language">The language of the sentences.</param>
internal sealed class TierWords(Programme? programme, Language language)
{
    public string Of(TierChanged changed)
    {
        var tiers = programme?.Tiers;
        var was = tiers.NameOf(changed.Was, language);
        var now = tiers.NameOf(changed.Tier, language);
        var kept = Kept(changed.Held is [{ Until: { } until }, ..] ? until : null);
        return (changed.Was, changed.Tier) switch
        {
            (null, null) => Say("No tier is held.", "目前没有会员等级。"),
            (_, null) => Say($"Tier '{was}' has ended; no tier is held now.", $"会员等级“{was}”已结束，目前没有会员等级。"),
            var (old, held) when old == held => Say($"Tier '{now}' is now kept {kept}.", $"会员等级“{now}”{kept}。"),
            var (old, held) when tiers?.RankOf(held) < tiers?.RankOf(old) => Say(
                $"Tier '{was}' has ended; it is '{now}' now, kept {kept}.", $"会员等级“{was}”已结束，现为“{now}”，{kept}。"),
            _ => Say($"Tier '{now}' is reached and kept {kept}.", $"达到会员等级“{now}”，{kept}。"),
        };
    }

    private string Kept(Instant? until) => until is { } end
        ? Say($"through {LastDate(end)}", $"保留至 {LastDate(end)}")
        : Say("for good", "长期保留");

    private string LastDate(Instant end) => LocalDates.Text(LocalDates.LastBefore(end, programme?.Zone ?? DateTimeZone.Utc));

    private string Say(string english, string chinese) => language.Say(english, chinese);
}

internal static class TierNames
{
    /// <summary>What people call a tier in a language; its id where nobody said.</summary>
    public static string NameOf(this TierPolicy? tiers, string? id, Language language) =>
        tiers?.Find(id)?.Names.GetValueOrDefault(language.Tag()) ?? id ?? string.Empty;
}
