namespace Ledger.PrivatePostgres;

/// <summary>
/// A server for trying things out: prints how to reach it and where it lies, and lives until a line is entered, the input ends, or the
/// program is killed. With <c>--durable</c> every commit waits for the disk.
/// </summary>
internal static class PrivateServer
{
    public static async Task Main(string[] args)
    {
        await using var server = await PostgresServer.Start(new() { Durable = args.Contains("--durable") });
        Console.WriteLine(await server.CreateDatabase());
        Console.WriteLine(server.Folder);
        Console.ReadLine();
    }
}
