using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Programmes;

namespace Ledger.Api.Programmes;

/// <summary>What was found in a programme that is not published yet.</summary>
/// <param name="Valid">Could it be published?</param>
/// <param name="Problems">Everything that forbids it, in reading order; at most 100.</param>
/// <param name="Warnings">What is allowed and does nothing, such as a rule that never matches; at most 100.</param>
public sealed record ProgrammeCheck(bool Valid, IReadOnlyList<ProgrammeFinding> Problems, IReadOnlyList<ProgrammeFinding> Warnings)
{
    internal static ProgrammeCheck Of(ProgrammeReading reading) => new(
        reading.Problems.IsEmpty, [.. reading.Problems.Select(ProgrammeFinding.Of)], [.. reading.Warnings.Select(ProgrammeFinding.Of)]);
}

/// <summary>Something found in a programme, and where.</summary>
/// <param name="Path">The JSON path in the body that was sent.</param>
/// <param name="Text">What is wrong and what would be right.</param>
public sealed record ProgrammeFinding(string Path, string Text)
{
    internal static ProgrammeFinding Of(ProgrammeProblem problem) => new("$.programme" + problem.Path[1..], problem.Text);
}

internal static class CheckProgramme
{
    private const string Example = """
        { "programme": {
            "activities": [ { "type": "charity-service", "award": { "kind": "per_unit", "points": 10, "units": 60 } } ] } }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "checkProgramme", "Programmes", "Is this a programme?",
            "Tells every mistake at once, each with its path, and warns of what does nothing. Nothing is published.")
        .Takes<ProgrammeToCheck>(Example)
        .Gives<ProgrammeCheck>(StatusCodes.Status200OK, "What was found; mistakes are an answer as well.")
        .Fails(KnownProblems.MemberMissing, KnownProblems.MemberUnknown);

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope)
    {
        await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        var programme = members.Required("programme");
        members.NothingElse("programme");
        return Answers.Ok(ProgrammeCheck.Of(ProgrammeReader.Read(programme.GetRawText())), ApiJson.Web.ProgrammeCheck);
    }
}

/// <summary>What is sent to have a programme checked.</summary>
/// <param name="Programme">The programme; see docs/programme.md.</param>
public sealed record ProgrammeToCheck(System.Text.Json.JsonElement Programme);
