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
internal sealed class StockGrain(IJournal journal, IClock clock, IClockWatch clockWatch) : StreamGrain<StoredStock>(journal), IStockGrain, IDisposable
{
    private readonly CommandQueue<Asked, StockResult> _commands = new();

    public Task<StockResult> Do(StockCommand command, CommandKey? key) => _commands.Do(new Asked(command, key), Do);

    public async Task<StockReading> Read()
    {
        var state = (await Loaded()).State;
        return new(state.Level, state.Sequence);
    }

    public async Task<ImmutableArray<RedemptionId>> ToLookFor() => [.. (await Loaded()).State.ToLookFor(clock.GetCurrentInstant())];

    public void Dispose() => _commands.Dispose();

    protected override StreamId StreamOf(string key) => StockKey.StreamOf(key);

    protected override Task<StoredStock> Load() => StoredStock.Load(Journal, Stream);

    private async Task<ImmutableArray<StockResult>> Do(ImmutableArray<Asked> commands)
    {
        var committed = await Loaded();
        var known = new StockResult?[commands.Length];

        // Each round either ends, or learns of at least one more command that its answer is known.
        for (var round = 0; round <= commands.Length; round++)
        {
            var draft = new StockDraft(Stream, committed);
            var decided = commands.Select((asked, i) => known[i] ?? Decide(draft, asked)).ToImmutableArray();
            switch (draft.IsEmpty ? AppendResult.Committed.Instance : await Append(draft.ToSet()))
            {
                case AppendResult.Committed:
                    Committed = draft.After;
                    return decided;
                case AppendResult.Seen seen:
                    Learn(commands, known, asked => seen.Rows.FirstOrDefault(row => row.Key == asked.KeyIn(Stream)) is { } row ? Answer(asked, row) : null);
                    break;
                case AppendResult.ReferenceTaken taken:
                    Learn(commands, known, asked => taken.References.Any(reference => IsOf(reference, asked.Command)) ? new StockResult.Came() : null);
                    break;
                case AppendResult.Fenced:
                    throw Overtaken();
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
        if (draft.Find(asked.KeyIn(Stream)) is { } earlier)
        {
            return Answer(asked, earlier);
        }

        if (asked.Command is ReserveStock && draft.After.State.Reservations.Count >= Stock.ReservationsMax)
        {
            return new StockResult.Full();
        }

        var now = clockWatch.Now(clock);
        return Stock.Decide(draft.After.State, asked.Command, Instant.Max(now, draft.After.State.LastAt)) is { } happened
            ? new StockResult.Recorded(draft.Add(asked.Command, asked.KeyIn(Stream), happened, now), Replayed: false, draft.After.State.Sequence)
            : new StockResult.Nothing();
    }

    private StockResult Answer(Asked asked, JournalRow first) =>
        first.Stream == Stream && first.Fingerprint.Span.SequenceEqual(LedgerJson.FingerprintOf(Stream.Stock!.Value, asked.Command))
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
