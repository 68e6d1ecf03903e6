namespace Ledger.Grains.Importing;

/// <summary>The physical lines of a text, each with its number. Never holds more than one over-long line's beginning.</summary>
/// <remarks>A line ends with LF, CRLF or CR. A file without line ends (a picture, an archive) must not be read into memory whole.</remarks>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>The longest line, in UTF-16 characters; what is longer is cut and marked.</summary>
    public const int CharactersMax = 65_536;

    private readonly char[] _buffer = new char[32_768];
    private readonly System.Text.StringBuilder _line = new();
    private int _next;
    private int _filled;
    private long _number;
    private bool _afterReturn;

    /// <summary>Whether the text ended within the line that was read last, without a line end.</summary>
    public bool EndsWithinLine { get; private set; }

    /// <summary>The next line; null at the end.</summary>
    public CsvLine? Read()
    {
        _line.Clear();
        var tooLong = false;
        var any = false;
        while (_next < _filled || Fill())
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                if (_buffer[_next] == '\n')
                {
                    _next++;
                    continue;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_next, _filled - _next);
            var end = rest.IndexOfAny('\n', '\r');
            var part = end < 0 ? rest : rest[..end];
            tooLong |= _line.Length + part.Length > CharactersMax;
            _line.Append(part[..Math.Min(part.Length, CharactersMax - _line.Length)]);
            _next += part.Length;
            if (end >= 0)
            {
                _afterReturn = _buffer[_next++] == '\r';
                return new(++_number, _line.ToString(), tooLong);
            }
        }

        EndsWithinLine |= any;
        return any ? new(++_number, _line.ToString(), tooLong) : null;
    }

    private bool Fill()
    {
        _next = 0;
        _filled = reader.Read(_buffer, 0, _buffer.Length);
        return _filled > 0;
    }
}

/// <summary>One line of a text.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its end.</param>
/// <param name="TooLong">Whether <paramref name="Text"/> is only its beginning.</param>
internal readonly record struct CsvLine(long Number, string Text, bool TooLong);
