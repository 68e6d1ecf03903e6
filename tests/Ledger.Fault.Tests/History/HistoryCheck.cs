using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Journal;
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
internal sealed class HistoryCheck : Aftermath
{
    // Clocks of one machine, and a silo may be off by so much.
    private static readonly Duration s_clocksApart = Duration.FromSeconds(2.5);

    private HistoryCheck(Tenant tenant, ClientRecord record, Uri[] silos) : base(tenant, record, silos)
    {
    }

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
        await check.EverythingIsAnsweredAgain(rows);
        check.Report(what, rows);
    }

    private void EverythingAcknowledgedIsThere(List<JournalRow> rows)
    {
        var byKey = rows.ToLookup(row => row.Key);
        foreach (var sent in Record.Sent)
        {
            var found = byKey[sent.Key].ToList();
            if (found is not [var row])
            {
                Differ($"{found.Count} rows instead of one: {sent}");
                continue;
            }

            var answer = sent.Answer!;
            Same(sent, "stream", StreamId.Of(Tenant.Id, ResidentId.Parse(sent.Resident)), row.Stream);
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
        var sent = Record.Sent.Select(command => command.Key).ToHashSet();
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
        var sent = Record.Sent.ToDictionary(command => command.Key);
        foreach (var stream in rows.GroupBy(row => row.Stream))
        {
            var model = new ModelWallet(Tenant.Versions, worth: 1);
            foreach (var row in stream.OrderBy(row => row.Sequence))
            {
                var command = sent.GetValueOrDefault(row.Key);
                var envelope = new CommandEnvelope
                {
                    Community = Tenant.Id,
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

    /// <summary>Every silo shows what the journal holds.</summary>
    private async Task TheSilosAgree(List<JournalRow> rows)
    {
        using var client = new LedgerClient(Tenant, Record);
        foreach (var stream in rows.GroupBy(row => row.Stream))
        {
            var last = stream.MaxBy(row => row.Sequence)!;
            foreach (var silo in Silos)
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

    private void Same<T>(SentCommand sent, string what, T told, T stored)
    {
        if (!Equals(told, stored))
        {
            Differ($"{what} {told} was acknowledged, {stored} is stored: {sent}");
        }
    }
}
