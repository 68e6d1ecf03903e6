using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Events;

/// <summary>Tells an app what became of its event.</summary>
internal static class ReadEvent
{
    private const string Path = "/v1/events/";

    /// <summary>The event named by the path, <c>/v1/events/{source}/{id}</c>; slashes within either are written <c>%2F</c>.</summary>
    public static void MapGetByPath(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, (HttpContext context, CommunityScope scope, IJournal journal, IProgrammes programmes) =>
            Handle(context, KeyOfPath(context), scope, journal, programmes))
        .Allow(Policies.ReadEvents)
        .Describe(
            "readEvent", "Events", "What became of an event",
            "The path is {source}/{id}; write a slash within either as %2F. What follows the last slash is the id.")
        .Gives<EventResult>(StatusCodes.Status200OK, "Its one outcome: a receipt, or the refusal.")
        .Fails(KnownProblems.EventInvalid, KnownProblems.SourceNotGranted, KnownProblems.EventNotFound);

    /// <summary>The event named by the query, <c>/v1/events?source=…&amp;id=…</c>.</summary>
    public static void MapGetByQuery(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, (HttpContext context, string? source, string? id, CommunityScope scope, IJournal journal, IProgrammes programmes) =>
            Handle(context, (source, id), scope, journal, programmes))
        .Allow(Policies.ReadEvents)
        .Describe("findEvent", "Events", "What became of an event", "The same as by path, for sources that are awkward in a path.")
        .Gives<EventResult>(StatusCodes.Status200OK, "Its one outcome: a receipt, or the refusal.")
        .Fails(KnownProblems.EventInvalid, KnownProblems.SourceNotGranted, KnownProblems.EventNotFound);

    private static async Task<IResult> Handle(
        HttpContext context, (string? Source, string? Id) name, CommunityScope scope, IJournal journal, IProgrammes programmes)
    {
        var community = await scope.Of(context);
        var source = EventKeys.PartOf(name.Source, "source");
        var id = EventKeys.PartOf(name.Id, "id");
        var caller = context.Caller();
        if (!caller.MaySpeakFor(source) && !caller.Is(Roles.Operator))
        {
            throw new RequestRefusedException(KnownProblems.SourceNotGranted, $"This key may not ask about the source '{source}'.");
        }

        var row = await journal.Find(community, CommandKey.Event(source, id), context.RequestAborted);
        if (row?.Stream.Resident is not { } resident)
        {
            throw new RequestRefusedException(KnownProblems.EventNotFound, $"No event '{id}' of '{source}' was recorded in this community.");
        }

        var answer = CommandAnswer.Of(resident, row.ToTransaction(), await programmes.Of(community), context.Request.Language());
        return Answers.Ok(EventResult.Of(source, id, answer), ApiJson.Web.EventResult);
    }

    // Routing has decoded the path but for %2F, so that a slash and an escaped one can no longer be told apart from it: read it raw.
    private static (string? Source, string? Id) KeyOfPath(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? query : target.Length);
        var start = path.IndexOf(Path, StringComparison.OrdinalIgnoreCase);
        var key = start < 0 ? default : path[(start + Path.Length)..];
        var end = key.LastIndexOf('/');
        return end < 0 ? (null, null) : (Uri.UnescapeDataString(key[..end]), Uri.UnescapeDataString(key[(end + 1)..]));
    }
}
