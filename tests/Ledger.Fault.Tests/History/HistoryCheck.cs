using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Scenarios;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using Ledger.Grains.Wallets;
using Ledger.Tests.Model;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Fault.Tests.History;

/// <summary>Compares what the clients were told with what the journal holds, once all is quiet.</summary>
/// <remarks>
/// Lost, duplicated, altered, invented, out of order, wrongly decided: each would show as a difference in one of the steps below, and all
/// differences are reported together.
/// </remarks>
internal sealed class HistoryCheck
{
    private const int EventsPerBatch = 100;
    private const int Connections = 4;

    // Clocks of one machine, and a silo may be off by so much.
    private static readonly Duration s_clocksApart = Duration.FromSeconds(2.5);

    private readonly Tenant _tenant;
    private readonly ClientRecord _record;
    private readonly Uri[] _silos;
    private readonly List<string> _differences = [];

    private HistoryCheck(Tenant tenant, ClientRecord record, Uri[] silos) => (_tenant, _record, _silos) = (tenant, record, silos);

    /// <summary>Checks everything against healthy silos, and fails with all differences.</summary>
    /// <param name="tenant">Whose journal.</param>
    /// <param name="record">What the clients know; nobody sends any more.</param>
    /// <param name="what">What happened, for the report.</param>
    /// <param name="silos">All of them.</param>
    public static async Task Holds(Tenant tenant, ClientRecord record, string what, params Uri[] silos)
    {
        var check = new HistoryCheck(tenant, record, silos);
        await check.SettleTheRest();
        var rows = await check.ReadJournal();
        check.EverythingAcknowledgedIsThere(rows);
        check.EverythingThereWasSent(rows);
        check.SequencesHaveNoGap(rows);
        check.TheModelAgrees(rows);
        await check.TheBooksVerify();
        await check.TheSilosAgree(rows);
        await check.EverythingIsAnsweredAgain();
        check.NothingWasAdded(rows, await check.ReadJournal());
        check.Report(what, rows);
    }

    /// <summary>What nobody knows yet is sent once more: it is done now, or was done before.</summary>
    private async Task SettleTheRest()
    {
        using var client = new LedgerClient(_tenant, _record);
        foreach (var open in _record.Sent.Where(sent => sent.Answer is null))
        {
            await Patience.Until($"an answer to {open}", () => client.Send(open, _silos[0]));
        }
    }

    private async Task<List<JournalRow>> ReadJournal()
    {
        await using var ledger = OpenLedger.ForReading(_tenant.Store);
        var rows = new List<JournalRow>();
        await foreach (var row in ledger.Journal.ReadAll(_tenant.Id))
        {
            rows.Add(row);
        }

        return rows;
    }

    private void EverythingAcknowledgedIsThere(List<JournalRow> rows)
    {
        var byKey = rows.ToLookup(row => row.Key);
        foreach (var sent in _record.Sent)
        {
            var found = byKey[sent.Key].ToList();
            if (found is not [var row])
            {
                Differ($"{found.Count} rows instead of one: {sent}");
                continue;
            }

            var answer = sent.Answer!;
            Same(sent, "stream", StreamId.Of(_tenant.Id, ResidentId.Parse(sent.Resident)), row.Stream);
            Same(sent, "outcome", answer.Outcome, row.Outcome);
            Same(sent, "transaction", answer.Transaction ?? row.Sequence, row.Sequence);
            Same(sent, "balance", answer.Body["balance"]?["available"]?.GetValue<long>() ?? row.After.Available.Value, row.After.Available.Value);
            if (row.RecordedAt < sent.SentAt - s_clocksApart || row.RecordedAt > sent.AnsweredAt + s_clocksApart)
            {
                Differ($"decided at {row.RecordedAt}, sent at {sent.SentAt}, acknowledged at {sent.AnsweredAt}: {sent}");
            }
        }
    }

    private void EverythingThereWasSent(List<JournalRow> rows)
    {
        var sent = _record.Sent.Select(command => command.Key).ToHashSet();
        foreach (var row in rows.Where(row => row.Key.Source != CommandKey.SweepSource && !sent.Contains(row.Key)))
        {
            Differ($"nobody sent {row.Key} in {row.Stream}");
        }
    }

    private void SequencesHaveNoGap(List<JournalRow> rows)
    {
        foreach (var stream in rows.GroupBy(row => row.Stream))
        {
            var (sequence, last) = (0L, Instant.MinValue);
            foreach (var row in stream.OrderBy(row => row.Sequence))
            {
                sequence++;
                if (row.Sequence != sequence)
                {
                    Differ($"{row.Sequence} instead of {sequence} in {stream.Key}");
                    break;
                }

                if (row.EffectiveAt < last)
                {
                    Differ($"time runs backwards at {row.Sequence} of {stream.Key}: {row.EffectiveAt} after {last}");
                }

                last = row.EffectiveAt;
            }
        }
    }

