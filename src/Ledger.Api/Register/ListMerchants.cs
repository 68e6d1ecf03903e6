using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Register;

internal static class ListMerchants
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listMerchants", "Register", "The registered merchants of the community", "As they are now.")
        .Gives<MerchantList>(StatusCodes.Status200OK, "Merchants by identifier.");

    private static async Task<IResult> Handle(HttpContext context, IMerchantRegister register, CommunityScope scope)
    {
        var merchants = await register.ListMerchants(await scope.Of(context), context.RequestAborted);
        return Answers.Ok(new MerchantList([.. merchants.Select(MerchantView.Of)]), ApiJson.Web.MerchantList);
    }
}
