using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Stocks;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Stocks;

/// <summary>Transactions of one stock that are decided but not yet committed; thrown away whole when the append does not go through.</summary>
internal sealed class StockDraft
{
    private readonly StreamId _stream;
    private readonly StoredStock _committed;
    private readonly Dictionary<CommandKey, JournalRow> _rows = [];
    private readonly ImmutableArray<StoredReference>.Builder _references = ImmutableArray.CreateBuilder<StoredReference>();

    public StockDraft(StreamId stream, StoredStock committed) => (_stream, _committed, After) = (stream, committed, committed);

    /// <summary>The stock after the draft.</summary>
    public StoredStock After { get; private set; }

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>A transaction of the draft by its command.</summary>
    public JournalRow? Find(CommandKey? key) => key is { } known ? _rows.GetValueOrDefault(known) : null;

    /// <param name="command">What was wanted.</param>
    /// <param name="key">What makes it one command; null where what happens does.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="now">The silo's clock.</param>
    public StockEvent Add(StockCommand command, CommandKey? key, StockEvent happened, Instant now)
    {
        var (before, at) = (After.State, Instant.Max(now, After.State.LastAt));
        var state = Stock.Evolve(before, happened, at);
        var row = StockRows.ToRow(_stream, state, key ?? StockRows.KeyOf(_stream.Stock!.Value, before, happened)!.Value, command, happened, now, After.Hash.Span);
        After = new(state, row.Hash);
        _rows.Add(row.Key, row);
        if (StockRows.ReferenceOf(_stream, row.Sequence, happened) is { } reference)
        {
            _references.Add(reference);
        }

        return happened;
    }

    public AppendSet ToSet() => new()
    {
        Stream = _stream,
        Rows = [.. _rows.Values.OrderBy(row => row.Sequence)],
        NextDue = After.State.NextLook,
        NextDueChanged = After.State.NextLook != _committed.State.NextLook,
        References = _references.ToImmutable(),
    };
}
