using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;

namespace Ledger.Api.Vouchers;

/// <summary>What is sent to redeem a voucher.</summary>
/// <param name="Voucher">Its text.</param>
/// <param name="Terminal">The till.</param>
/// <param name="Cashier">Who serves; an opaque id.</param>
public sealed record VoucherToRedeem(string Voucher, string? Terminal, string? Cashier);

internal static class RedeemVoucher
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Sell)
        .Describe(
            "redeemVoucher", "Merchants", "Hand in a voucher",
            "Takes its points, whole and once. A till that took it offline has 24 hours after its end for this.")
        .TakesIdempotencyKey()
        .Takes<VoucherToRedeem>("""{ "voucher": "eyJhbGciOiJFUzI1NiIsImtpZCI6Im4ifQ.eyJtZXJjaGFudCI6InRlYS1ob3VzZSJ9.c2lnbmF0dXJl", "terminal": "t-1" }""")
        .Gives<Receipt>(StatusCodes.Status200OK, "The receipt.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.IdentifierInvalid,
            KnownProblems.VoucherInvalid, KnownProblems.MerchantNotGranted, KnownProblems.TerminalNotGranted, KnownProblems.VoucherForeign,
            KnownProblems.VoucherRedeemed, KnownProblems.VoucherExpired, KnownProblems.ReferenceNotFound, KnownProblems.CommandIdReused,
            KnownProblems.Find("hold_ended")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(
        HttpContext context, string merchant, CommunityScope scope, VoucherKeys keys, HoldCommand holds, VoucherEnds ends)
    {
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var (text, till) = (members.Text("voucher"), AtTill.Read(context, members));
        members.NothingElse("voucher", "terminal", "cashier");
        var community = await scope.Of(context);
        var claims = await keys.Verify(text, community, context.RequestAborted)
            ?? throw JsonMembers.Wrong(KnownProblems.VoucherInvalid, members.At("voucher"), "is no voucher that this community signed");
        var reference = SalePath.Reference(merchant, claims.Reference);
        if (claims.Merchant != merchant || claims.Community != community.Value)
        {
            throw new RequestRefusedException(KnownProblems.VoucherForeign, $"The voucher is for the merchant '{claims.Merchant}'.");
        }

        var result = await holds.Send(context, reference, new Ledger.Wallets.CaptureHold(reference, null, true, till.Terminal, till.Cashier));
        return result is CommandAnswer { Problem.Kind.Code: "hold_ended" } ended ? await ends.Told(context, community, reference, ended) : result;
    }
}
