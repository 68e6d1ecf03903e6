using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Sharing;

/// <summary>What is sent to give points to another resident.</summary>
/// <param name="To">Who gets them; a resident with a wallet.</param>
/// <param name="Points">How many, 1 to 2^53−1.</param>
/// <param name="Message">Words to the receiver, 1 to 500 characters. Kept beside the journal, can be erased. Default: none.</param>
public sealed record NewGift(string To, long Points, string? Message);

internal static class Give
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe(
            "give", "Sharing", "Give points to another resident",
            "They leave at once, and arrive at `deliverAt` with the dates that they have. Until then they can be taken back. What the receiver's wallet cannot take in comes back by itself.")
        .TakesIdempotencyKey()
        .Takes<NewGift>("""{ "to": "r-1002", "points": 20, "message": "谢谢你" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt. `transaction` is the number of the gift.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.TextInvalid, KnownProblems.ResidentNotGranted, KnownProblems.CommandIdReused, KnownProblems.Find("gifts_not_offered")!, KnownProblems.Find("gift_to_self")!,
            KnownProblems.Find("receiver_unknown")!, KnownProblems.Find("gift_outside_household")!, KnownProblems.Find("gift_limit_exceeded")!, KnownProblems.Find("insufficient_points")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct, PromptErrands errands)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var command = new GivePoints(members.Resident("to"), members.Points("points"));
        var message = members.OptionalShortText("message", Notes.ReasonCharactersMax);
        members.NothingElse("to", "points", "message");
        var answer = await direct.Send(context, new()
        {
            Community = community,
            Resident = id,
            Key = key,
            Command = command,
            Note = message is null ? null : Notes.New(message),
        });
        await errands.Do(community, id);
        return answer;
    }
}
