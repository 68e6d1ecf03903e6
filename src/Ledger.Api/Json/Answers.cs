using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ledger.Api.Json;

/// <summary>Answers in JSON, written by generated code.</summary>
internal static class Answers
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => new JsonAnswer<T>(value, type, StatusCodes.Status200OK, null);

    public static IResult Created<T>(string location, T value, JsonTypeInfo<T> type) =>
        new JsonAnswer<T>(value, type, StatusCodes.Status201Created, location);

    // Written whole, with its length: one write to the connection, no chunks.
    private sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status, string? location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (location is not null)
            {
                response.Headers.Location = location;
            }

            var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
            response.ContentType = MediaTypeNames.Application.Json;
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, 0, body.Length, httpContext.RequestAborted);
        }
    }
}
