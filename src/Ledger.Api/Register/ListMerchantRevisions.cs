using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Register;

internal static class ListMerchantRevisions
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listMerchantRevisions", "Register", "All that a merchant ever was", "Who changed what and when: each revision whole, oldest first.")
        .Gives<MerchantList>(StatusCodes.Status200OK, "Revisions, oldest first.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotFound);

    private static async Task<IResult> Handle(HttpContext context, string merchant, IMerchantRegister register, CommunityScope scope)
    {
        var revisions = await register.ListMerchantRevisions(await scope.Of(context), SalePath.Merchant(merchant), context.RequestAborted);
        return revisions.Count > 0
            ? Answers.Ok(new MerchantList([.. revisions.Select(MerchantView.Of)]), ApiJson.Web.MerchantList)
            : throw RegisteredMerchant.Unknown();
    }
}
