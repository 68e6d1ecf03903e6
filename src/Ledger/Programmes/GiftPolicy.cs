using NodaTime;

namespace Ledger.Programmes;

/// <summary>What residents may give to one another.</summary>
/// <param name="PointsMax">The most points of one gift, 1 to 2^53−1; null for any.</param>
/// <param name="PerDayMax">The most points that a resident gives in a local day; null for any.</param>
/// <param name="PerMonthMax">The most points that a resident gives in a local month; null for any.</param>
/// <param name="CoolingOff">How long the giver may take a gift back before it is delivered. 0 to 7 days; default 0.</param>
/// <param name="ValidityDaysMin">Only points that are usable for at least so many more days of 24 hours may be given. 0 to 366; default 0.</param>
/// <param name="WithinHousehold">Whether only members of one household give to one another. Default: false, so all residents do.</param>
public sealed record GiftPolicy(
    Points? PointsMax, Points? PerDayMax, Points? PerMonthMax, Duration CoolingOff, int ValidityDaysMin, bool WithinHousehold = false);
