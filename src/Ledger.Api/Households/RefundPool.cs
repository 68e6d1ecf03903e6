using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Households;

namespace Ledger.Api.Households;

internal static class RefundPool
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Refund)
        .Describe(
            "refundPooledSpend", "Households", "Refund a pooled spend, wholly or in part",
            "At any till of the merchant. Points return to those who paid, in proportion to their shares, and to the lots that paid. However it is split, each gets back the "
            + "same in the end. Send {} for all that is left.")
        .TakesIdempotencyKey()
        .Takes<NewRefund>("""{ "points": 10, "terminal": "t-2", "cashier": "c-9" }""")
        .Gives<PooledSpendView>(StatusCodes.Status200OK, "The spend after it.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.PointsInvalid, KnownProblems.IdentifierInvalid,
            KnownProblems.MerchantNotGranted, KnownProblems.TerminalNotGranted, KnownProblems.TerminalRequired, KnownProblems.PooledSpendNotFound, KnownProblems.CommandIdReused, KnownProblems.HouseholdBusy,
            KnownProblems.PooledSpendNotCaptured, KnownProblems.PooledRefundExceeds, KnownProblems.Find("unknown_terminal")!, KnownProblems.UnderWay, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string household, string number, CommunityScope scope, HouseholdBook book, IMerchants merchants)
    {
        var (id, sequence, key) = (HouseholdPath.Household(household), HouseholdPath.Spend(number), IdempotencyKey.Of(context));
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context);
        var (points, till) = Refund.Read(context, new JsonMembers(body.RootElement));
        SalePath.MustBeOf(context, (await book.ReadSpend(community, id, sequence, context.RequestAborted)).Opened.Reference.Merchant);
        var command = new RefundTogether(sequence, points, till.Terminal, till.Cashier);
        if (await AtTill.NotGranted(context, community, till.Terminal, isNeeded: true, merchants) is { } lacking
            && !await book.IsKnown(community, id, command, key, context.RequestAborted))
        {
            return new ProblemResult(lacking);
        }

        var (spend, why, replayed) = await book.Refund(community, id, command, key);
        CommandAnswer.Mark(context, replayed);
        return spend is not null
            ? Answers.Ok(PooledSpendView.Of(id, spend, context.Caller().IsOnlyMerchant), ApiJson.Web.PooledSpendView)
            : new ProblemResult(HouseholdWords.ProblemOf(why!, context.Request.Language()));
    }
}
