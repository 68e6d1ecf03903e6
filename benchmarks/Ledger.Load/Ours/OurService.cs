using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>Ours through HTTP: the service as a process of its own, called by one event per request and by batches.</summary>
/// <param name="keys">What the stores showed at their first start.</param>
/// <param name="store">A filled store.</param>
/// <param name="workloads">Workloads that share their residents.</param>
/// <param name="eventsPerRequest">1 for single events.</param>
/// <param name="connections">How many connections each is measured with.</param>
internal sealed class OurService(
    ServiceKeys keys, LedgerStore store, IReadOnlyList<Workload> workloads, int eventsPerRequest, Concurrency connections) : IContestant
{
    /// <summary>How many events a request of a batch has.</summary>
    public const int EventsOfABatch = 100;

    private const int ConnectionsOfTheOpenLoop = 256;

    private ServiceProcess? _service;
    private EventRequests? _requests;

    public string Name => NameFor(store.Name, eventsPerRequest);

    public IReadOnlyList<Setting> Settings { get; } =
        [.. workloads.SelectMany(connections.Of, (workload, count) => new Setting(workload.Name, count, count == connections.Each[0] ? ConnectionsOfTheOpenLoop : 0))];

    public IReadOnlyList<string> LastWords => _service?.LastWords ?? [];

    public bool IsProcess => true;

    public static string NameFor(string store, int eventsPerRequest) =>
        eventsPerRequest == 1 ? $"ours, HTTP, {store}" : $"ours, HTTP batches of {eventsPerRequest}, {store}";

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task Start(CancellationToken cancellation)
    {
        _service = await ServiceProcess.Start(store, keys.Of(store), demo: false, LedgerHost.Community.Value, cancellation);
        keys.Keep(store, _service.Key);
        _requests = new(_service.Address, _service.Key, LedgerHost.Community.Value, LedgerHost.Activity.Value);
        await BalanceReading.ReadAll(_service, workloads[0].Residents, cancellation);
    }

    public Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var workload = workloads.Single(workload => workload.Name == setting.Workload);
        return Task.FromResult<IReadOnlyList<ICaller>>([.. Enumerable.Range(0, setting.Callers).Select(_ => Caller(workload))]);
    }

    public async Task Stop()
    {
        if (_service is { } service)
        {
            _service = null;
            await service.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Stop();

    private ICaller Caller(Workload workload)
    {
        var connection = new HttpConnection(_service!.Address);
        return eventsPerRequest == 1
            ? new EventCaller(connection, _requests!, workload)
            : new BatchCaller(connection, _requests!, workload, eventsPerRequest);
    }
}

/// <summary>The key of each store: shown at the first start of a service, and never again.</summary>
internal sealed class ServiceKeys
{
    private readonly Dictionary<LedgerStore, string> _keys = [];

    public string? Of(LedgerStore store) => _keys.GetValueOrDefault(store);

    public void Keep(LedgerStore store, string key) => _keys[store] = key;
}
