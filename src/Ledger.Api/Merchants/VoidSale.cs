using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Merchants;

internal static class VoidSale
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Refund)
        .Describe(
            "voidSale", "Merchants", "Undo a sale, whatever has become of it",
            "Safe at any time and any number of times, without an Idempotency-Key: what is held is released, what was captured is refunded, and a "
            + "hold that has not arrived never will. After the cut-off of the settlement day only what is still held is released, and what was captured stays (`captured`): refund it. The answer is what the reference stands for afterwards.")
        .Gives<SaleView>(StatusCodes.Status200OK, "What it stands for now: voided, refunded, released, timed_out or refused: the resident keeps the points. Or captured: after the cut-off.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotGranted, KnownProblems.SaleIsPooled, KnownProblems.Find("settled_use_refund")!, KnownProblems.Find("balance_limit")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string merchant, string reference, CommunityScope scope, Sales sales)
    {
        var sale = SalePath.Reference(merchant, reference);
        SalePath.MustBeOf(context, sale.Merchant);
        var community = await scope.Of(context);
        if (await sales.Void(community, sale, context.Caller().Client, context.RequestAborted) is { } refusal)
        {
            return new ProblemResult(RefusalWords.ProblemOf(refusal, context.Request.Language()).For(context.Caller()));
        }

        var found = await sales.Read(community, sale, context.RequestAborted);
        if (found is Sale.Pooled { Spend: { Taken: null } or { Left.IsPositive: true } } pooled)
        {
            throw SalePath.Pooled(pooled.Household, pooled.Spend.Sequence);
        }

        return Answers.Ok(SaleView.Of(sale, found, context.Caller(), context.Request.Language()), ApiJson.Web.SaleView);
    }
}
