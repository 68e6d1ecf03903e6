using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ledger.Programmes;

/// <summary>When residents are warned of points that will expire.</summary>
/// <param name="DaysBefore">So many days of 24 hours before they expire, most first: at least one, 1 to 366 each, none twice.</param>
/// <param name="NoWarningNoExpiry">Do points stay until <see cref="NoticeDays"/> after the last warning? Default: no, a warning is a courtesy.</param>
public sealed record ExpiryWarnings(
    ImmutableArray<int> DaysBefore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NoWarningNoExpiry = false)
{
    /// <summary>The days where a programme asks for warnings and names none: 30 and 7.</summary>
    public static ImmutableArray<int> DefaultDaysBefore { get; } = [30, 7];

    /// <summary>The least of the days: how long before the end the last warning comes.</summary>
    [JsonIgnore]
    public int NoticeDays => DaysBefore[^1];

    /// <inheritdoc/>
    public bool Equals(ExpiryWarnings? other) =>
        other is not null && NoWarningNoExpiry == other.NoWarningNoExpiry && DaysBefore.AsSpan().SequenceEqual(other.DaysBefore.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(NoticeDays, DaysBefore.Length, NoWarningNoExpiry);
}
