using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Merchants;

internal static class ReleaseHold
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Sell)
        .Describe("releaseHold", "Merchants", "Give back what is still set aside", "What was captured before stays captured.")
        .TakesIdempotencyKey()
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MerchantNotGranted,
            KnownProblems.ReferenceNotFound, KnownProblems.CommandIdReused, KnownProblems.SaleIsPooled, KnownProblems.Find("hold_not_found")!,
            KnownProblems.Find("reference_voided")!, KnownProblems.Find("hold_ended")!, KnownProblems.Busy);

    private static Task<IResult> Handle(HttpContext context, string id, HoldCommand holds)
    {
        var hold = SalePath.Hold(id);
        return holds.Send(context, hold, new Ledger.Wallets.ReleaseHold(hold));
    }
}
