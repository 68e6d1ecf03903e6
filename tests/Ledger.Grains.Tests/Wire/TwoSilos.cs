using Ledger.Grains.Budgets;
using Ledger.Grains.Checking;
using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Ledger.Grains.Mall;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Grains.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace Ledger.Grains.Tests.Wire;

/// <summary>
/// Two silos over one journal. They talk through connections, so what goes from one to the other is bytes. The caller is in the first.
/// </summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    private readonly InMemoryJournal _journal = new();

    public TwoSilos() => Journal = new(_journal);

    internal FaultyJournal Journal { get; }

    internal FakeClock Clock { get; } = new(Instant.FromUtc(2026, 3, 1, 4, 0));

    /// <summary>A client outside both silos, speaking through a gateway.</summary>
    public IClusterClient Client => Cluster.Client;

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The silos do not run.");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddIncomingGrainCallFilter<ProviderExceptionFilter>();
            silo.Services.AddSerializer(serializer => serializer.AddDomainCodec());
            silo.Services.AddSingleton<IJournal>(Journal);
            silo.Services.AddSingleton<IClock>(Clock);
            silo.Services.AddSingleton<IClockWatch, NoOtherClock>();
            silo.Services.AddSingleton<IProgrammes>(new FixedProgrammes());
            silo.Services.AddSingleton<IMerchants>(new RegisteredMerchants(new InMemoryCatalogue(), TimeProvider.System));
            silo.Services.AddSingleton<IMall>(new CataloguedRewards(new InMemoryCatalogue(), TimeProvider.System));
            silo.Services.AddSingleton<ISnapshots, NoSnapshots>();
            silo.Services.AddSingleton<WalletLoader>();
            silo.Services.AddSingleton<IBudgets>(_journal);
            silo.Services.AddSingleton<BudgetDesk>();
            silo.Services.AddSingleton<MakerDesk>();
        });
        builder.ConfigureClient(client => client.Services.AddSerializer(serializer => serializer.AddDomainCodec()));
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Critical));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await Journal.DisposeAsync();
    }

    /// <summary>A grain that lives in the silo of the caller.</summary>
    public Task<IEcho> Near(string key) => Place<IEcho>(0, $"near/{key}", echo => echo.Any(null));

    /// <summary>A grain that lives in the other silo than the caller.</summary>
    public Task<IEcho> Far(string key) => Place<IEcho>(1, $"far/{key}", echo => echo.Any(null));

    /// <summary>A wallet that lives in the silo of the caller.</summary>
    internal Task<IWalletGrain> NearWallet(string resident) => Place<IWalletGrain>(0, KeyOf(resident), wallet => wallet.Read());

    /// <summary>A wallet that lives in the other silo than the caller.</summary>
    internal Task<IWalletGrain> FarWallet(string resident) => Place<IWalletGrain>(1, KeyOf(resident), wallet => wallet.Read());

    private static string KeyOf(string resident) => WalletKey.Of(LedgerHost.Community, ResidentId.Parse(resident));

    private async Task<T> Place<T>(int silo, string key, Func<T, Task> touch)
        where T : IGrainWithStringKey
    {
        var grain = Cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<T>(key);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Cluster.Silos[silo].SiloAddress);
        await touch(grain);
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        Assert.True(Cluster.TryGetGrainContext(grain.GetGrainId(), out var lives));
        Assert.Equal(Cluster.Silos[silo].SiloAddress, lives.Address.SiloAddress);
        return grain;
    }

    private sealed class NoSnapshots : ISnapshots
    {
        public Task<LoadedWallet?> Read(StreamId stream) => Task.FromResult<LoadedWallet?>(null);

        public Task Write(StreamId stream, LoadedWallet wallet) => Task.CompletedTask;
    }
}

/// <summary>One cluster for all tests of this folder.</summary>
[CollectionDefinition(nameof(TwoSilos))]
public sealed class TwoSilosCollection : ICollectionFixture<TwoSilos>;
