using System.Data.Common;
using System.Globalization;
using Ledger.Grains.Journal;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>A PostgreSQL database that holds a ledger, opened: at the schema of this program, with a pool of connections for each purpose.</summary>
/// <remarks>
/// Any number of processes may open it at once. Journal, readers and Orleans have pools of their own: a herd of wallets that load must
/// neither delay the writer of the journal nor the membership of the cluster.
/// </remarks>
public sealed class PostgresStore : IDisposable
{
    /// <summary>The class of our advisory locks ("LDGR"): number 0 is that of migrations, the others are writers' numbers.</summary>
    internal const int LockClass = 0x4C444752;

    /// <summary>What Orleans calls the provider.</summary>
    internal const string Invariant = "Npgsql";

    private const int VersionMin = 15;

    // A batch is one round trip, so nothing waits for long unless something is wrong: another silo frozen inside a transaction, a disk that
    // hangs. Then a batch is refused rather than stuck. The server notices a vanished silo by itself and frees what it held.
    private const string WriterSettings =
        "-c lock_timeout=2s -c statement_timeout=10s -c idle_in_transaction_session_timeout=5s -c work_mem=64MB -c jit=off -c application_name=ledger-journal "
        + "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10s";

    // Questions are small and many: compiling one takes longer than answering it.
    private const string ReaderSettings = "-c application_name=ledger-reads -c jit=off -c default_transaction_read_only=on";

    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresStore(NpgsqlConnectionStringBuilder connection, bool isReadOnly)
    {
        _connection = connection;
        IsReadOnly = isReadOnly;
        Name = NameOf(connection);
        Writer = Source(WriterSettings, builder =>
        {
            // Each lane of the writer keeps one connection; a fresh one after an error must not be a stale one from a pool.
            builder.Pooling = false;
            // The server gives up first, so that its answer, and not a guess, says what became of the batch.
            builder.CommandTimeout = 20;
            builder.MaxAutoPrepare = 32;
            builder.AutoPrepareMinUsages = 2;
            builder.ReadBufferSize = 16_384;
            builder.WriteBufferSize = 65_536;
        });
        Readers = Source(ReaderSettings, builder =>
        {
            builder.MaxPoolSize = 32;
            builder.NoResetOnClose = true;
            builder.MaxAutoPrepare = 64;
            builder.AutoPrepareMinUsages = 2;
        });
        Occasional = Source("-c application_name=ledger-catalogue -c lock_timeout=5s -c statement_timeout=30s", builder => builder.MaxPoolSize = 4);
        Orleans = Source("-c application_name=ledger-orleans", builder => builder.MaxPoolSize = 16);
    }

    /// <summary>The database and its server, for people; without user or password.</summary>
    public string Name { get; }

    /// <summary>True when the store was opened for reading only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Connections for Orleans' own tables (snapshots).</summary>
    public DbDataSource Orleans { get; }

    /// <summary>Connections that write the journal.</summary>
    internal NpgsqlDataSource Writer { get; }

    /// <summary>Connections that only read.</summary>
    internal NpgsqlDataSource Readers { get; }

    /// <summary>Connections for what is seldom written: communities, keys, programmes, erased notes.</summary>
    internal NpgsqlDataSource Occasional { get; }

    /// <summary>Opens a store for writing and reading, and brings its schema up to date; an empty database becomes one.</summary>
    /// <param name="connectionString">How to reach it, for example <c>Host=db;Database=ledger;Username=ledger;Password=…</c>.</param>
    /// <exception cref="StoreRefusedException">It cannot be opened; nothing was changed.</exception>
    public static PostgresStore Open(string connectionString)
    {
        var named = Parse(connectionString);
        Guard(named, () => Prepare(named));
        return new(named, isReadOnly: false);
    }

    /// <summary>Opens a store for reading only, also beside processes that write to it, or on a standby.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static PostgresStore OpenReadOnly(string connectionString)
    {
        var named = Parse(connectionString);
        Guard(named, () =>
        {
            using var connection = Connect(named);
            if (PostgresMigrations.Missing(Accept(named, connection) ?? []) is [var first, ..])
            {
                throw new StoreRefusedException(
                    StoreRefusals.OlderSchema, $"{NameOf(named)} lacks {first}: start the service once to bring it up to date.");
            }
        });
        return new(named, isReadOnly: true);
    }

