using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

/// <summary>What is sent to close a wallet.</summary>
/// <param name="Remainder">Where what is left goes: <c>expire</c>, or <c>fund/</c> and the id of a fund.</param>
/// <param name="ForgiveDebt">Is what the resident owes forgiven? Default: false, then a debt keeps the wallet open.</param>
/// <param name="Reason">Why, 1 to 500 characters. Kept beside the journal, can be erased; the journal holds a salted digest.</param>
public sealed record NewClosing(string Remainder, bool? ForgiveDebt, string Reason);

internal static class Close
{
    private const string Expire = "expire";
    private const string FundPrefix = "fund/";

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "close", "Residents", "Close a wallet for good",
            "Everything that is under way must have ended. What is left, also what is not active yet, counts as expired or goes to a fund, and so does what a late refund brings back. "
            + "A wallet that is closed already stays as it is, and nothing is recorded.")
        .TakesIdempotencyKey()
        .Takes<NewClosing>("""{ "remainder": "fund/charity", "reason": "居民迁出" }""")
        .Gives<WalletStanding>(StatusCodes.Status200OK, "How the wallet stands now.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.MemberMissing,
            KnownProblems.RemainderInvalid, KnownProblems.TextInvalid, KnownProblems.CommandIdReused, KnownProblems.Find("unknown_fund")!, KnownProblems.Find("wallet_not_settled")!, KnownProblems.Busy);

    /// <summary>Where what is left goes; null for breakage.</summary>
    /// <exception cref="RequestRefusedException">It is not said, or is no such place.</exception>
    public static FundId? Remainder(JsonMembers members) => members.Text("remainder") switch
    {
        Expire => null,
        var text when text.StartsWith(FundPrefix, StringComparison.Ordinal) && Identifier.IsValid(text[FundPrefix.Length..]) => new FundId(text[FundPrefix.Length..]),
        _ => throw JsonMembers.Wrong(KnownProblems.RemainderInvalid, members.At("remainder"), "is neither 'expire' nor 'fund/' and the id of a fund"),
    };

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct, StandingCommand standing)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var command = new CloseWallet(Remainder(members), members.OptionalFlag("forgiveDebt") ?? false);
        var reason = members.ShortText("reason", Notes.ReasonCharactersMax);
        members.NothingElse("remainder", "forgiveDebt", "reason");
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
