using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Mall;

internal static class ReadRedemption
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.HandOver)
        .Describe("readRedemption", "Mall", "Where a redemption stands", "A merchant reads its own, without the code that residents show.")
        .Gives<RedemptionView>(StatusCodes.Status200OK, "The redemption.")
        .Fails(KnownProblems.Find("resident_erased")!, KnownProblems.RedemptionNotFound, KnownProblems.MerchantNotGranted);

    private static async Task<IResult> Handle(HttpContext context, string id, CommunityScope scope, Redemptions redemptions, WalletCalls wallets)
    {
        var community = await scope.Of(context);
        var (resident, redemption) = await redemptions.Read(community, RedemptionPath.Id(id), context.RequestAborted)
            ?? throw RedemptionPath.NotFound();
        if (DirectCommand.NotActingAs(context, redemption.Made.Merchant) is { } refused)
        {
            return new ProblemResult(refused);
        }

        // A merchant still sees what became of its redemptions, under the id that means nobody any more.
        var forResident = context.Caller().Is(Roles.App | Roles.Operator);
        if (forResident)
        {
            await wallets.ReadToTell(community, resident);
        }

        var view = RedemptionView.Of(resident, redemption, withCode: forResident);
        return Answers.Ok(view, ApiJson.Web.RedemptionView);
    }
}
