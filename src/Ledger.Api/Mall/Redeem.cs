using System.Globalization;
using System.Security.Cryptography;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>What is sent to redeem a reward.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Quantity">How many, 1 to 100. Default: 1.</param>
/// <param name="For">Whom it is for, such as the holder of a health card; an opaque id. Default: the resident.</param>
public sealed record NewRedemption(string Reward, int? Quantity, string? For);

internal static class Redeem
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Redeem)
        .Describe(
            "redeem", "Mall", "Redeem a reward for points",
            "The price, the tier's included, is what the mall asks at this moment, and stays so for this redemption. Where cash is to be paid the points are "
            + "set aside until `pay` says that it was. A refusal is final for its Idempotency-Key.")
        .TakesIdempotencyKey()
        .Takes<NewRedemption>("""{ "reward": "tea-box", "quantity": 1 }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt; `redemption` is the id for everything that follows.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.QuantityInvalid,
            KnownProblems.IdentifierInvalid, KnownProblems.CommandIdReused, KnownProblems.Find("reward_not_offered")!,
            KnownProblems.Find("reward_tier_required")!, KnownProblems.Find("reward_limit_reached")!, KnownProblems.Find("too_many_redemptions")!, KnownProblems.RewardSoldOut,
            KnownProblems.Find("insufficient_points")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct, LimitedRewards limited)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var command = Read(new JsonMembers(body.RootElement), RedemptionId.Of(key.HashIn(community)));
        return await limited.Redeem(
            context, command, new() { Community = community, Resident = id, Key = key, Command = command, PickupCode = NewCode() });
    }

    private static RedeemReward Read(JsonMembers members, RedemptionId redemption)
    {
        var reward = new RewardId(members.Identifier("reward"));
        var quantity = RedemptionPath.Quantity(members);
        var whom = members.OptionalIdentifier("for") is { } text ? new ResidentId(text) : null as ResidentId?;
        members.NothingElse("reward", "quantity", "for");
        return new(reward, quantity, redemption, whom);
    }

    private static string NewCode() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}
