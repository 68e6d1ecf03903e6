using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Mall;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Mall;

internal static class PutReward
{
    private const string Example = """
        { "kind": "goods", "category": "shops", "merchant": "tea-house",
          "names": { "zh-CN": "龙井茶礼盒", "en": "Longjing tea gift box" },
          "price": { "points": 120, "cash": { "amount": 990, "currency": "CNY" } },
          "limits": [ { "per": "month", "max": 2 } ],
          "handover": "pick_up" }
        """;

    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "putReward", "Mall", "Offer a reward, or write it anew",
            "A reward that is offered needs `If-Match`; a new id, or one that is withdrawn, takes none, so that nobody offers again what was withdrawn meanwhile. A change counts for what is redeemed from now on, "
            + "on other silos up to 45 seconds later; what was redeemed keeps its price and its rules. See docs/mall.md for all members.")
        .TakesIfMatchForChanges()
        .Takes<NewReward>(Example)
        .Gives<RewardView>(StatusCodes.Status200OK, "The reward, with its new `ETag`.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.RewardInvalid, KnownProblems.TooManyRewards,
            KnownProblems.PreconditionFailed, KnownProblems.PreconditionRequired, KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(HttpContext context, string id, IRewards rewards, IMall mall, CommunityScope scope, IClock clock)
    {
        var reward = SeenReward.Id(id);
        var community = await scope.Of(context);
        var found = await rewards.FindReward(community, reward, context.RequestAborted);
        SeenReward.MustBeSeen(context, found);
        using var body = await RequestBody.ReadObject(context);
        var written = new StoredReward(
            community, reward, (found?.Revision ?? 0) + 1, body.RootElement.GetRawText(), false, context.Caller().Client, clock.GetCurrentInstant());
        var read = SeenReward.Checked(written);
        await Write(context, rewards, mall, found, written);
        SeenReward.Tag(context, written.Revision);
        return Answers.Ok(RewardView.Of(read, written, context.Request.Language()), ApiJson.Web.RewardView);
    }

    private static async Task Write(HttpContext context, IRewards rewards, IMall mall, StoredReward? found, StoredReward written)
    {
        if (found is not null)
        {
            await SeenReward.Change(rewards, mall, written, context.RequestAborted);
            return;
        }

        if (!await rewards.AddReward(written, context.RequestAborted))
        {
            throw await rewards.FindReward(written.Community, written.Id, context.RequestAborted) is null
                ? new RequestRefusedException(KnownProblems.TooManyRewards, $"The community has {StoredReward.CountMax} rewards, withdrawn ones among them.")
                : new RequestRefusedException(KnownProblems.PreconditionFailed, "Somebody else has added this reward at the same moment.");
        }

        mall.Refresh();
    }
}

/// <summary>What is sent to offer a reward.</summary>
/// <param name="Kind"><c>goods</c>, <c>service</c>, <c>voucher</c>, <c>health_card</c> or <c>charity_wish</c>.</param>
/// <param name="Category"><c>health</c>, <c>elder_care</c>, <c>education</c>, <c>shops</c>, <c>property</c>, <c>club</c> or <c>charity</c>.</param>
/// <param name="Merchant">Who is owed for it and hands it over.</param>
/// <param name="Names">Its name by language tag.</param>
/// <param name="Texts">Its text by language tag.</param>
/// <param name="Images">Pictures, at most 10 https addresses.</param>
/// <param name="Price">What one costs: 1 to 10^12 points, and perhaps cash.</param>
/// <param name="TierPrices">What one costs the holders of tiers, by the id of the tier.</param>
/// <param name="Tiers">The tiers that may redeem it. Default: everybody.</param>
/// <param name="From">The first moment at which it is offered. Default: always.</param>
/// <param name="Until">The first moment at which it is no longer offered. Default: never.</param>
/// <param name="Limits">How many a resident may redeem in a period.</param>
/// <param name="Limited">Whether there are only as many as its stock has. Default: any number.</param>
/// <param name="Handover"><c>pick_up</c>, <c>appointment</c> or <c>delivery</c>.</param>
/// <param name="HoldMinutes">Minutes within which cash must be paid, 1 to 4320. Default: 1440.</param>
/// <param name="Cancellation">What may be cancelled. Default: everything before it is given, by anybody, for all of the points.</param>
public sealed record NewReward(
    string Kind,
    string Category,
    string Merchant,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyDictionary<string, string>? Texts,
    IReadOnlyList<string>? Images,
    PriceView Price,
    IReadOnlyDictionary<string, PriceView>? TierPrices,
    IReadOnlyList<string>? Tiers,
    Instant? From,
    Instant? Until,
    IReadOnlyList<RewardLimitView>? Limits,
    bool? Limited,
    string Handover,
    int? HoldMinutes,
    IReadOnlyList<NewCancellationRule>? Cancellation);

/// <summary>What may be cancelled where a redemption stands.</summary>
/// <param name="Status"><c>placed</c>, <c>ready</c> or <c>booked</c>.</param>
/// <param name="By"><c>resident</c>, <c>merchant</c>, <c>operator</c>.</param>
/// <param name="BasisPoints">The share of the points that comes back, in ten-thousandths; a fraction of a point is dropped. Default: 10000.</param>
/// <param name="WithinMinutes">Only so many minutes after it was redeemed.</param>
/// <param name="BeforeSlotMinutes">Only until so many minutes before the appointment; for <c>booked</c>.</param>
/// <param name="KeepsStock">Whether what it took of a limited stock does not go back. Default: it goes back.</param>
public sealed record NewCancellationRule(
    string Status, IReadOnlyList<string> By, int? BasisPoints, int? WithinMinutes, int? BeforeSlotMinutes, bool? KeepsStock);
