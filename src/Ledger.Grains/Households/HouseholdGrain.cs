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
internal sealed class HouseholdGrain(IJournal journal, IMerchants merchants, IClock clock, IClockWatch clockWatch)
    : StreamGrain<StoredHousehold>(journal), IHouseholdGrain
{
    public async Task<HouseholdResult> Do(HouseholdCommand command, CommandKey? key, PoolOffers? offers)
    {
        // The command key is looked up before anything that depends on state: what was answered long ago is answered so again.
        if (key is { } known && await Journal.Find(Stream.Community, known) is { } first)
        {
            return Answer(command, first);
        }

        // First the state: what is read after it, and written by another activation, the fence keeps from counting.
        var committed = await Loaded();
        var spend = command is RefundTogether { Spend: var of } ? await Journal.ReadSpend(Stream, of) : null;
        if (command is RefundTogether && spend is null)
        {
            return new HouseholdResult.Nothing();
        }

        var book = command is SpendTogether or RefundTogether ? await merchants.Of(Stream.Community) : null;
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
                Stream, after, key ?? CommandKey.HouseholdStep(Stream.Household!.Value, after.Sequence), command, happened, now, committed.Hash.Span);
            switch (await Append(ToSet(committed.State, after, row, happened)))
            {
                case AppendResult.Committed:
                    Committed = new(after, row.Hash);
                    return new HouseholdResult.Recorded(row.Sequence, happened, Replayed: false);
                case AppendResult.Seen { Rows: [var seen, ..] } when key is not null:
                    return Answer(command, seen);
                case AppendResult.ReferenceTaken when !isTaken:
                    isTaken = true;
                    break;
                default:
                    throw Overtaken();
            }
        }
    }

    public async Task<HouseholdReading> Read()
    {
        var state = (await Loaded()).State;
        return new(state.Sequence, state.Standing, Instant.Max(clock.GetCurrentInstant(), state.LastAt));
    }

    protected override StreamId StreamOf(string key) => HouseholdKey.StreamOf(key);

    // Each event tells how the household stands after it, so the last one is enough. There are no snapshots.
    protected override async Task<StoredHousehold> Load() => await Journal.ReadBackwards(Stream, long.MaxValue, 1) is [var last]
        ? new(new(last.Sequence, last.EffectiveAt, last.ToHouseholdEvent().After), last.Hash)
        : new(HouseholdState.Empty, HashChain.Start);

    private AppendSet ToSet(HouseholdState before, HouseholdState after, JournalRow row, HouseholdEvent happened) => new()
    {
        Stream = Stream,
        Rows = [row],
        NextDue = after.NextLook,
        NextDueChanged = after.NextLook != before.NextLook,
        References = HouseholdRows.ReferenceOf(Stream, row.Sequence, happened) is { } reference ? [reference] : [],
    };

    private HouseholdResult Answer(HouseholdCommand command, JournalRow first) =>
        first.Stream == Stream && first.Fingerprint.Span.SequenceEqual(LedgerJson.FingerprintOf(Stream.Household!.Value, command))
            ? new HouseholdResult.Recorded(first.Sequence, first.ToHouseholdEvent(), Replayed: true)
            : new HouseholdResult.KeyReused();
}
