using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
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
        HttpContext context, ICatalogue catalogue, CommunityScope scope, IProgrammes programmes, IClock clock, IClockWatch clockWatch)
    {
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        var effectiveFrom = members.OptionalTime("effectiveFrom");
        var text = members.Required("programme").GetRawText();
        members.NothingElse("effectiveFrom", "programme");
        Publication.Checked(text);
        var version = await Publication.Next(context, catalogue, community, effectiveFrom, text, clockWatch.Now(clock));
        return await catalogue.AddProgramme(version, context.RequestAborted) ? Publication.Done(programmes, version) : throw Publication.Conflict();
    }
}
