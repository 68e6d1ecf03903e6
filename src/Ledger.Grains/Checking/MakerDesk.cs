using Ledger.Grains.Journal;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Grains.Checking;

/// <summary>Counts what one person enters for all residents of a community within an hour.</summary>
/// <remarks>
/// What is committed is a range of an index, read by time: no row that everybody changes, and nothing to keep in memory. Whoever enters in bulk sends
/// everything at once, so what is on its way in this process counts too, in the order in which it came here; what is on its way in another one does not.
/// </remarks>
internal sealed class MakerDesk(IJournal journal)
{
    private static readonly Duration s_hour = Duration.FromHours(1);

    private readonly Lock _door = new();
    private readonly Dictionary<(CommunityId Community, string Scope), Maker> _makers = [];

    /// <summary>How many entries there were within the hour before one, which from now on counts for others until <see cref="Leave"/> says that it does not.</summary>
    /// <param name="entry">The entry (<see cref="StoredReference.OfEntry"/>).</param>
    /// <param name="at">When it is entered.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<long> Enter(StoredReference entry, Instant at) => Count(entry, at, enters: true);

    /// <summary>The same without entering anything.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<long> Look(StoredReference entry, Instant at) => Count(entry, at, enters: false);

    /// <summary>An entry is committed, or never will be.</summary>
    public void Leave(StoredReference entry) => At(entry, maker => maker.UnderWay.Remove(entry.Reference));

    private async Task<long> Count(StoredReference entry, Instant at, bool enters)
    {
        var (before, later) = (new List<string>(), new HashSet<string>());
        At(entry, maker =>
        {
            before.AddRange(maker.UnderWay);
            maker.Counting.Add(later);
            if (enters)
            {
                maker.Counting.ForEach(others => others.Add(entry.Reference));
                maker.UnderWay.Add(entry.Reference);
            }
        });
        IReadOnlyList<string> committed;
        try
        {
            committed = await journal.ReadNames(
                entry.Stream.Community, entry.Scope, StoredReference.EntriesAfter(at - s_hour), IntegrityCheck.MakerRate.CountedMax);
        }
        finally
        {
            At(entry, maker => maker.Counting.Remove(later));
        }

        // One that was on its way and is committed by now is in both; one that came later may be committed sooner.
        return committed.Except(later).Union(before).Count();
    }

    private void At(StoredReference entry, Action<Maker> change)
    {
        var name = (entry.Stream.Community, entry.Scope);
        lock (_door)
        {
            var maker = _makers.GetValueOrDefault(name) ?? (_makers[name] = new());
            change(maker);
            if (maker.UnderWay.Count == 0 && maker.Counting.Count == 0)
            {
                _makers.Remove(name);
            }
        }
    }

    /// <param name="UnderWay">What is on its way, in the order in which it came.</param>
    /// <param name="Counting">For each who counts just now, what came after him.</param>
    private sealed record Maker(List<string> UnderWay, List<HashSet<string>> Counting)
    {
        public Maker() : this([], [])
        {
        }
    }
}
