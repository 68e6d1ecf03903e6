using Ledger.PrivatePostgres;

namespace Ledger.Load.Comparing;

/// <summary>The private server of a measurement: it waits for its disk, and is set up as docs/operating.md says, for everybody who is measured on it.</summary>
internal static class DurableServer
{
    public static Task<PostgresServer> Start() => PostgresServer.Start(new()
    {
        Durable = true,
        Settings = new Dictionary<string, string>
        {
            ["shared_buffers"] = "2GB",
            ["max_wal_size"] = "8GB",
            ["checkpoint_timeout"] = "15min",
            ["wal_compression"] = "lz4",
        },
    });
}
