using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Programmes;

namespace Ledger.Api.Drafts;

/// <summary>What is sent to save a draft.</summary>
/// <param name="Name">What people call it: 1 to 100 characters.</param>
/// <param name="Programme">The programme; it may have mistakes.</param>
public sealed record NewDraft(string Name, JsonElement Programme)
{
    internal const string Example = """
        { "name": "Spring 2027",
          "programme": {
            "activities": [ { "type": "charity-service", "award": { "kind": "per_unit", "points": 12, "units": 60 } } ] } }
        """;

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="RequestRefusedException">Something is missing, or the programme is no object that could ever be read.</exception>
    internal static async Task<(string Name, string Json)> Read(HttpContext context)
    {
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        var name = members.ShortText("name", 100);
        var text = members.Required("programme").GetRawText();
        members.NothingElse("name", "programme");

        // Mistakes are kept with the draft; what cannot even be read is not, for it could not be shown again.
        return ProgrammeReader.Read(text).Problems is [{ Path: "$" }] unreadable ? throw Publication.Invalid(unreadable) : (name, text);
    }
}
