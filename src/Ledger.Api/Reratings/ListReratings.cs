using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Reratings;

internal static class ListReratings
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listReratings", "Re-ratings", "The re-ratings of the community", "Without their programmes; also those that were rejected or have ended.")
        .Gives<ReratingPage>(StatusCodes.Status200OK, "A page, oldest first; `Link` with rel=\"next\" leads to the next one.")
        .Fails(KnownProblems.CursorInvalid, KnownProblems.LimitInvalid);

    private static async Task<IResult> Handle(HttpContext context, string? cursor, string? limit, IReratings reratings, CommunityScope scope)
    {
        var community = await scope.Of(context);
        var list = $"reratings {community}";
        var countMax = PageLimit.Of(limit);
        var stored = await reratings.ListReratings(community, cursor is null ? null : PlaceOf(cursor, list), countMax + 1, context.RequestAborted);
        var page = stored.Take(countMax).Select(ReratingView.Of).ToArray();
        var next = stored.Count > countMax ? Cursor.WriteNamed(list, page[^1].Id, CursorTime.Parts(page[^1].ProposedAt)) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        return Answers.Ok(new ReratingPage(page, next, next is not null), ApiJson.Web.ReratingPage);
    }

    private static ReratingPlace PlaceOf(string cursor, string list)
    {
        var (id, position) = Cursor.ReadNamed(cursor, list, 2);
        return new(CursorTime.Read(position), id);
    }
}
