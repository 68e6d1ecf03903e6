using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Settlements;

namespace Ledger.Api.Settlement;

internal static class ListStatements
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe("listStatements", "Settlement", "The closed statements of a merchant", "Newest first. `status` (closed, disputed, paid) leaves out all others.")
        .Gives<StatementPage>(StatusCodes.Status200OK, "A page; `Link` with rel=\"next\" leads to the next one.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid, KnownProblems.MerchantNotGranted,
            KnownProblems.TextInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, string merchant, string? status, string? cursor, string? limit, MerchantDay days, SettlementBook book, Statements statements)
    {
        var (community, id) = await days.Of(context, merchant);
        if (status is not (null or "closed" or "disputed" or "paid"))
        {
            throw new RequestRefusedException(KnownProblems.TextInvalid, "The status must be closed, disputed or paid.");
        }

        var list = $"statements {community} {id} {status}";
        var (before, statementsMax) = (cursor is null ? long.MaxValue : Cursor.Read(cursor, list, 1)[0], PageLimit.Of(limit));
        var found = (await book.Read(community, id, context.RequestAborted)).Reverse()
            .Where(statement => statement.Steps[0].Sequence < before && (status is null || EnumWords.Of(statement.Status) == status))
            .Take(statementsMax + 1)
            .ToArray();
        var next = found.Length > statementsMax ? Cursor.Write(list, found[statementsMax - 1].Steps[0].Sequence) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        var views = new List<StatementView>();
        foreach (var statement in found.Take(statementsMax))
        {
            views.Add((await statements.View(community, id, statement, context.RequestAborted)).For(context.Caller()));
        }

        return Answers.Ok(new StatementPage(views, next, next is not null), ApiJson.Web.StatementPage);
    }
}
