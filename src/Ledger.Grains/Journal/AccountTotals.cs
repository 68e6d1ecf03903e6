using Ledger.Accounts;

namespace Ledger.Grains.Journal;

/// <summary>The totals of every account, kept in memory by the one writer: changed by each set, stored once per batch.</summary>
/// <param name="load">Reads the stored totals of a community, when it is first written to.</param>
internal sealed class AccountTotals(Func<CommunityId, Dictionary<string, long>> load)
{
    /// <summary>
    /// No total passes this, up or down: 2^62. Two writers' totals then still add up within 64 bits, and SQLite never has to turn an
    /// integer that grew too large into an inexact real number.
    /// </summary>
    public const long TotalMax = 1L << 62;

    private readonly Dictionary<CommunityId, Dictionary<string, long>> _committed = [];
    private readonly Dictionary<(CommunityId Community, string Account), long> _changed = [];
    private readonly Dictionary<string, Int128> _set = [];

    /// <summary>The totals that the batch changed, with their new values.</summary>
    public IReadOnlyDictionary<(CommunityId Community, string Account), long> Changed => _changed;

    /// <summary>By how much the batch changed each of them, for a store where others change the same totals.</summary>
    public IEnumerable<(CommunityId Community, string Account, long Points)> Deltas =>
        _changed.Select(total => (
            total.Key.Community, total.Key.Account, total.Value - _committed[total.Key.Community].GetValueOrDefault(total.Key.Account)));

    /// <summary>Takes the postings of a set in, whole or not at all; the answer is the account that would pass its bound, or null.</summary>
    public string? Add(AppendSet set)
    {
        _set.Clear();
        foreach (var row in set.Rows)
        {
            foreach (var posting in row.Postings)
            {
                Move(posting.From, -posting.Points.Value);
                Move(posting.To, posting.Points.Value);
            }
        }

        return Exceeding(set.Stream.Community) ?? Take(set.Stream.Community);
    }

    /// <summary>The batch is committed.</summary>
    public void Commit()
    {
        foreach (var ((community, account), points) in _changed)
        {
            _committed[community][account] = points;
        }

        _changed.Clear();
    }

    /// <summary>Nothing of the batch is committed, for certain: what was read before still holds.</summary>
    public void Discard() => _changed.Clear();

    /// <summary>The batch is not committed, or nobody knows: what is stored is read again.</summary>
    public void Forget()
    {
        _changed.Clear();
        _committed.Clear();
    }

    private void Move(Account account, Int128 points) => _set[account.Name] = _set.GetValueOrDefault(account.Name) + points;

    private string? Exceeding(CommunityId community)
    {
        foreach (var (account, points) in _set)
        {
            if (Int128.Abs(Current(community, account) + points) > TotalMax)
            {
                return account;
            }
        }

        return null;
    }

    private string? Take(CommunityId community)
    {
        foreach (var (account, points) in _set)
        {
            _changed[(community, account)] = (long)(Current(community, account) + points);
        }

        return null;
    }

    private long Current(CommunityId community, string account)
    {
        if (_changed.TryGetValue((community, account), out var changed))
        {
            return changed;
        }

        if (!_committed.TryGetValue(community, out var totals))
        {
            totals = load(community);
            _committed.Add(community, totals);
        }

        return totals.GetValueOrDefault(account);
    }
}
