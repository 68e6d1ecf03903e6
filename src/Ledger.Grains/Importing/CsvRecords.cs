using System.Text;

namespace Ledger.Grains.Importing;

/// <summary>One record of a CSV file, or what is wrong with the line it begins on.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Fields">Its fields without quotes; empty when there is a problem.</param>
/// <param name="Problem">Why the line is no record; null when it is one.</param>
internal readonly record struct CsvRecord(long Line, IReadOnlyList<string> Fields, string? Problem);

/// <summary>Reads the records of a CSV file (RFC 4180), and goes on after a broken one.</summary>
/// <remarks>
/// Why not a library: a quote that is never closed makes the rest of a file one field, and readers stop there. Here a record that goes wrong costs
/// the line it begins on, and the next line begins a new one. A quote within a field that does not begin with one is a plain character, as
/// spreadsheets write it. Empty lines are no records.
/// </remarks>
internal sealed class CsvRecords(TextReader reader)
{
    /// <summary>The most lines that one record may span (line breaks within quotes).</summary>
    public const int LinesPerRecordMax = 100;

    private readonly CsvLines _lines = new(reader);
    private readonly List<CsvLine> _ahead = [];
    private int _fieldsExpected;

    /// <summary>Whether the text ended within the last record, without a line end.</summary>
    public bool EndsWithinRecord => _lines.EndsWithinLine;

    /// <summary>The next record; null at the end. All must have as many fields as the first.</summary>
    public CsvRecord? Read()
    {
        while (Peek(0) is { } first)
        {
            if (first.Text.Length == 0)
            {
                _ahead.RemoveAt(0);
                continue;
            }

            var (lines, record) = ReadFrom(first);
            _ahead.RemoveRange(0, lines);
            return record;
        }

        return null;
    }

    private (int Lines, CsvRecord Record) ReadFrom(CsvLine first)
    {
        var text = first.Text;
        var tooLong = first.TooLong;
        for (var lines = 1; ; lines++)
        {
            if (tooLong)
            {
                return Bad(first, $"is longer than {CsvLines.CharactersMax} characters");
            }

            var fields = new List<string>(Math.Max(_fieldsExpected, 8));
            var end = Split(text, fields);
            if (end == RecordEnd.Complete)
            {
                return fields.Count == _fieldsExpected || _fieldsExpected == 0 ? Good(first, fields, lines) : Bad(first, Miscounted(fields.Count));
            }

            if (end == RecordEnd.TextAfterQuote)
            {
                return Bad(first, "has text after a closing quote");
            }

            if (lines == LinesPerRecordMax || Peek(lines) is not { } next)
            {
                return Bad(first, "has a quote that is not closed");
            }

            text = $"{text}\n{next.Text}";
            tooLong = next.TooLong || text.Length > CsvLines.CharactersMax;
        }
    }

    private (int Lines, CsvRecord Record) Good(CsvLine first, List<string> fields, int lines)
    {
        _fieldsExpected = fields.Count;
        return (lines, new(first.Number, fields, null));
    }

    // Only the first line is given up: what follows it may be sound.
    private static (int Lines, CsvRecord Record) Bad(CsvLine first, string problem) => (1, new(first.Number, [], problem));

    private string Miscounted(int fields) => $"has {fields} {(fields == 1 ? "field" : "fields")}, the header has {_fieldsExpected}";

    private CsvLine? Peek(int index)
    {
        while (_ahead.Count <= index)
        {
            if (_lines.Read() is not { } line)
            {
                return null;
            }

            _ahead.Add(line);
        }

        return _ahead[index];
    }

    private static RecordEnd Split(string text, List<string> fields)
    {
        for (var at = 0; ;)
        {
            if (at < text.Length && text[at] == '"')
            {
                var end = Quoted(text, ref at, fields);
                if (end != RecordEnd.Complete)
                {
                    return end;
                }
            }
            else
            {
                var comma = text.IndexOf(',', at);
                fields.Add(comma < 0 ? text[at..] : text[at..comma]);
                at = comma < 0 ? text.Length : comma;
            }

            if (at == text.Length)
            {
                return RecordEnd.Complete;
            }

            at++;
        }
    }

    /// <summary>Reads a quoted field; <paramref name="at"/> then stands on the comma after it or at the end.</summary>
    private static RecordEnd Quoted(string text, ref int at, List<string> fields)
    {
        var field = new StringBuilder();
        for (var start = at + 1; ;)
        {
            var quote = text.IndexOf('"', start);
            if (quote < 0)
            {
                return RecordEnd.InsideQuotes;
            }

            field.Append(text, start, quote - start);
            if (quote + 1 < text.Length && text[quote + 1] == '"')
            {
                field.Append('"');
                start = quote + 2;
                continue;
            }

            at = quote + 1;
            fields.Add(field.ToString());
            return at == text.Length || text[at] == ',' ? RecordEnd.Complete : RecordEnd.TextAfterQuote;
        }
    }

    private enum RecordEnd
    {
        Complete,
        InsideQuotes,
        TextAfterQuote,
    }
}
