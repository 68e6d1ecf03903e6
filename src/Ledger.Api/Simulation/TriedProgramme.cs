using System.Globalization;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Simulation;

/// <summary>The programme that a request wants to try: one of the published versions, or one that it brings.</summary>
/// <param name="Text">As a wallet is told it.</param>
/// <param name="Published">The same, read.</param>
internal sealed record TriedProgramme(SimulatedProgramme Text, PublishedProgramme Published)
{
    /// <summary>Reads <c>version</c> or <c>programme</c>; null where there is neither, and then the catalogue is not asked.</summary>
    /// <exception cref="RequestRefusedException">There are both, the programme has mistakes, or there is no such version.</exception>
    public static async ValueTask<TriedProgramme?> Of(
        JsonMembers members, ICatalogue catalogue, CommunityId community, CancellationToken cancellation)
    {
        var version = members.OptionalWhole("version", 1);
        var brought = members.Optional("programme");
        if (version is null && brought is null)
        {
            return null;
        }

        if (version is not null && brought is not null)
        {
            throw JsonMembers.Wrong(KnownProblems.MemberUnknown, members.At("version"), "and programme exclude each other: send one of them");
        }

        var stored = await catalogue.ListProgrammes(community, cancellation);
        if (brought is { } element)
        {
            var (text, programme) = PublishProgramme.Checked(element);
            return new(new(stored.Count + 1, text), new(stored.Count + 1, Instant.MinValue, programme));
        }

        var found = stored.FirstOrDefault(candidate => candidate.Version == version)
            ?? throw new RequestRefusedException(
                KnownProblems.ProgrammeNotFound,
                string.Create(CultureInfo.InvariantCulture, $"The community has {stored.Count} version(s), and {version} is none of them."));
        var sent = new SimulatedProgramme(found.Version, found.Json);
        return new(sent, sent.ToPublished());
    }
}
