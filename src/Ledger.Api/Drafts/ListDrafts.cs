using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Drafts;

internal static class ListDrafts
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listDrafts", "Drafts", "The drafts of the community", "Without their texts; published ones too, until they are deleted.")
        .Gives<DraftList>(StatusCodes.Status200OK, "Drafts, oldest first.");

    private static async Task<IResult> Handle(HttpContext context, IDrafts drafts, CommunityScope scope)
    {
        var all = await drafts.ListDrafts(await scope.Of(context), context.RequestAborted);
        return Answers.Ok(new DraftList([.. all.Select(DraftView.Of)]), ApiJson.Web.DraftList);
    }
}
