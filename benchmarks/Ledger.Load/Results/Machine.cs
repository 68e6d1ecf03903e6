using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Ledger.PrivatePostgres;
using Marten;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ledger.Load.Results;

/// <summary>Where and with what something was measured: the first lines of a page.</summary>
internal static class Machine
{
    public static async Task<string> Of(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version') || ', fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')",
            connection);
        var postgres = (string)(await command.ExecuteScalarAsync())!;
        using var sqlite = new SqliteConnection("Data Source=:memory:");
        sqlite.Open();
        return string.Create(CultureInfo.InvariantCulture, $"""
            {DateTime.UtcNow:yyyy-MM-dd}. {Processor()}, {Environment.ProcessorCount} logical processors, {RuntimeInformation.OSDescription}.
            {RuntimeInformation.FrameworkDescription}, Orleans {VersionOf(typeof(Grain))}, Npgsql {VersionOf(typeof(NpgsqlConnection))}, PostgreSQL {postgres}, {PagesOf(server)};
            SQLite {sqlite.ServerVersion}, WAL, synchronous=FULL; Marten {VersionOf(typeof(IDocumentStore))}. Client, service and database share the processors.
            """);
    }

    // Where the machine has no huge pages to give, the server goes without them and says nothing. Its account is another one, and perhaps not ours to look into.
    private static string PagesOf(PostgresServer server)
    {
        try
        {
            return File.ReadLines($"/proc/{server.ProcessId}/smaps").Any(line => line.StartsWith("KernelPageSize:", StringComparison.Ordinal) && !line.EndsWith(" 4 kB", StringComparison.Ordinal))
                ? "memory in huge pages"
                : "memory in pages of 4 kB";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "memory in pages of unknown size";
        }
    }

    // Without the commit that some add behind it.
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0].TrimEnd('.') ?? "?";

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
