using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Npgsql;

namespace Ledger.PrivatePostgres;

/// <summary>A PostgreSQL server of one's own: a fresh folder, a free loopback port, gone without a trace afterwards.</summary>
/// <remarks>
/// A guard process removes server and folder when this process ends in whatever way, SIGKILL included. Not safe for concurrent use,
/// except <see cref="CreateDatabase"/>, <see cref="CreateDatabaseIn"/> and <see cref="ConnectionString"/>.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser; its password is in <see cref="ConnectionString"/>.</summary>
    public const string User = "ledger";

    private const int StartsMax = 5;

    private readonly Installation _installation;
    private readonly PostgresServerOptions _options;
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Guard _guard;
    private int _databases;

    private PostgresServer(Installation installation, PostgresServerOptions options)
    {
        _installation = installation;
        _options = options;
        Folder = installation.MakeFolder();
        _guard = new(installation, Folder);
    }

    /// <summary>Everything of the server lies in here: <c>data</c>, <c>socket</c>, <c>log</c>.</summary>
    public string Folder { get; }

    /// <summary>The port on 127.0.0.1; the same for the whole life of the server.</summary>
    public int Port { get; private set; }

    /// <summary>Whether it was started and not stopped since.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The process id of the server's first process; only while it runs.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(Folder, "data");

    private string Log => Path.Combine(Folder, "log");

    /// <summary>Makes a cluster and starts it; about two seconds.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start; the message says why.</exception>
    public static async Task<PostgresServer> Start(PostgresServerOptions? options = null)
    {
        var server = new PostgresServer(Installation.Find(), options ?? new());
        try
        {
            server.Initialise();
            server.StartOnFreePort();
            return server;
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to reach a database as the superuser.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Database = database,
        Username = User,
        Password = _password,
        IncludeErrorDetail = true,
    }.ToString();

    /// <summary>Makes a database with a name of its own; how to reach it.</summary>
    /// <param name="template">The database to copy, for example one with all migrations; null for an empty one.</param>
    public async Task<string> CreateDatabase(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger_{Interlocked.Increment(ref _databases)}");
        await Execute($"CREATE DATABASE {name}" + (template is null ? "" : $" TEMPLATE {template}"));
        return ConnectionString(name);
    }

    /// <summary>Makes a database whose files lie in a folder of their own; how to reach it.</summary>
    /// <param name="folder">An existing folder in which every account may make another.</param>
    public async Task<string> CreateDatabaseIn(string folder)
    {
        var (space, files) = ($"space_{Interlocked.Increment(ref _databases)}", Path.Combine(folder, "tables"));
        _installation.Run("/bin/mkdir", "-m", "700", files);
        await Execute($"CREATE TABLESPACE {space} LOCATION '{files}'");
        await Execute($"CREATE DATABASE ledger_{space} TABLESPACE {space}");
        return ConnectionString($"ledger_{space}");
    }

    /// <summary>Removes a database, whoever is connected to it.</summary>
    /// <param name="connectionString">What <see cref="CreateDatabase"/> returned.</param>
    public Task DropDatabase(string connectionString) =>
        Execute($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Stops the server; the data stay. Returns when it is gone.</summary>
    public void Stop(ServerStop how)
    {
        _installation.Run("pg_ctl", "stop", "-D", Data, "-w", "-t", "30", "-m", how == ServerStop.Fast ? "fast" : "immediate");
        IsRunning = false;
    }

    /// <summary>Starts a stopped server again, on the same port and data, recovering what an immediate stop left. Returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message holds its log.</exception>
    public void StartAgain()
    {
        try
        {
            _installation.Run("pg_ctl", "start", "-D", Data, "-l", Log, "-w", "-t", "60", "-s");
            IsRunning = true;
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{(File.Exists(Log) ? File.ReadAllText(Log) : "")}");
        }
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _guard.End();
        IsRunning = false;
    }

    private void Initialise()
    {
        var passwordFile = Path.Combine(Folder, "password");
        _installation.Write(passwordFile, _password);
        _installation.Run(
            "initdb", "-D", Data, "-U", User, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");
        _installation.Run("/bin/mkdir", "-m", "700", Path.Combine(Folder, "socket"));
    }

    private void StartOnFreePort()
    {
        for (var tries = 1; ; tries++)
        {
            Port = LoopbackPorts.Free();
            _installation.Write(Path.Combine(Data, "postgresql.auto.conf"), Configuration());
            try
            {
                StartAgain();
                return;
            }
            catch (InvalidOperationException) when (tries < StartsMax)
            {
                // Somebody took the port in between.
            }
        }
    }

    private string Configuration()
    {
        var durable = _options.Durable ? "on" : "off";
        var lines = new List<string>
        {
            "listen_addresses = '127.0.0.1'",
            string.Create(CultureInfo.InvariantCulture, $"port = {Port}"),
            $"unix_socket_directories = '{Path.Combine(Folder, "socket")}'",
            $"fsync = {durable}",
            $"full_page_writes = {durable}",
            "synchronous_commit = on",
            "max_connections = 200",
            "shared_buffers = '256MB'",
            "max_wal_size = '2GB'",
            "timezone = 'UTC'",
            "log_checkpoints = off",
        };
        lines.AddRange(_options.Settings.Select(setting => $"{setting.Key} = '{setting.Value}'"));
        return string.Join('\n', lines) + "\n";
    }

    private async Task Execute(string sql)
    {
        // Not pooled: a scenario may have stopped the server since.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false }.ToString());
        await connection.OpenAsync();
#pragma warning disable CA2100 // Names made here.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>What a private server is like.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>True: a commit waits for the disk, as in production. Default: false, for tests that pull no plug.</summary>
    public bool Durable { get; init; }

    /// <summary>Further settings of <c>postgresql.conf</c>; they win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a server is stopped.</summary>
public enum ServerStop
{
    /// <summary>Connections are ended, everything is written down.</summary>
    Fast,

    /// <summary>As if it had crashed: the next start recovers from its log.</summary>
    Immediate,
}
