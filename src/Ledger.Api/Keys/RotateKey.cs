using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;

namespace Ledger.Api.Keys;

internal static class RotateKey
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "rotateKey", "Keys", "Make a further key of the same client",
            "Same client id and grants, so its commands stay its own. The old key counts until it is revoked; one that is revoked already leads to a new one too.")
        .Gives<KeyView>(StatusCodes.Status201Created, "The new key.")
        .Fails(KnownProblems.KeyNotFound);

    private static async Task<IResult> Handle(HttpContext context, string id, KeyBook book)
    {
        var old = await book.FindToChange(context.Caller(), id, context.RequestAborted);
        var (key, secret) = await book.Rotate(old, context.RequestAborted);
        return Answers.Created($"/v1/keys/{key.Id}", KeyView.Of(key, secret), ApiJson.Web.KeyView);
    }
}
