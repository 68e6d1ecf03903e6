using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;

namespace Ledger.Api.Sharing;

internal static class ReadGift
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe("readGift", "Sharing", "What became of a gift", "Under its giver and its number, the transaction that gave it.")
        .Gives<GiftView>(StatusCodes.Status200OK, "The gift.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.GiftNotFound);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string number, CommunityScope scope, WalletCalls wallets, IJournal journal)
    {
        var giver = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        await wallets.ReadToTell(community, giver);
        return await GiftView.Find(journal, community, giver, ResidentPath.Transaction(number), context.RequestAborted) is { } gift
            ? Answers.Ok(gift, ApiJson.Web.GiftView)
            : GiftView.NotFound(context, number, giver);
    }
}
