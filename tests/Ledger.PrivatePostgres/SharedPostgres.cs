namespace Ledger.PrivatePostgres;

/// <summary>One server for all tests of an assembly, started when the first one asks for it.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.Start());

    /// <summary>The server. Nobody stops it; whoever needs to starts one of their own.</summary>
    public Task<PostgresServer> Server => _server.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
