using Ledger.Api.Problems;

namespace Ledger.Api.OpenApi;

/// <summary>What an endpoint tells about itself; <see cref="OperationWriting"/> puts it into the document.</summary>
internal sealed record RequestExample(Type Type, string[] ContentTypes, string Json);

/// <summary>One answer of an endpoint.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Type">What its body is; null for no JSON body.</param>
/// <param name="Text">What it means.</param>
/// <param name="ContentType">How the body is written; null for none.</param>
internal sealed record Answer(int Status, Type? Type, string Text, string? ContentType);

/// <summary>A second shape of an answer.</summary>
internal sealed record OtherShape(int Status, Type Type);

/// <summary>The failures that are an endpoint's own, beside those of all.</summary>
internal sealed record Failures(IReadOnlyList<KnownProblem> Problems);

/// <summary>The endpoint takes an <c>Idempotency-Key</c>.</summary>
internal sealed record NeedsIdempotencyKey;

/// <summary>The endpoint takes an <c>If-Match</c>.</summary>
/// <param name="Always">Must every request have it? Otherwise only one that changes what is there.</param>
internal sealed record NeedsIfMatch(bool Always);

internal static class Description
{
    private const string Json = "application/json";

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string tag, string summary, string description) =>
        endpoint.WithName(name).WithTags(tag).WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string example) =>
        endpoint.WithMetadata(new RequestExample(typeof(T), [Json], example));

    public static RouteHandlerBuilder TakesEvents(this RouteHandlerBuilder endpoint, string example) =>
        endpoint.WithMetadata(new RequestExample(typeof(System.Text.Json.JsonElement), ["application/cloudevents+json"], example));

    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NeedsIdempotencyKey());

    public static RouteHandlerBuilder TakesIfMatch(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NeedsIfMatch(Always: true));

    /// <summary>What is made here needs no <c>If-Match</c>, what is changed does.</summary>
    public static RouteHandlerBuilder TakesIfMatchForChanges(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new NeedsIfMatch(Always: false));

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, int status, string text) => endpoint
        .Produces<T>(status, Json)
        .WithMetadata(new Answer(status, typeof(T), text, Json));

    /// <summary>The answer has one of two shapes, by what was sent.</summary>
    public static RouteHandlerBuilder GivesEither<T, TOther>(this RouteHandlerBuilder endpoint, int status, string text) => endpoint
        .Gives<T>(status, text)
        .WithMetadata(new OtherShape(status, typeof(TOther)));

    public static RouteHandlerBuilder GivesNothing(this RouteHandlerBuilder endpoint, int status, string text) => endpoint
        .Produces(status)
        .WithMetadata(new Answer(status, null, text, null));

    public static RouteHandlerBuilder GivesHtml(this RouteHandlerBuilder endpoint, string text) => endpoint
        .Produces<string>(StatusCodes.Status200OK, "text/html")
        .WithMetadata(new Answer(StatusCodes.Status200OK, null, text, "text/html"));

    public static RouteHandlerBuilder GivesSchema(this RouteHandlerBuilder endpoint, string text) => endpoint
        .Produces<string>(StatusCodes.Status200OK, "application/schema+json")
        .WithMetadata(new Answer(StatusCodes.Status200OK, null, text, "application/schema+json"));

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params IReadOnlyList<KnownProblem> problems) =>
        endpoint.WithMetadata(new Failures(problems));
}
