using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;

namespace Ledger.Api.Keys;

internal static class ListKeys
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listKeys", "Keys", "The keys that the caller may see", "Also expired and revoked ones; never the keys themselves.")
        .Gives<KeyList>(StatusCodes.Status200OK, "Keys by client and age.");

    private static async Task<IResult> Handle(HttpContext context, KeyBook book)
    {
        var keys = await book.Visible(context.Caller(), context.RequestAborted);
        return Answers.Ok(new KeyList([.. keys.Select(key => KeyView.Of(key))]), ApiJson.Web.KeyList);
    }
}
