using System.Diagnostics;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Wallets;

/// <summary>What a caller reads of a command: a receipt, or a problem. Exactly one of the two is present.</summary>
/// <param name="Receipt">What it did.</param>
/// <param name="Problem">Why it did nothing.</param>
/// <param name="Replayed">True when this is the outcome of an earlier sending.</param>
internal sealed record CommandAnswer(Receipt? Receipt, Problem? Problem, bool Replayed) : IResult
{
    /// <summary>Tells a repeat from the first answer; the body is the same.</summary>
    private const string ReplayedHeader = "Idempotency-Replayed";

    public static async ValueTask<CommandAnswer> Of(
        CommandEnvelope envelope, CommandResult result, IProgrammes programmes, Language language) => result switch
        {
            CommandResult.Recorded recorded => Of(
                envelope.Resident, recorded.Transaction, await programmes.Of(envelope.Community), language) with
            { Replayed = recorded.Replayed },
            CommandResult.KeyReused reused => new(null, Reused(reused, language), false),
            _ => throw new UnreachableException($"Result {result.GetType().Name} has no answer."),
        };

    public static CommandAnswer Of(
        ResidentId resident, Transaction transaction, Ledger.Programmes.PublishedProgrammes programmes, Language language) =>
        transaction.Refusal is { } refusal
            ? new(null, RefusalWords.ProblemOf(refusal, language), false)
            : new(Receipt.Of(resident, transaction, programmes), null, false);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        Mark(httpContext, Replayed);
        var caller = httpContext.Caller();
        return Problem is { } problem
            ? problem.For(caller).WriteTo(httpContext)
            : Answers.Ok(Receipt!.For(caller), ApiJson.Web.Receipt).ExecuteAsync(httpContext);
    }

    /// <summary>Says in the header that an answer is a repeat.</summary>
    public static void Mark(HttpContext httpContext, bool replayed)
    {
        if (replayed)
        {
            httpContext.Response.Headers[ReplayedHeader] = "true";
        }
    }

    private static Problem Reused(CommandResult.KeyReused reused, Language language)
    {
        var (source, id) = RefusalWords.Outside(reused.Key.Source, reused.Key.Id);
        return new(KnownProblems.CommandIdReused, language, IdempotencyKey.WhyReused(id, source));
    }
}
