using System.Collections.Concurrent;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Programmes;

namespace Ledger.Grains.Communities;

/// <summary>The programmes of the catalogue, read once per community and again after a publication.</summary>
/// <param name="catalogue">Where they are kept.</param>
public sealed class CataloguedProgrammes(ICatalogue catalogue) : IProgrammes
{
    private readonly ConcurrentDictionary<CommunityId, Reading> _byCommunity = new();
    private long _publications;

    /// <inheritdoc/>
    public ValueTask<PublishedProgrammes> Of(CommunityId community)
    {
        var publications = Interlocked.Read(ref _publications);
        if (_byCommunity.TryGetValue(community, out var reading) && reading.Publications == publications && !reading.Versions.IsFaulted)
        {
            return new(reading.Versions);
        }

        // Counted before the reading starts: one that a publication overtook is read again, and so is one that failed.
        var fresh = new Reading(publications, Read(community));
        _byCommunity[community] = fresh;
        return new(fresh.Versions);
    }

    /// <inheritdoc/>
    public void Refresh(CommunityId community) => Interlocked.Increment(ref _publications);

    private sealed record Reading(long Publications, Task<PublishedProgrammes> Versions);

    private async Task<PublishedProgrammes> Read(CommunityId community) =>
        new((await catalogue.ListProgrammes(community)).Select(Parse));

    private static PublishedProgramme Parse(StoredProgramme stored) => ProgrammeReader.Read(stored.Json) switch
    {
        { Programme: { } programme } => new(stored.Version, stored.EffectiveFrom, programme),
        { Problems: [var first, ..] } => throw new JournalUnavailableException(
            $"Programme {stored.Version} of {stored.Community} cannot be read by this program: {first}."),
        _ => throw new JournalUnavailableException($"Programme {stored.Version} of {stored.Community} is empty."),
    };
}
