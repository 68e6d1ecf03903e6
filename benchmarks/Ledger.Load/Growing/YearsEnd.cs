using System.Diagnostics;
using System.Globalization;
using Ledger.Grains.Sweeping;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Load.Workloads;
using NodaTime;

namespace Ledger.Load.Growing;

/// <summary>The points of very many wallets expire at the same midnight. Do those who come that night wait?</summary>
/// <param name="dueWallets">How many.</param>
/// <param name="quiet">How long a quiet hour is measured.</param>
internal sealed class YearsEnd(int dueWallets, TimeSpan quiet) : IQuestion
{
    private const int Awake = 20_000;
    private const int FilledAtOnce = 100_000;
    private const int Callers = 1_024;

    /// <summary>The peak of a province of 1,500 communities.</summary>
    private const int CommandsPerSecond = 2_000;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_nightMax = TimeSpan.FromMinutes(30);

    public string Name => "year-end";

    public string Title => "A year's end";

    public string About =>
        "Wallets whose one lot expired at the same midnight are swept, while 2,000 commands a second come for 20,000 others: earn and spend in turn, evenly chosen, "
        + "milliseconds from intended start. Aim: p99 within twice that of a quiet hour.";

    public IReadOnlyList<string> Columns =>
        ["wallets due", "swept a second", "quiet p50", "quiet p99", "swept p50", "swept p99", "p99 against quiet", "failures"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var workload = new WorkloadSet(Awake).MixedEven;
        await Fill(store, workload, cancellation);
        await using var host = await LedgerHost.Start(store, cancellation);
        await WalletHerd.Load(host, workload.Residents, cancellation);
        var commands = new Commands();
        ICaller[] callers = [.. Enumerable.Range(0, Callers).Select(_ => new GrainCaller(host, workload, commands))];
        var calm = await OpenLoop.Run(callers, CommandsPerSecond, s_warmUp, quiet, cancellation);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sweeping = Sweep(host, over);
        var night = await OpenLoop.RunUntil(callers, CommandsPerSecond, TimeSpan.Zero, s_nightMax, over.Token, cancellation);
        var swept = await sweeping;
        var (before, during) = (calm.Latencies.Milliseconds(0.99), night.Latencies.Milliseconds(0.99));
        return
        [
            [
                Text($"{swept.Wallets:n0}"), Text($"{swept.Wallets / swept.Took.TotalSeconds:n0}"),
                Text($"{calm.Latencies.Milliseconds(0.5):n2}"), Text($"{before:n2}"),
                Text($"{night.Latencies.Milliseconds(0.5):n2}"), Text($"{during:n2}"), Text($"{during / before:n2}"),
                Text($"{calm.Failures.Values.Sum() + night.Failures.Values.Sum():n0}"),
            ],
        ];
    }

    private static async Task<(int Wallets, TimeSpan Took)> Sweep(LedgerHost host, CancellationTokenSource over)
    {
        var begun = Stopwatch.GetTimestamp();
        var wallets = await host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Sweep();
        var took = Stopwatch.GetElapsedTime(begun);
        await over.CancelAsync();
        return (wallets, took);
    }

    // In parts, each with a host of its own: wallets that are done need not stay in memory.
    private async Task Fill(LedgerStore store, Workload workload, CancellationToken cancellation)
    {
        // Fourteen months ago: with points that live for twelve and then to the end of the month, all of them have fallen due.
        var then = SystemClock.Instance.GetCurrentInstant() - Duration.FromDays(14 * 31);
        var commands = new Commands();
        foreach (var part in Herd.Names(dueWallets).Chunk(FilledAtOnce))
        {
            await using var host = await LedgerHost.Start(store, cancellation);
            await WalletHerd.Visit(part, resident => host.Wallet(resident).Send(commands.EarnThen(resident, 1, then)), cancellation);
        }

        await using var last = await LedgerHost.Start(store, cancellation);
        await Herd.GiveInHand(last, workload.Residents, cancellation);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
