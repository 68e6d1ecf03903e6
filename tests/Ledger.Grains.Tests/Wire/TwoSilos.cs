using Ledger.Grains.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace Ledger.Grains.Tests.Wire;

/// <summary>Two silos that talk through connections: what goes from one to the other is bytes.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => silo.Services.AddSerializer(serializer => serializer.AddDomainCodec()));
        builder.ConfigureClient(client => client.Services.AddSerializer(serializer => serializer.AddDomainCodec()));
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Error));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>A grain that lives in the silo of the caller.</summary>
    public Task<IEcho> Near(string key) => At(0, key);

    /// <summary>A grain that lives in the other silo than the caller.</summary>
    public Task<IEcho> Far(string key) => At(1, key);

    /// <summary>A client outside both silos, speaking through a gateway.</summary>
    public IClusterClient Client => _cluster!.Client;

    public IServiceProvider Services => _cluster!.Silos[0].ServiceProvider;

    private async Task<IEcho> At(int silo, string key)
    {
        var address = _cluster!.Silos[silo].SiloAddress;
        var grain = Services.GetRequiredService<IGrainFactory>().GetGrain<IEcho>($"{silo}/{key}");
        RequestContext.Set(IPlacementDirector.PlacementHintKey, address);
        var lives = await grain.Where();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        Assert.Equal(address.ToString(), lives);
        return grain;
    }
}

/// <summary>One cluster for all tests of this folder.</summary>
[CollectionDefinition(nameof(TwoSilos))]
public sealed class TwoSilosCollection : ICollectionFixture<TwoSilos>;
