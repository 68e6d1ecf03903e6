using System.Globalization;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Wallets;

namespace Ledger.Api.Residents;

internal static class ReadBalance
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe(
            "readBalance", "Residents", "What a resident has now",
            "Send the `ETag` of the last answer as `If-None-Match`: 304 says that nothing has changed since. A resident without any transaction has 0.")
        .Gives<Balance>(StatusCodes.Status200OK, "The balance.")
        .GivesNothing(StatusCodes.Status304NotModified, "Nothing has changed.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, CommunityScope scope, WalletCalls wallets, IProgrammes programmes)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var reading = await wallets.ReadToTell(community, id);
        var (state, due) = Due.Apply(reading.State, reading.AsOf);
        var version = (await programmes.Of(community)).InForceAt(reading.AsOf);

        // What changes the answer without a transaction is part of its name: what fell due, the levels of tiers, and the months that they count;
        // and a late warning puts a date off by more every day.
        var levels = version is { Programme: { Tiers: not null } programme }
            ? string.Create(CultureInfo.InvariantCulture, $".{version.Version}.{Tiering.Counted(programme, state, reading.AsOf)}")
            : string.Empty;
        var putOff = string.Concat(due.OfType<ExpiryWarned>().Where(warned => warned.PutOffFrom is not null).Select(warned => $".{warned.ExpiresAt.ToUnixTimeSeconds()}"));
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{state.Sequence}.{due.Length}{levels}{putOff}\"");
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        return Matches(context.Request, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : Answers.Ok(Balance.Of(id, state, reading.AsOf, version?.Programme), ApiJson.Web.Balance);
    }

    // A weak comparison, as RFC 9110 §13.1.2 asks for: proxies that compress make tags weak.
    private static bool Matches(HttpRequest request, string tag) => request.Headers.IfNoneMatch.Count > 0
        && request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Tag == tag);
}
