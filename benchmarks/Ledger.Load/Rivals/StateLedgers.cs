using System.Globalization;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;
using Ledger.PrivatePostgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace Ledger.Load.Rivals;

/// <summary>
/// A grain for each resident with <c>IPersistentState</c> in PostgreSQL through Orleans' own ADO.NET provider and its default serializer,
/// and one <c>WriteStateAsync</c> per command.
/// </summary>
internal sealed class StateLedgers(PostgresServer server, int grains, IReadOnlyList<int> histories, IReadOnlyList<int> callers) : IContestant
{
    public const string ContestantName = "whole ledger in grain state";

    // What the provider asks for. One upsert on a primary key instead of the function and the unkeyed table of the usual script: in its favour.
    private const string Schema = """
        CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
        CREATE TABLE state (
          grain_type text NOT NULL, n0 bigint NOT NULL, n1 bigint NOT NULL, extension text NOT NULL,
          version integer NOT NULL, payload bytea, PRIMARY KEY (grain_type, n0, n1, extension)
        ) WITH (fillfactor = 70);
        INSERT INTO OrleansQuery VALUES
        ('ReadFromStorageKey', 'SELECT payload AS PayloadBinary, version AS Version FROM state
           WHERE grain_type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension = @GrainIdExtensionString'),
        ('WriteToStorageKey', 'INSERT INTO state AS s VALUES (@GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, 1, @PayloadBinary)
           ON CONFLICT (grain_type, n0, n1, extension) DO UPDATE SET version = s.version + 1, payload = excluded.payload
           WHERE s.version = @GrainStateVersion RETURNING version AS NewGrainStateVersion'),
        ('ClearStorageKey', 'UPDATE state SET payload = NULL, version = version + 1
           WHERE grain_type = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension = @GrainIdExtensionString
             AND version = @GrainStateVersion RETURNING version AS NewGrainStateVersion');
        """;

    private const int CallersOfTheOpenLoop = 1_024;

    private readonly EvenChoice _wallets = new(grains);
    private string _connection = "";
    private IHost? _host;

    public string Name => ContestantName;

    public IReadOnlyList<Setting> Settings { get; } =
        [.. histories.SelectMany(_ => callers, (history, count) => new Setting(WorkloadOf(history), count, count == OurGrains.CallersOfThePromise ? CallersOfTheOpenLoop : 0))];

    public IReadOnlyList<string> LastWords => [];

    public static string WorkloadOf(int history) => string.Create(CultureInfo.InvariantCulture, $"{history:n0} entries");

    public async Task Prepare(CancellationToken cancellation)
    {
        // Prepared by itself, as the provider's commands come again and again.
        _connection = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { MaxPoolSize = 64, MaxAutoPrepare = 16 }.ToString();
        await using (var connection = new NpgsqlConnection(_connection))
        {
            await connection.OpenAsync(cancellation);
            await using var schema = new NpgsqlCommand(Schema, connection);
            await schema.ExecuteNonQueryAsync(cancellation);
        }

        await Start(cancellation);
        foreach (var history in histories)
        {
            await WalletHerd.Visit(Keys(history), key => Grain(key).Fill(history), cancellation);
        }

        await Stop();
    }

    public async Task Start(CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: ServiceProcess.FreePort(), gatewayPort: 0);
            silo.AddAdoNetGrainStorage(StateLedgerGrain.Storage, (AdoNetGrainStorageOptions storage) =>
            {
                storage.Invariant = "Npgsql";
                storage.ConnectionString = _connection;
            });
        });
        _host = builder.Build();
        await _host.StartAsync(cancellation);
    }

    public Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var keys = Keys(histories.Single(history => WorkloadOf(history) == setting.Workload)).ToArray();
        return Task.FromResult<IReadOnlyList<ICaller>>([.. Enumerable.Range(0, setting.Callers).Select(_ => new Caller(this, keys))]);
    }

    public async Task Stop()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Stop();

    private IEnumerable<string> Keys(int history) =>
        Enumerable.Range(1, grains).Select(number => string.Create(CultureInfo.InvariantCulture, $"r/{history}/{number}"));

    private IStateLedgerGrain Grain(string key) => _host!.Services.GetRequiredService<IGrainFactory>().GetGrain<IStateLedgerGrain>(key);

    private sealed class Caller(StateLedgers ledgers, string[] keys) : ICaller
    {
        private int _turn;

        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            var points = ++_turn % 2 == 0 ? -Workload.PointsEach : Workload.PointsEach;
            var key = keys[ledgers._wallets.Next(Random.Shared)];
            return await ledgers.Grain(key).Post(Guid.NewGuid(), points) is null ? new(0, ["refused"]) : new(1);
        }

        public void Dispose()
        {
        }
    }
}
