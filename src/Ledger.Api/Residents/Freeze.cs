using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to freeze or unfreeze a wallet.</summary>
/// <param name="Reason">Why, 1 to 500 characters. Kept beside the journal, can be erased; the journal holds a salted digest.</param>
public sealed record NewFreeze(string Reason);

internal static class Freeze
{
    public static void MapFreeze(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        new FreezeWallet(),
        "freeze",
        "Freeze a wallet",
        "Nothing leaves it by an act of the resident until it is unfrozen; docs/residents.md says what goes on. A wallet that is frozen already stays frozen since the first time.",
        """{ "reason": "手机遗失" }""");

    public static void MapUnfreeze(IEndpointRouteBuilder routes, string pattern) => Map(
        routes,
        pattern,
        new UnfreezeWallet(),
        "unfreeze",
        "Unfreeze a wallet",
        "The resident can spend again; what was refused meanwhile stays refused. A wallet that is not frozen stays as it is.",
        """{ "reason": "已换新手机" }""");

    private static void Map(
        IEndpointRouteBuilder routes, string pattern, WalletCommand command, string operation, string summary, string description, string example) => routes
        .MapPost(pattern, (HttpContext context, string resident, DirectCommand direct, StandingCommand standing) =>
            Handle(context, resident, direct, standing, command))
        .Allow(Policies.Operate)
        .Describe(operation, "Residents", summary, description)
        .TakesIdempotencyKey()
        .Takes<NewFreeze>(example)
        .Gives<WalletStanding>(StatusCodes.Status200OK, "How the wallet stands now.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing,
            KnownProblems.TextInvalid, KnownProblems.CommandIdReused,
            KnownProblems.Find("resident_erased")!, KnownProblems.Find("wallet_closed")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, DirectCommand direct, StandingCommand standing, WalletCommand command)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var reason = members.ShortText("reason", Notes.ReasonCharactersMax);
        members.NothingElse("reason");
        return await standing.Send(context, new()
        {
            Community = community,
            Resident = id,
            Key = key,
            Command = command,
            Note = Notes.New(reason),
        });
    }
}
