using System.Text.Json.Nodes;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Programmes;

/// <summary>What publishing a programme and publishing a draft have in common.</summary>
internal static class Publication
{
    /// <summary>A programme that has no mistakes.</summary>
    /// <exception cref="RequestRefusedException">It has some; the answer names all of them.</exception>
    public static Programme Checked(string text)
    {
        var reading = ProgrammeReader.Read(text);
        return reading.Programme ?? throw Invalid(reading.Problems);
    }

    /// <summary>The version that a text would be if it were published now, by the clock that all processes share: they must know it before it counts.</summary>
    /// <exception cref="RequestRefusedException">It cannot start then.</exception>
    public static async Task<StoredProgramme> Next(
        HttpContext context, ICatalogue catalogue, CommunityId community, Instant? effectiveFrom, string text, Instant now)
    {
        var versions = await catalogue.ListProgrammes(community, context.RequestAborted);
        return new(community, versions.Count + 1, Start(effectiveFrom, versions.Count == 0, now), text, context.Caller().Client, now);
    }

    /// <summary>The answer to a publication that is done.</summary>
    public static IResult Done(IProgrammes programmes, StoredProgramme version)
    {
        programmes.Refresh(version.Community);
        return Answers.Created($"/v1/programmes/{version.Version}", ProgrammeView.Of(version, withText: true), ApiJson.Web.ProgrammeView);
    }

    public static RequestRefusedException Conflict() =>
        new(KnownProblems.ProgrammeConflict, "Another version was published at the same moment.");

    public static RequestRefusedException Invalid(IReadOnlyList<ProgrammeProblem> problems) => new(
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
        { } start when start < now + RememberedList.KnownEverywhereWithin => throw new RequestRefusedException(
            KnownProblems.EffectiveFromTooSoon,
            $"effectiveFrom is {start} and it is {now}: less than {RememberedList.KnownEverywhereWithin.TotalSeconds} seconds.")
        {
            Members = Times(start, now),
        },
        { } start => start,
    };

    private static JsonObject Times(Instant effectiveFrom, Instant now) =>
        new() { ["effectiveFrom"] = effectiveFrom.ToString(), ["now"] = now.ToString() };
}
