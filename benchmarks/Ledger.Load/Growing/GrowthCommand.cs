using System.CommandLine;
using Ledger.Load.Loops;
using Ledger.Load.Results;
using Ledger.PrivatePostgres;

namespace Ledger.Load.Growing;

/// <summary>What happens when wallets, journals and communities grow.</summary>
internal static class GrowthCommand
{
    private const string About = """
        Measures what one command costs as a wallet grows old, memory of idle wallets, a burst after a restart, bytes on disk, inserts beside
        many stored command keys, with many rules, and a year's end; writes benchmarks/results/LoadGrowth.md. The full figures, about an hour:
          growth --transactions 1000000 --wallets 100000 --stored-keys 50000000 --due-wallets 1000000
        """;

    public static Command Create()
    {
        var part = new Option<string[]>("--part") { Description = "Only these: history, memory, burst, bytes, keys, year-end, rules." };
        var store = new Option<string>("--store") { Description = "The stores.", DefaultValueFactory = _ => "both" };
        store.AcceptOnlyFromAmong("sqlite", "postgres", "both");
        var quick = new Option<bool>("--quick") { Description = "A taste: small numbers; nothing is written to benchmarks/results." };
        var transactions = new Option<int?>("--transactions") { Description = "How old the oldest wallet gets. Default: 1,000,000." };
        var wallets = new Option<int?>("--wallets") { Description = "How many wallets lie idle, or wake up. Default: 100,000." };
        var keys = new Option<long?>("--stored-keys") { Description = "How many command keys are stored before. Default: 1,000,000." };
        var due = new Option<int?>("--due-wallets") { Description = "How many wallets have points that expire at the same midnight. Default: 100,000." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Where the table goes. Default: benchmarks/results." };
        var command = new Command("growth", About) { quick, part, store, transactions, wallets, keys, due, output };
        command.SetAction((parsed, cancellation) =>
        {
            var isQuick = parsed.GetValue(quick);
            var herd = parsed.GetValue(wallets) ?? (isQuick ? 2_000 : 100_000);
            var second = TimeSpan.FromSeconds(1);
            IGrowth[] all =
            [
                new AgeingWallet(parsed.GetValue(transactions) ?? (isQuick ? 2_000 : 1_000_000)), new IdleMemory(herd), new RestartBurst(herd), new BytesOnDisk(herd),
                new StoredKeys(parsed.GetValue(keys) ?? (isQuick ? 20_000 : 1_000_000), isQuick ? new(1, second, second) : new(3, 2 * second, 6 * second)),
                new ManyRules(isQuick ? new(1, second, second) : new(7, 2 * second, 4 * second)),
                new YearsEnd(parsed.GetValue(due) ?? (isQuick ? 2_000 : 100_000), isQuick ? 2 * second : 15 * second),
            ];
            var names = parsed.GetValue(part) ?? [];
            return Run(
                [.. all.Where(growth => names.Length == 0 || names.Contains(growth.Name))],
                parsed.GetValue(store)! switch { "sqlite" => ["SQLite"], "postgres" => ["PostgreSQL"], _ => ["SQLite", "PostgreSQL"] },
                parsed.GetValue(output)?.FullName ?? (isQuick ? null : ResultFolder.Default),
                cancellation);
        });
        return command;
    }

    private static async Task Run(IReadOnlyList<IGrowth> growths, IReadOnlyList<string> kinds, string? output, CancellationToken cancellation)
    {
        await using var server = await PostgresServer.Start(new() { Durable = true });
        ProcessorTime.AddServer(server.ProcessId);
        var page = new GrowthPage(await Machine.Of(server));
        foreach (var growth in growths)
        {
            var rows = new List<IReadOnlyList<string>>();
            foreach (var kind in kinds)
            {
                await Console.Error.WriteLineAsync($"{growth.Name}, {kind}");
                foreach (var row in await growth.Measure(new(kind, server), cancellation))
                {
                    rows.Add([kind, .. row]);
                    await Console.Error.WriteLineAsync("  " + string.Join(" | ", row));
                }

                GC.Collect();
            }

            page.Add(growth, rows);
        }

        Console.WriteLine(page.Text());
        if (output is not null)
        {
            page.Write(output);
        }
    }
}
