using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Households;

internal static class ReadHousehold
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.KeepHouseholds)
        .Describe("readHousehold", "Households", "Who belongs to a household", "With what others could spend of each member's points now.")
        .Gives<HouseholdView>(StatusCodes.Status200OK, "The household.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.HouseholdNotFound);

    private static async Task<IResult> Handle(HttpContext context, string household, CommunityScope scope, HouseholdBook book)
    {
        var id = HouseholdPath.Household(household);
        var community = await scope.Of(context);
        var standing = (await book.Read(community, id)).Standing;
        var offers = (await book.Offers(community, id)).ToDictionary(offer => offer.Resident, offer => offer.Points.Value);
        return Answers.Ok(
            new HouseholdView(
                id.Value,
                [.. standing.Members.Select(member => new HouseholdMemberView(member.Resident.Value, member.Since, offers.GetValueOrDefault(member.Resident)))],
                standing.Undertakings.Length),
            ApiJson.Web.HouseholdView);
    }
}
