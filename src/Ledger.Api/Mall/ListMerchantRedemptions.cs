using System.Collections.Immutable;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Settlement;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Api.Mall;

internal static class ListMerchantRedemptions
{
    private const string Open = "open";
    private const string Closed = "closed";

    private static readonly ImmutableArray<RedemptionStatus> s_all = [.. Enum.GetValues<RedemptionStatus>()];

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.HandOver)
        .Describe(
            "listMerchantRedemptions", "Mall", "What a merchant's counter has to hand over",
            "`status` is `open` where it is left out; `closed`, or where one stands, such as `ready` or `booked`. `day` leaves out what was redeemed on other local dates. "
            + "A merchant reads its own, without the codes that residents show.")
        .Gives<RedemptionPage>(StatusCodes.Status200OK, "A page, in order of time; `Link` with rel=\"next\" leads to the next one.")
        .Fails(
            KnownProblems.IdentifierInvalid, KnownProblems.TextInvalid, KnownProblems.DateInvalid, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid,
            KnownProblems.MerchantNotGranted);

    private static async Task<IResult> Handle(
        HttpContext context,
        string merchant,
        string? status,
        string? day,
        string? cursor,
        string? limit,
        MerchantDay days,
        IProgrammes programmes,
        IClock clock,
        IRedemptions list,
        Redemptions redemptions)
    {
        var (community, id) = await days.Of(context, merchant);
        var date = day is null ? null as LocalDate? : MerchantDay.Read(day);
        var now = clock.GetCurrentInstant();
        var zone = (await programmes.Of(community)).ZoneAt(now);
        var name = $"redemptions {community} {id} {status} {date:uuuu'-'MM'-'dd}";
        var rowsMax = PageLimit.Of(limit);
        var found = await list.List(
            new(community, id, StatusesOf(status))
            {
                From = date is { } first ? zone.AtStartOfDay(first).ToInstant() : Instant.MinValue,
                Until = date is { } last ? zone.AtStartOfDay(last.PlusDays(1)).ToInstant() : null,
                After = cursor is null ? null : CursorPlace.Read(cursor, name),
                RowsMax = rowsMax + 1,
            },
            context.RequestAborted);
        var next = found.Count > rowsMax ? CursorPlace.Write(found[rowsMax - 1].Place, name) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        var views = await Task.WhenAll(found.Take(rowsMax).Select(one => redemptions.Tell(one, now, context.RequestAborted)));
        return Answers.Ok(new RedemptionPage(id.Value, views, next, next is not null), ApiJson.Web.RedemptionPage);
    }

    private static ImmutableArray<RedemptionStatus> StatusesOf(string? word)
    {
        ImmutableArray<RedemptionStatus> wanted = [.. s_all.Where(status => word is null or Open ? status.IsOpen : word == Closed ? !status.IsOpen : EnumWords.Of(status) == word)];
        return wanted.IsEmpty
            ? throw new RequestRefusedException(
                KnownProblems.TextInvalid, $"The status must be {Open}, {Closed}, or one of {string.Join(", ", s_all.Select(EnumWords.Of))}.")
            : wanted;
    }
}

/// <summary>A page of what a merchant hands over, in order of time.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Data">The redemptions.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record RedemptionPage(string Merchant, IReadOnlyList<RedemptionView> Data, string? NextCursor, bool HasMore);
