using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Households;

internal static class ChangeMember
{
    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => Map(
        routes.MapPut(pattern, (HttpContext context, string household, string resident, CommunityScope scope, HouseholdBook book) =>
            Handle(context, household, resident, joins: true, scope, book)),
        "addMember",
        "Add a member to a household",
        "The first one makes the household. A member gives nothing to others before consenting to it. A resident belongs to one household.",
        KnownProblems.HouseholdFull,
        KnownProblems.Find("in_other_household")!,
        KnownProblems.Find("wallet_closed")!,
        KnownProblems.Find("resident_erased")!);

    public static void MapDelete(IEndpointRouteBuilder routes, string pattern) => Map(
        routes.MapDelete(pattern, (HttpContext context, string household, string resident, CommunityScope scope, HouseholdBook book) =>
            Handle(context, household, resident, joins: false, scope, book)),
        "removeMember",
        "Take a member out of a household",
        "The consent ends with it. What was spent before stays, and can still be refunded.");

    private static void Map(RouteHandlerBuilder endpoint, string id, string summary, string description, params KnownProblem[] refusals) => endpoint
        .Allow(Policies.KeepHouseholds)
        .Describe(id, "Households", summary, description)
        .TakesIdempotencyKey()
        .Gives<MemberView>(StatusCodes.Status200OK, "Whether the resident belongs to the household now.")
        .Fails(
            [
                KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.CommandIdReused,
                KnownProblems.HouseholdBusy, KnownProblems.UnderWay, KnownProblems.Busy, .. refusals,
            ]);

    private static async Task<IResult> Handle(
        HttpContext context, string household, string resident, bool joins, CommunityScope scope, HouseholdBook book)
    {
        var (id, member, key) = (HouseholdPath.Household(household), ResidentPath.Resident(resident), IdempotencyKey.Of(context));
        var (refusal, replayed) = await book.Move(await scope.Of(context), id, member, joins, key);
        CommandAnswer.Mark(context, replayed);
        return refusal is null
            ? Answers.Ok(new MemberView(id.Value, member.Value, joins), ApiJson.Web.MemberView)
            : new ProblemResult(refusal(context.Request.Language()));
    }
}
