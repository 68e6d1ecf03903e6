using Ledger.Api.Json;
using Ledger.Api.Members;
using Ledger.Api.OpenApi;
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Paycodes;
using Ledger.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>What is sent to set points aside for a sale.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Reference">The merchant's own name for the sale: it stands for this hold for ever.</param>
/// <param name="Paycode">The code that the resident shows, also with blanks or hyphens between its digits.</param>
/// <param name="Pin">What the member typed, where the paycode was got by <c>/v1/members/find</c> and the points are above its limit. Not looked at otherwise.</param>
/// <param name="Resident">Whose points, where an app is trusted to say so and no code is shown; name one of the two.</param>
/// <param name="Points">How many, 1 to 2^53−1.</param>
/// <param name="Minutes">After so many minutes what was not captured is given back, 1 to 4320. Default: 5.</param>
/// <param name="Terminal">The till.</param>
/// <param name="Cashier">Who serves; an opaque id.</param>
/// <param name="Cash">
/// What is paid for the sale beside the points, in minor units (fen, cents). No money is moved: refunds then say how much of it goes back.
/// </param>
public sealed record NewHold(
    string Merchant, string Reference, string? Paycode, string? Pin, string? Resident, long Points, int? Minutes, string? Terminal, string? Cashier, long? Cash);

internal static class CreateHold
{
    private const int MinutesAtTills = 5;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Sell)
        .Describe(
            "createHold", "Merchants", "Set points aside for a sale",
            "All or nothing; capture or release it within its time limit. The same hold sent again, also under another Idempotency-Key, is the "
            + "same hold; a reference that was refused stays refused. A paycode makes one hold; a refused one does not use it up.")
        .TakesIdempotencyKey()
        .Takes<NewHold>("""{ "merchant": "tea-house", "reference": "sale-17", "paycode": "402718936508172647", "points": 30, "terminal": "t-1", "cashier": "c-9" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt; `hold` is the id to capture or release.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.TimeLimitInvalid, KnownProblems.QuantityInvalid, KnownProblems.IdentifierInvalid, KnownProblems.PayerAmbiguous,
            KnownProblems.PaycodeMistyped, KnownProblems.MerchantNotGranted, KnownProblems.PaycodeRequired, KnownProblems.TerminalNotGranted, KnownProblems.TerminalRequired, KnownProblems.PaycodeUnknown,
            KnownProblems.PinRequired, KnownProblems.PinWrong, KnownProblems.PinLocked,
            KnownProblems.TooManyWrongPaycodes, KnownProblems.CommandIdReused,
            KnownProblems.Find("reference_reused")!, KnownProblems.Find("reference_voided")!, KnownProblems.Find("resident_erased")!, KnownProblems.Find("wallet_closed")!,
            KnownProblems.Find("wallet_frozen")!, KnownProblems.Find("merchant_suspended")!, KnownProblems.Find("unknown_terminal")!,
            KnownProblems.Find("paycode_expired")!, KnownProblems.Find("paycode_used")!, KnownProblems.Find("insufficient_points")!,
            KnownProblems.Find("too_many_holds")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, DirectCommand direct, PaycodeHold byPaycode)
    {
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var code = Code(members);
        var resident = code is null ? members.Resident("resident") : default;
        var pin = PutProfile.Pin(members);
        var command = Read(context, members);
        if (code is { } shown)
        {
            return await byPaycode.Send(context, shown, command, pin);
        }

        var (community, id, key) = await direct.Address(context, resident.Value);
        return await direct.Send(
            context,
            new() { Community = community, Resident = id, Key = key, Command = command },
            DirectCommand.NotNamingResidents(context, command.Reference.Merchant));
    }

    private static Paycode? Code(JsonMembers members)
    {
        if (members.OptionalText("paycode") is not { } text)
        {
            return null;
        }

        return members.Optional("resident") is not null
            ? throw JsonMembers.Wrong(KnownProblems.PayerAmbiguous, members.At("resident"), "is named beside a paycode")
            : Paycode.TryParse(text, out var code) ? code
            : throw JsonMembers.Wrong(KnownProblems.PaycodeMistyped, members.At("paycode"), $"must be the {Paycode.DigitsCount} digits of a code; one of them is wrong");
    }

    private static HoldPoints Read(HttpContext context, JsonMembers members)
    {
        var reference = new MerchantReference(members.Merchant("merchant"), members.Identifier("reference"));
        var points = members.Points("points");
        var minutes = members.OptionalMinutes("minutes", Holding.MinutesMax) ?? MinutesAtTills;
        var till = AtTill.Read(context, members);
        var cash = members.OptionalWhole("cash", 1);
        members.NothingElse("merchant", "reference", "paycode", "pin", "resident", "points", "minutes", "terminal", "cashier", "cash");
        return new(reference, points, minutes, till.Terminal, till.Cashier, cash);
    }
}
