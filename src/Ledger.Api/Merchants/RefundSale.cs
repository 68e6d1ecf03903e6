using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Merchants;

internal static class RefundSale
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Refund)
        .Describe(
            "refundSale", "Merchants", "Refund what was captured of a sale, wholly or in part",
            "At any till of the merchant. Points return to the lots that paid, with their dates. Send {} for all that is left.")
        .TakesIdempotencyKey()
        .Takes<NewRefund>("""{ "points": 10, "terminal": "t-2", "cashier": "c-9" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.PointsInvalid, KnownProblems.IdentifierInvalid,
            KnownProblems.MerchantNotGranted, KnownProblems.TerminalNotGranted, KnownProblems.TerminalRequired, KnownProblems.ReferenceNotFound, KnownProblems.CommandIdReused, KnownProblems.SaleIsPooled,
            KnownProblems.Find("reference_voided")!, KnownProblems.Find("not_a_spend")!, KnownProblems.Find("unknown_terminal")!, KnownProblems.Find("refund_exceeds_spend")!,
            KnownProblems.Find("balance_limit")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string merchant, string reference, HoldCommand holds)
    {
        var sale = SalePath.Reference(merchant, reference);
        using var body = await RequestBody.ReadObject(context);
        var (points, till) = Refund.Read(context, new JsonMembers(body.RootElement));
        return await holds.Send(context, sale, of => new RefundSpend(of, points, till.Terminal, till.Cashier));
    }
}
