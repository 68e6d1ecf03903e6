using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Programmes;

internal static class ListProgrammes
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listProgrammes", "Programmes", "The programme versions of the community", "Without their texts.")
        .Gives<ProgrammeList>(StatusCodes.Status200OK, "Versions, ascending.");

    private static async Task<IResult> Handle(HttpContext context, ICatalogue catalogue, CommunityScope scope)
    {
        var versions = await catalogue.ListProgrammes(await scope.Of(context), context.RequestAborted);
        return Answers.Ok(new ProgrammeList([.. versions.Select(stored => ProgrammeView.Of(stored, withText: false))]), ApiJson.Web.ProgrammeList);
    }
}
