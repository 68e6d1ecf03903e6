using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using NodaTime;

namespace Ledger.Api.Paycodes;

/// <summary>A code that a resident shows at a till.</summary>
/// <param name="Resident">Who pays with it.</param>
/// <param name="Paycode">Its 18 digits, for a bar code.</param>
/// <param name="Grouped">The same in threes, for reading and typing.</param>
/// <param name="ExpiresAt">The moment from which on it no longer counts.</param>
public sealed record PaycodeView(string Resident, string Paycode, string Grouped, Instant ExpiresAt);

internal static class IssuePaycode
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe(
            "issuePaycode", "Residents", "Get a code that the resident shows at a till",
            "It makes one hold, within 60 seconds, at any merchant of the community. It is shown this once and stored nowhere. A new one ends none before it; at most five live at a time.")
        .Gives<PaycodeView>(StatusCodes.Status200OK, "The code.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.TooManyPaycodes);

    private static async Task<IResult> Handle(HttpContext context, string resident, CommunityScope scope, PaycodeDesk desk)
    {
        var id = ResidentPath.Resident(resident);
        var (code, until) = await desk.Issue(await scope.Of(context), id, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Answers.Ok(new PaycodeView(id.Value, code.Digits, code.Grouped, until), ApiJson.Web.PaycodeView);
    }
}
