using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Merchants;

internal static class ReadSale
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe(
            "readSale", "Merchants", "What became of a merchant's reference",
            "Ask after a lost answer. `unknown` is no end: what is on its way may still come, until the reference is voided.")
        .Gives<SaleView>(StatusCodes.Status200OK, "What it stands for.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotGranted);

    private static async Task<IResult> Handle(HttpContext context, string merchant, string reference, CommunityScope scope, Sales sales)
    {
        var sale = SalePath.Reference(merchant, reference);
        SalePath.MustBeOf(context, sale.Merchant);
        var found = await sales.Read(await scope.Of(context), sale, context.RequestAborted);
        return Answers.Ok(SaleView.Of(sale, found, context.Caller(), context.Request.Language()), ApiJson.Web.SaleView);
    }
}
