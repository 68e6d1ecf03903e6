using System.Net;
using System.Net.Sockets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Checking;
using Ledger.Grains.Clocks;
using Ledger.Grains.Clustering;
using Ledger.Grains.Communities;
using Ledger.Grains.Errands;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Mall;
using Ledger.Grains.Settlements;
using Ledger.Grains.Stocks;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Sweeping;
using Ledger.Grains.Wallets;
using Ledger.Grains.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Ledger.Grains.Hosting;

/// <summary>Puts the engine into a host: the store, the journal, the silo.</summary>
public static class LedgerHosting
{
    /// <summary>Fixed for ever: it is part of the key of every snapshot.</summary>
    private const string ServiceId = "ledger";

    // What Orleans advises and enforces; who wants the sweeper more often says so knowingly.
    private static readonly TimeSpan s_reminderPeriodMin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Adds the store and what reads and writes it. Nothing is opened before the first use, so a host that is only described
    /// (for example to write its OpenAPI document) touches no file.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Section <c>Ledger</c> and <c>ConnectionStrings:Ledger</c> (default for <c>sqlite</c>: <c>Data Source=ledger.db</c>).</param>
    /// <param name="command">What this process does with the store, for whoever finds it locked: for example <c>serve</c>.</param>
    public static IServiceCollection AddLedgerStore(this IServiceCollection services, IConfiguration configuration, string command)
    {
        services.AddOptions<LedgerOptions>()
            .Bind(configuration.GetSection(LedgerOptions.Section))
            .Validate(
                options => options.Store is StoreAddress.Sqlite or StoreAddress.Postgres,
                $"{StoreAddress.KindKey} must be \"{StoreAddress.Sqlite}\" or \"{StoreAddress.Postgres}\".")
            .Validate(options => options.BudgetLeaseFor >= TimeSpan.FromSeconds(1), "Ledger:BudgetLeaseFor must be a second or more.")
            .ValidateOnStart();
        services.TryAddSingleton<IClock>(SystemClock.Instance);
        services.TryAddSingleton(TimeProvider.System);
        var address = StoreAddress.Of(configuration);
        if (address.IsPostgres)
        {
            AddPostgres(services, address);
        }
        else
        {
            AddSqlite(services, address, command);
        }

        services.AddSingleton(provider => (IJournalFeed)provider.GetRequiredService<IJournal>());
        services.AddSingleton<IProgrammes, CataloguedProgrammes>();
        services.AddSingleton<IMall, CataloguedRewards>();
        services.AddSingleton<IMerchants, RegisteredMerchants>();
        services.AddSingleton<SettlementBook>();
        services.AddSingleton<CallGate>();
        return services;
    }

    /// <summary>Adds the silo with the wallets. Needs <see cref="AddLedgerStore"/>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="sweep">Whether quiet wallets are looked after: true for a service, false for an import or a check.</param>
    public static IHostApplicationBuilder UseLedgerSilo(this IHostApplicationBuilder builder, bool sweep)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.GetSection(LedgerOptions.Section).Get<LedgerOptions>() ?? new();
        var isShared = StoreAddress.Of(builder.Configuration).IsPostgres;

        // Before the silo, and so stopped after it: by then nothing draws from its leases any more.
        builder.Services.AddSingleton<BudgetDesk>();
        builder.Services.AddSingleton<MakerDesk>();
        builder.Services.AddSingleton<ErrandDriver>();
        builder.Services.AddSingleton(provider => new StockLevels(
            (community, reward) => provider.GetRequiredService<IGrainFactory>().GetStock(community, reward).Read(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<StockDriver>();
        builder.Services.AddSingleton<HouseholdDriver>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<BudgetDesk>());
        builder.UseOrleans(silo =>
        {
            var port = options.SiloPort == 0 ? FreeLoopbackPort() : options.SiloPort;
            if (isShared)
            {
                silo.JoinCluster(ClusterOptionsOf(builder.Configuration), ServiceId, port);
            }
            else
            {
                // Everything is in this process: no gateway, and a silo port that no other process has.
                silo.UseLocalhostClustering(siloPort: port, gatewayPort: 0, serviceId: ServiceId);
            }

            silo.AddAdoNetGrainStorage(StoredSnapshots.Provider, (OptionsBuilder<AdoNetGrainStorageOptions> storage) =>
                storage.Configure<IServiceProvider>((adoNet, provider) => (adoNet.Invariant, adoNet.DataSource) = isShared
                    ? (PostgresStore.Invariant, provider.GetRequiredService<PostgresStore>().Orleans)
                    : ("System.Data.SQLite", provider.GetRequiredService<SqliteStore>().Snapshots)));
            silo.AddActivityPropagation();
            silo.AddIncomingGrainCallFilter<ProviderExceptionFilter>();
            silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxEnqueuedRequestsHardLimit = options.CallsWaitingPerWalletMax);
        });
        AddGrainServices(builder.Services);

        // Reports the machine's uptime as a stuck thread at every start.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        if (sweep && isShared)
        {
            if (options.SweepEvery < s_reminderPeriodMin)
            {
                builder.Services.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = options.SweepEvery);
            }

            builder.Services.AddHostedService<SweeperReminder>();
        }
        else if (sweep)
        {
            builder.Services.AddHostedService<SweeperTimer>();
        }

