using Ledger.Transactions;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>The last sequence of streams written lately, so that the fence asks the file only about the others.</summary>
/// <remarks>Right because one process writes; a batch that is not committed makes it forget everything.</remarks>
/// <param name="read">Asks the file for the last sequence of a stream; 0 when it has no row.</param>
internal sealed class StreamHeads(Func<StreamId, long> read)
{
    /// <summary>Some eight megabytes at most.</summary>
    private const int StreamsMax = 65_536;

    private readonly Dictionary<StreamId, long> _heads = [];

    public long Of(StreamId stream)
    {
        if (!_heads.TryGetValue(stream, out var head))
        {
            head = read(stream);
            Set(stream, head);
        }

        return head;
    }

    public void Set(StreamId stream, long head)
    {
        if (_heads.Count >= StreamsMax && !_heads.ContainsKey(stream))
        {
            _heads.Clear();
        }

        _heads[stream] = head;
    }

    public void Forget() => _heads.Clear();
}
