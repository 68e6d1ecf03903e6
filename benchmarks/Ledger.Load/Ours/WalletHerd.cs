using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>What is done to every wallet of a workload once.</summary>
internal static class WalletHerd
{
    /// <summary>Enough for a wallet that earns and spends in turn.</summary>
    public const long UnitsInHand = 10;

    // Enough for every spend of a long run, from one lot.
    private const long UnitsToSpend = 1_000_000;
    private const int AtOnce = 256;

    /// <summary>Gives the wallets of a workload what they will spend.</summary>
    public static async Task Fill(LedgerHost host, Workload workload, CancellationToken cancellation)
    {
        if (workload.Doing == Doing.Earn)
        {
            return;
        }

        var commands = new Commands();
        var units = workload.Doing == Doing.Spend ? UnitsToSpend : UnitsInHand;
        await Visit(workload.Residents, resident => host.Wallet(resident).Send(commands.Earn(resident, units)), cancellation);
    }

    /// <summary>Has every wallet in memory.</summary>
    public static Task Load(LedgerHost host, IEnumerable<string> residents, CancellationToken cancellation) =>
        Visit(residents, resident => host.Wallet(resident).Read(), cancellation);

    public static Task Visit(IEnumerable<string> residents, Func<string, Task> visit, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            residents,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (resident, _) => await visit(resident));
}
