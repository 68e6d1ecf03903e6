using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Rewards;
using Ledger.Wallets;

namespace Ledger.Api.Mall;

/// <summary>What is sent to make an appointment.</summary>
/// <param name="Slot">When.</param>
public sealed record NewBooking(NodaTime.Instant Slot);

/// <summary>What is sent when a reward is picked up.</summary>
/// <param name="Code">What the resident shows. Only an operator may leave it out.</param>
public sealed record NewPickup(string? Code);

/// <summary>The steps on which a redeemed reward comes to the resident.</summary>
internal static class Fulfil
{
    public static void MapPay(IEndpointRouteBuilder routes, string pattern) =>
        Map(routes, pattern, Policies.HandOver, RedemptionStep.Pay, "payRedemption", "The cash was paid", "The points that were set aside are taken.");

    public static void MapReady(IEndpointRouteBuilder routes, string pattern) =>
        Map(routes, pattern, Policies.Serve, RedemptionStep.Ready, "readyRedemption", "It can be picked up, or is on its way", "");

    public static void MapDeliver(IEndpointRouteBuilder routes, string pattern) =>
        Map(routes, pattern, Policies.Serve, RedemptionStep.Deliver, "deliverRedemption", "It was given, or has arrived", "The end.");

    public static void MapNoShow(IEndpointRouteBuilder routes, string pattern) =>
        Map(routes, pattern, Policies.Serve, RedemptionStep.NoShow, "noShowRedemption", "The resident did not come to the appointment", "Once its time has come. The end; it still counts towards limits.");

    public static void MapBook(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Book)
        .Allow(Policies.HandOver)
        .Describe("bookRedemption", "Mall", "Make or move the appointment", "It must lie ahead. An app moves it no longer than it could cancel it.")
        .TakesIdempotencyKey()
        .Takes<NewBooking>("""{ "slot": "2027-01-12T09:30:00+08:00" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails([.. OfAll, KnownProblems.MemberMissing, KnownProblems.TimeInvalid, KnownProblems.Find("cancellation_not_allowed")!]);

    public static void MapPickUp(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, PickUp)
        .Allow(Policies.Serve)
        .Describe(
            "pickUpRedemption", "Mall", "It is picked up at the counter",
            "With the code that the resident shows. After five wrong ones only an operator can hand it over, who sends {}.")
        .TakesIdempotencyKey()
        .Takes<NewPickup>("""{ "code": "048213" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails([.. OfAll, KnownProblems.MemberMissing, KnownProblems.Find("wrong_pickup_code")!, KnownProblems.Find("pickup_code_locked")!]);

    public static void MapCancel(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Cancel)
        .Allow(Policies.HandOver)
        .Describe(
            "cancelRedemption", "Mall", "Cancel a redemption",
            "By the rules that the reward had when it was redeemed: who may, until when, and which share of the points comes back, to the lots that paid. "
            + "An app cancels for the resident, a merchant and an operator for themselves.")
        .TakesIdempotencyKey()
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt; `refunded` or `released` is what came back.")
        .Fails([.. OfAll, KnownProblems.Find("cancellation_not_allowed")!, KnownProblems.Find("balance_limit")!]);

    private static KnownProblem[] OfAll =>
    [
        KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MerchantNotGranted, KnownProblems.RedemptionNotFound,
        KnownProblems.CommandIdReused, KnownProblems.Find("redemption_step_not_allowed")!, KnownProblems.Busy,
    ];

    private static void Map(
        IEndpointRouteBuilder routes, string pattern, Access access, RedemptionStep step, string name, string summary, string description) => routes
            .MapPost(pattern, (HttpContext context, string id, RedemptionCommand redemptions) =>
                redemptions.Send(context, RedemptionPath.Id(id), new FulfilRedemption(RedemptionPath.Id(id), step)))
            .Allow(access)
            .Describe(name, "Mall", summary, description)
            .TakesIdempotencyKey()
            .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
            .Fails(OfAll);

    private static async Task<IResult> Book(HttpContext context, string id, RedemptionCommand redemptions)
    {
        var redemption = RedemptionPath.Id(id);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var slot = members.Time("slot");
        members.NothingElse("slot");
        return await redemptions.Send(context, redemption, new FulfilRedemption(redemption, RedemptionStep.Book, slot, By: PartyOf(context)));
    }

    private static async Task<IResult> PickUp(HttpContext context, string id, RedemptionCommand redemptions)
    {
        var redemption = RedemptionPath.Id(id);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var code = context.Caller().Is(Roles.Operator) ? members.OptionalText("code") : members.Text("code");
        members.NothingElse("code");
        return await redemptions.Send(context, redemption, new FulfilRedemption(redemption, RedemptionStep.PickUp, Code: code));
    }

    private static Task<IResult> Cancel(HttpContext context, string id, RedemptionCommand redemptions)
    {
        var redemption = RedemptionPath.Id(id);
        return redemptions.Send(context, redemption, new CancelRedemption(redemption, PartyOf(context)));
    }

    private static Party PartyOf(HttpContext context) => context.Caller().Is(Roles.Operator) ? Party.Operator
        : context.Caller().Is(Roles.App) ? Party.Resident
        : Party.Merchant;
}