        return builder;
    }

    private static void AddSqlite(IServiceCollection services, StoreAddress address, string command)
    {
        services.AddSingleton(_ => SqliteStore.Open(address.File, command));
        services.AddSingleton<IJournal>(provider => new SqliteJournal(provider.GetRequiredService<SqliteStore>(), CommitsOf(provider)));
        services.AddSingleton<IBudgets>(provider => new SqliteBudgets(provider.GetRequiredService<SqliteStore>()));
        services.AddSingleton<IMovements>(provider => new SqliteMovements(provider.GetRequiredService<SqliteStore>()));
        services.AddSingleton<IRedemptions>(provider => new SqliteRedemptions(provider.GetRequiredService<SqliteStore>()));
        services.AddSingleton(provider => new SqliteCatalogue(provider.GetRequiredService<SqliteStore>()));
        services.AddSingleton<ICatalogue>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IDrafts>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IReratings>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IRewards>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IMerchantRegister>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IPaycodes>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IProfiles>(provider => provider.GetRequiredService<SqliteCatalogue>());
        services.AddSingleton<IClockWatch, NoOtherClock>();
    }

    private static void AddPostgres(IServiceCollection services, StoreAddress address)
    {
        services.AddSingleton(_ => PostgresStore.Open(address.Connection));
        services.AddSingleton<IJournal>(provider => new PostgresJournal(provider.GetRequiredService<PostgresStore>(), CommitsOf(provider)));
        services.AddSingleton<IBudgets>(provider => new PostgresBudgets(provider.GetRequiredService<PostgresStore>()));
        services.AddSingleton<IMovements>(provider => new PostgresMovements(provider.GetRequiredService<PostgresStore>()));
        services.AddSingleton<IRedemptions>(provider => new PostgresRedemptions(provider.GetRequiredService<PostgresStore>()));
        services.AddSingleton(provider => new PostgresCatalogue(provider.GetRequiredService<PostgresStore>()));
        services.AddSingleton<ICatalogue>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IDrafts>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IReratings>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IRewards>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IMerchantRegister>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IPaycodes>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton<IProfiles>(provider => provider.GetRequiredService<PostgresCatalogue>());
        services.AddSingleton(provider => new ClockWatch(
            provider.GetRequiredService<PostgresStore>().ReadClock,
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClockWatch>>()));
        services.AddSingleton<IClockWatch>(provider => provider.GetRequiredService<ClockWatch>());

        // Before the silo: what a host starts, it starts in this order.
        services.AddHostedService(provider => provider.GetRequiredService<ClockWatch>());
    }

    private static Clustering.ClusterOptions ClusterOptionsOf(IConfiguration configuration)
    {
        var options = configuration.GetSection(Clustering.ClusterOptions.Section).Get<Clustering.ClusterOptions>() ?? new();
        return options.IsValid()
            ? options
            : throw new OptionsValidationException(
                Clustering.ClusterOptions.Section,
                typeof(Clustering.ClusterOptions),
                [$"{Clustering.ClusterOptions.Section} has an empty name, a time that is not positive, or a ProbeTimeoutMax below ProbeEvery."]);
    }

    private static GroupCommitOptions CommitsOf(IServiceProvider provider) =>
        new() { RowsWaitingMax = provider.GetRequiredService<IOptions<LedgerOptions>>().Value.RowsWaitingMax };

    private static void AddGrainServices(IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddDomainCodec());
        services.AddKeyedSingleton<IGrainStorageSerializer>(
            StoredSnapshots.Provider, (provider, _) => ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(provider));
        services.AddSingleton<ISnapshots>(provider => new StoredSnapshots(
            provider.GetRequiredKeyedService<IGrainStorage>(StoredSnapshots.Provider),
            provider.GetService<SqliteStore>()?.Gate,
            provider.GetRequiredService<ILogger<StoredSnapshots>>()));
        services.AddSingleton<WalletLoader>();
    }

    private static int FreeLoopbackPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
