using System.Globalization;
using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Network;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Stores;
using Ledger.PrivatePostgres;
using Npgsql;

namespace Ledger.Fault.Tests.Processes;

/// <summary>Two silos on one private PostgreSQL, shared by scenarios that each have a community of their own.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private PostgresServer? _postgres;
    private CuttingProxy? _proxy;
    private Silo? _east;
    private Silo? _west;
    private string? _database;
    private int _tenants;
    private bool _takesWrites = true;

    internal PostgresServer Postgres => _postgres!;

    /// <summary>Stands between both silos and the database: whichever of them has the wallets of a scenario, its commits pass here.</summary>
    internal CuttingProxy Proxy => _proxy!;

    internal Silo East => _east!;

    internal Silo West => _west!;

    /// <summary>How to reach the database, not through the proxy.</summary>
    internal string Database => _database!;

    internal StoreAddress Store => new(StoreAddress.Postgres, Database);

    /// <summary>Starts what the first scenario needs.</summary>
    private async Task Begin()
    {
        _postgres = await PostgresServer.Start();
        _database = await _postgres.CreateDatabase();
        _proxy = new(_postgres.Port);
        var through = new NpgsqlConnectionStringBuilder(_database) { Port = _proxy.Port }.ToString();
        _east = new(SettingsOf("east", through));
        _west = new(SettingsOf("west", through));
    }

    /// <summary>A community for a scenario, and everything in order, whatever the scenario before left behind.</summary>
    internal async Task<Tenant> Prepare(string scenario)
    {
        if (_postgres is null)
        {
            await Begin();
        }

        Proxy.CutNone();
        if (!Postgres.IsRunning)
        {
            Postgres.StartAgain();
        }

        if (!_takesWrites)
        {
            await TakeWrites(true);
        }

        var tenant = await Tenant.Add(Store, $"{scenario}-{(++_tenants).ToString(CultureInfo.InvariantCulture)}");
        foreach (var silo in new[] { East, West })
        {
            silo.ShiftClock(TimeSpan.Zero);
            if (!silo.IsRunning)
            {
                await silo.Start();
            }
        }

        await Task.WhenAll(East.Ready(), West.Ready());
        await Patience.Until("both silos are in the cluster", async () => await Active() == 2, () => East.Said + West.Said);
        return tenant;
    }

    /// <summary>Sets whether the database takes writes. Those who are connected keep what they began with, so they are sent away.</summary>
    internal async Task TakeWrites(bool may)
    {
        _takesWrites = may;
        var name = new NpgsqlConnectionStringBuilder(Database).Database;
        var server = Postgres.ConnectionString();
        await Sql(server, $"ALTER DATABASE {name} SET default_transaction_read_only = {(may ? "off" : "on")}");
        await Sql(server, $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    /// <summary>Keeps everybody from writing to the journal until it is disposed.</summary>
    internal async Task<IAsyncDisposable> HoldWriters()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Sets the clock that a database tells, for who connects from now on.</summary>
    internal static async Task SetClock(StoreAddress store, TimeSpan shift)
    {
        var name = new NpgsqlConnectionStringBuilder(store.Connection).Database;
        var seconds = shift.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await Sql(store.Connection, $"""
            CREATE SCHEMA shifted;
            CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + make_interval(secs => {seconds})';
            ALTER DATABASE {name} SET search_path = shifted, pg_catalog, public
            """);
    }

    /// <summary>How many silos the cluster takes for alive.</summary>
    internal async Task<long> Active() => (long)(await Sql(Database, "SELECT count(*) FROM cluster_silo WHERE status = 3"))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _east, _west, _proxy, _postgres })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    private static async Task<object?> Sql(string connectionString, string text)
    {
        // Not pooled: the server is stopped in between.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of these tests.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    // Queues as short as the few clients of a scenario never fill: only an overload on purpose does.
    private static SiloSettings SettingsOf(string name, string connection) => new()
    {
        Name = name,
        Store = StoreAddress.Postgres,
        Connection = connection,
        Variables = new Dictionary<string, string>
        {
            ["Ledger__RowsWaitingMax"] = "64",
            ["Ledger__CallsWaitingPerWalletMax"] = "100",
        },
    };
}

/// <summary>All scenarios: they stop and freeze what others use, so they come one after the other.</summary>
[CollectionDefinition(nameof(OneAfterTheOther))]
public sealed class OneAfterTheOther : ICollectionFixture<Cluster>;
