using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Households;

/// <summary>The household of a resident, and what its other members may spend of the resident's points. Unit: points.</summary>
/// <param name="Household">Which; absent for none.</param>
/// <param name="Since">Since when; absent for none.</param>
/// <param name="Consent">What others may spend; absent for nothing.</param>
/// <param name="SpentByOthers">What they spent in the last month in which they did; absent where they never did.</param>
public sealed record MembershipView(string? Household = null, Instant? Since = null, PoolConsentView? Consent = null, SpentByOthers? SpentByOthers = null)
{
    internal static MembershipView Of(Membership? membership) => membership is null ? new() : new(
        membership.Household.Value,
        membership.Since,
        membership.Consent is { } consent ? new(consent.PerSpendMax?.Value, consent.PerMonthMax?.Value) : null,
        membership.Lately is { } lately ? new(lately.Month, lately.Points.Value) : null);
}

/// <summary>What other members of a household may spend of a resident's points. {} for nothing.</summary>
/// <param name="PerSpendMax">The most of one spend, 1 to 2^53−1; absent for any.</param>
/// <param name="PerMonthMax">The most in a local month, 1 to 2^53−1; absent for any.</param>
public sealed record PoolConsentView(long? PerSpendMax, long? PerMonthMax);

/// <summary>What others spent of a resident's points in a month.</summary>
/// <param name="Month">Its first date.</param>
/// <param name="Points">How many points.</param>
public sealed record SpentByOthers(LocalDate Month, long Points);

internal static class OwnHousehold
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Read)
        .Allow(Policies.ReadResident)
        .Describe("readMembership", "Households", "The household of a resident", "And what its other members may spend of the resident's points.")
        .Gives<MembershipView>(StatusCodes.Status200OK, "The household; {} for none.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!);

    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Consent)
        .Allow(Policies.Pay)
        .Describe(
            "consentToPool", "Households", "Choose what other members of the household may spend",
            "Send limits, or {} for nothing. It counts for spends from now on; the resident's own spends need no consent.")
        .TakesIdempotencyKey()
        .Takes<PoolConsentView>("""{ "perSpendMax": 50, "perMonthMax": 200 }""")
        .Gives<MembershipView>(StatusCodes.Status200OK, "What is chosen now.")
        .Fails(
            KnownProblems.IdempotencyKeyMissing, KnownProblems.IdempotencyKeyInvalid, KnownProblems.IdentifierInvalid, KnownProblems.PointsInvalid,
            KnownProblems.ResidentNotGranted, KnownProblems.CommandIdReused, KnownProblems.Find("not_in_household")!, KnownProblems.Find("wallet_closed")!, KnownProblems.Find("resident_erased")!,
            KnownProblems.Busy);

    private static async Task<IResult> Read(HttpContext context, string resident, CommunityScope scope, WalletCalls wallets)
    {
        var id = ResidentPath.Resident(resident);
        return Answer((await wallets.ReadToTell(await scope.Of(context), id)).State);
    }

    private static async Task<IResult> Consent(HttpContext context, string resident, DirectCommand direct, StandingCommand standing)
    {
        var (community, id, key) = await direct.Address(context, resident);
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var consent = new PoolConsent(members.OptionalPoints("perSpendMax"), members.OptionalPoints("perMonthMax"));
        members.NothingElse("perSpendMax", "perMonthMax");
        var command = new ConsentToPool(consent is { PerSpendMax: null, PerMonthMax: null } ? null : consent);
        return await standing.Send(context, new() { Community = community, Resident = id, Key = key, Command = command }, Answer);
    }

    private static IResult Answer(WalletState state) => Answers.Ok(MembershipView.Of(state.Membership), ApiJson.Web.MembershipView);
}
