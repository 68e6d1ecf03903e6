using System.Globalization;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Programmes;

internal static class ReadProgramme
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("readProgramme", "Programmes", "One programme version with its text", "A version never changes.")
        .Gives<ProgrammeView>(StatusCodes.Status200OK, "The version.")
        .Fails(KnownProblems.ProgrammeNotFound);

    private static async Task<IResult> Handle(HttpContext context, string version, ICatalogue catalogue, CommunityScope scope)
    {
        var versions = await catalogue.ListProgrammes(await scope.Of(context), context.RequestAborted);
        var stored = versions.FirstOrDefault(candidate => candidate.Version.ToString(CultureInfo.InvariantCulture) == version)
            ?? throw new RequestRefusedException(KnownProblems.ProgrammeNotFound, $"The community has {versions.Count} version(s).");
        return Answers.Ok(ProgrammeView.Of(stored, withText: true), ApiJson.Web.ProgrammeView);
    }
}
