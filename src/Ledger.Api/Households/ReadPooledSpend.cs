using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Households;

internal static class ReadPooledSpend
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.KeepHouseholds)
        .Describe("readPooledSpend", "Households", "What became of a pooled spend", "With each member's share, and what came back of it.")
        .Gives<PooledSpendView>(StatusCodes.Status200OK, "The spend.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.PooledSpendNotFound);

    private static async Task<IResult> Handle(HttpContext context, string household, string number, CommunityScope scope, HouseholdBook book)
    {
        var id = HouseholdPath.Household(household);
        var spend = await book.ReadSpend(await scope.Of(context), id, HouseholdPath.Spend(number), context.RequestAborted);
        return Answers.Ok(PooledSpendView.Of(id, spend), ApiJson.Web.PooledSpendView);
    }
}
