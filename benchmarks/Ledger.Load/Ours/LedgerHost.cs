using Ledger.Grains.Communities;
using Ledger.Grains.Hosting;
using Ledger.Grains.Importing;
using Ledger.Grains.Journal;
using Ledger.Grains.Settlements;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Merchants;
using Ledger.Programmes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Ledger.Load.Ours;

/// <summary>Our engine in this process, without its HTTP side and without a sweeper.</summary>
internal sealed class LedgerHost : IAsyncDisposable
{
    /// <summary>The community of every measurement.</summary>
    public static readonly CommunityId Community = CommunityId.Parse("load");

    /// <summary>The one activity: ten points a unit, with a cap that is looked at and never binds.</summary>
    public static readonly ActivityType Activity = ActivityType.Parse("service-hour");

    /// <summary>The zone of its programme.</summary>
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    private const string Programme = """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 12, "roundUp": "month" },
          "activities": [ { "type": "service-hour", "award": { "kind": "per_unit", "points": 10 },
            "caps": [ { "per": "local_day", "points": 1000000000000 } ] } ] }
        """;

    private static readonly MoneyRate s_rate = new(1, new(1), "CNY", Rounding.HalfUp);

    private readonly IHost _host;

    private LedgerHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IProgrammes Programmes => _host.Services.GetRequiredService<IProgrammes>();

    public IJournal Journal => _host.Services.GetRequiredService<IJournal>();

    /// <summary>Starts it; a new store gets the community and its programme.</summary>
    public static async Task<LedgerHost> Start(LedgerStore store, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(store.Configuration);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Error);
        builder.Services.AddLedgerStore(builder.Configuration, "load");
        builder.UseLedgerSilo(sweep: false);
        var started = new LedgerHost(builder.Build());
        await started._host.StartAsync(cancellation);
        await started.Install(Community, Programme, cancellation);
        return started;
    }

    /// <summary>Gives a community its one programme, and makes the community where there is none.</summary>
    public async Task Install(CommunityId community, string programme, CancellationToken cancellation)
    {
        var installed = await ProgrammeInstallation.Install(
            _host.Services.GetRequiredService<ICatalogue>(), community, programme, SystemClock.Instance.GetCurrentInstant(), cancellation);
        _host.Services.GetRequiredService<IProgrammes>().Refresh(community);
        if (installed is not ProgrammeInstallation.Installed)
        {
            throw new InvalidOperationException($"The programme is not in force: {installed}.");
        }
    }

    /// <summary>Registers merchants, with what points are worth to them from the beginning of time on.</summary>
    public async Task Register(IEnumerable<string> merchants, CancellationToken cancellation)
    {
        var register = _host.Services.GetRequiredService<IMerchantRegister>();
        var now = SystemClock.Instance.GetCurrentInstant();
        foreach (var id in merchants)
        {
            var merchant = new Merchant
            {
                Id = new(id),
                NameZh = id,
                NameEn = id,
                Category = "shops",
                Status = MerchantStatus.Active,
                Terms = [new(Instant.MinValue, LocalTime.Midnight, s_rate)],
            };
            await register.AddMerchantRevision(new(Community, 1, merchant, "load", now), cancellation);
        }
    }

    public SettlementBook Settlements => _host.Services.GetRequiredService<SettlementBook>();

    /// <summary>Where the service turns callers away.</summary>
    public CallGate Gate => _host.Services.GetRequiredService<CallGate>();

    public IWalletGrain Wallet(string resident) => Grains.GetWallet(Community, ResidentId.Parse(resident));

    /// <summary>Has every wallet leave memory that does nothing, as after a quiet quarter of an hour.</summary>
    public async Task Forget()
    {
        var management = Grains.GetGrain<IManagementGrain>(0);
        await management.ForceActivationCollection(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
