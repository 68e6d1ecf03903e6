using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ledger.Api.Json;

namespace Ledger.Api.Problems;

/// <summary>One failure as it is answered: RFC 9457 problem details with a stable <c>code</c> and its numbers as further members.</summary>
/// <param name="Kind">Which failure.</param>
/// <param name="Language">The language of title and detail.</param>
/// <param name="Detail">What happened here and what to do, in words.</param>
[JsonConverter(typeof(ProblemConverter))]
public sealed record Problem(KnownProblem Kind, Language Language, string Detail)
{
    /// <summary>The content type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Further members, such as the numbers of a refusal or the JSON path of a mistake. Default: none.</summary>
    public JsonObject? Members { get; init; }

    /// <summary>When to try again, in seconds; null when trying again is of no use.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The entity tag of what is there now; null when it is not about that.</summary>
    public string? EntityTag { get; init; }

    /// <summary>The same in words that tell nothing of what happened here: its title, and what to do.</summary>
    public Problem InGeneral() => this with { Detail = Language.Say($"{Kind.Title}. {Kind.Cure}", $"{Kind.ChineseTitle}。") };

    /// <summary>Writes the answer. The caller has not begun to answer.</summary>
    public async Task WriteTo(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Kind.Status;
        response.ContentType = MediaType;
        response.Headers.ContentLanguage = Language.Tag();
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (EntityTag is { } tag)
        {
            response.Headers.ETag = tag;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Web.Problem);
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}

internal sealed class ProblemConverter : JsonConverter<Problem>
{
    public override Problem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Problems are only written.");

    public override void Write(Utf8JsonWriter writer, Problem value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("type", value.Kind.Type);
        writer.WriteString("title", value.Language == Language.Chinese ? value.Kind.ChineseTitle : value.Kind.Title);
        writer.WriteNumber("status", value.Kind.Status);
        writer.WriteString("detail", value.Detail);
        writer.WriteString("code", value.Kind.Code);
        foreach (var (name, member) in value.Members ?? [])
        {
            writer.WritePropertyName(name);
            if (member is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                member.WriteTo(writer, options);
            }
        }

        writer.WriteEndObject();
    }
}

/// <summary>A problem as the answer of an endpoint.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Problem Problem => problem;

    public Task ExecuteAsync(HttpContext httpContext) => problem.WriteTo(httpContext);
}
