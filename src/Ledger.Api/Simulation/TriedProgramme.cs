using System.Globalization;
using Ledger.Api.Drafts;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Simulation;

/// <summary>The programme that a request wants to try: one of the published versions, a draft, or one that it brings.</summary>
/// <param name="Text">As a wallet is told it.</param>
/// <param name="Published">The same, read.</param>
internal sealed record TriedProgramme(SimulatedProgramme Text, PublishedProgramme Published)
{
    /// <summary>Does a request name one, rightly or not?</summary>
    public static bool IsNamed(JsonMembers members) => (members.Optional("version") ?? members.Optional("draft") ?? members.Optional("programme")) is not null;

    /// <summary>Reads <c>version</c>, <c>draft</c> or <c>programme</c>; null where there is none of them, and then no store is asked.</summary>
    /// <exception cref="RequestRefusedException">There are several, the programme has mistakes, or there is no such version or draft.</exception>
    public static async ValueTask<TriedProgramme?> Of(
        JsonMembers members, ICatalogue catalogue, IDrafts drafts, CommunityId community, CancellationToken cancellation)
    {
        var version = members.OptionalWhole("version", 1);
        var draft = members.OptionalText("draft");
        var brought = members.Optional("programme");
        if ((version is null ? 0 : 1) + (draft is null ? 0 : 1) + (brought is null ? 0 : 1) > 1)
        {
            throw JsonMembers.Wrong(
                KnownProblems.MemberUnknown, members.At(version is null ? "draft" : "version"), "excludes the others: send one of version, draft and programme");
        }

        if (version is { } number)
        {
            return OfVersion(await catalogue.ListProgrammes(community, cancellation), number);
        }

        var text = draft is null ? brought?.GetRawText() : (await SeenDraft.Find(drafts, community, draft, cancellation)).Json;
        return text is null ? null : OfText(await catalogue.ListProgrammes(community, cancellation), text);
    }

    private static TriedProgramme OfVersion(IReadOnlyList<StoredProgramme> stored, long version)
    {
        var found = stored.FirstOrDefault(candidate => candidate.Version == version)
            ?? throw new RequestRefusedException(
                KnownProblems.ProgrammeNotFound,
                string.Create(CultureInfo.InvariantCulture, $"The community has {stored.Count} version(s), and {version} is none of them."));
        var sent = new SimulatedProgramme(found.Version, found.Json);
        return new(sent, sent.ToPublished());
    }

    private static TriedProgramme OfText(IReadOnlyList<StoredProgramme> stored, string text) =>
        new(new(stored.Count + 1, text), new(stored.Count + 1, Instant.MinValue, Publication.Checked(text)));
}
