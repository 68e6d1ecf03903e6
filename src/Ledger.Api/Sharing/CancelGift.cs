using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Sharing;

internal static class CancelGift
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe(
            "cancelGift", "Sharing", "Take a gift back before it is delivered",
            "Safe any number of times, without an Idempotency-Key. Whether it came back or was delivered is decided once, whoever is first.")
        .Gives<GiftView>(StatusCodes.Status200OK, "The gift came back, now or before.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.GiftNotFound, KnownProblems.GiftDelivered, KnownProblems.UnderWay, KnownProblems.Busy);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string number, CommunityScope scope, WalletCalls wallets, PromptErrands errands, IJournal journal)
    {
        var giver = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var sequence = ResidentPath.Transaction(number);
        await wallets.ReadToTell(community, giver);
        if (await GiftView.Find(journal, community, giver, sequence, context.RequestAborted) is null)
        {
            return GiftView.NotFound(context, number, giver);
        }

        // One key for taking in and for taking back: whoever comes second learns that it is taken, and nothing happens.
        await wallets.Send(new()
        {
            Community = community,
            Resident = giver,
            Key = CommandKey.Gift(giver, sequence),
            Command = new EndGift(sequence, GiftEnd.TakenBack),
            Client = context.Caller().Client,
        });
        var gift = (await GiftView.Find(journal, community, giver, sequence, context.RequestAborted))!;
        if (gift.State == "under_way")
        {
            // The receiver's wallet was faster. Whether it took the gift in or refused it, the giver's has not heard yet.
            await errands.Do(community, giver);
            gift = (await GiftView.Find(journal, community, giver, sequence, context.RequestAborted))!;
        }

        return gift.State switch
        {
            "under_way" => throw RequestRefusedException.UnderWay($"What became of gift {number} is not known yet."),
            "delivered" => new ProblemResult(new(KnownProblems.GiftDelivered, context.Request.Language(), $"The {gift.Points} points are with '{gift.To}'.")),
            _ => Answers.Ok(gift, ApiJson.Web.GiftView),
        };
    }
}
