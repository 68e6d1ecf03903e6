using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Approvals;

/// <summary>What is sent to approve or reject an entry.</summary>
/// <param name="Reason">Why, 1 to 500 characters; may be absent. Kept beside the journal, can be erased; the journal holds a salted digest.</param>
public sealed record NewDecision(string? Reason);

internal static class Decide
{
    public static void MapApprove(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        of => new ApproveEntry(of),
        "approve",
        "Approve an award or a proposed adjustment",
        "By a second person: the client that calls must be neither the one that entered it nor named by it. It counts from now on. The body may be left out.",
        KnownProblems.Find("approval_own_entry")!, KnownProblems.Find("approver_share_exceeded")!,
        KnownProblems.Find("insufficient_points")!, KnownProblems.Find("balance_limit")!);

    public static void MapReject(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        of => new RejectEntry(of),
        "reject",
        "Reject an award or a proposed adjustment",
        "The points of an award are taken back, and caps get their room back as after a reversal. Also whoever entered it may take it back so.");

    private static void Map(
        IEndpointRouteBuilder routes,
        string pattern,
        Func<CommandKey, WalletCommand> command,
        string operation,
        string summary,
        string description,
        params ReadOnlySpan<KnownProblem> refusals) => routes
        .MapPost(pattern, (HttpContext context, string resident, string number, DirectCommand direct, IJournal journal) =>
            Handle(context, resident, number, direct, journal, command))
        .Allow(Policies.Operate)
        .Describe(operation, "Approvals", summary, description)
        .TakesIdempotencyKey()
        .Takes<NewDecision>("""{ "reason": "与签到表一致" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
        [
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.TextInvalid, KnownProblems.TransactionNotFound,
            KnownProblems.CommandIdReused, KnownProblems.Find("not_awaiting_approval")!, KnownProblems.Find("approval_already_decided")!,
            .. refusals, KnownProblems.Busy,
        ]);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string number, DirectCommand direct, IJournal journal, Func<CommandKey, WalletCommand> command)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObjectIfAny(context);
        var members = new JsonMembers(body.RootElement);
        var reason = members.OptionalShortText("reason", Notes.ReasonCharactersMax);
        members.NothingElse("reason");
        var entry = await journal.ReadOne(community, id, ResidentPath.Transaction(number), context.RequestAborted);
        return await direct.Send(context, new()
        {
            Community = community,
            Resident = id,
            Key = key,
            Command = command(entry.Key),
            Note = reason is null ? null : Notes.New(reason),
        });
    }
}
