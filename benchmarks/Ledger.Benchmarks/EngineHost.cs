using Ledger.Grains.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.Benchmarks;

/// <summary>The engine of the service on a file, without its HTTP side and without a sweeper.</summary>
internal static class EngineHost
{
    public static async Task<IHost> Start(string file)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Ledger", $"Data Source={file}")]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddLedgerStore(builder.Configuration, "benchmark");
        builder.UseLedgerSilo(sweep: false);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static async Task End(this IHost host)
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
