using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>Ours through HTTP: the service as a process of its own, called by one event per request and by batches.</summary>
/// <param name="stores">Makes its store.</param>
/// <param name="workloads">Workloads that share their residents.</param>
/// <param name="eventsPerRequest">1 for single events.</param>
/// <param name="connections">How many connections each is measured with.</param>
internal sealed class OurService(StoreMaker stores, IReadOnlyList<Workload> workloads, int eventsPerRequest, Concurrency connections) : IContestant
{
    /// <summary>How many events a request of a batch has.</summary>
    public const int EventsOfABatch = 100;

    private const int ConnectionsOfTheOpenLoop = 256;

    private readonly OwnStore _store = new(stores, workloads[0]);
    private string? _key;
    private ServiceProcess? _service;
    private EventRequests? _requests;

    public string Name => NameFor(stores.Kind, eventsPerRequest);

    public IReadOnlyList<Setting> Settings { get; } =
        [.. workloads.SelectMany(connections.Of, (workload, count) => new Setting(workload.Name, count, count == connections.Each[0] ? ConnectionsOfTheOpenLoop : 0))];

    public IReadOnlyList<string> LastWords => _service?.LastWords ?? [];

    public bool IsProcess => true;

    public static string NameFor(string store, int eventsPerRequest) =>
        eventsPerRequest == 1 ? $"ours, HTTP, {store}" : $"ours, HTTP batches of {eventsPerRequest}, {store}";

    public Task Prepare(CancellationToken cancellation) => _store.Make(cancellation);

    public async Task Start(CancellationToken cancellation)
    {
        _service = await ServiceProcess.Start(_store.Made, _key, demo: false, LedgerHost.Community.Value, cancellation);
        // It is shown at the first start, and never again.
        _key = _service.Key;
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

    public async ValueTask DisposeAsync()
    {
        await using (_store)
        {
            await Stop();
        }
    }

    private ICaller Caller(Workload workload)
    {
        var connection = new HttpConnection(_service!.Address);
        return eventsPerRequest == 1
            ? new EventCaller(connection, _requests!, workload)
            : new BatchCaller(connection, _requests!, workload, eventsPerRequest);
    }
}
