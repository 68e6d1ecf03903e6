using Ledger.Grains.Stores.Postgres;
using Ledger.PrivatePostgres;

namespace Ledger.Grains.Tests.Stores;

/// <summary>A PostgreSQL database of its own for each test, with the schema of a ledger.</summary>
internal sealed class LedgerDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private LedgerDatabase(PostgresServer server, string connectionString) => (_server, ConnectionString) = (server, connectionString);

    public string ConnectionString { get; }

    public static async Task<LedgerDatabase> Create(SharedPostgres shared) =>
        new(await shared.Server, await shared.CreateDatabase(connection => PostgresStore.Open(connection).Dispose()));

    public PostgresStore Open() => PostgresStore.Open(ConnectionString);

    public async ValueTask DisposeAsync() => await _server.DropDatabase(ConnectionString);
}
