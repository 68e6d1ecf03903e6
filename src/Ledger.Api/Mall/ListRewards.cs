using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Mall;
using Ledger.Rewards;

namespace Ledger.Api.Mall;

internal static class ListRewards
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Browse)
        .Describe("listRewards", "Mall", "What the mall offers", "Also what is not offered yet, or no longer: `from` and `until` say so. `?category=` for one category.")
        .Gives<RewardList>(StatusCodes.Status200OK, "Rewards by id.")
        .Fails(KnownProblems.CategoryUnknown);

    public static void MapGetForResident(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, HandleForResident)
        .Allow(Policies.ReadResident)
        .Describe(
            "listRewardsForResident", "Mall", "What the mall offers a resident",
            "Each at the price of the resident's tier, with everything that stands between the resident and the reward; no obstacle: it can be redeemed now.")
        .Gives<RewardList>(StatusCodes.Status200OK, "Rewards by id.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.CategoryUnknown);

    private static async Task<IResult> Handle(HttpContext context, string? category, CommunityScope scope, IMall mall, LimitedRewards limited)
    {
        var community = await scope.Of(context);
        var book = await mall.Of(community);
        var language = context.Request.Language();
        var views = Of(book, category).Select(async reward => RewardView.Of(reward, language) with { Left = await limited.LeftOf(community, reward) });
        return Answers.Ok(new RewardList(await Task.WhenAll(views)), ApiJson.Web.RewardList);
    }

    private static async Task<IResult> HandleForResident(
        HttpContext context, string resident, string? category, CommunityScope scope, IMall mall, Shopper shoppers)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var book = await mall.Of(community);
        var look = await shoppers.Of(community, id);
        var language = context.Request.Language();
        return Answers.Ok(new RewardList(await Task.WhenAll(Of(book, category).Select(reward => look.Of(reward, 1, language)))), ApiJson.Web.RewardList);
    }

    private static IEnumerable<Reward> Of(RewardBook book, string? category)
    {
        RewardCategory? wanted = category is null ? null
            : RewardReader.Categories.TryGetValue(category, out var known) ? known
            : throw new RequestRefusedException(
                KnownProblems.CategoryUnknown, $"category must be one of {string.Join(", ", RewardReader.Categories.Keys)}.");
        return book.All.Where(reward => wanted is null || reward.Category == wanted).OrderBy(reward => reward.Id.Value, StringComparer.Ordinal);
    }
}
