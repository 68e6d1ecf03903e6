using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Problems;
using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>How many rows of a list are wanted: 50 unless the caller says, at most 200.</summary>
internal static class PageLimit
{
    public const int Otherwise = 50;
    public const int Max = 200;

    /// <exception cref="RequestRefusedException">It is no number within bounds.</exception>
    public static int Of(string? text) => text is null
        ? Otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Max
            ? limit
            : throw new RequestRefusedException(KnownProblems.LimitInvalid, $"limit must be a whole number from 1 to {Max}.");
}

/// <summary>Where the next page of a list begins. Opaque to callers, and bound to the one list that it came from.</summary>
/// <remarks>
/// Base64url of a version byte, eight bytes that stand for the list, and the position's numbers. Not a secret and not a right: whoever makes
/// one up reads what the address alone would give.
/// </remarks>
internal static class Cursor
{
    private const byte Version = 1;
    private const int HeadLength = 9;

    public static string Write(string list, params ReadOnlySpan<long> position)
    {
        var bytes = new byte[HeadLength + (position.Length * sizeof(long))];
        bytes[0] = Version;
        MarkOf(list).CopyTo(bytes.AsSpan(1));
        for (var i = 0; i < position.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(HeadLength + (i * sizeof(long))), position[i]);
        }

        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="RequestRefusedException">It is no cursor of this list.</exception>
    public static long[] Read(string text, string list, int numbers)
    {
        var bytes = new byte[HeadLength + (numbers * sizeof(long))];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written)
            || written != bytes.Length
            || bytes[0] != Version
            || !bytes.AsSpan(1, HeadLength - 1).SequenceEqual(MarkOf(list)))
        {
            throw Unknown();
        }

        var position = new long[numbers];
        for (var i = 0; i < numbers; i++)
        {
            position[i] = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(HeadLength + (i * sizeof(long))));
        }

        return position;
    }

    /// <summary>A position of numbers and the name of a stream: a cursor of the numbers, a dot, and the name in Base64url.</summary>
    public static string WriteNamed(string list, string stream, params ReadOnlySpan<long> position) =>
        $"{Write(list, position)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(stream))}";

    /// <inheritdoc cref="Read"/>
    public static (string Stream, long[] Position) ReadNamed(string text, string list, int numbers)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !Base64Url.IsValid(text.AsSpan(dot + 1)))
        {
            throw Unknown();
        }

        var position = Read(text[..dot], list, numbers);
        var stream = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(dot + 1)));

        // Whoever makes one up must not reach a database with characters that it does not store.
        return stream.Any(char.IsControl) ? throw Unknown() : (stream, position);
    }

    /// <summary>It is no cursor of the list.</summary>
    public static RequestRefusedException Unknown() => new(KnownProblems.CursorInvalid, "This cursor does not come from this list.");

    private static ReadOnlySpan<byte> MarkOf(string list) => SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, HeadLength - 1);
}

/// <summary>A time as two numbers of a cursor: seconds since 1970, and nanoseconds.</summary>
internal static class CursorTime
{
    public static long[] Parts(Instant time)
    {
        var seconds = time.ToUnixTimeSeconds();
        return [seconds, (time - Instant.FromUnixTimeSeconds(seconds)).NanosecondOfDay];
    }

    /// <summary>The time of a cursor's first two numbers.</summary>
    /// <exception cref="RequestRefusedException">There is no such time.</exception>
    public static Instant Read(ReadOnlySpan<long> position) => position[0] is >= 0 and < 253_402_300_800 && position[1] is >= 0 and < 1_000_000_000
        ? Instant.FromUnixTimeSeconds(position[0]).PlusNanoseconds(position[1])
        : throw Cursor.Unknown();
}

/// <summary>A place in a list of what transactions left beside the journal, as a cursor.</summary>
internal static class CursorPlace
{
    public static string Write(RowPlace place, string list) => Cursor.WriteNamed(list, place.Stream, [.. CursorTime.Parts(place.At), place.Sequence]);

    /// <inheritdoc cref="Cursor.Read"/>
    public static RowPlace Read(string cursor, string list)
    {
        var (stream, position) = Cursor.ReadNamed(cursor, list, 3);
        return new(CursorTime.Read(position), stream, position[2]);
    }
}

internal static class PageLinks
{
    /// <summary>Names the next page as RFC 8288 has it.</summary>
    public static void LinkNext(this HttpContext context, string cursor)
    {
        var query = QueryString.Create(
            context.Request.Query.Where(part => part.Key != "cursor").Append(new("cursor", cursor)));
        context.Response.Headers.Link = $"<{context.Request.PathBase}{context.Request.Path.ToUriComponent()}{query}>; rel=\"next\"";
    }
}
