using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>The store of one contestant, in which the wallets of its workloads have what they will spend; gone with it.</summary>
/// <param name="stores">Makes it.</param>
/// <param name="workload">One of the workloads; they share their residents.</param>
internal sealed class OwnStore(StoreMaker stores, Workload workload) : IAsyncDisposable
{
    private LedgerStore? _store;

    /// <summary>The store, once it is made.</summary>
    public LedgerStore Made => _store ?? throw new InvalidOperationException("The store is not made yet.");

    public async Task Make(CancellationToken cancellation)
    {
        _store = await stores.Make();
        await using var host = await LedgerHost.Start(_store, cancellation);
        await WalletHerd.Fill(host, workload, cancellation);
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;
}
