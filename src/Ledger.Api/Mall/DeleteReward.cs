using Ledger.Api.Communities;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Mall;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Mall;

internal static class DeleteReward
{
    public static void MapDelete(IEndpointRouteBuilder routes, string pattern) => routes
        .MapDelete(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "deleteReward", "Mall", "Withdraw a reward",
            "It is offered no longer, on other silos up to 45 seconds later; what was redeemed is handed over as before. Put it again to offer it again.")
        .TakesIfMatch()
        .GivesNothing(StatusCodes.Status204NoContent, "It is withdrawn.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.RewardNotFound, KnownProblems.PreconditionFailed, KnownProblems.PreconditionRequired,
            KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(HttpContext context, string id, IRewards rewards, IMall mall, CommunityScope scope, IClock clock)
    {
        var found = await SeenReward.Find(rewards, await scope.Of(context), SeenReward.Id(id), context.RequestAborted);
        SeenReward.MustBeSeen(context, found);
        var withdrawn = found with
        {
            Revision = found.Revision + 1,
            Withdrawn = true,
            ChangedBy = context.Caller().Client,
            ChangedAt = clock.GetCurrentInstant(),
        };
        await SeenReward.Change(rewards, mall, withdrawn, context.RequestAborted);
        return TypedResults.NoContent();
    }
}
