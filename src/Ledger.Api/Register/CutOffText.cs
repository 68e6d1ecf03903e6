using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Register;

/// <summary>A cut-off as it is written: hours and minutes, like <c>22:00</c>.</summary>
internal static class CutOffText
{
    private static readonly LocalTimePattern Pattern = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    public static string Of(LocalTime time) => Pattern.Format(time);

    /// <summary>Reads it; null when it is none.</summary>
    public static LocalTime? Read(string text) => Pattern.Parse(text) is { Success: true, Value: var time } ? time : null;
}
