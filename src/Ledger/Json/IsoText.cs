using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Json;

/// <summary>Dates and times in ISO 8601 as UTF-8, letter for letter as the patterns of NodaTime write and read them, without making a text of each.</summary>
/// <remarks>Every stored event holds several: the patterns cost more than the rest of its JSON. Years that need a sign go the long way.</remarks>
internal static class IsoText
{
    /// <summary>The most bytes that are written: <c>-9998-01-01T00:00:00.123456789Z</c>.</summary>
    public const int BytesMax = 31;

    private const int FractionDigits = 9;
    private const int SecondsLength = 19;

    /// <summary>Writes what <see cref="InstantPattern.ExtendedIso"/> would; how many bytes that were.</summary>
    public static int Write(Instant instant, Span<byte> text)
    {
        var utc = instant.InUtc();
        if (utc.Year < 0)
        {
            return Copy(InstantPattern.ExtendedIso.Format(instant), text);
        }

        var length = Date(utc.Date, text);
        text[length++] = (byte)'T';
        length += Pair(utc.Hour, text[length..]);
        text[length++] = (byte)':';
        length += Pair(utc.Minute, text[length..]);
        text[length++] = (byte)':';
        length += Pair(utc.Second, text[length..]);
        length += Fraction(utc.NanosecondOfSecond, text[length..]);
        text[length++] = (byte)'Z';
        return length;
    }

    /// <summary>Writes what <see cref="LocalDatePattern.Iso"/> would; how many bytes that were.</summary>
    public static int Write(LocalDate date, Span<byte> text) =>
        date.Year < 0 || date.Calendar != CalendarSystem.Iso ? Copy(LocalDatePattern.Iso.Format(date), text) : Date(date, text);

    /// <summary>Reads what <see cref="Write(Instant, Span{byte})"/> writes of years without a sign; false leaves the rest, and every mistake, to the pattern.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length < SecondsLength + 1 || text[^1] != 'Z' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || !TryRead(text[..10], out LocalDate date)
            || !TryPair(text[11..], 23, out var hour) || !TryPair(text[14..], 59, out var minute) || !TryPair(text[17..], 59, out var second)
            || !TryFraction(text[SecondsLength..^1], out var nanoseconds))
        {
            return false;
        }

        instant = Instant.FromUtc(date.Year, date.Month, date.Day, hour, minute, second).PlusNanoseconds(nanoseconds);
        return true;
    }

    /// <summary>The same for dates.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out LocalDate date)
    {
        date = default;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !TryPair(text, 99, out var century) || !TryPair(text[2..], 99, out var year)
            || !TryPair(text[5..], 12, out var month) || !TryPair(text[8..], 31, out var day)
            || month == 0 || day == 0 || day > CalendarSystem.Iso.GetDaysInMonth((century * 100) + year, month))
        {
            return false;
        }

        date = new((century * 100) + year, month, day);
        return true;
    }

    private static bool TryPair(ReadOnlySpan<byte> text, int max, out int number)
    {
        var (tens, ones) = (text[0] - '0', text[1] - '0');
        number = (tens * 10) + ones;
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 && number <= max;
    }

    // Nothing, or a point and one to nine digits.
    private static bool TryFraction(ReadOnlySpan<byte> text, out int nanoseconds)
    {
        nanoseconds = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '.' || text.Length is 1 or > FractionDigits + 1)
        {
            return false;
        }

        for (var place = 1; place <= FractionDigits; place++)
        {
            var digit = place < text.Length ? text[place] - '0' : 0;
            if (digit is < 0 or > 9)
            {
                return false;
            }

            nanoseconds = (nanoseconds * 10) + digit;
        }

        return true;
    }

    private static int Date(LocalDate date, Span<byte> text)
    {
        Pair(date.Year / 100, text);
        Pair(date.Year % 100, text[2..]);
        text[4] = (byte)'-';
        Pair(date.Month, text[5..]);
        text[7] = (byte)'-';
        Pair(date.Day, text[8..]);
        return 10;
    }

    private static int Pair(int number, Span<byte> text)
    {
        text[0] = (byte)('0' + (number / 10));
        text[1] = (byte)('0' + (number % 10));
        return 2;
    }

    // As many digits as needed, and no point when there are none.
    private static int Fraction(int nanoseconds, Span<byte> text)
    {
        if (nanoseconds == 0)
        {
            return 0;
        }

        var digits = FractionDigits;
        for (; nanoseconds % 10 == 0; nanoseconds /= 10)
        {
            digits--;
        }

        text[0] = (byte)'.';
        for (var place = digits; place > 0; place--, nanoseconds /= 10)
        {
            text[place] = (byte)('0' + (nanoseconds % 10));
        }

        return digits + 1;
    }

    private static int Copy(string ascii, Span<byte> text) => Encoding.ASCII.GetBytes(ascii, text);
}
