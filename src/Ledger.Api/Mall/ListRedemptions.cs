using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

internal static class ListRedemptions
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe("listRedemptions", "Mall", "A resident's open redemptions", "Those of which something is still to come, with the code to show at the counter.")
        .Gives<RedemptionList>(StatusCodes.Status200OK, "Redemptions, oldest first.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!);

    private static async Task<IResult> Handle(HttpContext context, string resident, CommunityScope scope, WalletCalls wallets)
    {
        var id = ResidentPath.Resident(resident);
        var reading = await wallets.ReadToTell(await scope.Of(context), id);
        var open = Due.Apply(reading.State, reading.AsOf).After.Redemptions;
        return Answers.Ok(
            new RedemptionList([.. open.Select(redemption => RedemptionView.Of(id, redemption, withCode: true))]), ApiJson.Web.RedemptionList);
    }
}
