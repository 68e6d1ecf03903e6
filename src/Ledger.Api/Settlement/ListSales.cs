using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Journal;

namespace Ledger.Api.Settlement;

internal static class ListSales
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe(
            "listSales", "Settlement", "What a merchant took and gave back in a settlement day",
            "`day` is today where it is left out; `terminal` and `cashier` leave out all others. Tills read their own merchant. What was committed after "
            + "its day was closed is in the first day that was open then.")
        .Gives<MovementPage>(StatusCodes.Status200OK, "A page, in order of time; `Link` with rel=\"next\" leads to the next one.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.DateInvalid, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid,
            KnownProblems.MerchantNotGranted);

    private static async Task<IResult> Handle(
        HttpContext context,
        string merchant,
        string? day,
        string? terminal,
        string? cashier,
        string? cursor,
        string? limit,
        MerchantDay days,
        IMovements movements)
    {
        var (community, id, date) = await days.Of(context, merchant, day);
        var (till, server) = (IdentifierOf(terminal, "terminal"), IdentifierOf(cashier, "cashier"));
        var list = $"sales {community} {id} {date:uuuu'-'MM'-'dd} {till} {server}";
        var rowsMax = PageLimit.Of(limit);
        var found = await movements.List(
            new(community, id, date)
            {
                Terminal = till,
                Cashier = server,
                After = cursor is null ? null : CursorPlace.Read(cursor, list),
                RowsMax = rowsMax + 1,
            },
            context.RequestAborted);
        var next = found.Count > rowsMax ? CursorPlace.Write(found[rowsMax - 1].Place, list) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        var page = new MovementPage(id.Value, date, [.. found.Take(rowsMax).Select(MovementView.Of)], next, next is not null);
        return Answers.Ok(page, ApiJson.Web.MovementPage);
    }

    private static string? IdentifierOf(string? text, string what) => text is null ? null : RequestTexts.IdentifierOf(text, what);
}
