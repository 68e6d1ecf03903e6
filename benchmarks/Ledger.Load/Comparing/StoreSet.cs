using Ledger.Load.Ours;
using Ledger.Load.Workloads;
using Ledger.PrivatePostgres;

namespace Ledger.Load.Comparing;

/// <summary>The stores that ours is measured on.</summary>
internal sealed class StoreSet(PostgresServer server, Wanted wanted) : IAsyncDisposable
{
    private readonly List<(LedgerStore Store, WorkloadSet Workloads)> _stores = [];

    /// <summary>Makes them, with the wallets of their workloads.</summary>
    public async Task<IReadOnlyList<(LedgerStore Store, WorkloadSet Workloads)>> Filled(CancellationToken cancellation)
    {
        if (wanted.Stores is "sqlite" or "both" && IsUsed(LedgerStore.SqliteName))
        {
            _stores.Add((LedgerStore.Sqlite(), new(wanted.Extent.Wallets)));
        }

        if (wanted.Stores is "postgres" or "both" && IsUsed(LedgerStore.PostgresName))
        {
            _stores.Add((await LedgerStore.Postgres(server), new(wanted.Extent.Wallets)));
        }

        foreach (var (store, workloads) in _stores)
        {
            await Console.Error.WriteLineAsync($"filling {store.Name}");
            await using var host = await LedgerHost.Start(store, cancellation);
            await WalletHerd.Fill(host, workloads, cancellation);
        }

        return _stores;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (store, _) in _stores)
        {
            await store.DisposeAsync();
        }
    }

    private bool IsUsed(string store) =>
        wanted.Wants(OurGrains.NameFor(store)) || wanted.Wants(OurService.NameFor(store, 1)) || wanted.Wants(OurService.NameFor(store, OurService.EventsOfABatch));
}
