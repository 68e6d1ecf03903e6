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
        // A file that nothing was written to is not left; and a checkpoint keeps those that are full for later.
        await using var files = new NpgsqlCommand("SELECT pg_logical_emit_message(false, 'next', ''), pg_switch_wal() FROM generate_series(1, $1)", connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = LogFilesAtHand } },
        };
        await files.ExecuteNonQueryAsync();
        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection) { CommandTimeout = 0 };
        await checkpoint.ExecuteNonQueryAsync();
    }
}
