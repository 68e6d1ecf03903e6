using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Transactions;

namespace Ledger.Api.Residents;

internal static class ListTransactions
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe("listTransactions", "Residents", "A resident's transactions, newest first", "Also refusals, for they have a number too.")
        .Gives<TransactionPage>(StatusCodes.Status200OK, "A page; `Link` with rel=\"next\" leads to the next one.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string? cursor, string? limit, CommunityScope scope, WalletCalls wallets, IJournal journal)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var list = $"transactions {community} {id}";
        var before = cursor is null ? long.MaxValue : Cursor.Read(cursor, list, 1)[0];
        var rowsMax = PageLimit.Of(limit);
        await wallets.ReadToTell(community, id);
        var rows = await journal.ReadBackwards(StreamId.Of(community, id), before, rowsMax + 1, context.RequestAborted);
        var page = rows.Take(rowsMax).Select(TransactionSummary.Of).ToArray();
        var next = rows.Count > rowsMax ? Cursor.Write(list, page[^1].Transaction) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        return Answers.Ok(new TransactionPage(page, next, next is not null), ApiJson.Web.TransactionPage);
    }
}
