using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ledger.Grains.Journal;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Load.Workloads;

namespace Ledger.Load.Growing;

/// <summary>Everybody comes at once to a service that has just started.</summary>
internal sealed class RestartBurst(int wallets) : IQuestion
{
    private const int TransactionsEach = 5;
    private const int TriesMax = 1_000;

    public string Name => "burst";

    public string Title => "A burst after a restart";

    public string About =>
        "All wallets at the same moment, none of them in memory: every balance is read, or every wallet earns, through the gate of the service. Who is told that too much waits "
        + "(*busy*) tries again after a second, as the answer says; *errors* is everything else.";

    public IReadOnlyList<string> Columns => ["wallets", "what", "seconds", "wallets a second", "busy", "errors"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var residents = Herd.Names(wallets);
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            await Herd.Earn(host, residents, TransactionsEach, cancellation);
        }

        var commands = new Commands();
        return
        [
            await Burst(store, residents, "read", (host, resident) => host.Wallet(resident).Read(), cancellation),
            await Burst(
                store, residents, "earn", async (host, resident) => await host.Wallet(resident).Send(commands.Of(new Asked(resident, null))), cancellation),
        ];
    }

    private static async Task<IReadOnlyList<string>> Burst(
        LedgerStore store, string[] residents, string what, Func<LedgerHost, string, Task> visit, CancellationToken cancellation)
    {
        await using var host = await LedgerHost.Start(store, cancellation);
        var busy = 0L;
        var errors = new ConcurrentDictionary<string, long>();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(residents.Select(resident => Task.Run(() => Visit(resident), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        var reasons = string.Join(", ", errors.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:n0} × {pair.Key}")));
        return
        [
            Text($"{residents.Length:n0}"), what, Text($"{elapsed.TotalSeconds:n1}"), Text($"{residents.Length / elapsed.TotalSeconds:n0}"),
            Text($"{busy:n0}"), reasons.Length == 0 ? "0" : reasons,
        ];

        async Task Visit(string resident)
        {
            for (var tries = 1; tries <= TriesMax; tries++)
            {
                try
                {
                    using var call = host.Gate.Enter();
                    await visit(host, resident);
                    return;
                }
                catch (JournalBusyException)
                {
                    Interlocked.Increment(ref busy);
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                }
#pragma warning disable CA1031 // Every failure is counted, whatever it is.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    errors.AddOrUpdate(failure.GetType().Name, 1, (_, count) => count + 1);
                    return;
                }
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
