using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Wallets;

namespace Ledger.Api.Sharing;

/// <summary>Where a resident's points go when they expire.</summary>
/// <param name="Fund">The fund; absent for nowhere.</param>
public sealed record ExpiryChoice(string? Fund);

internal static class ChooseExpiryFund
{
    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe(
            "chooseExpiry", "Sharing", "Choose where points go when they expire",
            "Send a fund that the programme names, or {} for nowhere. It counts for what expires from now on.")
        .TakesIdempotencyKey()
        .Takes<ExpiryChoice>("""{ "fund": "charity" }""")
        .Gives<ExpiryChoice>(StatusCodes.Status200OK, "What is chosen now.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted,
            KnownProblems.CommandIdReused, KnownProblems.Find("unknown_fund")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct, StandingCommand standing)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var fund = members.OptionalIdentifier("fund");
        members.NothingElse("fund");
        var envelope = new CommandEnvelope { Community = community, Resident = id, Key = key, Command = new ChooseExpiry(fund is null ? null : new FundId(fund)) };
        return await standing.Send(context, envelope, state => Answers.Ok(new ExpiryChoice(state.ExpiryFund?.Value), ApiJson.Web.ExpiryChoice));
    }
}
