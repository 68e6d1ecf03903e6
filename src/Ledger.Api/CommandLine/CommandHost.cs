using Ledger.Grains.Communities;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;

namespace Ledger.Api.CommandLine;

/// <summary>The engine without its HTTP side and without a sweeper, for commands that write to wallets.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    // Every resident is visited once: wallets that are done need not stay in memory as long as in a service.
    private static readonly TimeSpan WalletsStayFor = TimeSpan.FromMinutes(2);

    private readonly IHost _host;

    private CommandHost(IHost host) => _host = host;

    public IJournal Journal => _host.Services.GetRequiredService<IJournal>();

    public ICatalogue Catalogue => _host.Services.GetRequiredService<ICatalogue>();

    public IProgrammes Programmes => _host.Services.GetRequiredService<IProgrammes>();

    /// <summary>Opens the store, locked against every other writer, and starts the silo.</summary>
    /// <param name="configuration">Where the store is.</param>
    /// <param name="command">What this process does, for whoever finds the store locked.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="StoreRefusedException">The store cannot be opened.</exception>
    public static async Task<CommandHost> Start(IConfiguration configuration, string command, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);

        // The port in the configuration is the service's: a second silo there would take its place in the cluster.
        builder.Configuration.AddInMemoryCollection([new($"{LedgerOptions.Section}:{nameof(LedgerOptions.SiloPort)}", "0")]);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // What the runtime of the grains says is advice to operators of a service. What matters here comes as an exception.
        builder.Logging.AddFilter("Orleans", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // Standard output holds answers only.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = WalletsStayFor);
        builder.Services.AddLedgerStore(builder.Configuration, command);
        builder.UseLedgerSilo(sweep: false);
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new(host);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    public IWalletGrain Wallet(CommunityId community, ResidentId resident) =>
        _host.Services.GetRequiredService<IGrainFactory>().GetWallet(community, resident);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
