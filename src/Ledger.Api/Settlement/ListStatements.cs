using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Settlements;
using NodaTime;

namespace Ledger.Api.Settlement;

internal static class ListStatements
{
    // Each is looked up, and what was refused is not read: so a page costs the same however long the history, and whoever objects to what.
    private const int SeenPerShown = 4;

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe("listStatements", "Settlement", "The closed statements of a merchant", "Newest first. `status` (closed, disputed, paid) leaves out all others: a page looks at four statements for each that it may show, so it may be shorter than `limit`, or empty, and have a next one.")
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
        var (views, seen, next) = (new List<StatementView>(), 0, null as string);
        foreach (var day in (await book.DaysOf(community, id, context.RequestAborted)).SkipWhile(day => NumberOf(day) >= before))
        {
            if (views.Count == statementsMax || seen == SeenPerShown * statementsMax)
            {
                next = Cursor.Write(list, before);
                context.LinkNext(next);
                break;
            }

            (before, seen) = (NumberOf(day), seen + 1);
            if (await book.Find(community, id, day, context.RequestAborted) is { } statement && (status is null || EnumWords.Of(statement.Status) == status))
            {
                views.Add((await statements.View(community, id, statement, context.RequestAborted)).For(context.Caller()));
            }
        }

        return Answers.Ok(new StatementPage(views, next, next is not null), ApiJson.Web.StatementPage);
    }

    private static long NumberOf(LocalDate day) => Period.DaysBetween(default, day);
}
