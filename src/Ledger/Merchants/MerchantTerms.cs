using NodaTime;

namespace Ledger.Merchants;

/// <summary>What a merchant agreed with the community, from an instant on. Never changes once it counts.</summary>
/// <param name="EffectiveFrom">The first instant.</param>
/// <param name="CutOff">The local time at which a settlement day ends, in the programme's zone; at midnight the day is the calendar's.</param>
/// <param name="Rate">What points are worth; null where statements are in points only.</param>
public sealed record MerchantTerms(Instant EffectiveFrom, LocalTime CutOff, MoneyRate? Rate)
{
    /// <summary>The terms of a merchant with whom nothing was agreed.</summary>
    public static MerchantTerms None { get; } = new(Instant.MinValue, LocalTime.Midnight, null);
}
