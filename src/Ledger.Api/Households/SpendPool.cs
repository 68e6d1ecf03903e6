using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Households;

namespace Ledger.Api.Households;

/// <summary>What is sent to spend points of several members together.</summary>
/// <param name="Resident">Who buys, and pays first; a member.</param>
/// <param name="Merchant">The merchant.</param>
/// <param name="Reference">The merchant's own name for the sale: it stands for this spend for ever.</param>
/// <param name="Points">How many, 1 to 2^53−1.</param>
/// <param name="Terminal">The till.</param>
/// <param name="Cashier">Who serves; an opaque id.</param>
public sealed record NewPooledSpend(string Resident, string Merchant, string Reference, long Points, string? Terminal, string? Cashier);

internal static class SpendPool
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.SpendTogether)
        .Describe(
            "spendTogether", "Households", "Spend points of several members of a household",
            "All or nothing. The buyer pays first, then the others in the order in which they joined, each within the own consent. The merchant sees one sale.")
        .TakesIdempotencyKey()
        .Takes<NewPooledSpend>("""{ "resident": "r-1001", "merchant": "tea-house", "reference": "sale-18", "points": 60 }""")
        .Gives<PooledSpendView>(StatusCodes.Status200OK, "Every share was captured.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.HouseholdNotFound, KnownProblems.CommandIdReused, KnownProblems.Find("reference_reused")!, KnownProblems.NotAMember, KnownProblems.HouseholdBusy, KnownProblems.PoolTooSmall,
            KnownProblems.ShareRefused, KnownProblems.PoolNotInTime, KnownProblems.Find("not_in_household")!, KnownProblems.Find("wallet_frozen")!,
            KnownProblems.Find("wallet_closed")!, KnownProblems.Find("resident_erased")!, KnownProblems.Find("merchant_suspended")!, KnownProblems.Find("unknown_terminal")!,
            KnownProblems.UnderWay, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string household, CommunityScope scope, HouseholdBook book)
    {
        var (id, key) = (HouseholdPath.Household(household), IdempotencyKey.Of(context));
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context);
        var command = Read(context, new JsonMembers(body.RootElement));
        var (spend, why, replayed) = await book.Spend(community, id, command, key);
        CommandAnswer.Mark(context, replayed);
        return spend is not null
            ? Answers.Ok(PooledSpendView.Of(id, spend, isMerchant: false), ApiJson.Web.PooledSpendView)
            : new ProblemResult(HouseholdWords.ProblemOf(why!, context.Request.Language()));
    }

    private static SpendTogether Read(HttpContext context, JsonMembers members)
    {
        var (resident, reference) = (members.Resident("resident"), new MerchantReference(members.Merchant("merchant"), members.Identifier("reference")));
        var (points, till) = (members.Points("points"), AtTill.Read(context, members));
        members.NothingElse("resident", "merchant", "reference", "points", "terminal", "cashier");
        return new(resident, reference, points, till.Terminal, till.Cashier);
    }
}
