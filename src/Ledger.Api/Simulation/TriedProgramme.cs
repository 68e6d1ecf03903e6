using System.Globalization;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;

namespace Ledger.Api.Simulation;

/// <summary>The programme that a request wants to try: one of the published versions, or one that it brings.</summary>
internal static class TriedProgramme
{
    /// <summary>Reads <c>version</c> or <c>programme</c>; null where there is neither.</summary>
    /// <exception cref="RequestRefusedException">There are both, the programme has mistakes, or there is no such version.</exception>
    public static SimulatedProgramme? Of(JsonMembers members, IReadOnlyList<StoredProgramme> stored)
    {
        var version = members.OptionalWhole("version", 1);
        if (members.Optional("programme") is { } programme)
        {
            return version is null
                ? new(stored.Count + 1, PublishProgramme.Checked(programme))
                : throw JsonMembers.Wrong(KnownProblems.MemberUnknown, members.At("version"), "and programme exclude each other: send one of them");
        }

        if (version is not { } number)
        {
            return null;
        }

        var found = stored.FirstOrDefault(candidate => candidate.Version == number)
            ?? throw new RequestRefusedException(
                KnownProblems.ProgrammeNotFound,
                string.Create(CultureInfo.InvariantCulture, $"The community has {stored.Count} version(s), and {number} is none of them."));
        return new(found.Version, found.Json);
    }
}
