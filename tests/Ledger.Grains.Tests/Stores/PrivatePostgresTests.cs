using System.Diagnostics;
using Ledger.PrivatePostgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Ledger.Grains.Tests.Stores;

/// <summary>The server that the other tests lean on.</summary>
public sealed class PrivatePostgresTests(SharedPostgres shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_is_empty_or_a_copy_and_reachable_with_the_right_password_only()
    {
        var server = await shared.Server;
        var first = await server.CreateDatabase();
        await Scalar(first, "CREATE TABLE mark (x int); SELECT 1");
        NpgsqlConnection.ClearAllPools();
        var copy = await server.CreateDatabase(new NpgsqlConnectionStringBuilder(first).Database);

        Assert.Equal(0L, await Scalar(copy, "SELECT count(*) FROM mark"));
        await Assert.ThrowsAsync<PostgresException>(async () => await Scalar(await server.CreateDatabase(), "SELECT count(*) FROM mark"));
        var wrong = new NpgsqlConnectionStringBuilder(first) { Password = "guess" };
        Assert.Equal("28P01", (await Assert.ThrowsAsync<PostgresException>(() => Scalar(wrong.ToString(), "SELECT 1"))).SqlState);
        await server.DropDatabase(copy);
        Assert.Equal("3D000", (await Assert.ThrowsAsync<PostgresException>(() => Scalar(copy + ";Pooling=false", "SELECT 1"))).SqlState);
    }

    [Theory]
    [InlineData(ServerStop.Fast)]
    [InlineData(ServerStop.Immediate)]
    public async Task A_stopped_server_starts_again_where_it_was_with_what_it_had(ServerStop how)
    {
        string folder;
        await using (var server = await PostgresServer.Start(new() { Durable = true }))
        {
            folder = server.Folder;
            var database = await server.CreateDatabase();
            await Scalar(database, "CREATE TABLE mark (x int); INSERT INTO mark VALUES (7); SELECT 1");
            Assert.Equal("on", await Scalar(database, "SHOW fsync"));

            server.Stop(how);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Scalar(database + ";Pooling=false", "SELECT 1"));
            server.StartAgain();

            Assert.Equal(7, await Scalar(database + ";Pooling=false", "SELECT x FROM mark"));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_server_whose_owner_is_killed_goes_with_its_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test reads /proc.");
        var program = Path.ChangeExtension(typeof(PostgresServer).Assembly.Location, ".dll");
        using var owner = Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var connection = await owner.StandardOutput.ReadLineAsync(Stop);
        var folder = await owner.StandardOutput.ReadLineAsync(Stop);
        Assert.Equal(1, await Scalar(connection + ";Pooling=false", "SELECT 1"));
        using var server = Process.GetProcessById(int.Parse(File.ReadLines(folder + "/data/postmaster.pid").First(), null));
        using var gone = new FileSystemWatcher(Path.GetDirectoryName(folder)!, Path.GetFileName(folder)!);
        var removed = new TaskCompletionSource();
        gone.Deleted += (_, _) => removed.TrySetResult();
        gone.EnableRaisingEvents = true;

        owner.Kill();

        await removed.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await server.WaitForExitAsync(Stop);
    }

    private static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Stop);
    }
}
