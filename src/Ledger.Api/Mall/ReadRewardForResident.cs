using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;

namespace Ledger.Api.Mall;

internal static class ReadRewardForResident
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe(
            "readRewardForResident", "Mall", "Why can I not have this?",
            "The reward at the price of the resident's tier, with everything that stands in the way, each with its numbers: missing points, a limit and when "
            + "it resets, the tier, none left, not yet or no longer offered. No obstacle: redeeming it now is accepted. `?quantity=` for several.")
        .Gives<RewardView>(StatusCodes.Status200OK, "The reward with its `obstacles`.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.RewardNotFound, KnownProblems.QuantityInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string id, string? quantity, CommunityScope scope, Shopper shoppers)
    {
        var (who, reward) = (ResidentPath.Resident(resident), SeenReward.Id(id));
        var look = await shoppers.Of(await scope.Of(context), who);
        return look.Rewards.Find(reward) is { } found
            ? Answers.Ok(await look.Of(found, RedemptionPath.Quantity(quantity), context.Request.Language()), ApiJson.Web.RewardView)
            : throw SeenReward.NotFound();
    }
}
