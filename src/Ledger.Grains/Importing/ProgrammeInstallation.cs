using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Grains.Importing;

/// <summary>What became of a programme that was to be installed. A closed set.</summary>
public abstract record ProgrammeInstallation
{
    private const string Publisher = "import";

    private ProgrammeInstallation()
    {
    }

    /// <summary>It is the community's only programme and counts from the beginning of time; also when it was so before.</summary>
    public sealed record Installed : ProgrammeInstallation;

    /// <summary>The text is no programme; nothing was done.</summary>
    /// <param name="Problems">All that is wrong with it.</param>
    public sealed record NotValid(ImmutableArray<ProgrammeProblem> Problems) : ProgrammeInstallation;

    /// <summary>The community has another programme; nothing was done.</summary>
    /// <param name="Versions">How many versions it has.</param>
    public sealed record OtherInForce(int Versions) : ProgrammeInstallation;

    /// <summary>Makes a text the one programme of a community, from the beginning of time. The community is added when there is none.</summary>
    /// <param name="catalogue">Where programmes are kept.</param>
    /// <param name="community">Whose.</param>
    /// <param name="json">The text.</param>
    /// <param name="now">The clock.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public static async Task<ProgrammeInstallation> Install(
        ICatalogue catalogue, CommunityId community, string json, Instant now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        if (ProgrammeReader.Read(json) is { Programme: null, Problems: var problems })
        {
            return new NotValid(problems);
        }

        await catalogue.AddCommunity(new(community, community.Value, now), cancellation);
        var versions = await catalogue.ListProgrammes(community, cancellation);
        if (versions.Count == 0)
        {
            await catalogue.AddProgramme(new(community, 1, Instant.MinValue, json, Publisher, now), cancellation);

            // Whoever came first, this is what counts now.
            versions = await catalogue.ListProgrammes(community, cancellation);
        }

        return versions is [{ EffectiveFrom: var from } only] && from == Instant.MinValue && IsSame(only.Json, json)
            ? new Installed()
            : new OtherInForce(versions.Count);
    }

    // Blanks and the order of members do not make another programme.
    private static bool IsSame(string stored, string json)
    {
        using var one = JsonDocument.Parse(stored);
        using var other = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(one.RootElement, other.RootElement);
    }
}
