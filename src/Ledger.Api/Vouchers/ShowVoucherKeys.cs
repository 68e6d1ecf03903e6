using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;

namespace Ledger.Api.Vouchers;

internal static class ShowVoucherKeys
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .AllowAnonymous()
        .Describe(
            "showVoucherKeys", "Merchants", "The keys that check a community's vouchers",
            "A JSON Web Key Set. Tills fetch it while they are online, once a day or more often, and check vouchers with it when they are not.")
        .Gives<JsonWebKeySet>(StatusCodes.Status200OK, "The keys; none before the first voucher.")
        .Fails(KnownProblems.IdentifierInvalid);

    private static async Task<IResult> Handle(HttpContext context, string community, VoucherKeys keys)
    {
        var id = new CommunityId(RequestTexts.IdentifierOf(community, "community"));
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Answers.Ok(await keys.Shown(id, context.RequestAborted), ApiJson.Web.JsonWebKeySet);
    }
}
