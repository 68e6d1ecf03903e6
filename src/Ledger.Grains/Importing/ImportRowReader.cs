using System.Globalization;
using Ledger.Transactions;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Importing;

/// <summary>Turns the fields of a record into a row, or says what is wrong with the first field that is.</summary>
internal sealed class ImportRowReader
{
    /// <summary>The columns, in the order in which we write them; a file may have them in any order.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["event_id", "resident", "type", "amount_points", "occurred_at", "ref", "activity"];

    private const int YearMin = 1900;
    private const int YearMax = 9000;
    private const string DefaultActivity = "default";

    private readonly int[] _places;

    // Residents and activities repeat: one text each, however many rows.
    private readonly Dictionary<string, string> _texts = [];

    private ImportRowReader(int[] places) => _places = places;

    /// <summary>Reads the header; null and the reason when it is not that of an import.</summary>
    public static ImportRowReader? From(IReadOnlyList<string> header, out string reason)
    {
        var missing = Columns.Where(column => !header.Contains(column)).ToList();
        var unknown = header.Where(column => !Columns.Contains(column)).ToList();
        var twice = header.GroupBy(column => column).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        reason = (missing, unknown, twice) switch
        {
            ({ Count: > 0 }, _, _) => $"has no column {string.Join(", ", missing)}; the header is {string.Join(',', Columns)}",
            (_, _, { Count: > 0 }) => $"has the column {Shown(twice[0])} twice",
            (_, { Count: > 0 }, _) => $"has an unknown column {Shown(unknown[0])}; the header is {string.Join(',', Columns)}",
            _ => "",
        };
        return reason.Length == 0 ? new([.. Columns.Select(column => header.ToList().IndexOf(column))]) : null;
    }

    /// <summary>Reads a row; null and the reason when it is not one.</summary>
    public ImportRow? Read(long line, IReadOnlyList<string> fields, out string reason)
    {
        string Field(int column) => fields[_places[column]];
        var (id, resident, activity, of) = (Field(0), Field(1), Field(6), Field(5));
        OffsetDateTime time = default;
        reason = IdProblem(id, "event_id")
            ?? (Identifier.IsValid(resident) ? null : $"resident {Shown(resident)} is not {Identifier.Rule}")
            ?? (TypeOf(Field(2)) is null ? $"type {Shown(Field(2))} is not earn, spend or reverse" : null)
            ?? AmountProblem(Field(3), mayBeEmpty: TypeOf(Field(2)) == ImportRowType.Reverse)
            ?? TimeProblem(Field(4), out time)
            ?? (TypeOf(Field(2)) == ImportRowType.Reverse ? IdProblem(of, "ref (the event id that is reversed)") : null)
            ?? (activity.Length == 0 || Identifier.IsValid(activity) ? null : $"activity {Shown(activity)} is not {Identifier.Rule}")
            ?? "";
        if (reason.Length > 0)
        {
            return null;
        }

        var type = TypeOf(Field(2))!.Value;
        return new(
            line,
            id,
            new(OneText(resident)),
            type,
            Field(3).Length == 0 ? null : new Points(long.Parse(Field(3), CultureInfo.InvariantCulture)),
            time.ToInstant(),
            type == ImportRowType.Reverse ? of : null,
            new(OneText(activity.Length == 0 ? DefaultActivity : activity)));
    }

    private string OneText(string text)
    {
        if (_texts.TryGetValue(text, out var one))
        {
            return one;
        }

        _texts.Add(text, text);
        return text;
    }

    private static ImportRowType? TypeOf(string text) => text switch
    {
        "earn" => ImportRowType.Earn,
        "spend" => ImportRowType.Spend,
        "reverse" => ImportRowType.Reverse,
        _ => null,
    };

    private static string? IdProblem(string text, string column) => text switch
    {
        "" => $"{column} is empty",
        _ when text.Contains('\uFFFD') => $"{column} {Shown(text)} holds bytes that are not UTF-8",
        _ => CommandKey.IsValidPart(text) ? null : $"{column} {Shown(text)} is not 1 to {CommandKey.CharactersMax} characters without control characters",
    };

    private static string? AmountProblem(string text, bool mayBeEmpty)
    {
        if (text.Length == 0)
        {
            return mayBeEmpty ? null : "amount_points is empty";
        }

        if (!text.All(char.IsAsciiDigit))
        {
            return $"amount_points {Shown(text)} is not a positive whole number";
        }

        // More digits than fit are too many points, whatever they say.
        return !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount > Points.Max.Value
            ? $"amount_points {Shown(text)} is more than {Points.Max}"
            : amount == 0 ? "amount_points is 0; it must be at least 1" : null;
    }

    private static string? TimeProblem(string text, out OffsetDateTime time)
    {
        time = default;
        if (text.Length == 0)
        {
            return "occurred_at is empty";
        }

        // RFC 3339 allows lower-case t and z, the pattern does not.
        if (!OffsetDateTimePattern.Rfc3339.Parse(text.ToUpperInvariant()).TryGetValue(default, out time))
        {
            return LocalDateTimePattern.ExtendedIso.Parse(text).Success || LocalDatePattern.Iso.Parse(text).Success
                ? $"occurred_at {Shown(text)} has no offset; write it like 2026-03-05T09:30:00+08:00"
                : $"occurred_at {Shown(text)} is not a time like 2026-03-05T09:30:00+08:00 (RFC 3339)";
        }

        return time.Year is >= YearMin and <= YearMax ? null : $"occurred_at {Shown(text)} is not in the years {YearMin} to {YearMax}";
    }

    /// <summary>A text for a message: short, and without characters that would break a line or a terminal.</summary>
    private static string Shown(string text)
    {
        const int CharactersShown = 60;
        var shown = text.Length > CharactersShown ? text[..CharactersShown] + "…" : text;
        return '"' + string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c)) + '"';
    }
}
