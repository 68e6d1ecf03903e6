using Ledger.PrivatePostgres;
using Npgsql;

namespace Ledger.Load.Comparing;

/// <summary>The private server of a measurement: it waits for its disk, and is set up as docs/operating.md says, for everybody who is measured on it.</summary>
/// <remarks>As a server that has run for a while it has files for its log to use again: a new one, of 16 MB, is written whole while everybody waits.</remarks>
internal static class DurableServer
{
    private const int LogFilesAtHand = 256;

    public static async Task<PostgresServer> Start()
    {
        var server = await PostgresServer.Start(new()
        {
            Durable = true,
            Settings = new Dictionary<string, string>
            {
                ["shared_buffers"] = "2GB",
                ["max_wal_size"] = "8GB",
                ["min_wal_size"] = "4GB",
                ["checkpoint_timeout"] = "15min",
                ["wal_compression"] = "lz4",
            },
        });
        await MakeLogFiles(server);
        return server;
    }

    private static async Task MakeLogFiles(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        for (var i = 0; i < LogFilesAtHand; i++)
        {
            await using var next = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'next', ''); SELECT pg_switch_wal()", connection);
            await next.ExecuteNonQueryAsync();
        }

        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection);
        await checkpoint.ExecuteNonQueryAsync();
    }
}
