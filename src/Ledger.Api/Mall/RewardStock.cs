using System.Text.Json.Nodes;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Stocks;
using Ledger.Grains.Stores;
using Ledger.Stocks;

namespace Ledger.Api.Mall;

/// <summary>How many of a limited reward there are.</summary>
/// <param name="Left">How many can be redeemed.</param>
/// <param name="Reserved">How many are kept for redemptions that are under way, or wait for their cash.</param>
/// <param name="Sold">How many were redeemed and have not come back.</param>
public sealed record StockView(long Left, long Reserved, long Sold)
{
    internal static StockView Of(StockLevel level) => new(level.Left, level.Reserved, level.Sold);
}

/// <summary>What is sent when some came in, or went out by hand.</summary>
/// <param name="Change">How many; less than zero for out. Not zero, at most 1,000,000,000 either way.</param>
public sealed record NewStockChange(long Change);

internal static class RewardStock
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Read)
        .Allow(Policies.Operate)
        .Describe("readStock", "Mall", "How many of a reward there are", "All three numbers together are what was put in.")
        .Gives<StockView>(StatusCodes.Status200OK, "The stock; zeros where nothing was ever put in.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.RewardNotFound);

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Change)
        .Allow(Policies.Operate)
        .Describe(
            "changeStock", "Mall", "Put some of a reward in, or take some out",
            "Counts where the reward is `limited`. What is reserved or sold cannot be taken out. A refusal is final for its Idempotency-Key.")
        .TakesIdempotencyKey()
        .Takes<NewStockChange>("""{ "change": 100 }""")
        .Gives<StockView>(StatusCodes.Status200OK, "The stock after it.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.RewardNotFound,
            KnownProblems.MemberMissing, KnownProblems.QuantityInvalid, KnownProblems.CommandIdReused, KnownProblems.StockTooSmall, KnownProblems.Busy);

    private static async Task<IResult> Read(HttpContext context, string id, IRewards rewards, CommunityScope scope, LimitedRewards limited)
    {
        var community = await scope.Of(context);
        var reward = (await SeenReward.Find(rewards, community, SeenReward.Id(id), context.RequestAborted)).Id;
        return Answers.Ok(StockView.Of(await limited.Read(community, reward)), ApiJson.Web.StockView);
    }

    private static async Task<IResult> Change(HttpContext context, string id, IRewards rewards, CommunityScope scope, LimitedRewards limited)
    {
        var community = await scope.Of(context);
        var key = IdempotencyKey.Of(context);
        var reward = (await SeenReward.Find(rewards, community, SeenReward.Id(id), context.RequestAborted)).Id;
        using var body = await RequestBody.ReadObject(context);
        var recorded = await limited.Change(community, reward, ChangeOf(new JsonMembers(body.RootElement)), key) as StockResult.Recorded
            ?? throw IdempotencyKey.Reused(key);
        CommandAnswer.Mark(context, recorded.Replayed);
        return recorded.Happened is StockRefused refused
            ? new ProblemResult(TooFew(reward, refused, context.Request.Language()))
            : Answers.Ok(StockView.Of(recorded.Happened.After), ApiJson.Web.StockView);
    }

    private static long ChangeOf(JsonMembers members)
    {
        var change = members.Required("change");
        members.NothingElse("change");
        return change.ValueKind == System.Text.Json.JsonValueKind.Number && change.TryGetInt64(out var number)
            && number is not 0 and >= -Stock.ChangeMax and <= Stock.ChangeMax
                ? number
                : throw JsonMembers.Wrong(
                    KnownProblems.QuantityInvalid, members.At("change"), $"must be a whole number, not 0 and at most {Stock.ChangeMax} either way");
    }

    private static Problem TooFew(RewardId reward, StockRefused refused, Language language) => new(
        KnownProblems.StockTooSmall,
        language,
        language.Say(
            $"{refused.After.Left} of '{reward}' are left, {refused.Requested} were to be taken out.",
            $"奖品“{reward}”剩余 {refused.After.Left} 件，不能减去 {refused.Requested} 件。"))
    {
        Members = new JsonObject { ["reward"] = reward.Value, ["left"] = refused.After.Left, ["requested"] = refused.Requested },
    };
}
