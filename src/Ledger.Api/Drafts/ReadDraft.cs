using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Drafts;

internal static class ReadDraft
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "readDraft", "Drafts", "One draft with its text",
            "And with everything that a check finds in it. Send its `ETag` as `If-Match` with whatever changes it.")
        .Gives<DraftView>(StatusCodes.Status200OK, "The draft, with its `ETag`.")
        .Fails(KnownProblems.DraftNotFound);

    private static async Task<IResult> Handle(HttpContext context, string id, IDrafts drafts, CommunityScope scope)
    {
        var draft = await SeenDraft.Find(drafts, await scope.Of(context), id, context.RequestAborted);
        SeenDraft.Tag(context, draft);
        return Answers.Ok(DraftView.Of(draft), ApiJson.Web.DraftView);
    }
}
