using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Settlements;

namespace Ledger.Api.Settlement;

internal static class CloseDay
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "closeDay", "Settlement", "Close a day for every merchant of the community",
            "For those whose cut-off has passed and who moved something in it or in an open day before it. Again, also without an answer to the first time, "
            + "closes what was left and changes nothing else.")
        .Gives<ClosedDay>(StatusCodes.Status200OK, "The statements that this call closed, and the merchants whose cut-off has not passed.")
        .Fails(KnownProblems.DateInvalid, KnownProblems.StatementNotDue, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string day, CommunityScope scope, SettlementBook book)
    {
        var date = MerchantDay.Read(day);
        var closing = await book.CloseAll(await scope.Of(context), date, context.RequestAborted);
        if (closing is { Closed.IsEmpty: true, AnyDue: false, NotDue.IsEmpty: false })
        {
            throw new RequestRefusedException(KnownProblems.StatementNotDue, $"The cut-off of {LocalDates.Text(date)} has not passed for any merchant.");
        }

        return Answers.Ok(
            new ClosedDay(
                date,
                [
                    .. from closed in closing.Closed
                       from statement in closed.Statements
                       select StatementView.Of(closed.Merchant, statement, new Dictionary<long, string>()),
                ],
                [.. closing.NotDue.Select(merchant => merchant.Value)]),
            ApiJson.Web.ClosedDay);
    }
}
