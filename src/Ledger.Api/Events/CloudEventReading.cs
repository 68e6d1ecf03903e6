using System.Net.Mime;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Events;

/// <summary>How a request carries events.</summary>
internal enum EventMode
{
    /// <summary>One event, attributes and data in one JSON object.</summary>
    Structured,

    /// <summary>A JSON list of such objects.</summary>
    Batch,

    /// <summary>One event, attributes in <c>ce-</c> headers and data in the body.</summary>
    Binary,
}

/// <summary>Reads CloudEvents 1.0 in the three modes of its HTTP binding.</summary>
/// <remarks>Source: CloudEvents 1.0.2, HTTP protocol binding §3 and JSON event format §2–4.</remarks>
internal static class CloudEventReading
{
    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";
    private const string HeaderPrefix = "ce-";

    // Bodies are parsed strictly before; the options count where the formatter parses by itself.
    private static readonly JsonEventFormatter Formatter =
        new(JsonSerializerOptions.Default, new JsonDocumentOptions { AllowDuplicateProperties = false });

    /// <exception cref="RequestRefusedException">The content type is none that carries events.</exception>
    public static EventMode ModeOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw Unsupported();
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestRefusedException(KnownProblems.MediaTypeUnsupported, "JSON is UTF-8 here.");
        }

        return type.MediaType.Value switch
        {
            { } text when text.Equals(Structured, StringComparison.OrdinalIgnoreCase) => EventMode.Structured,
            { } text when text.Equals(Batch, StringComparison.OrdinalIgnoreCase) => EventMode.Batch,
            _ when request.HasJsonContentType() && request.Headers.ContainsKey(HeaderPrefix + "specversion") => EventMode.Binary,
            _ => throw Unsupported(),
        };
    }

    /// <summary>The event of a JSON object.</summary>
    /// <exception cref="RequestRefusedException">It is no CloudEvent 1.0.</exception>
    public static CloudEvent FromJson(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw JsonMembers.Wrong(KnownProblems.EventInvalid, "$", "must be an object");
        }

        return Checked(() => Formatter.ConvertFromJsonElement(element, null));
    }

    /// <summary>The event of <c>ce-</c> headers and a body.</summary>
    /// <exception cref="RequestRefusedException">It is no CloudEvent 1.0.</exception>
    public static CloudEvent FromHeaders(HttpRequest request, JsonElement data) => Checked(() =>
    {
        var version = CloudEventsSpecVersion.FromVersionId(request.Headers[HeaderPrefix + "specversion"])
            ?? throw new ArgumentException("ce-specversion must be 1.0.");
        var cloudEvent = new CloudEvent(version) { DataContentType = MediaTypeNames.Application.Json, Data = data };
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) && !name.EndsWith("specversion", StringComparison.OrdinalIgnoreCase))
            {
                var text = values is [{ } one] ? one : throw new ArgumentException($"{name} comes more than once.");
                cloudEvent.SetAttributeFromString(name[HeaderPrefix.Length..].ToLowerInvariant(), Uri.UnescapeDataString(text));
            }
        }

        return cloudEvent.Validate();
    });

    private static CloudEvent Checked(Func<CloudEvent> read)
    {
        try
        {
            return read();
        }
        catch (Exception invalid) when (invalid is ArgumentException or FormatException or InvalidOperationException or JsonException)
        {
            throw new RequestRefusedException(KnownProblems.EventInvalid, $"This is no CloudEvent 1.0: {invalid.Message}");
        }
    }

    private static RequestRefusedException Unsupported() => new(
        KnownProblems.MediaTypeUnsupported, $"Send {Structured}, {Batch}, or application/json with ce- headers.");
}
