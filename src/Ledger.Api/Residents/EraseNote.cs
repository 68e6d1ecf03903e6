using Ledger.Api.Communities;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Journal;

namespace Ledger.Api.Residents;

/// <summary>Erases the text that somebody wrote beside a transaction. The books stay as they are: they hold only a salted digest of it.</summary>
internal static partial class EraseNote
{
    public static void MapDelete(IEndpointRouteBuilder routes, string pattern) => routes
        .MapDelete(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "eraseNote", "Residents", "Erase the reason or the evidence of a transaction",
            "The text is gone for good; points, history and proof stay as they are. To erase it again, or where there is none, changes nothing.")
        .GivesNothing(StatusCodes.Status204NoContent, "No text is kept beside this transaction.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.TransactionNotFound);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string number, CommunityScope scope, IJournal journal, ILogger<Erasure> logger)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var row = await journal.ReadOne(community, id, ResidentPath.Transaction(number), context.RequestAborted);
        await journal.EraseNote(row.Stream, row.Sequence, context.RequestAborted);
        Erased(logger, community, context.Caller().KeyId);
        return TypedResults.NoContent();
    }

    // Who erased, and where: not whose text it was.
    [LoggerMessage(1, LogLevel.Information, "The note of a transaction in community {Community} was erased with the key {Key}.")]
    private static partial void Erased(ILogger logger, CommunityId community, string key);

    /// <summary>The name under which erasing is logged.</summary>
    internal sealed class Erasure;
}
