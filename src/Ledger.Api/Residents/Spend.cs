using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to spend points.</summary>
/// <param name="Merchant">Who is owed for them.</param>
/// <param name="Points">How many, 1 to 2^53−1.</param>
/// <param name="Terminal">The till.</param>
/// <param name="Cashier">Who serves; an opaque id.</param>
public sealed record NewSpend(string Merchant, long Points, string? Terminal, string? Cashier);

internal static class Spend
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Spend)
        .Describe(
            "spend", "Residents", "Spend points at a merchant",
            "All or nothing. The first to expire pay first. A refusal is final for its Idempotency-Key. For apps: a till sends a hold with a paycode.")
        .TakesIdempotencyKey()
        .Takes<NewSpend>("""{ "merchant": "tea-house", "points": 30 }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotGranted, KnownProblems.PaycodeRequired, KnownProblems.TerminalNotGranted, KnownProblems.CommandIdReused,
            KnownProblems.Find("resident_erased")!, KnownProblems.Find("wallet_closed")!,
            KnownProblems.Find("wallet_frozen")!, KnownProblems.Find("merchant_suspended")!, KnownProblems.Find("unknown_terminal")!, KnownProblems.Find("insufficient_points")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var command = Read(context, new JsonMembers(body.RootElement));
        return await direct.Send(
            context,
            new() { Community = community, Resident = id, Key = key, Command = command },
            DirectCommand.NotNamingResidents(context, command.Merchant));
    }

    private static SpendPoints Read(HttpContext context, JsonMembers members)
    {
        var merchant = members.Merchant("merchant");
        var points = members.Points("points");
        var till = AtTill.Read(context, members);
        members.NothingElse("merchant", "points", "terminal", "cashier");
        return new(merchant, points, till.Terminal, till.Cashier);
    }
}
