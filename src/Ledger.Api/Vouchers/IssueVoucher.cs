using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Vouchers;

/// <summary>What is sent to put points on a voucher.</summary>
/// <param name="Merchant">The one merchant who may take it.</param>
/// <param name="Points">What it is worth, 1 to 2^53−1.</param>
/// <param name="Hours">For how many hours tills take it, 1 to 48. Default: 48.</param>
public sealed record NewVoucher(string Merchant, long Points, int? Hours);

/// <summary>Points that one merchant may take without asking.</summary>
/// <param name="Voucher">Its text, for a bar code: a compact JWS that a till checks with the community's keys.</param>
/// <param name="Merchant">The merchant.</param>
/// <param name="Reference">Its name among the merchant's references; it tells what became of it.</param>
/// <param name="Resident">Who paid.</param>
/// <param name="Points">What it is worth. Unit: points.</param>
/// <param name="ExpiresAt">The moment from which on tills take it no longer.</param>
/// <param name="HeldUntil">The moment at which the points come back unless it was redeemed.</param>
/// <param name="Balance">The resident's accounts after it.</param>
public sealed record VoucherView(
    string Voucher, string Merchant, string Reference, string Resident, long Points, Instant ExpiresAt, Instant HeldUntil, BalanceAfter Balance);

internal static class IssueVoucher
{
    /// <summary>The time that a till has to hand in what it took at the last moment.</summary>
    public static readonly Duration HandInWithin = Duration.FromHours(24);

    private const int HoursMax = 48;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Pay)
        .Describe(
            "issueVoucher", "Residents", "Put points on a voucher that a till can take offline",
            "Sets the points aside for one merchant and signs a text that says so. What is not redeemed within 24 hours after the voucher's end comes back by itself. The same sent "
            + "again is the same voucher, signed anew.")
        .TakesIdempotencyKey()
        .Takes<NewVoucher>("""{ "merchant": "tea-house", "points": 30 }""")
        .Gives<VoucherView>(StatusCodes.Status200OK, "The voucher.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.MemberMissing, KnownProblems.PointsInvalid,
            KnownProblems.QuantityInvalid, KnownProblems.IdentifierInvalid, KnownProblems.CommandIdReused, KnownProblems.Find("wallet_frozen")!,
            KnownProblems.Find("merchant_suspended")!, KnownProblems.Find("insufficient_points")!, KnownProblems.Find("too_many_holds")!, KnownProblems.Busy);

    private static async Task<IResult> Handle(HttpContext context, string resident, DirectCommand direct, VoucherKeys keys)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var (merchant, points, hours) = Read(new JsonMembers(body.RootElement));

        // Named after its key: who sends the same again gets the same.
        var reference = new MerchantReference(merchant, $"voucher-{key.HashIn(community)}");
        var minutes = (int)(Duration.FromHours(hours) + HandInWithin).TotalMinutes;
        var result = await direct.Send(
            context, new() { Community = community, Resident = id, Key = key, Command = new HoldPoints(reference, points, minutes) });
        if (result is not CommandAnswer { Receipt: { HeldUntil: { } until } receipt } answer)
        {
            return result;
        }

        var expires = until - HandInWithin;
        var claims = new VoucherClaims(
            community.Value, merchant.Value, reference.Id, points.Value, receipt.RecordedAt.ToUnixTimeSeconds(), expires.ToUnixTimeSeconds());
        var text = await keys.Sign(claims, community, context.RequestAborted);
        CommandAnswer.Mark(context, answer.Replayed);
        context.Response.Headers.CacheControl = "no-store";
        return Answers.Ok(
            new VoucherView(text, merchant.Value, reference.Id, id.Value, points.Value, Instant.FromUnixTimeSeconds(claims.Exp), until, receipt.Balance!), ApiJson.Web.VoucherView);
    }

    private static (MerchantId Merchant, Points Points, int Hours) Read(JsonMembers members)
    {
        var (merchant, points) = (members.Merchant("merchant"), members.Points("points"));
        var hours = members.OptionalWhole("hours", 1) ?? HoursMax;
        members.NothingElse("merchant", "points", "hours");
        return hours <= HoursMax
            ? (merchant, points, (int)hours)
            : throw JsonMembers.Wrong(KnownProblems.QuantityInvalid, members.At("hours"), $"must be a whole number from 1 to {HoursMax}");
    }
}
