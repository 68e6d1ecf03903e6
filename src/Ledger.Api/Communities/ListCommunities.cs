using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Communities;

internal static class ListCommunities
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listCommunities", "Communities", "The communities that the caller may see", "All, or the one that the key is for.")
        .Gives<CommunityList>(StatusCodes.Status200OK, "Communities by identifier.");

    private static async Task<IResult> Handle(HttpContext context, ICatalogue catalogue)
    {
        var own = context.Caller().Community;
        var communities = await catalogue.ListCommunities(context.RequestAborted);
        var visible = communities.Where(community => own is null || community.Id == own).Select(CommunityView.Of);
        return Answers.Ok(new CommunityList([.. visible]), ApiJson.Web.CommunityList);
    }
}
