using System.Diagnostics;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Settlements;
using Ledger.Settlements;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Settlement;

/// <summary>Closing, disputing, confirming, clearing and paying a statement.</summary>
internal static class ChangeStatement
{
    public static void MapClose(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        Policies.Operate,
        (_, day) => Task.FromResult<(SettlementCommand, Note?)>((new CloseStatement(day), null)),
        endpoint => endpoint.Describe(
            "closeStatement", "Settlement", "Close a merchant's day",
            "After its cut-off; and every open day before it in which something moved. What is committed later counts in the first day that is open then."),
        KnownProblems.StatementNotDue, KnownProblems.StatementAlreadyClosed);

    public static void MapDispute(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        Policies.Dispute,
        async (context, day) => (new DisputeStatement(day), await Reason(context)),
        endpoint => endpoint
            .Describe("disputeStatement", "Settlement", "Object to a statement", "By the merchant or an operator. It is not paid until an operator confirms it.")
            .Takes<NewStatementStep>("""{ "reason": "两笔退款已用现金退还" }"""),
        KnownProblems.TextInvalid, KnownProblems.StatementNotClosed, KnownProblems.StatementDisputed, KnownProblems.StatementAlreadyPaid);

    public static void MapConfirm(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        Policies.Operate,
        async (context, day) => (new ConfirmStatement(day), await Reason(context)),
        endpoint => endpoint
            .Describe(
                "confirmStatement", "Settlement", "End a dispute: the statement stands",
                "A statement never changes. What was wrong is put right by refunds, which lie in the day in which they happen.")
            .Takes<NewStatementStep>("""{ "reason": "已与收银小票核对" }"""),
        KnownProblems.TextInvalid, KnownProblems.StatementNotClosed, KnownProblems.StatementNotDisputed, KnownProblems.StatementAlreadyPaid);

    public static void MapClear(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        Policies.Operate,
        async (context, day) => (new ClearStatement(day), await Reason(context)),
        endpoint => endpoint
            .Describe("clearStatement", "Settlement", "Let a statement be paid in spite of what is odd in it", "Who and when is kept with the reason.")
            .Takes<NewStatementStep>("""{ "reason": "团购活动，已核实" }"""),
        KnownProblems.TextInvalid, KnownProblems.StatementNotClosed, KnownProblems.StatementNotHeld, KnownProblems.StatementAlreadyPaid);

    public static void MapPay(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        Policies.Operate,
        async (context, day) =>
        {
            using var body = await RequestBody.ReadObject(context);
            var members = new JsonMembers(body.RootElement);
            var reference = members.Identifier("reference");
            members.NothingElse("reference");
            return (new PayStatement(day, reference), null);
        },
        endpoint => endpoint
            .Describe(
                "payStatement", "Settlement", "Record that a statement was paid",
                "The ledger moves no money: it moves the points of the statement from what the merchant is owed to what is settled. A negative one is paid by the merchant.")
            .Takes<NewPayment>("""{ "reference": "bank-2026-0301-17" }"""),
        KnownProblems.IdentifierInvalid, KnownProblems.StatementNotClosed, KnownProblems.StatementDisputed, KnownProblems.StatementHeld,
        KnownProblems.StatementAlreadyPaid);

    private static void Map(
        IEndpointRouteBuilder routes,
        string pattern,
        Access access,
        Func<HttpContext, LocalDate, Task<(SettlementCommand Command, Note? Note)>> read,
        Func<RouteHandlerBuilder, RouteHandlerBuilder> describe,
        params ReadOnlySpan<KnownProblem> problems) => describe(routes
        .MapPost(pattern, (HttpContext context, string merchant, string day, MerchantDay days, SettlementBook book, Statements statements) =>
            Handle(context, merchant, day, days, book, statements, read))
        .Allow(access))
        .TakesIdempotencyKey()
        .Gives<StatementView>(StatusCodes.Status200OK, "The statement as it is now.")
        .Fails(
        [
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.DateInvalid,
            KnownProblems.MerchantNotGranted, KnownProblems.CommandIdReused, .. problems, KnownProblems.Busy,
        ]);

    private static async Task<IResult> Handle(
        HttpContext context,
        string merchant,
        string day,
        MerchantDay days,
        SettlementBook book,
        Statements statements,
        Func<HttpContext, LocalDate, Task<(SettlementCommand, Note?)>> read)
    {
        var (community, id, date) = await days.Of(context, merchant, day);
        var key = IdempotencyKey.Of(context);
        var (command, note) = await read(context, date);
        switch (await book.Do(community, id, command, key, note, context.RequestAborted))
        {
            case SettlementResult.Done done:
                CommandAnswer.Mark(context, done.Replayed);
                var view = await statements.View(community, id, done.Statement, context.RequestAborted);
                return Answers.Ok(view.For(context.Caller()), ApiJson.Web.StatementView);
            case SettlementResult.Refused refused:
                CommandAnswer.Mark(context, refused.Replayed);
                return new ProblemResult(StatementProblems.Of(id, refused, context.Request.Language()));
            case SettlementResult.KeyReused:
                throw IdempotencyKey.Reused(key);
            default:
                throw new UnreachableException("A settlement result has no case.");
        }
    }

    private static async Task<Note> Reason(HttpContext context)
    {
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var reason = members.ShortText("reason", Notes.ReasonCharactersMax);
        members.NothingElse("reason");
        return Notes.New(reason);
    }
}
