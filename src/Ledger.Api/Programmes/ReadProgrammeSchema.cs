using System.Text;
using Ledger.Api.OpenApi;
using Ledger.Programmes;

namespace Ledger.Api.Programmes;

internal static class ReadProgrammeSchema
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, () => TypedResults.Text(ProgrammeSchema.Json, "application/schema+json", Encoding.UTF8))
        .AllowAnonymous()
        .Describe(
            "readProgrammeSchema", "Programmes", "The JSON Schema of a programme",
            "For editors: name its address as `$schema` in a programme, and they show what may stand where.")
        .GivesSchema("JSON Schema 2020-12.");
}
