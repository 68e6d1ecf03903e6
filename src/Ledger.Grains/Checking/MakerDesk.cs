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
    private readonly Dictionary<(CommunityId Community, string Scope), List<string>> _underWay = [];

    /// <summary>How many entries there were within the hour before one, which from now on counts for others until <see cref="Leave"/> says that it does not.</summary>
    /// <param name="entry">The entry (<see cref="StoredReference.OfEntry"/>).</param>
    /// <param name="at">When it is entered.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<long> Enter(StoredReference entry, Instant at) => Count(entry, at, UnderWay(entry, enters: true));

    /// <summary>The same without entering anything.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<long> Look(StoredReference entry, Instant at) => Count(entry, at, UnderWay(entry, enters: false));

    /// <summary>An entry is committed, or never will be.</summary>
    public void Leave(StoredReference entry)
    {
        lock (_door)
        {
            if (_underWay.TryGetValue((entry.Stream.Community, entry.Scope), out var names) && names.Remove(entry.Reference) && names.Count == 0)
            {
                _underWay.Remove((entry.Stream.Community, entry.Scope));
            }
        }
    }

    private List<string> UnderWay(StoredReference entry, bool enters)
    {
        lock (_door)
        {
            var names = _underWay.GetValueOrDefault((entry.Stream.Community, entry.Scope));
            List<string> before = [.. names ?? []];
            if (enters)
            {
                (names ?? (_underWay[(entry.Stream.Community, entry.Scope)] = [])).Add(entry.Reference);
            }

            return before;
        }
    }

    // One that is committed just now may be in both.
    private async Task<long> Count(StoredReference entry, Instant at, List<string> underWay) =>
        (await journal.ReadNames(
            entry.Stream.Community, entry.Scope, StoredReference.EntriesAfter(at - s_hour), IntegrityCheck.MakerRate.CountedMax)).Union(underWay).Count();
}
