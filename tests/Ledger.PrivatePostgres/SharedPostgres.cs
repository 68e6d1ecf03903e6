using Npgsql;

namespace Ledger.PrivatePostgres;

/// <summary>One server for all tests of an assembly, started when the first one asks for it.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.Start());
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private string? _template;

    /// <summary>The server. Nobody stops it; whoever needs to starts one of their own.</summary>
    public Task<PostgresServer> Server => _server.Value;

    /// <summary>A database of one's own that is a copy of one that was prepared once, for the first who asked.</summary>
    /// <param name="prepare">Fills the first one, for example by migrations, and leaves no connection to it.</param>
    public async Task<string> CreateDatabase(Action<string> prepare)
    {
        var server = await Server;
        await _preparing.WaitAsync();
        try
        {
            if (_template is null)
            {
                var first = await server.CreateDatabase();
                prepare(first);
                _template = new NpgsqlConnectionStringBuilder(first).Database;
            }

            // One at a time: PostgreSQL copies no database that another copy reads at the moment.
            return await server.CreateDatabase(_template);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
