using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>What is sent to take points of a hold.</summary>
/// <param name="Points">How many, 1 to 2^53−1. Default: all that is still held.</param>
/// <param name="Final">Whether the rest is given back. Default: true.</param>
/// <param name="Terminal">The till. Default: that of the hold.</param>
/// <param name="Cashier">Who serves; an opaque id. Default: that of the hold.</param>
public sealed record NewCapture(long? Points, bool? Final, string? Terminal, string? Cashier);

internal static class CaptureHold
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Sell)
        .Describe(
            "captureHold", "Merchants", "Take points that were set aside, wholly or in part",
            "The rest is given back, unless `final` is false: then more can be captured until the time limit. Send {} for all that is held.")
        .TakesIdempotencyKey()
        .Takes<NewCapture>("""{ "points": 25 }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.PointsInvalid,
            KnownProblems.MerchantNotGranted, KnownProblems.TerminalNotGranted, KnownProblems.ReferenceNotFound, KnownProblems.CommandIdReused, KnownProblems.SaleIsPooled,
            KnownProblems.Find("hold_not_found")!, KnownProblems.Find("reference_voided")!, KnownProblems.Find("hold_ended")!,
            KnownProblems.Find("capture_exceeds_hold")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string id, HoldCommand holds)
    {
        var hold = SalePath.Hold(id);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var till = AtTill.Read(context, members);
        var command = new Ledger.Wallets.CaptureHold(
            hold, members.OptionalPoints("points"), members.OptionalFlag("final") ?? true, till.Terminal, till.Cashier);
        members.NothingElse("points", "final", "terminal", "cashier");
        return await holds.Send(context, hold, command);
    }
}
