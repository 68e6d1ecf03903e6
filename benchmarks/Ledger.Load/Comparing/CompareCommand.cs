using System.CommandLine;
using Ledger.Load.Limits;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Results;
using Ledger.Load.Rivals;
using Ledger.Load.Workloads;
using Ledger.PrivatePostgres;

namespace Ledger.Load.Comparing;

/// <summary>The comparison: ours on each store, rivals, limits.</summary>
internal static class CompareCommand
{
    private const string About = """
        Measures our engine, what a user would build otherwise, and the limits of the machine, in turn, on a private PostgreSQL that
        waits for its disk (fsync=on, synchronous_commit=on), and writes tables and plots to benchmarks/results.
        """;

    public static RootCommand Create(IEnumerable<Command> others)
    {
        var quick = new Option<bool>("--quick") { Description = "A taste in three minutes: one short round over 2,000 wallets; nothing is written to benchmarks/results." };
        var brief = new Option<bool>("--brief") { Description = "All contestants, three rounds, in about 25 minutes: 20,000 wallets, fewer callers, slices of 1.5 s." };
        var scenario = new Option<string[]>("--scenario")
        {
            Description = "Only contestants whose name contains this, for example grains, HTTP, transfer, Marten, state, bare, empty; may be given several times.",
        };
        var workload = new Option<string?>("--workload") { Description = "Of ours only the workload with this name: earn, spend, hot merchant, mixed, or \"mixed, even\"." };
        var store = new Option<string>("--store") { Description = "The stores of ours.", DefaultValueFactory = _ => "both" };
        store.AcceptOnlyFromAmong("sqlite", "postgres", "both");
        var rounds = new Option<int?>("--rounds") { Description = "How often everything is measured; medians count. Default: 3." };
        var seconds = new Option<double?>("--seconds") { Description = "How long each measurement is. Default: 3." };
        var start = new Option<double?>("--start") { Description = "How many seconds each contestant is driven after a start before anything is measured. Default: 12." };
        var wallets = new Option<int?>("--wallets") { Description = "How many wallets there are. Default: 100,000." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Where tables and plots go. Default: benchmarks/results." };
        var root = new RootCommand(About) { quick, brief, scenario, workload, store, rounds, seconds, start, wallets, output };
        foreach (var other in others)
        {
            root.Add(other);
        }

        root.SetAction((parsed, cancellation) =>
        {
            var extent = parsed.GetValue(quick) ? Extent.Quick : parsed.GetValue(brief) ? Extent.Brief : Extent.Whole;
            extent = extent with
            {
                Wallets = parsed.GetValue(wallets) ?? extent.Wallets,
                Rounds = parsed.GetValue(rounds) ?? extent.Rounds,
                Seconds = parsed.GetValue(seconds) ?? extent.Seconds,
                Start = parsed.GetValue(start) ?? extent.Start,
            };
            return Run(
                new(parsed.GetValue(scenario) ?? [], parsed.GetValue(workload), parsed.GetValue(store)!, extent),
                parsed.GetValue(output)?.FullName ?? (parsed.GetValue(quick) ? null : ResultFolder.Default),
                cancellation);
        });
        return root;
    }

    private static async Task<int> Run(Wanted wanted, string? output, CancellationToken cancellation)
    {
        await using var server = await DurableServer.Start();
        ProcessorTime.AddServer(server.ProcessId);
        var contestants = Contestants(server, wanted).Where(contestant => wanted.Wants(contestant.Name)).ToList();
        try
        {
            var comparison = new Comparison(contestants, wanted.Extent.Patience, Console.Error.WriteLine);
            var rows = await comparison.Run(cancellation);
            var page = new ComparisonPage(rows, wanted.Extent, await Machine.Of(server), comparison.LastWords);
            Console.WriteLine(page.Text());
            if (output is not null)
            {
                page.Write(output);
            }

            return rows.All(row => row.Failures.Count == 0) ? 0 : 1;
        }
        finally
        {
            foreach (var contestant in contestants)
            {
                await contestant.DisposeAsync();
            }
        }
    }

    private static IEnumerable<IContestant> Contestants(PostgresServer server, Wanted wanted)
    {
        var extent = wanted.Extent;
        foreach (var stores in StoreMaker.KindsOf(wanted.Stores).Select(kind => new StoreMaker(kind, server)))
        {
            foreach (var (grains, events, batches) in Groups(wanted).Zip(Groups(wanted), Groups(wanted)))
            {
                yield return new OurGrains(stores, grains, extent.Grains);
                yield return new OurService(stores, events, 1, extent.Http);
                yield return new OurService(stores, batches, OurService.EventsOfABatch, new([16], []));
            }
        }

        yield return new StateLedgers(server, extent.StateLedgers, [10, 100, 1_000], [64, OurGrains.CallersOfThePromise]);
        yield return new SqlTransfers(server, extent.Wallets, [8, 32]);
        yield return new MartenAppends(server, extent.Wallets, [8, 32]);
        yield return new RawRows(server, extent.Wallets);
        yield return new EmptyGrainEndpoint(new WorkloadSet(extent.Wallets).Mixed, extent.EmptyGrain);
    }

    /// <summary>What of the workloads is wanted, for one contestant each: they know whose turn it is to earn and to spend in its store.</summary>
    private static IEnumerable<IReadOnlyList<Workload>> Groups(Wanted wanted) => new WorkloadSet(wanted.Extent.Wallets).Groups
        .Select(group => group.Where(workload => workload.Name == (wanted.Workload ?? workload.Name)).ToList())
        .Where(group => group.Count > 0);
}

/// <summary>What somebody wants to see.</summary>
/// <param name="Names">Parts of names of contestants; empty for all.</param>
/// <param name="Workload">The name of a workload of ours; null for all.</param>
/// <param name="Stores"><c>sqlite</c>, <c>postgres</c> or <c>both</c>.</param>
/// <param name="Extent">How much of it.</param>
internal sealed record Wanted(IReadOnlyList<string> Names, string? Workload, string Stores, Extent Extent)
{
    /// <summary>Is a contestant to be measured?</summary>
    public bool Wants(string contestant) => Names.Count == 0 || Names.Any(name => contestant.Contains(name, StringComparison.OrdinalIgnoreCase));
}
