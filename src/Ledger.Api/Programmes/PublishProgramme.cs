using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Programmes;

internal static class PublishProgramme
{
    private const string Example = """
        { "effectiveFrom": "2027-01-01T00:00:00+08:00",
          "programme": {
            "zone": "Asia/Shanghai",
            "expiry": { "kind": "rolling", "months": 12, "roundUp": "month" },
            "activities": [
              { "type": "charity-service", "names": { "zh-CN": "公益服务" },
                "award": { "kind": "per_unit", "points": 10, "units": 60 },
                "caps": [ { "per": "local_day", "points": 40 } ] } ] } }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "publishProgramme", "Programmes", "Publish the next programme version",
            "It never changes and never counts for what occurred before `effectiveFrom`. A community's first programme may leave that out: "
            + "then it counts from the beginning.")
        .Takes<NewProgramme>(Example)
        .Gives<ProgrammeView>(StatusCodes.Status201Created, "The version.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.TimeInvalid, KnownProblems.EffectiveFromInPast, KnownProblems.EffectiveFromTooSoon,
            KnownProblems.ProgrammeInvalid, KnownProblems.ProgrammeConflict);

    private static async Task<IResult> Handle(
        HttpContext context, ICatalogue catalogue, CommunityScope scope, IProgrammes programmes, IClock clock)
    {
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var (effectiveFrom, text) = Read(new JsonMembers(body.RootElement));
        var versions = await catalogue.ListProgrammes(community, context.RequestAborted);
        var now = clock.GetCurrentInstant();
        var stored = new StoredProgramme(
            community, versions.Count + 1, Start(effectiveFrom, versions.Count == 0, now), text, context.Caller().Client, now);
        if (!await catalogue.AddProgramme(stored, context.RequestAborted))
        {
            throw new RequestRefusedException(KnownProblems.ProgrammeConflict, "Another version was published at the same moment.");
        }

        programmes.Refresh(community);
        return Answers.Created($"/v1/programmes/{stored.Version}", ProgrammeView.Of(stored, withText: true), ApiJson.Web.ProgrammeView);
    }

    private static (Instant? EffectiveFrom, string Text) Read(JsonMembers members)
    {
        var effectiveFrom = members.OptionalTime("effectiveFrom");
        var programme = members.Required("programme");
        members.NothingElse("effectiveFrom", "programme");
        return (effectiveFrom, Checked(programme).Text);
    }

    /// <summary>A programme that has no mistakes, as text and read.</summary>
    /// <exception cref="RequestRefusedException">It has some; the answer names all of them.</exception>
    internal static (string Text, Programme Programme) Checked(JsonElement element)
    {
        var text = element.GetRawText();
        var reading = ProgrammeReader.Read(text);
        return reading.Programme is { } programme ? (text, programme) : throw Invalid(reading.Problems);
    }

    private static Instant Start(Instant? effectiveFrom, bool isFirst, Instant now) => effectiveFrom switch
    {
        null when isFirst => Instant.MinValue,
        null => throw new RequestRefusedException(
            KnownProblems.MemberMissing, "$.effectiveFrom is missing; only a community's first programme may leave it out.")
        { Path = "$.effectiveFrom" },
        { } start when start < now => throw new RequestRefusedException(
            KnownProblems.EffectiveFromInPast, $"effectiveFrom is {start} and it is {now}: what was decided stays decided.")
        {
            Members = Times(start, now),
        },
        { } start when start < now + CataloguedProgrammes.KnownEverywhereWithin => throw new RequestRefusedException(
            KnownProblems.EffectiveFromTooSoon,
            $"effectiveFrom is {start} and it is {now}: less than {CataloguedProgrammes.KnownEverywhereWithin.TotalSeconds} seconds.")
        {
            Members = Times(start, now),
        },
        { } start => start,
    };

    private static JsonObject Times(Instant effectiveFrom, Instant now) =>
        new() { ["effectiveFrom"] = effectiveFrom.ToString(), ["now"] = now.ToString() };

    private static RequestRefusedException Invalid(IReadOnlyList<ProgrammeProblem> problems) => new(
        KnownProblems.ProgrammeInvalid, $"{problems.Count} mistake(s), the first: {problems[0]}")
    {
        Members = new JsonObject
        {
            ["problems"] = new JsonArray(
            [
                .. problems.Select(ProgrammeFinding.Of).Select(found => (JsonNode)new JsonObject { ["path"] = found.Path, ["text"] = found.Text }),
            ]),
        },
    };
}
