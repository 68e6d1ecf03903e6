using System.Data.Common;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Stores.Sqlite;
using Ledger.PrivatePostgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Ledger.Grains.Tests.Stores;

/// <summary>Orleans' own storage provider on our table and our query texts.</summary>
public abstract class OrleansStorageContract : IAsyncLifetime
{
    private const string Name = "snapshots";

    private ServiceProvider _services = null!;

    private AdoNetGrainStorage Storage { get; set; } = null!;

    /// <summary>Opens a store; the provider's name for its kind, and its connections.</summary>
    protected abstract Task<(string Invariant, DbDataSource Source)> Open();

    protected abstract ValueTask Close();

    public async ValueTask InitializeAsync()
    {
        var (invariant, source) = await Open();
        // The provider alone, without a silo around it.
        var services = new ServiceCollection().AddLogging().AddSerializer();
        services.AddSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>();
        services.Configure<ClusterOptions>(options => options.ServiceId = "ledger");
        services.AddOptions<AdoNetGrainStorageOptions>(Name).Configure<IGrainStorageSerializer>((options, serializer) =>
        {
            options.Invariant = invariant;
            options.DataSource = source;
            options.GrainStorageSerializer = serializer;
        });
        _services = services.BuildServiceProvider();
        var storage = AdoNetGrainStorageFactory.Create(_services, Name);
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        storage.Participate(lifecycle);
        await lifecycle.OnStart(TestContext.Current.CancellationToken);
        Storage = storage;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_state_is_written_read_overwritten_and_cleared()
    {
        var grain = GrainId.Create("wallet", "w/garden/ana");
        var state = new GrainState<Remembered>(new() { Points = 7 });

        Assert.False((await Read(grain)).RecordExists);
        await Storage.WriteStateAsync("snap", grain, state);
        state.State!.Points = 8;
        await Storage.WriteStateAsync("snap", grain, state);

        var read = await Read(grain);
        Assert.Equal((true, 8, state.ETag), (read.RecordExists, read.State!.Points, read.ETag));
        await Storage.ClearStateAsync("snap", grain, read);
        Assert.False((await Read(grain)).RecordExists);
        await Storage.WriteStateAsync("snap", grain, read);
        Assert.True((await Read(grain)).RecordExists);
    }

    [Fact]
    public async Task Of_two_writers_with_one_version_the_second_is_refused()
    {
        var grain = GrainId.Create("wallet", "w/garden/bo");
        await Storage.WriteStateAsync("snap", grain, new GrainState<Remembered>(new() { Points = 1 }));
        var (left, right) = (await Read(grain), await Read(grain));

        await Storage.WriteStateAsync("snap", grain, left);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("snap", grain, right));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("snap", grain, new GrainState<Remembered>(new() { Points = 2 })));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("snap", GrainId.Create("wallet", "w/garden/absent"), left));
    }

    [Fact]
    public async Task Wallets_with_similar_keys_have_states_of_their_own()
    {
        string[] keys = ["w/garden/1", "w/garden/01", "w/garden/ff", "w/garden/FF"];
        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            await Storage.WriteStateAsync("snap", GrainId.Create("wallet", key), new GrainState<Remembered>(new() { Points = i }));
        }

        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            Assert.Equal(i, (await Read(GrainId.Create("wallet", key))).State!.Points);
        }
    }

    private async Task<GrainState<Remembered>> Read(GrainId grain)
    {
        var state = new GrainState<Remembered>();
        await Storage.ReadStateAsync("snap", grain, state);
        return state;
    }

    [GenerateSerializer]
    [Alias("ledger.tests.remembered")]
    public sealed class Remembered
    {
        [Id(0)]
        public int Points { get; set; }
    }
}

public sealed class SqliteOrleansStorageTests : OrleansStorageContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStore _store = null!;

    protected override Task<(string Invariant, DbDataSource Source)> Open()
    {
        _store = SqliteStore.Open(_folder.Store, "test");
        return Task.FromResult(("System.Data.SQLite", _store.Snapshots));
    }

    protected override ValueTask Close()
    {
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresOrleansStorageTests(SharedPostgres shared) : OrleansStorageContract
{
    private LedgerDatabase _database = null!;
    private PostgresStore _store = null!;

    protected override async Task<(string Invariant, DbDataSource Source)> Open()
    {
        _database = await LedgerDatabase.Create(shared);
        _store = _database.Open();
        return ("Npgsql", _store.Orleans);
    }

    protected override async ValueTask Close()
    {
        _store.Dispose();
        await _database.DisposeAsync();
    }
}
