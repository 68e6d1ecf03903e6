using System.Collections.Concurrent;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Programmes;

namespace Ledger.Grains.Communities;

/// <summary>The programmes of the catalogue, read once per community and again after a publication.</summary>
/// <param name="catalogue">Where they are kept.</param>
public sealed class CataloguedProgrammes(ICatalogue catalogue) : IProgrammes
{
    private readonly ConcurrentDictionary<CommunityId, Task<PublishedProgrammes>> _byCommunity = new();

    /// <inheritdoc/>
    public ValueTask<PublishedProgrammes> Of(CommunityId community)
    {
        var reading = _byCommunity.GetOrAdd(community, Read);
        if (reading.IsFaulted || reading.IsCanceled)
        {
            // A store that did not answer once is asked again, not remembered.
            _byCommunity.TryRemove(new(community, reading));
        }

        return new(reading);
    }

    /// <inheritdoc/>
    public void Refresh(CommunityId community) => _byCommunity.TryRemove(community, out _);

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
