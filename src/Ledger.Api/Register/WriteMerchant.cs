using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Register;

internal static class WriteMerchant
{
    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "writeMerchant", "Register", "Register a merchant, or change it",
            "Whole, but for its terms: new ones count from `effectiveFrom` on, those that count never change. Send If-Match with the ETag that you have "
            + "read, and none for a new merchant. Status and terminals count everywhere within 45 seconds. A merchant that nobody registered may sell; "
            + "its statements are in points only.")
        .TakesIfMatchForChanges()
        .Takes<NewMerchant>(NewMerchant.Example)
        .Gives<MerchantView>(StatusCodes.Status200OK, "The merchant, with its new `ETag`.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.IdentifierInvalid, KnownProblems.TextInvalid, KnownProblems.TimeInvalid,
            KnownProblems.QuantityInvalid, KnownProblems.MerchantInvalid, KnownProblems.TermsTooSoon, KnownProblems.PreconditionFailed,
            KnownProblems.PreconditionRequired, KnownProblems.RequestMalformed);

    private static async Task<IResult> Handle(
        HttpContext context, string merchant, IMerchantRegister register, IMerchants merchants, CommunityScope scope, IClock clock)
    {
        var (community, id) = (await scope.Of(context), SalePath.Merchant(merchant));
        var known = await register.FindMerchant(community, id, context.RequestAborted);
        if (!HasSeen(context.Request, known))
        {
            throw Stale(known);
        }

        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var now = clock.GetCurrentInstant();
        var written = new MerchantRevision(
            community,
            (known?.Revision ?? 0) + 1,
            MerchantReading.Read(new JsonMembers(body.RootElement), id, known?.Merchant.Terms ?? [], now),
            context.Caller().Client,
            now);
        if (!await register.AddMerchantRevision(written, context.RequestAborted))
        {
            throw Stale(await register.FindMerchant(community, id, context.RequestAborted));
        }

        merchants.Refresh();
        return RegisteredMerchant.Answer(context, written);
    }

    // Nobody can have seen what is not there.
    private static bool HasSeen(HttpRequest request, MerchantRevision? known) => known is null
        ? request.Headers.IfMatch.Count == 0
        : SeenTag.IsIn(request, SeenTag.Of(known.Revision), "merchant");

    private static RequestRefusedException Stale(MerchantRevision? now) => now is null
        ? new(KnownProblems.PreconditionFailed, "Nobody registered this merchant.")
        : SeenTag.Stale("merchant", now.Revision, now.ChangedBy, now.ChangedAt);
}
