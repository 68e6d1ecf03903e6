using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Grains.Clocks;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.Stocks;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Stocks;

/// <summary>Decides on committed state, appends, and only then moves on, as a wallet does.</summary>
[GrainType("stock")]
internal sealed class StockGrain(IJournal journal, IClock clock, IClockWatch clockWatch) : Grain, IStockGrain, IDisposable
{
    private readonly CommandQueue<Asked, StockResult> _commands = new();
    private StreamId _stream;
    private Task<StoredStock>? _loading;
    private StoredStock? _stock;
    private bool _stale;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = StockKey.StreamOf(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<StockResult> Do(StockCommand command, CommandKey? key) => (await _commands.Do([new(command, key)], Do))[0];

    public async Task<StockReading> Read()
    {
        var state = (await Loaded()).State;
        return new(state.Level, state.Sequence);
    }

    public async Task<ImmutableArray<RedemptionId>> ToLookFor() => [.. (await Loaded()).State.ToLookFor(clock.GetCurrentInstant())];

    public void Dispose() => _commands.Dispose();

    private async Task<ImmutableArray<StockResult>> Do(ImmutableArray<Asked> commands)
    {
        var committed = await Loaded();
        var known = new StockResult?[commands.Length];

        // Each round either ends, or learns of at least one more command that its answer is known.
        for (var round = 0; round <= commands.Length; round++)
        {
            var draft = new StockDraft(_stream, committed);
            var decided = commands.Select((asked, i) => known[i] ?? Decide(draft, asked)).ToImmutableArray();
            switch (draft.IsEmpty ? AppendResult.Committed.Instance : await Append(draft))
            {
                case AppendResult.Committed:
                    _stock = draft.After;
                    return decided;
                case AppendResult.Seen seen:
                    Learn(commands, known, asked => seen.Rows.FirstOrDefault(row => row.Key == asked.KeyIn(_stream)) is { } row ? Answer(asked, row) : null);
                    break;
                case AppendResult.ReferenceTaken taken:
                    Learn(commands, known, asked => taken.References.Any(reference => IsOf(reference, asked.Command)) ? new StockResult.Came() : null);
                    break;
                case AppendResult.Fenced:
                    GoStale();
                    throw new JournalFencedException($"Another activation wrote to {_stream} first; send the command again.");
                case AppendResult.LeaseEnded:
                    throw new UnreachableException("A stock draws on no lease.");
                default:
                    throw new UnreachableException("An append result has no case.");
            }
        }

        throw new UnreachableException("Every round answers a command.");
    }

    private StockResult Decide(StockDraft draft, Asked asked)
    {
        if (draft.Find(asked.KeyIn(_stream)) is { } earlier)
        {
            return Answer(asked, earlier);
        }

        if (asked.Command is ReserveStock && draft.After.State.Reservations.Count >= Stock.ReservationsMax)
        {
            return new StockResult.Full();
        }

        var now = clockWatch.Now(clock);
        return Stock.Decide(draft.After.State, asked.Command, Instant.Max(now, draft.After.State.LastAt)) is { } happened
            ? new StockResult.Recorded(draft.Add(asked.Command, asked.KeyIn(_stream), happened, now), Replayed: false, draft.After.State.Sequence)
            : new StockResult.Nothing();
    }

    private async Task<AppendResult> Append(StockDraft draft)
    {
        try
        {
            return await journal.Append(draft.ToSet());
        }
        catch (JournalOutcomeUnknownException)
        {
            GoStale();
            throw;
        }
    }

    private StockResult Answer(Asked asked, JournalRow first) =>
        first.Stream == _stream && first.Fingerprint.Span.SequenceEqual(LedgerJson.FingerprintOf(_stream.Stock!.Value, asked.Command))
            ? new StockResult.Recorded(first.ToStockEvent(), Replayed: true, first.Sequence)
            : new StockResult.KeyReused();

    private static void Learn(ImmutableArray<Asked> commands, StockResult?[] known, Func<Asked, StockResult?> answer)
    {
        for (var i = 0; i < commands.Length; i++)
        {
            known[i] ??= answer(commands[i]);
        }
    }

    private static bool IsOf(StoredReference reference, StockCommand command) =>
        command is SettleStock { Fate: RedemptionFate.Never, Redemption: var redemption } && redemption.Value == reference.Reference;

    private async ValueTask<StoredStock> Loaded()
    {
        if (_stale)
        {
            throw new JournalFencedException($"This activation of {_stream} is stale; send the command again.");
        }

        return _stock ?? await (_loading ??= Load());
    }

    private async Task<StoredStock> Load()
    {
        try
        {
            return _stock = await StoredStock.Load(journal, _stream);
        }
        catch
        {
            GoStale();
            throw;
        }
    }

    // What we hold is no longer known to be the replay of the journal: go, and let the next activation read it.
    private void GoStale()
    {
        _stale = true;
        DeactivateOnIdle();
    }

    /// <summary>A command with the key that came with it.</summary>
    private readonly record struct Asked(StockCommand Command, CommandKey? Key)
    {
        /// <summary>What makes it one command; null where what is known of the redemption makes it one.</summary>
        public CommandKey? KeyIn(StreamId stream) => Command switch
        {
            ReserveStock reserve => CommandKey.Stock(reserve.Redemption),
            RecallStock recall => CommandKey.StockBack(recall.Redemption),
            AdjustStock => Key ?? throw new ArgumentException($"An adjustment of {stream} has a key."),
            _ => null,
        };
    }
}
