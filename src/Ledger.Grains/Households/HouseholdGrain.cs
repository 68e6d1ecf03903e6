using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Households;
using Ledger.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Households;

/// <summary>Decides on committed state, appends, and only then moves on, as a wallet does.</summary>
[GrainType("household")]
internal sealed class HouseholdGrain(IJournal journal, IMerchants merchants, IClock clock, IClockWatch clockWatch) : Grain, IHouseholdGrain
{
    private StreamId _stream;
    private Task<Committed>? _loading;
    private Committed? _household;
    private bool _stale;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = HouseholdKey.StreamOf(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<HouseholdResult> Do(HouseholdCommand command, CommandKey? key, PoolOffers? offers)
    {
        // The command key is looked up before anything that depends on state: what was answered long ago is answered so again.
        if (key is { } known && await journal.Find(_stream.Community, known) is { } first)
        {
            return Answer(command, first);
        }

        // First the state: what is read after it, and written by another activation, the fence keeps from counting.
        var committed = await Loaded();
        var spend = command is RefundTogether { Spend: var of } ? await journal.ReadSpend(_stream, of) : null;
        if (command is RefundTogether && spend is null)
        {
            return new HouseholdResult.Nothing();
        }

        var book = command is SpendTogether or RefundTogether ? await merchants.Of(_stream.Community) : null;
        var isTaken = false;
        while (true)
        {
            var now = clockWatch.Now(clock);
            var at = Instant.Max(now, committed.State.LastAt);
            if (Household.Decide(committed.State, command, at, offers?.Parts ?? [], offers?.Buyer, spend, isTaken, book) is not { } happened)
            {
                return new HouseholdResult.Nothing();
            }

            var after = Household.Evolve(committed.State, happened, at);
            var row = HouseholdRows.ToRow(
                _stream, after, key ?? CommandKey.HouseholdStep(_stream.Household!.Value, after.Sequence), command, happened, now, committed.Hash.Span);
            switch (await Append(committed.State, after, row, happened))
            {
                case AppendResult.Committed:
                    _household = new(after, row.Hash);
                    return new HouseholdResult.Recorded(row.Sequence, happened, Replayed: false);
                case AppendResult.Seen { Rows: [var seen, ..] } when key is not null:
                    return Answer(command, seen);
                case AppendResult.ReferenceTaken when !isTaken:
                    isTaken = true;
                    break;
                default:
                    GoStale();
                    throw new JournalFencedException($"Another activation wrote to {_stream} first; send the command again.");
            }
        }
    }

    public async Task<HouseholdReading> Read()
    {
        var state = (await Loaded()).State;
        return new(state.Sequence, state.Standing, Instant.Max(clock.GetCurrentInstant(), state.LastAt));
    }

    private async Task<AppendResult> Append(HouseholdState before, HouseholdState after, JournalRow row, HouseholdEvent happened)
    {
        try
        {
            return await journal.Append(new()
            {
                Stream = _stream,
                Rows = [row],
                NextDue = after.NextLook,
                NextDueChanged = after.NextLook != before.NextLook,
                References = HouseholdRows.ReferenceOf(_stream, row.Sequence, happened) is { } reference ? [reference] : [],
            });
        }
        catch (JournalOutcomeUnknownException)
        {
            GoStale();
            throw;
        }
    }

    private HouseholdResult Answer(HouseholdCommand command, JournalRow first) =>
        first.Stream == _stream && first.Fingerprint.Span.SequenceEqual(LedgerJson.FingerprintOf(_stream.Household!.Value, command))
            ? new HouseholdResult.Recorded(first.Sequence, first.ToHouseholdEvent(), Replayed: true)
            : new HouseholdResult.KeyReused();

    private async ValueTask<Committed> Loaded()
    {
        if (_stale)
        {
            throw new JournalFencedException($"This activation of {_stream} is stale; send the command again.");
        }

        return _household ?? await (_loading ??= Load());
    }

    // Each event tells how the household stands after it, so the last one is enough. There are no snapshots.
    private async Task<Committed> Load()
    {
        try
        {
            var loaded = await journal.ReadBackwards(_stream, long.MaxValue, 1) is [var last]
                ? new Committed(new(last.Sequence, last.EffectiveAt, last.ToHouseholdEvent().After), last.Hash)
                : new(HouseholdState.Empty, HashChain.Start);
            return _household ??= loaded;
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

    private sealed record Committed(HouseholdState State, ReadOnlyMemory<byte> Hash);
}
