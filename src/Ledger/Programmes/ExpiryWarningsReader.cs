using System.Collections.Immutable;

namespace Ledger.Programmes;

/// <summary>Reads when residents are warned of points that will expire.</summary>
/// <remarks>
/// <code>
/// "expiryWarnings": { "daysBefore": [ 30, 7 ], "noWarningNoExpiry": true }
/// </code>
/// </remarks>
internal static class ExpiryWarningsReader
{
    private const int WarningsMax = 5;

    public static ExpiryWarnings? Read(JsonNodeReader parent)
    {
        if (parent.Optional("expiryWarnings") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("expiryWarnings"));
        var warnings = new ExpiryWarnings(DaysBefore(reader), reader.Flag("noWarningNoExpiry", otherwise: false));
        reader.NothingElse();
        return warnings;
    }

    private static ImmutableArray<int> DaysBefore(JsonNodeReader reader)
    {
        var days = new SortedSet<int>();
        foreach (var (item, path) in reader.Items("daysBefore", required: false))
        {
            if (reader.WholeAt(item, path, 1, 366) is { } before && !days.Add((int)before))
            {
                reader.Problem(path, $"{before} comes twice");
            }
        }

        if (days.Count > WarningsMax)
        {
            reader.Problem(reader.At("daysBefore"), $"must be at most {WarningsMax}");
        }

        reader.MustNotBeEmpty("daysBefore", "must name at least one");
        return days.Count == 0 ? ExpiryWarnings.DefaultDaysBefore : [.. days.Reverse()];
    }
}
