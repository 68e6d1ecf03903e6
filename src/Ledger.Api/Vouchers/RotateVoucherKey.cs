using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;

namespace Ledger.Api.Vouchers;

internal static class RotateVoucherKey
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "rotateVoucherKey", "Merchants", "Have a new key sign vouchers",
            "The private half of the key before it is deleted; its public half is shown for 72 hours more, for the vouchers that it signed.")
        .Gives<JsonWebKeySet>(StatusCodes.Status200OK, "The keys, the new one first.")
        .Fails();

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope, VoucherKeys keys)
    {
        var community = await scope.Of(context);
        await keys.Rotate(community, context.RequestAborted);
        return Answers.Ok(await keys.Shown(community, context.RequestAborted), ApiJson.Web.JsonWebKeySet);
    }
}
