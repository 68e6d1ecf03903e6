using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to erase a resident.</summary>
/// <param name="Confirm">The resident's id once more: there is no way back.</param>
/// <param name="Remainder">Where what is left goes: <c>expire</c>, or <c>fund/</c> and the id of a fund. Of a wallet that is closed already it went.</param>
/// <param name="ForgiveDebt">Is what the resident owes forgiven? Default: false, then a debt keeps the wallet open.</param>
public sealed record NewErasure(string Confirm, string Remainder, bool? ForgiveDebt);

internal static partial class Erase
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "erase", "Residents", "Erase a resident",
            "Closes the wallet if it is open, and with the same commit erases all texts beside its transactions and revokes the resident's keys. Points, history and proof stay as they are: they know an id only, "
            + "which is never used again. To erase again changes nothing.")
        .TakesIdempotencyKey()
        .Takes<NewErasure>("""{ "confirm": "r-1029", "remainder": "expire" }""")
        .Gives<WalletStanding>(StatusCodes.Status200OK, "How the wallet stands now.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing,
            KnownProblems.ConfirmationWrong, KnownProblems.RemainderInvalid, KnownProblems.CommandIdReused, KnownProblems.Find("unknown_fund")!, KnownProblems.Find("wallet_not_settled")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, DirectCommand direct, StandingCommand standing, ILogger<Erasure> logger)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        if (members.Text("confirm") != id.Value)
        {
            throw JsonMembers.Wrong(KnownProblems.ConfirmationWrong, members.At("confirm"), "is not the resident of the address");
        }

        var command = new EraseResident(Close.Remainder(members), members.OptionalFlag("forgiveDebt") ?? false);
        members.NothingElse("confirm", "remainder", "forgiveDebt");
        Asked(logger, community, context.Caller().KeyId);
        return await standing.Send(context, new() { Community = community, Resident = id, Key = key, Command = command });
    }

    // Who asked, and where: not whom it was about.
    [LoggerMessage(1, LogLevel.Information, "A resident of community {Community} is to be erased with the key {Key}.")]
    private static partial void Asked(ILogger logger, CommunityId community, string key);

    /// <summary>The name under which erasing is logged.</summary>
    internal sealed class Erasure;
}