    /// <summary>The time by the clock that every process on this database shares.</summary>
    /// <exception cref="JournalUnavailableException">The database did not answer.</exception>
    internal async Task<Instant> ReadClock(CancellationToken cancellation)
    {
        try
        {
            await using var command = Occasional.CreateCommand("SELECT clock_timestamp()");
            return (Instant)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    /// <summary>Closes the pools. Journal and catalogue of the store are disposed before.</summary>
    public void Dispose()
    {
        foreach (var source in new DbDataSource[] { Writer, Readers, Occasional, Orleans })
        {
            source.Dispose();
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var named = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrEmpty(named.Host)
                ? throw new ArgumentException("it names no Host.")
                : named;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new StoreRefusedException(
                StoreRefusals.ConnectionInvalid,
                $"The connection to PostgreSQL cannot be read: {unreadable.Message} Write it like Host=127.0.0.1;Database=ledger;Username=ledger;Password=…");
        }
    }

    private static void Prepare(NpgsqlConnectionStringBuilder named)
    {
        using var connection = Connect(named);
        if (Accept(named, connection) is { } applied && PostgresMigrations.Missing(applied).Count == 0)
        {
            GoOnCounting(connection);
            return;
        }

        // Several silos may start at once: one of them migrates, the others wait and then find it done.
        Execute(connection, $"SELECT pg_advisory_lock({LockClass}, 0)");
        _ = Accept(named, connection);
        PostgresMigrations.Apply(connection.ConnectionString);
        GoOnCounting(connection);
        Execute(connection, $"SELECT pg_advisory_unlock({LockClass}, 0)");
    }

    /// <summary>The scripts that the database has; null for an empty one. Refuses one that is not ours, or not yet ours.</summary>
    private static IReadOnlyList<string>? Accept(NpgsqlConnectionStringBuilder named, NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < VersionMin)
        {
            throw new StoreRefusedException(
                StoreRefusals.Unsuitable, $"{NameOf(named)} runs PostgreSQL {connection.PostgreSqlVersion}; it must be {VersionMin} or later.");
        }

        if ((string)Scalar(connection, "SHOW server_encoding")! is var encoding and not "UTF8")
        {
            throw new StoreRefusedException(
                StoreRefusals.Unsuitable, $"{NameOf(named)} keeps texts as {encoding}; create the database with ENCODING 'UTF8'.");
        }

        var applied = PostgresMigrations.Applied(connection);
        if (applied is null && (bool)Scalar(connection, "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())")!)
        {
            throw new StoreRefusedException(StoreRefusals.Foreign, $"{NameOf(named)} holds tables of another program.");
        }

        if (applied is not null && PostgresMigrations.Unknown(applied) is [var first, ..])
        {
            throw new StoreRefusedException(
                StoreRefusals.NewerSchema, $"{NameOf(named)} was written by a newer version of this program (it has {first}).");
        }

        return applied;
    }

    /// <summary>
    /// After a dump was restored, transactions may be numbered lower than those that wrote the rows: the numbers of commits go on from the
    /// highest, else a reader of the feed would never see a new row.
    /// </summary>
    private static void GoOnCounting(NpgsqlConnection connection)
    {
        if ((bool)Scalar(connection, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")!)
        {
            return;
        }

        Execute(
            connection,
            """
            WITH RECURSIVE last AS (
                (SELECT community, commit_id FROM journal ORDER BY community DESC, commit_id DESC LIMIT 1)
                UNION ALL
                SELECT before.community, before.commit_id
                FROM last, LATERAL (
                    SELECT community, commit_id FROM journal WHERE community < last.community
                    ORDER BY community DESC, commit_id DESC LIMIT 1) before)
            UPDATE feed SET shift = highest - pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1
            FROM (SELECT max(commit_id) AS highest FROM last) known
            WHERE highest >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint + shift
            """);
    }

    private static NpgsqlConnection Connect(NpgsqlConnectionStringBuilder named)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(named.ConnectionString)
        {
            Pooling = false,
            PersistSecurityInfo = true,
            CommandTimeout = 0,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void Guard(NpgsqlConnectionStringBuilder named, Action open)
    {
        try
        {
            open();
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw Translate(NameOf(named), failure);
        }
    }

    private static StoreRefusedException Translate(string name, Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } denied =>
            new(StoreRefusals.AccessDenied, $"{name} does not let this user in: {denied.MessageText}"),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            new(StoreRefusals.AccessDenied, $"This user may not do what is needed on {name}: {denied.MessageText}"),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            new(StoreRefusals.DatabaseMissing, $"{name}: {missing.MessageText}. Create it first, for example: createdb --encoding UTF8 ledger"),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } readOnly =>
            new(StoreRefusals.NotWritable, $"{name} takes no writes: {readOnly.MessageText}"),
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections } busy =>
            new(StoreRefusals.Unreachable, $"{name} takes no connection now: {busy.MessageText}"),
        PostgresException other => new(StoreRefusals.Unavailable, $"{name} cannot be opened: {other.MessageText} ({other.SqlState})"),
        _ => new(StoreRefusals.Unreachable, $"{name} does not answer: {failure.Message}"),
    };

    private static string NameOf(NpgsqlConnectionStringBuilder named) => string.Create(
        CultureInfo.InvariantCulture, $"Database {named.Database ?? named.Username} on {named.Host}:{named.Port}");

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Constants of this class.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Execute(NpgsqlConnection connection, string sql) => _ = Scalar(connection, sql);

    private NpgsqlDataSource Source(string settings, Action<NpgsqlConnectionStringBuilder> set)
    {
        var builder = new NpgsqlDataSourceBuilder(_connection.ConnectionString);
        var named = builder.ConnectionStringBuilder;
        named.Options = $"{named.Options} {settings}".Trim();
        named.TcpKeepAlive = true;
        named.TcpKeepAliveTime = 5;
        named.TcpKeepAliveInterval = 2;
        set(named);
        builder.UseNodaTime();
        return builder.Build();
    }
}
