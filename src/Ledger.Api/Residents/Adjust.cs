using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to adjust a balance by hand.</summary>
/// <param name="Points">How many: positive adds, negative removes; not 0, at most 2^53−1 either way.</param>
/// <param name="Reason">Why, 1 to 500 characters. Kept beside the journal, can be erased; the journal holds a salted digest.</param>
public sealed record NewAdjustment(long Points, string Reason);

internal static class Adjust
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "adjust", "Residents", "Add or remove points by hand, with a reason",
            "The reason is kept beside the journal and can be erased; while it is there, the same key with another reason is another command. "
            + "Where the programme asks for it, more points than one operator may move alone wait for a second one.")
        .TakesIdempotencyKey()
        .Takes<NewAdjustment>("""{ "points": -20, "reason": "重复录入的活动" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.TextInvalid, KnownProblems.CommandIdReused, KnownProblems.Find("insufficient_points")!,
            KnownProblems.Find("balance_limit")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var (points, reason) = Read(new JsonMembers(body.RootElement));
        return await direct.Send(context, new()
        {
            Community = community,
            Resident = id,
            Key = key,
            Command = new AdjustPoints(points),
            Note = Notes.New(reason),
        });
    }

    private static (Points Points, string Reason) Read(JsonMembers members)
    {
        var points = members.SignedPoints("points");
        var reason = members.ShortText("reason", Notes.ReasonCharactersMax);
        members.NothingElse("points", "reason");
        return (points, reason);
    }
}
