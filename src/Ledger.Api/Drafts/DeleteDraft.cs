using Ledger.Api.Communities;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Drafts;

internal static class DeleteDraft
{
    public static void MapDelete(IEndpointRouteBuilder routes, string pattern) => routes
        .MapDelete(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("deleteDraft", "Drafts", "Give a draft up", "Also one that was published: the version that it became stays.")
        .TakesIfMatch()
        .GivesNothing(StatusCodes.Status204NoContent, "It is gone.")
        .Fails(KnownProblems.DraftNotFound, KnownProblems.PreconditionFailed, KnownProblems.PreconditionRequired, KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(HttpContext context, string id, IDrafts drafts, CommunityScope scope)
    {
        var found = await SeenDraft.FindToChange(context, drafts, await scope.Of(context), id);
        return await drafts.DeleteDraft(found.Community, id, found.Revision, context.RequestAborted)
            ? TypedResults.NoContent()
            : throw await SeenDraft.Overtaken(drafts, found, context.RequestAborted);
    }
}
