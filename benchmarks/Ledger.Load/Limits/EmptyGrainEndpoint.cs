using System.Net;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Limits;

/// <summary>The limit of single events over HTTP: <see cref="EmptyGrainServer"/> as a process of its own.</summary>
internal sealed class EmptyGrainEndpoint(Workload workload, IReadOnlyList<int> connections) : IContestant
{
    public const string ContestantName = "HTTP endpoint, empty grain";

    /// <summary>The hidden command of this program that serves it.</summary>
    public const string Command = "serve-empty-grain";

    /// <summary>What it prints when it answers.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    /// <summary>The concurrency at which ours is promised to be half as fast.</summary>
    public const int ConnectionsOfThePromise = 64;

    private const int ConnectionsOfTheOpenLoop = 256;

    private readonly IPEndPoint _address = new(IPAddress.Loopback, ServiceProcess.FreePort());
    private ChildProcess? _process;

    public string Name => ContestantName;

    public IReadOnlyList<Setting> Settings { get; } = [.. connections.Select(count => new Setting(workload.Name, count, count == ConnectionsOfThePromise ? ConnectionsOfTheOpenLoop : 0))];

    public IReadOnlyList<string> LastWords => _process?.LastWords ?? [];

    public bool IsProcess => true;

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task Start(CancellationToken cancellation)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new("Ledger.Load.dll", [Command, $"http://{_address}"], [], line =>
        {
            if (line == Ready)
            {
                ready.TrySetResult();
            }
        });
        await ready.Task.WaitAsync(s_startPatience, cancellation);
    }

    public Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var requests = new EventRequests(_address, "none", LedgerHost.Community.Value, LedgerHost.Activity.Value);
        return Task.FromResult<IReadOnlyList<ICaller>>(
            [.. Enumerable.Range(0, setting.Callers).Select(_ => new EventCaller(new HttpConnection(_address), requests, workload))]);
    }

    public async Task Stop()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Stop();
}
