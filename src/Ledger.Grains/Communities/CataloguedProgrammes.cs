using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Programmes;

namespace Ledger.Grains.Communities;

/// <summary>The programmes of the catalogue, remembered as every <see cref="RememberedList{TList}"/>.</summary>
/// <param name="catalogue">Where they are kept.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class CataloguedProgrammes(ICatalogue catalogue, TimeProvider time) : IProgrammes
{
    private readonly RememberedList<PublishedProgrammes> _remembered = new(
        async community => new((await catalogue.ListProgrammes(community)).Select(Parse)), time);

    /// <inheritdoc/>
    public ValueTask<PublishedProgrammes> Of(CommunityId community) => _remembered.Of(community);

    /// <inheritdoc/>
    public void Refresh(CommunityId community) => _remembered.Refresh();

    private static PublishedProgramme Parse(StoredProgramme stored) => ProgrammeReader.Read(stored.Json) switch
    {
        { Programme: { } programme } => new(stored.Version, stored.EffectiveFrom, programme),
        { Problems: [var first, ..] } => throw new JournalUnavailableException(
            $"Programme {stored.Version} of {stored.Community} cannot be read by this program: {first}."),
        _ => throw new JournalUnavailableException($"Programme {stored.Version} of {stored.Community} is empty."),
    };
}
