using System.Collections.Concurrent;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Grains.Communities;

/// <summary>The programmes of the catalogue, remembered, so that a decision asks nobody; read again after a publication here, and in the background.</summary>
/// <remarks>
/// Another process may publish too. What is remembered is read anew when it is <see cref="FreshFor"/> old, while decisions go on with it; nothing
/// is decided with a list that is older than <see cref="UsableFor"/>.
/// </remarks>
/// <param name="catalogue">Where they are kept.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class CataloguedProgrammes(ICatalogue catalogue, TimeProvider time) : IProgrammes
{
    /// <summary>A reading that is older is done again in the background.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(15);

    /// <summary>A reading that is older decides nothing.</summary>
    public static readonly TimeSpan UsableFor = TimeSpan.FromSeconds(45);

    /// <summary>How long before it counts a version must be published: longer than the oldest reading that anybody decides with, and clocks that differ.</summary>
    public static readonly Duration KnownEverywhereWithin = Duration.FromSeconds(60);

    private readonly ConcurrentDictionary<CommunityId, Reading> _byCommunity = new();
    private long _publications;

    /// <inheritdoc/>
    public ValueTask<PublishedProgrammes> Of(CommunityId community)
    {
        var publications = Interlocked.Read(ref _publications);
        if (!_byCommunity.TryGetValue(community, out var reading) || reading.Publications != publications || reading.Versions.IsFaulted)
        {
            // Counted before the reading starts: one that a publication overtook is read again, and so is one that failed.
            reading = new(publications, time.GetTimestamp(), Read(community));
            _byCommunity[community] = reading;
            return new(reading.Versions);
        }

        var age = time.GetElapsedTime(reading.At);
        if (age < FreshFor)
        {
            return new(reading.Versions);
        }

        var renewal = Renew(community, reading);
        return new(age < UsableFor ? reading.Versions : renewal);
    }

    /// <inheritdoc/>
    public void Refresh(CommunityId community) => Interlocked.Increment(ref _publications);

    /// <summary>One caller reads again for all; when that fails, the next one tries.</summary>
    private Task<PublishedProgrammes> Renew(CommunityId community, Reading reading)
    {
        lock (reading)
        {
            if (reading.Renewal is not { IsFaulted: false })
            {
                reading.Renewal = ReadAgain(community, reading);
            }

            return reading.Renewal;
        }
    }

    private async Task<PublishedProgrammes> ReadAgain(CommunityId community, Reading old)
    {
        var at = time.GetTimestamp();
        var versions = await Read(community);
        _byCommunity.TryUpdate(community, new(old.Publications, at, Task.FromResult(versions)), old);
        return versions;
    }

    private async Task<PublishedProgrammes> Read(CommunityId community) =>
        new((await catalogue.ListProgrammes(community)).Select(Parse));

    private static PublishedProgramme Parse(StoredProgramme stored) => ProgrammeReader.Read(stored.Json) switch
    {
        { Programme: { } programme } => new(stored.Version, stored.EffectiveFrom, programme),
        { Problems: [var first, ..] } => throw new JournalUnavailableException(
            $"Programme {stored.Version} of {stored.Community} cannot be read by this program: {first}."),
        _ => throw new JournalUnavailableException($"Programme {stored.Version} of {stored.Community} is empty."),
    };

    private sealed class Reading(long publications, long at, Task<PublishedProgrammes> versions)
    {
        public long Publications { get; } = publications;

        public long At { get; } = at;

        public Task<PublishedProgrammes> Versions { get; } = versions;

        public Task<PublishedProgrammes>? Renewal { get; set; }
    }
}
