using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>Ours through grains, called in their own process: the engine without HTTP and JSON.</summary>
/// <param name="stores">Makes its store.</param>
/// <param name="workloads">Workloads that share their residents.</param>
/// <param name="callers">How many callers each is measured with.</param>
internal sealed class OurGrains(StoreMaker stores, IReadOnlyList<Workload> workloads, Concurrency callers) : IContestant
{
    /// <summary>The concurrency at which latency is promised.</summary>
    public const int CallersOfThePromise = 256;

    private const int CallersOfTheOpenLoop = 4_096;

    private readonly Commands _commands = new();
    private readonly OwnStore _store = new(stores, workloads[0]);
    private LedgerHost? _host;

    public string Name => NameFor(stores.Kind);

    public IReadOnlyList<Setting> Settings { get; } =
        [.. workloads.SelectMany(callers.Of, (workload, count) => new Setting(workload.Name, count, count == CallersOfThePromise ? CallersOfTheOpenLoop : 0))];

    public IReadOnlyList<string> LastWords => [];

    public static string NameFor(string store) => $"ours, grains, {store}";

    public Task Prepare(CancellationToken cancellation) => _store.Make(cancellation);

    public async Task Start(CancellationToken cancellation)
    {
        _host = await LedgerHost.Start(_store.Made, cancellation);
        await WalletHerd.Load(_host, workloads[0].Residents, cancellation);
        // A wallet at work has been in memory for long: all of them growing old at once is not what a command waits for.
        GC.Collect();
    }

    public Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var workload = workloads.Single(workload => workload.Name == setting.Workload);
        return Task.FromResult<IReadOnlyList<ICaller>>(
            [.. Enumerable.Range(0, setting.Callers).Select(_ => new GrainCaller(_host!, workload, _commands))]);
    }

    public async Task Stop()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (_store)
        {
            await Stop();
        }
    }
}
