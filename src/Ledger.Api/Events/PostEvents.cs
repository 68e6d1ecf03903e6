using System.Text.Json;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;

namespace Ledger.Api.Events;

internal static class PostEvents
{
    private const string Example = """
        { "specversion": "1.0", "id": "e-1001", "source": "/apps/volunteers", "type": "community.points.activity-completed.v1",
          "subject": "r-1029", "time": "2026-11-24T09:30:00+08:00", "datacontenttype": "application/json",
          "data": { "activity": "charity-service", "quantity": 90 } }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.SendEvents)
        .Describe(
            "postEvents", "Events", "Send one event or a batch",
            "CloudEvents 1.0: structured (application/cloudevents+json), batch of at most 500 (application/cloudevents-batch+json) or binary "
            + "(application/json with ce- headers). `source` and `id` make it one command for ever; `subject` is the resident. "
            + "A batch is answered 200 with one result per event.")
        .TakesEvents(Example)
        .GivesEither<Receipt, EventResults>(StatusCodes.Status200OK, "The receipt of the event; for a batch, one result per event.")
        .Fails(
        [
            KnownProblems.JsonMalformed, KnownProblems.EventInvalid, KnownProblems.EventTypeUnknown, KnownProblems.MemberMissing,
            KnownProblems.MemberUnknown, KnownProblems.MemberWrongType, KnownProblems.MemberDuplicate, KnownProblems.PointsInvalid,
            KnownProblems.QuantityInvalid, KnownProblems.IdentifierInvalid, KnownProblems.TimeInvalid, KnownProblems.SourceNotGranted,
            KnownProblems.BodyTooLarge, KnownProblems.BatchTooLarge, KnownProblems.MediaTypeUnsupported, KnownProblems.CommandIdReused,
            .. RefusalProblems.All, KnownProblems.Busy,
        ]);

    private static async Task<IResult> Handle(
        HttpContext context, CommunityScope scope, WalletCalls wallets, IProgrammes programmes, EventBatch batch)
    {
        var community = await scope.Of(context);
        var mode = CloudEventReading.ModeOf(context.Request);
        var bytesMax = mode == EventMode.Batch ? RequestBody.BytesMax : RequestBody.CommandBytesMax;
        var bytes = await RequestBody.ReadBytes(context, bytesMax);
        if (mode == EventMode.Batch)
        {
            using var list = RequestBody.ParseParts(bytes, out var isStrict);
            return Answers.Ok(new EventResults(await batch.Send(context, community, list.RootElement, isStrict)), ApiJson.Web.EventResults);
        }

        using var body = RequestBody.Parse(bytes);
        var incoming = IncomingEvent.Of(community, context.Caller().Client, EventOf(mode, context.Request, body.RootElement));
        if (await incoming.WhyNotGranted(context, wallets) is { } problem)
        {
            return new ProblemResult(problem);
        }

        var result = await wallets.Send(incoming.Envelope);
        return await CommandAnswer.Of(incoming.Envelope, result, programmes, context.Request.Language());
    }

    private static CloudNative.CloudEvents.CloudEvent EventOf(EventMode mode, HttpRequest request, JsonElement body) =>
        mode == EventMode.Binary ? CloudEventReading.FromHeaders(request, body) : CloudEventReading.FromJson(body);

    /// <summary>Why the caller may not send an event; null when it may, or when the journal knows the event already.</summary>
    public static async ValueTask<Problem?> WhyNotGranted(this IncomingEvent incoming, HttpContext context, WalletCalls wallets)
    {
        if (incoming.FirstSourceNotGranted(context.Caller()) is not { } source
            || await wallets.IsKnown(incoming.Envelope, context.RequestAborted))
        {
            return null;
        }

        return new(KnownProblems.SourceNotGranted, context.Request.Language(), $"This key may not speak for the source '{source}'.");
    }
}
