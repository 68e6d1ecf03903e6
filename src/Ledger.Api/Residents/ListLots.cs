using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>An open lot. Unit: points.</summary>
/// <param name="Lot">Its name: the transaction that made it.</param>
/// <param name="Points">What is left.</param>
/// <param name="EarnedAt">When the activity took place.</param>
/// <param name="ExpiresAt">When it stops being usable; absent for never.</param>
/// <param name="UsableThrough">The last local date on which it can be spent; absent for never.</param>
public sealed record LotView(string Lot, long Points, Instant EarnedAt, Instant? ExpiresAt, LocalDate? UsableThrough)
{
    internal static LotView Of(Lot lot, DateTimeZone? zone) => new(
        lot.Id.ToString(),
        lot.Open.Value,
        lot.EarnedAt,
        lot.ExpiresAt,
        lot.ExpiresAt is { } at ? LocalDates.LastBefore(at, zone ?? DateTimeZone.Utc) : null);
}

/// <summary>A page of a resident's open lots, in the order in which they are spent.</summary>
/// <param name="Data">The lots.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record LotPage(IReadOnlyList<LotView> Data, string? NextCursor, bool HasMore);

internal static class ListLots
{
    private const long Never = long.MaxValue;

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadResident)
        .Describe(
            "listLots", "Residents", "A resident's open lots, in the order in which they are spent",
            "First to expire first. A lot's name is the number of the transaction that made it.")
        .Gives<LotPage>(StatusCodes.Status200OK, "A page; `Link` with rel=\"next\" leads to the next one.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.ResidentNotGranted, KnownProblems.Find("resident_erased")!, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, string resident, string? cursor, string? limit, CommunityScope scope, WalletCalls wallets, IProgrammes programmes)
    {
        var id = ResidentPath.Resident(resident);
        var community = await scope.Of(context);
        var list = $"lots {community} {id}";
        var after = cursor is null ? null : Cursor.Read(cursor, list, 4);
        var lotsMax = PageLimit.Of(limit);
        var reading = await wallets.ReadToTell(community, id);
        var (state, _) = Due.Apply(reading.State, reading.AsOf);

        // Spending moves the front of the list between two pages: a position, unlike a count, neither skips nor repeats what stays.
        var lots = state.Lots.Where(lot => after is null || PositionOf(lot).AsSpan().SequenceCompareTo(after) > 0).Take(lotsMax + 1).ToArray();
        var zone = (await programmes.Of(community)).InForceAt(reading.AsOf)?.Programme.Zone;
        var page = lots.Take(lotsMax).Select(lot => LotView.Of(lot, zone)).ToArray();
        var next = lots.Length > lotsMax ? Cursor.Write(list, PositionOf(lots[lotsMax - 1])) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        return Answers.Ok(new LotPage(page, next, next is not null), ApiJson.Web.LotPage);
    }

    // Expiry, time earned, name: the order of consumption.
    private static long[] PositionOf(Lot lot) =>
        [lot.ExpiresAt?.ToUnixTimeTicks() ?? Never, lot.EarnedAt.ToUnixTimeTicks(), lot.Id.Sequence, lot.Id.Ordinal];
}
