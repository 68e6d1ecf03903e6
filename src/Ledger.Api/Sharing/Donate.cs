using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Sharing;

/// <summary>What is sent to donate points.</summary>
/// <param name="Fund">Which fund; one that the programme names.</param>
/// <param name="Points">How many, 1 to 2^53−1.</param>
public sealed record NewDonation(string Fund, long Points);

internal static class Donate
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe("donate", "Sharing", "Give points to a fund of the community", "All or nothing, and final: a donation is not taken back.")
        .TakesIdempotencyKey()
        .Takes<NewDonation>("""{ "fund": "charity", "points": 20 }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.ResidentNotGranted, KnownProblems.CommandIdReused, KnownProblems.Find("unknown_fund")!, KnownProblems.Find("insufficient_points")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var command = new DonatePoints(new(members.Identifier("fund")), members.Points("points"));
        members.NothingElse("fund", "points");
        return await direct.Send(context, new() { Community = community, Resident = id, Key = key, Command = command });
    }
}
