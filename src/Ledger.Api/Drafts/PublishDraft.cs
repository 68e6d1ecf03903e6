using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Api.Security;
using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Drafts;

/// <summary>What is sent to publish a draft.</summary>
/// <param name="EffectiveFrom">Activities from this moment on are decided by it. May be absent for a community's first programme only.</param>
public sealed record DraftPublication(Instant? EffectiveFrom);

internal static class PublishDraft
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "publishDraft", "Drafts", "Make a draft the next programme version",
            "Exactly the revision that `If-Match` names, when it has no mistakes. The draft then names its version and does not change any more.")
        .TakesIfMatch()
        .Takes<DraftPublication>("""{ "effectiveFrom": "2027-01-01T00:00:00+08:00" }""")
        .Gives<ProgrammeView>(StatusCodes.Status201Created, "The version.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.MemberUnknown, KnownProblems.TimeInvalid, KnownProblems.EffectiveFromInPast,
            KnownProblems.EffectiveFromTooSoon, KnownProblems.ProgrammeInvalid, KnownProblems.ProgrammeConflict, KnownProblems.DraftNotFound,
            KnownProblems.DraftPublished, KnownProblems.PreconditionFailed, KnownProblems.PreconditionRequired, KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(
        HttpContext context,
        string id,
        ICatalogue catalogue,
        IDrafts drafts,
        CommunityScope scope,
        IProgrammes programmes,
        IClock clock,
        IClockWatch clockWatch)
    {
        var draft = await SeenDraft.FindOpen(context, drafts, await scope.Of(context), id);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var effectiveFrom = members.OptionalTime("effectiveFrom");
        members.NothingElse("effectiveFrom");
        Publication.Checked(draft.Json!);
        var version = await Publication.Next(context, catalogue, draft.Community, effectiveFrom, draft.Json!, clockWatch.Now(clock));
        if (!await drafts.PublishDraft(version, id, draft.Revision, context.RequestAborted))
        {
            var now = await SeenDraft.Find(drafts, draft.Community, id, context.RequestAborted);
            throw now.Revision == draft.Revision ? Publication.Conflict() : await SeenDraft.Overtaken(drafts, draft, context.RequestAborted);
        }

        return Publication.Done(programmes, version);
    }
}
