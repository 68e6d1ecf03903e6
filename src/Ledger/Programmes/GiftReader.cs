using NodaTime;

namespace Ledger.Programmes;

/// <summary>Reads what residents may give to one another.</summary>
/// <remarks>
/// <code>
/// "gifts": { "pointsMax": 500, "perDayMax": 1000, "perMonthMax": 3000, "coolingOffMinutes": 10, "validityDaysMin": 7, "within": "household" }
/// </code>
/// </remarks>
internal static class GiftReader
{
    private const int CoolingOffMinutesMax = 7 * 24 * 60;

    private static readonly Dictionary<string, bool> Within = new() { ["community"] = false, ["household"] = true };

    public static GiftPolicy? Read(JsonNodeReader parent)
    {
        if (parent.Optional("gifts") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("gifts"));
        var policy = new GiftPolicy(
            Limit(reader, "pointsMax"),
            Limit(reader, "perDayMax"),
            Limit(reader, "perMonthMax"),
            Duration.FromMinutes(reader.Whole("coolingOffMinutes", 0, CoolingOffMinutesMax, 0) ?? 0),
            (int)(reader.Whole("validityDaysMin", 0, 366, 0) ?? 0),
            reader.Word("within", Within, otherwise: false) ?? false);
        WarnOf(reader, policy);
        reader.NothingElse();
        return policy;
    }

    private static Points? Limit(JsonNodeReader reader, string member) => reader.OptionalLimit(member) is { } points ? new(points) : null;

    private static void WarnOf(JsonNodeReader reader, GiftPolicy policy)
    {
        if (policy.PointsMax > policy.PerDayMax)
        {
            reader.Findings.Warn(reader.At("pointsMax"), "is more than may be given in a day");
        }

        if (policy.PerDayMax > policy.PerMonthMax)
        {
            reader.Findings.Warn(reader.At("perDayMax"), "is more than may be given in a month");
        }
    }
}
