using Ledger.Api.Approvals;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

internal static class ReadTransaction
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe(
            "readTransaction", "Residents", "One transaction with its double entry and the reason in words",
            "Sentences come in Chinese or English, by Accept-Language.")
        .Gives<TransactionView>(StatusCodes.Status200OK, "The transaction.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.TransactionNotFound);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string number, CommunityScope scope, WalletCalls wallets, IJournal journal, IProgrammes programmes)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        await wallets.ReadToTell(community, id);
        var row = await journal.ReadOne(community, id, ResidentPath.Transaction(number), context.RequestAborted);
        var transaction = row.ToTransaction();
        var explanation = new Explanation(await programmes.Of(community), context.Request.Language());
        var isMessage = transaction.Deed is GiftSent or GiftReceived;
        var note = isMessage || context.Caller().Is(Roles.Operator) ? await NoteOf(journal, row, transaction, context.RequestAborted) : null;
        var isEvidence = transaction.Events.Any(happened => happened is PointsEarned);
        context.Response.Headers.ContentLanguage = context.Request.Language().Tag();
        return Answers.Ok(
            new TransactionView
            {
                Summary = TransactionSummary.Of(row, transaction),
                ProgrammeVersion = row.ProgrammeVersion,
                RefersTo = row.RefersTo,
                Postings = [.. row.Postings.Select(PostingView.Of)],
                Explanation = [.. explanation.Of(transaction)],
                Reason = isEvidence || isMessage ? null : note,
                Message = isMessage ? note : null,
                Evidence = isEvidence ? note?.Split('\n') : null,
                Signals = context.Caller().Is(Roles.Operator) ? SignalView.Of(transaction, context.Request.Language()) : null,
            },
            ApiJson.Web.TransactionView);
    }

    // The giver's words lie beside the giver's transaction, and are for both.
    private static async Task<string?> NoteOf(IJournal journal, JournalRow row, Transaction transaction, CancellationToken cancellation) =>
        (transaction.Deed is GiftReceived gift
            ? await journal.ReadNote(StreamId.Of(row.Stream.Community, gift.From), gift.Gift, cancellation)
            : await journal.ReadNote(row.Stream, row.Sequence, cancellation))?.Text;
}
