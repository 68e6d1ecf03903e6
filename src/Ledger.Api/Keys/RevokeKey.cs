using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Keys;

internal static class RevokeKey
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("revokeKey", "Keys", "Revoke a key", "It stops at once. To revoke it again changes nothing.")
        .Gives<KeyView>(StatusCodes.Status200OK, "The key.")
        .Fails(KnownProblems.KeyNotFound, KnownProblems.KeyInUse);

    private static async Task<IResult> Handle(HttpContext context, string id, KeyBook book)
    {
        var caller = context.Caller();
        var key = await book.FindToChange(caller, id, context.RequestAborted);
        return Answers.Ok(KeyView.Of(await book.Revoke(caller, key, context.RequestAborted)), ApiJson.Web.KeyView);
    }
}
