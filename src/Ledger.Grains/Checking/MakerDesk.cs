using Ledger.Grains.Journal;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Grains.Checking;

/// <summary>Counts what one person enters for all residents of a community within an hour.</summary>
/// <remarks>
/// What is committed is a range of an index, read by time: no row that everybody changes, and nothing to keep in memory. Whoever enters in bulk sends
/// everything at once, so what is on its way in this process counts too, each for those that came here after it; what is on its way in another one does not.
/// </remarks>
internal sealed class MakerDesk(IJournal journal)
{
    private static readonly Duration s_hour = Duration.FromHours(1);

    private readonly Lock _door = new();
    private readonly Dictionary<(CommunityId Community, string Scope), List<UnderWay>> _queues = [];

    /// <summary>How many entries there were within the hour before one, which from now on counts for others until <see cref="Leave"/> says that it does not.</summary>
    /// <param name="entry">The entry (<see cref="StoredReference.OfEntry"/>).</param>
    /// <param name="at">When it is entered.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<long> Enter(StoredReference entry, Instant at)
    {
        var before = Join(entry);
        var committed = await Committed(entry, at);

        // One that is committed just now may be in both; one that came after this one and was faster is no reason against it.
        return committed.Except(After(entry)).Union(before).Count();
    }

    /// <summary>The same without entering anything.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<long> Look(StoredReference entry, Instant at)
    {
        var before = Waiting(entry);
        return (await Committed(entry, at)).Union(before).Count();
    }

    /// <summary>An entry is committed, or never will be. Its place is kept while somebody who came before it is still under way.</summary>
    public void Leave(StoredReference entry)
    {
        lock (_door)
        {
            if (_queues.TryGetValue(QueueOf(entry), out var queue) && queue.Find(one => one.Name == entry.Reference && !one.HasLeft) is { } leaving)
            {
                leaving.HasLeft = true;
                queue.RemoveRange(0, queue.FindIndex(one => !one.HasLeft) is var first and >= 0 ? first : queue.Count);
                if (queue.Count == 0)
                {
                    _queues.Remove(QueueOf(entry));
                }
            }
        }
    }

    private List<string> Join(StoredReference entry)
    {
        lock (_door)
        {
            var before = Waiting(entry);
            if (!_queues.TryGetValue(QueueOf(entry), out var queue))
            {
                _queues.Add(QueueOf(entry), queue = []);
            }

            queue.Add(new(entry.Reference));
            return before;
        }
    }

    private List<string> Waiting(StoredReference entry)
    {
        lock (_door)
        {
            // Who has left is committed, and read there, or never was. A command that is decided once more may have the name that it had before.
            return
            [
                .. from one in _queues.GetValueOrDefault(QueueOf(entry), [])
                   where !one.HasLeft && one.Name != entry.Reference
                   select one.Name,
            ];
        }
    }

    private List<string> After(StoredReference entry)
    {
        lock (_door)
        {
            var queue = _queues[QueueOf(entry)];
            return [.. queue.Skip(queue.FindLastIndex(one => one.Name == entry.Reference) + 1).Select(one => one.Name)];
        }
    }

    private Task<IReadOnlyList<string>> Committed(StoredReference entry, Instant at) => journal.ReadNames(
        entry.Stream.Community, entry.Scope, StoredReference.EntriesAfter(at - s_hour), IntegrityCheck.MakerRate.CountedMax);

    private static (CommunityId Community, string Scope) QueueOf(StoredReference entry) => (entry.Stream.Community, entry.Scope);

    private sealed class UnderWay(string name)
    {
        public string Name { get; } = name;

        public bool HasLeft { get; set; }
    }
}
