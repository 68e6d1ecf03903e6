using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Ledger.Api.Problems;

namespace Ledger.Api.Json;

/// <summary>The body of a request as one strict JSON text: UTF-8, no member twice, no comments, no trailing comma.</summary>
internal static class RequestBody
{
    /// <summary>The largest body of one event or one command, in bytes.</summary>
    public const int CommandBytesMax = 65_536;

    /// <summary>The largest body of a batch or a programme, in bytes; nothing larger is read anywhere.</summary>
    public const int BytesMax = 1_048_576;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads the body of a command as an object.</summary>
    /// <exception cref="RequestRefusedException">It is not one.</exception>
    public static async Task<JsonDocument> ReadObject(HttpContext context, int bytesMax = CommandBytesMax)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestRefusedException(KnownProblems.MediaTypeUnsupported, "Send application/json.");
        }

        return Parse(await ReadBytes(context, bytesMax));
    }

    /// <summary>The same where a body may be left out: then it is an object without members.</summary>
    /// <exception cref="RequestRefusedException">There is one, and it is not an object.</exception>
    public static async Task<JsonDocument> ReadObjectIfAny(HttpContext context) =>
        context.Request.ContentType is null && (await ReadBytes(context, CommandBytesMax)).IsEmpty ? Parse("{}"u8.ToArray()) : await ReadObject(context);

    /// <summary>Reads a body whole.</summary>
    /// <exception cref="RequestRefusedException">It is larger than allowed.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytes(HttpContext context, int bytesMax)
    {
        var request = context.Request;
        if (request.ContentLength > bytesMax)
        {
            throw TooLarge(bytesMax);
        }

        var buffer = new byte[request.ContentLength ?? 4_096];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
            length += read;
            if (read == 0 || length == request.ContentLength)
            {
                return buffer.AsMemory(0, length);
            }

            if (length > bytesMax)
            {
                throw TooLarge(bytesMax);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, bytesMax + 1));
            }
        }
    }

    /// <summary>Reads one JSON text.</summary>
    /// <exception cref="RequestRefusedException">It is not one, or a member comes twice.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new RequestRefusedException(KnownProblems.JsonMalformed, "The body is not UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(utf8, Strict);
        }
        catch (JsonException malformed)
        {
            throw HasOnlyDuplicates(utf8)
                ? new RequestRefusedException(KnownProblems.MemberDuplicate, $"A member comes twice: {malformed.Message}")
                : new RequestRefusedException(KnownProblems.JsonMalformed, $"The body is not JSON: {malformed.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new RequestRefusedException(KnownProblems.JsonMalformed, "A name in the body holds half of a surrogate pair.");
        }
    }

    /// <summary>
    /// Reads one JSON text whose parts are judged one by one: a member that comes twice in one of them is no fault of the others.
    /// </summary>
    /// <param name="utf8">The body.</param>
    /// <param name="isStrict">False when some part breaks the rules of <see cref="Parse"/>: then ask <see cref="Judge"/> about each.</param>
    /// <exception cref="RequestRefusedException">It is no JSON text.</exception>
    public static JsonDocument ParseParts(ReadOnlyMemory<byte> utf8, out bool isStrict)
    {
        try
        {
            isStrict = true;
            return Parse(utf8);
        }
        catch (RequestRefusedException)
        {
            isStrict = false;
            if (ParseLoosely(utf8) is { } loose)
            {
                return loose;
            }

            throw;
        }
    }

    /// <summary>Judges a part of a text that was read loosely as if it had come alone.</summary>
    /// <exception cref="RequestRefusedException">A member comes twice in it.</exception>
    public static void Judge(JsonElement part) => Parse(JsonMarshal.GetRawUtf8Value(part).ToArray()).Dispose();

    // Null when it is not even JSON.
    private static JsonDocument? ParseLoosely(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Utf8.IsValid(utf8.Span) ? JsonDocument.Parse(utf8, Strict with { AllowDuplicateProperties = true }) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasOnlyDuplicates(ReadOnlyMemory<byte> utf8)
    {
        using var loose = ParseLoosely(utf8);
        return loose is not null;
    }

    private static RequestRefusedException TooLarge(int bytesMax) =>
        new(KnownProblems.BodyTooLarge, $"The body is larger than {bytesMax} bytes.");
}