    /// <summary>One thread plays the journal with coins on a table and must come to the same outcomes and balances.</summary>
    private void TheModelAgrees(List<JournalRow> rows)
    {
        var sent = _record.Sent.ToDictionary(command => command.Key);
        foreach (var stream in rows.GroupBy(row => row.Stream))
        {
            var model = new ModelWallet(Tenant.Versions, worth: 1);
            foreach (var row in stream.OrderBy(row => row.Sequence))
            {
                var command = sent.GetValueOrDefault(row.Key);
                var envelope = new CommandEnvelope
                {
                    Community = _tenant.Id,
                    Resident = stream.Key.Resident!.Value,
                    Key = row.Key,
                    Command = command?.Command ?? new ApplyDue(),
                    At = row.EffectiveAt,
                };
                var refusal = model.Do(envelope, command?.NamesElsewhere == true);
                if (!Equals(refusal, row.ToTransaction().Refusal)
                    || model.Table.Count != row.After.Available.Value
                    || model.Debt != Math.Abs(row.After.Debt.Value))
                {
                    Differ($"{row.Sequence} of {stream.Key}: {row.Outcome}, {row.After}; the model: {refusal?.ToString() ?? "accepted"}, {model.Table.Count}, debt {model.Debt}");
                    break;
                }
            }
        }
    }

    private async Task TheBooksVerify()
    {
        await using var ledger = OpenLedger.ForReading(_tenant.Store);
        var report = await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(_tenant.Id);
        foreach (var finding in report.Findings)
        {
            Differ($"verify: {finding}");
        }

        var totals = await ledger.Journal.ReadTotals(_tenant.Id);
        if (totals.Values.Sum() is var sum and not 0)
        {
            Differ($"the totals sum to {sum}");
        }
    }

    /// <summary>Every silo shows what the journal holds.</summary>
    private async Task TheSilosAgree(List<JournalRow> rows)
    {
        using var client = new LedgerClient(_tenant, _record);
        foreach (var stream in rows.GroupBy(row => row.Stream))
        {
            var last = stream.MaxBy(row => row.Sequence)!;
            foreach (var silo in _silos)
            {
                var resident = stream.Key.Resident!.Value.Value;
                var available = null as long?;
                await Patience.Until($"the balance of {resident}", async () =>
                    (available = (await client.Balance(resident, silo))?["available"]?.GetValue<long>()) is not null);
                if (available != last.After.Available.Value)
                {
                    Differ($"{silo} shows {available} of {resident}; the journal holds {last.After.Available.Value}");
                }
            }
        }
    }

    /// <summary>Every command once more, events in batches: the same answer, marked as a repeat.</summary>
    private async Task EverythingIsAnsweredAgain()
    {
        var events = _record.Sent.Where(sent => sent.IsEvent).Chunk(EventsPerBatch).ToList();
        var direct = _record.Sent.Where(sent => !sent.IsEvent).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Connections };
        using var client = new LedgerClient(_tenant, _record);
        var turn = 0;
        Uri Next() => _silos[(Interlocked.Increment(ref turn) & int.MaxValue) % _silos.Length];
        await Parallel.ForEachAsync(events, options, async (batch, _) =>
            await Patience.Until("a batch of repeats", () => client.SendAgain(batch, Next())));
        await Parallel.ForEachAsync(direct, options, async (command, _) =>
            await Patience.Until("a repeat", () => client.Send(command, Next())));
    }

    private void NothingWasAdded(List<JournalRow> before, List<JournalRow> after)
    {
        var sweeps = after.Count(row => row.Key.Source == CommandKey.SweepSource) - before.Count(row => row.Key.Source == CommandKey.SweepSource);
        if (after.Count - sweeps != before.Count)
        {
            Differ($"repeats added {after.Count - sweeps - before.Count} rows");
        }
    }

    private void Report(string what, List<JournalRow> rows)
    {
        var sent = _record.Sent;
        var refused = sent.Count(command => command.Answer!.Status != System.Net.HttpStatusCode.OK);
        var failures = string.Join(", ", _record.Failures.OrderBy(failure => failure.Key).Select(failure => $"{failure.Value} × {failure.Key}"));
        var line = $"{what}: {sent.Count} commands acknowledged ({refused} of them refusals), {rows.Count} rows, {_differences.Count + _record.Wrongs.Count} differences; "
            + $"sendings without acknowledgement: {(failures.Length == 0 ? "none" : failures)}";
        Seed.Tell(line);
        var wrongs = _differences.Concat(_record.Wrongs).ToList();
        Assert.True(wrongs.Count == 0, $"{line}\n{string.Join('\n', wrongs.Take(30))}");
    }

    private void Same<T>(SentCommand sent, string what, T told, T stored)
    {
        if (!Equals(told, stored))
        {
            Differ($"{what} {told} was acknowledged, {stored} is stored: {sent}");
        }
    }

    private void Differ(string difference) => _differences.Add(difference);
}
