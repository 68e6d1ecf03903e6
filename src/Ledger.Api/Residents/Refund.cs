using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to refund a spend.</summary>
/// <param name="Points">How many, 1 to 2^53−1. Default: all that is left of the spend.</param>
public sealed record NewRefund(long? Points);

internal static class Refund
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Refund)
        .Describe(
            "refund", "Residents", "Refund a spend, wholly or in part",
            "Points return to the lots that paid, with their dates. Send {} for all that is left.")
        .TakesIdempotencyKey()
        .Takes<NewRefund>("""{ "points": 10 }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.PointsInvalid,
            KnownProblems.IdentifierInvalid, KnownProblems.MerchantNotGranted, KnownProblems.TerminalNotGranted, KnownProblems.TerminalRequired, KnownProblems.TransactionNotFound, KnownProblems.CommandIdReused,
            KnownProblems.Find("not_a_spend")!, KnownProblems.Find("share_of_pool")!, KnownProblems.Find("unknown_terminal")!, KnownProblems.Find("refund_exceeds_spend")!, KnownProblems.Find("balance_limit")!,
            KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, string number, DirectCommand direct, IJournal journal)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var (points, till) = Read(context, new JsonMembers(body.RootElement));
        var spend = await journal.ReadOne(community, id, ResidentPath.Transaction(number), context.RequestAborted);
        if (spend is { Outcome: Transaction.Accepted, RefersTo: { } hold } && spend.ToTransaction().Events.Any(happened => happened is HoldCaptured))
        {
            // The captures of a hold are one redemption: the hold's.
            spend = await journal.ReadOne(community, id, hold, context.RequestAborted);
        }

        return await direct.Send(
            context,
            new() { Community = community, Resident = id, Key = key, Command = new RefundSpend(spend.Key, points, till.Terminal, till.Cashier) },
            DirectCommand.NotActingAs(context, MerchantOf(spend)));
    }

    /// <summary>How many points, null for all that is left, and at which till.</summary>
    public static (Points? Points, AtTill Till) Read(HttpContext context, JsonMembers members)
    {
        var points = members.OptionalPoints("points");
        var till = AtTill.Read(context, members);
        members.NothingElse("points", "terminal", "cashier");
        return (points, till);
    }

    private static MerchantId? MerchantOf(JournalRow row)
    {
        var transaction = row.ToTransaction();
        return transaction.Events.OfType<PointsSpent>().FirstOrDefault()?.Merchant ?? transaction.Reference?.Merchant;
    }
}
