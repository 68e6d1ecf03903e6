using Ledger.Transactions;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>
/// For streams written lately a sequence up to which every row is surely there, so that the database is asked only about the others
/// whether a new row would leave a gap. Safe for the lanes of one process at once.
/// </summary>
/// <remarks>Rows are never taken out, so what was there is there, whoever else has written since. A lost connection makes it forget: the
/// server that comes back may be a copy that lacks the last commits.</remarks>
internal sealed class ProvenHeads
{
    /// <summary>Some eight megabytes at most.</summary>
    private const int StreamsMax = 65_536;

    private readonly Lock _door = new();
    private readonly Dictionary<StreamId, long> _heads = [];

    /// <summary>Whether the row before the first one of a set is there for certain, or none is needed.</summary>
    public bool Prove(AppendSet set)
    {
        var before = set.Rows[0].Sequence - 1;
        if (before == 0)
        {
            return true;
        }

        lock (_door)
        {
            return _heads.TryGetValue(set.Stream, out var head) && head >= before;
        }
    }

    /// <summary>The sets are committed.</summary>
    public void Add(IEnumerable<PendingAppend> sets)
    {
        lock (_door)
        {
            foreach (var pending in sets)
            {
                if (_heads.Count >= StreamsMax && !_heads.ContainsKey(pending.Set.Stream))
                {
                    _heads.Clear();
                }

                _heads[pending.Set.Stream] = pending.Set.Rows[^1].Sequence;
            }
        }
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget()
    {
        lock (_door)
        {
            _heads.Clear();
        }
    }
}
