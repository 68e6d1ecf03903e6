using System.Collections.Concurrent;
using NodaTime;

namespace Ledger.Grains.Communities;

/// <summary>What the catalogue lists for a community, remembered, so that a decision asks nobody; read again after a change here, and in the background.</summary>
/// <remarks>
/// Another process may change it too. What is remembered is read anew when it is <see cref="RememberedList.FreshFor"/> old, while decisions go on with
/// it; nothing is decided with a list that is older than <see cref="RememberedList.UsableFor"/>.
/// </remarks>
/// <typeparam name="TList">The list, immutable.</typeparam>
/// <param name="read">Reads it from where it is kept.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class RememberedList<TList>(Func<CommunityId, Task<TList>> read, TimeProvider time)
{
    private readonly ConcurrentDictionary<CommunityId, Reading> _byCommunity = new();
    private long _changes;

    /// <summary>The list of a community.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer, and what is remembered is too old.</exception>
    public ValueTask<TList> Of(CommunityId community)
    {
        var changes = Interlocked.Read(ref _changes);
        if (!_byCommunity.TryGetValue(community, out var reading) || reading.Changes != changes || reading.List.IsFaulted)
        {
            // Counted before the reading starts: one that a change overtook is read again, and so is one that failed.
            reading = new(changes, time.GetTimestamp(), read(community));
            _byCommunity[community] = reading;
            return new(reading.List);
        }

        var age = time.GetElapsedTime(reading.At);
        if (age < RememberedList.FreshFor)
        {
            return new(reading.List);
        }

        var renewal = Renew(community, reading);
        return new(age < RememberedList.UsableFor ? reading.List : renewal);
    }

    /// <summary>Forgets what was read, after a change.</summary>
    public void Refresh() => Interlocked.Increment(ref _changes);

    /// <summary>One caller reads again for all; when that fails, the next one tries.</summary>
    private Task<TList> Renew(CommunityId community, Reading reading)
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

    private async Task<TList> ReadAgain(CommunityId community, Reading old)
    {
        var at = time.GetTimestamp();
        var list = await read(community);
        _byCommunity.TryUpdate(community, new(old.Changes, at, Task.FromResult(list)), old);
        return list;
    }

    private sealed class Reading(long changes, long at, Task<TList> list)
    {
        public long Changes { get; } = changes;

        public long At { get; } = at;

        public Task<TList> List { get; } = list;

        public Task<TList>? Renewal { get; set; }
    }
}

/// <summary>How long a <see cref="RememberedList{TList}"/> is remembered.</summary>
public static class RememberedList
{
    /// <summary>A reading that is older is done again in the background.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(15);

    /// <summary>A reading that is older decides nothing.</summary>
    public static readonly TimeSpan UsableFor = TimeSpan.FromSeconds(45);

    /// <summary>How long before it counts a change must be made: longer than the oldest reading that anybody decides with, and clocks that differ.</summary>
    public static readonly Duration KnownEverywhereWithin = Duration.FromSeconds(60);
}
