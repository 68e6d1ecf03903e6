using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Reratings;

internal static class ReadRerating
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("readRerating", "Re-ratings", "One re-rating with its programme", "And how far it is. The id in a corrected transaction leads here.")
        .Gives<ReratingView>(StatusCodes.Status200OK, "The re-rating.")
        .Fails(KnownProblems.ReratingNotFound);

    private static async Task<IResult> Handle(HttpContext context, string id, IReratings reratings, CommunityScope scope) => Answers.Ok(
        ReratingView.Of(await Find(reratings, await scope.Of(context), id, context.RequestAborted)), ApiJson.Web.ReratingView);

    /// <exception cref="RequestRefusedException">There is none.</exception>
    internal static async Task<Rerating> Find(IReratings reratings, CommunityId community, string id, CancellationToken cancellation) =>
        (Identifier.IsValid(id) ? await reratings.FindRerating(community, id, cancellation) : null)
            ?? throw new RequestRefusedException(KnownProblems.ReratingNotFound, "The community has no re-rating of this id.");
}
