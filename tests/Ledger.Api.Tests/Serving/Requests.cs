using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Api.Problems;

namespace Ledger.Api.Tests.Serving;

/// <summary>An answer that was read whole.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, HttpResponseMessage Message)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public bool IsReplayed => Message.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    public long Number(string path) => At(path).GetValue<long>();

    public string Word(string path) => At(path).GetValue<string>();

    public JsonNode At(string path)
    {
        var node = Json;
        foreach (var name in path.Split('.'))
        {
            node = (node is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : node[name]) ?? throw new Xunit.Sdk.XunitException($"No {path} in {Text}");
        }

        return node;
    }

    /// <summary>It is a problem with this status and code, and says so in the way that RFC 9457 wants.</summary>
    public Reply IsProblem(int status, string code)
    {
        Assert.True(Message.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{Status}: {Text}");
        Assert.Equal((status, code), ((int)Status, Word("code")));
        Assert.Equal("/problems/" + code, Word("type"));
        Assert.Equal(status, Number("status"));
        Assert.NotEmpty(Word("title"));
        Assert.NotEmpty(Word("detail"));
        Assert.True(!IsReplayed || KnownProblems.Find(code)!.IsRefusal, $"{code} is remembered, and said not to be.");
        return this;
    }

    public Reply IsOk(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        return this;
    }
}

internal static class Requests
{
    public const string StructuredType = "application/cloudevents+json";
    public const string BatchType = "application/cloudevents-batch+json";

    public static async Task<Reply> Ask(this HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public static Task<Reply> Read(this HttpClient client, string url, params (string Name, string Value)[] headers) =>
        client.Ask(With(new(HttpMethod.Get, url), headers));

    public static Task<Reply> Write(
        this HttpClient client, string url, string body, string type = "application/json", params (string Name, string Value)[] headers) =>
        client.Write(url, Encoding.UTF8.GetBytes(body), type, headers);

    public static Task<Reply> Write(
        this HttpClient client, string url, byte[] body, string type, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return client.Ask(With(new(HttpMethod.Post, url) { Content = content }, headers));
    }

    /// <summary>For what is neither read nor posted.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="method">How.</param>
    /// <param name="url">For what.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="headers">One without a value is not sent.</param>
    public static Task<Reply> Ask(this HttpClient client, HttpMethod method, string url, string? body, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        return client.Ask(With(request, [.. from header in headers where header.Value is not null select (header.Name, header.Value)]));
    }

    public static Task<Reply> Event(this HttpClient client, string json) => client.Write("/v1/events", json, StructuredType);

    public static Task<Reply> Batch(this HttpClient client, params string[] events) =>
        client.Write("/v1/events", $"[{string.Join(',', events)}]", BatchType);

    public static Task<Reply> Command(this HttpClient client, string url, string body, string? key = null) =>
        client.Write(url, body, "application/json", ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public static Task<Reply> Spend(this HttpClient client, string resident, long points, string? key = null, string merchant = "tea-house") =>
        client.Command($"/v1/residents/{resident}/spends", $$"""{ "merchant": "{{merchant}}", "points": {{points}} }""", key);

    public static Task<Reply> Balance(this HttpClient client, string resident) => client.Read($"/v1/residents/{resident}/balance");

    private static HttpRequestMessage With(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }
}

/// <summary>Events as apps write them.</summary>
internal static class Event
{
    public static string Earn(
        string resident, long quantity, string? id = null, string source = Sources.Own, string time = "2026-03-01T11:00:00+08:00", string activity = "service") =>
        Of("activity-completed", resident, $$"""{ "activity": "{{activity}}", "quantity": {{quantity}} }""", id, source, time);

    public static string Reverse(string resident, string of, long? points = null, string? id = null) =>
        Of("activity-reversed", resident, $$"""{ "of": { "id": "{{of}}" }{{Part(points)}} }""", id);

    public static string Spend(string resident, long points, string? id = null) =>
        Of("points-spent", resident, $$"""{ "merchant": "tea-house", "points": {{points}} }""", id);

    public static string Refund(string resident, string of, long? points = null, string? id = null) =>
        Of("spend-refunded", resident, $$"""{ "of": { "id": "{{of}}" }{{Part(points)}} }""", id);

    public static string Of(
        string type, string resident, string data, string? id = null, string source = Sources.Own, string time = "2026-03-01T11:00:00+08:00") =>
        $$"""
        { "specversion": "1.0", "id": "{{id ?? Guid.NewGuid().ToString()}}", "source": "{{source}}",
          "type": "community.points.{{type}}.v1", "subject": "{{resident}}", "time": "{{time}}",
          "datacontenttype": "application/json", "data": {{data}} }
        """;

    private static string Part(long? points) => points is { } some ? $", \"points\": {some}" : string.Empty;
}
