using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Journal;

namespace Ledger.Api.Settlement;

internal static class ReadStatement
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe(
            "readStatement", "Settlement", "The statement of a merchant's day",
            "Opening + captured − refunded = closing. A day that is not closed yet is answered as it would be closed now (`open`). Its lines are the day's "
            + "sales (GET …/sales?day=); with Accept: text/csv the answer is one table of both.")
        .Gives<StatementView>(StatusCodes.Status200OK, "The statement; with Accept: text/csv its lines between opening and closing.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.DateInvalid, KnownProblems.MerchantNotGranted, KnownProblems.StatementNotFound);

    private static async Task<IResult> Handle(
        HttpContext context, string merchant, string day, MerchantDay days, Statements statements, IMovements movements)
    {
        var (community, id, date) = await days.Of(context, merchant, day);
        var statement = await statements.Read(community, id, date, context.RequestAborted);
        return context.Request.Headers.Accept.Any(accept => accept?.Contains(StatementSheet.ContentType, StringComparison.OrdinalIgnoreCase) == true)
            ? new StatementSheet(statement, new(community, id, date), movements)
            : Answers.Ok(statement.For(context.Caller()), ApiJson.Web.StatementView);
    }
}
