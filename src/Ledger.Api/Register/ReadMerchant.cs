using Ledger.Api.Communities;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Register;

internal static class ReadMerchant
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe("readMerchant", "Register", "A registered merchant", "With all its terms. Its own tills may read it; limits, and which residents its cashiers are, are for operators.")
        .Gives<MerchantView>(StatusCodes.Status200OK, "The merchant, with its `ETag`.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotGranted, KnownProblems.MerchantNotFound);

    private static async Task<IResult> Handle(HttpContext context, string merchant, IMerchantRegister register, CommunityScope scope)
    {
        var id = SalePath.Merchant(merchant);
        SalePath.MustBeOf(context, id);
        return RegisteredMerchant.Answer(
            context,
            await register.FindMerchant(await scope.Of(context), id, context.RequestAborted) ?? throw RegisteredMerchant.Unknown());
    }
}
