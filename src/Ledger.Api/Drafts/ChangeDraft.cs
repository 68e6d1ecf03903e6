using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Drafts;

internal static class ChangeDraft
{
    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "changeDraft", "Drafts", "Write a draft anew",
            "Of two who change the revision that both have read, one is told 412 and reads again: nobody undoes what he has not seen.")
        .TakesIfMatch()
        .Takes<NewDraft>(NewDraft.Example)
        .Gives<DraftView>(StatusCodes.Status200OK, "The draft, with its new `ETag`.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.MemberUnknown, KnownProblems.TextInvalid, KnownProblems.BodyTooLarge,
            KnownProblems.ProgrammeInvalid, KnownProblems.DraftNotFound, KnownProblems.DraftPublished, KnownProblems.PreconditionFailed,
            KnownProblems.PreconditionRequired, KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(HttpContext context, string id, IDrafts drafts, CommunityScope scope, IClock clock)
    {
        var found = await SeenDraft.FindOpen(context, drafts, await scope.Of(context), id);
        var (name, json) = await NewDraft.Read(context);
        var changed = found with
        {
            Name = name,
            Json = json,
            Revision = found.Revision + 1,
            ChangedBy = context.Caller().Client,
            ChangedAt = clock.GetCurrentInstant(),
        };
        if (!await drafts.ChangeDraft(changed, context.RequestAborted))
        {
            throw await SeenDraft.Overtaken(drafts, found, context.RequestAborted);
        }

        SeenDraft.Tag(context, changed);
        return Answers.Ok(DraftView.Of(changed), ApiJson.Web.DraftView);
    }
}
