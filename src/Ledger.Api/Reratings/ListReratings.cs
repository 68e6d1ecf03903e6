using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Reratings;

internal static class ListReratings
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listReratings", "Re-ratings", "The re-ratings of the community", "Without their programmes; also rejected and finished ones.")
        .Gives<ReratingList>(StatusCodes.Status200OK, "Re-ratings, oldest first.");

    private static async Task<IResult> Handle(HttpContext context, IReratings reratings, CommunityScope scope)
    {
        var all = await reratings.ListReratings(await scope.Of(context), context.RequestAborted);
        return Answers.Ok(new ReratingList([.. all.Select(ReratingView.Of)]), ApiJson.Web.ReratingList);
    }
}
