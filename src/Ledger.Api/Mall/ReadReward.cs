using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Mall;

internal static class ReadReward
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Browse)
        .Describe("readReward", "Mall", "One reward", "With its `ETag`; operators also read it as it was written.")
        .Gives<RewardView>(StatusCodes.Status200OK, "The reward.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.RewardNotFound);

    private static async Task<IResult> Handle(HttpContext context, string id, IRewards rewards, CommunityScope scope, LimitedRewards limited)
    {
        var community = await scope.Of(context);
        var found = await SeenReward.Find(rewards, community, SeenReward.Id(id), context.RequestAborted);
        var reward = SeenReward.Checked(found);
        SeenReward.Tag(context, found.Revision);
        var language = context.Request.Language();
        var view = context.Caller().Is(Roles.Operator) ? RewardView.Of(reward, found, language) : RewardView.Of(reward, language);
        return Answers.Ok(view with { Left = await limited.LeftOf(community, reward) }, ApiJson.Web.RewardView);
    }
}
