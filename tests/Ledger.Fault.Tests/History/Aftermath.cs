using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Scenarios;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using Ledger.Transactions;

namespace Ledger.Fault.Tests.History;

/// <summary>What is asked after every scenario, once all is quiet: of the clients' record, of the journal, and of the silos. All differences are reported together.</summary>
/// <param name="tenant">Whose journal.</param>
/// <param name="record">What the clients know; nobody sends any more.</param>
/// <param name="silos">All of them, healthy.</param>
internal abstract class Aftermath(Tenant tenant, ClientRecord record, Uri[] silos)
{
    private const int EventsPerBatch = 100;
    private const int Connections = 4;

    private readonly List<string> _differences = [];

    protected Tenant Tenant => tenant;

    protected ClientRecord Record => record;

    protected Uri[] Silos => silos;

    protected void Differ(string difference) => _differences.Add(difference);

    /// <summary>What nobody knows yet is sent once more: it is done now, or was done before.</summary>
    /// <param name="which">Which of it; null for all.</param>
    protected async Task SettleTheRest(Func<SentCommand, bool>? which = null)
    {
        using var client = new LedgerClient(tenant, record);
        await InTurn(record.Sent.Where(sent => sent.Answer is null && which?.Invoke(sent) != false), (open, silo) => Patience.Until($"an answer to {open}", () => client.Send(open, silo)));
    }

    protected async Task<List<JournalRow>> ReadJournal()
    {
        await using var ledger = OpenLedger.ForReading(tenant.Store);
        var rows = new List<JournalRow>();
        await foreach (var row in ledger.Journal.ReadAll(tenant.Id))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <returns>The totals of all accounts.</returns>
    protected async Task<IReadOnlyDictionary<string, long>> TheBooksVerify()
    {
        await using var ledger = OpenLedger.ForReading(tenant.Store);
        var report = await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(tenant.Id);
        foreach (var finding in report.Findings)
        {
            Differ($"verify: {finding}");
        }

        var totals = await ledger.Journal.ReadTotals(tenant.Id);
        if (totals.Values.Sum() is var sum and not 0)
        {
            Differ($"the totals sum to {sum}");
        }

        return totals;
    }

    /// <summary>Every command once more, events in batches: the same answer, marked as a repeat, and nothing new in the journal.</summary>
    /// <param name="rows">What the journal held before.</param>
    protected async Task EverythingIsAnsweredAgain(List<JournalRow> rows)
    {
        using var client = new LedgerClient(tenant, record);
        await InTurn(
            record.Sent.Where(sent => sent.IsEvent).Chunk(EventsPerBatch), (batch, silo) => Patience.Until("a batch of repeats", () => client.SendAgain(batch, silo)));
        await InTurn(record.Sent.Where(sent => !sent.IsEvent), (command, silo) => Patience.Until("a repeat", () => client.Send(command, silo)));
        if (Told(await ReadJournal()) - Told(rows) is var added and not 0)
        {
            Differ($"repeats added {added} rows");
        }

        static int Told(List<JournalRow> rows) => rows.Count(row => row.Key.Source != CommandKey.SweepSource);
    }

    protected void Report(string what, List<JournalRow> rows)
    {
        var sent = record.Sent;
        var refused = sent.Count(command => command.Answer!.Status != System.Net.HttpStatusCode.OK);
        var failures = string.Join(", ", record.Failures.OrderBy(failure => failure.Key).Select(failure => $"{failure.Value} × {failure.Key}"));
        var line = $"{what}: {sent.Count} commands acknowledged ({refused} of them refusals), {rows.Count} rows, {_differences.Count + record.Wrongs.Count} differences; "
            + $"sendings without acknowledgement: {(failures.Length == 0 ? "none" : failures)}";
        Seed.Tell(line);
        var wrongs = _differences.Concat(record.Wrongs).ToList();
        Assert.True(wrongs.Count == 0, $"{line}\n{string.Join('\n', wrongs.Take(30))}");
    }

    private Task InTurn<T>(IEnumerable<T> all, Func<T, Uri, Task> ask)
    {
        var turn = 0;
        return Parallel.ForEachAsync(
            all.ToList(), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (one, _) => await ask(one, silos[(Interlocked.Increment(ref turn) & int.MaxValue) % silos.Length]));
    }
}
