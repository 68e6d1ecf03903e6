using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>The one file of an embedded ledger, opened: locked against other writers, at the schema of this program.</summary>
/// <remarks>Beside <c>FILE</c> lie <c>FILE.lock</c> and, while it is open, SQLite's <c>FILE-wal</c> and <c>FILE-shm</c>: they belong together.</remarks>
public sealed class SqliteStore : IDisposable
{
    /// <summary>Marks the file as ours ("LDGR"), so that no other program's database is migrated by mistake.</summary>
    private const int ApplicationId = 0x4C444752;

    // The commit that moves the log into the file makes all who wait for it wait: not more than 16 MB at a time (docs/decisions/0049).
    private const string CheckpointPragma = "PRAGMA wal_autocheckpoint = 4096; ";

    // A commit must survive a power cut: FULL also in WAL mode.
    // Temporary results and statement journals stay in memory. 64 MB of pages hold the upper index levels of some ten million rows.
    private const string WriterPragmas =
        CheckpointPragma + "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; "
        + "PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF;";

    private const string ReaderPragmas = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -8192;";

    // A snapshot is a copy that can be built again: losing the last ones in a power cut costs a longer replay, syncing each costs always.
    private const string SnapshotPragmas = CheckpointPragma + "PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL;";

    private readonly StoreLock? _lock;
    private readonly SqliteDataSource _snapshots;
    private bool _disposed;

    private SqliteStore(string path, StoreLock? storeLock)
    {
        Path = path;
        _lock = storeLock;
        var mode = storeLock is null ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite;
        Writer = new(ConnectionString(path, mode, pooling: false), WriterPragmas);
        Readers = new(ConnectionString(path, mode, pooling: false), ReaderPragmas);
        _snapshots = new(ConnectionString(path, mode, pooling: true), SnapshotPragmas);
    }

    /// <summary>The file, as a full path with links followed.</summary>
    public string Path { get; }

    /// <summary>True when the store was opened for reading only.</summary>
    public bool IsReadOnly => _lock is null;

    /// <summary>Every write to the file passes here.</summary>
    public WriterGate Gate { get; } = new();

    /// <summary>Connections for grain storage (snapshots); enter <see cref="Gate"/> before writing through them.</summary>
    public DbDataSource Snapshots => _snapshots;

    /// <summary>Connections that write durably; enter <see cref="Gate"/> first.</summary>
    internal SqliteDataSource Writer { get; }

    /// <summary>Connections that only read.</summary>
    internal SqliteDataSource Readers { get; }

    /// <summary>Opens a store for writing and reading; makes the file when there is none, and brings its schema up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="command">What this process does with it, for the one who is refused meanwhile: for example <c>serve</c>.</param>
    /// <exception cref="StoreRefusedException">It cannot be opened; nothing was changed.</exception>
    public static SqliteStore Open(string path, string command)
    {
        var file = Locate(path);
        RefuseUnwritable(file);
        var storeLock = StoreLock.Take(file, command);
        try
        {
            var store = new SqliteStore(file, storeLock);
            Prepare(file);
            return store;
        }
        catch (Exception)
        {
            storeLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store for reading only, also beside a process that writes to it.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static SqliteStore OpenReadOnly(string path)
    {
        var file = Locate(path);
        if (!File.Exists(file))
        {
            throw new StoreRefusedException(StoreRefusals.FileMissing, $"There is no store {file}.");
        }

        var store = new SqliteStore(file, null);
        Guard(file, () =>
        {
            using var connection = store.Readers.Open();
            RefuseForeign(file, connection);
            RefuseNewer(file, connection);
            if (SqliteMigrations.Missing(connection) is [var first, ..])
            {
                throw new StoreRefusedException(
                    StoreRefusals.OlderSchema, $"The store {file} lacks {first}: start the service once to bring it up to date.");
            }
        });
        return store;
    }

    /// <summary>Gives the lock back. Journal and catalogue of the store are disposed before.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _snapshots.Dispose();
        // Pooled connections would keep the file open, and its log unmerged, after the lock is gone.
        using (var connection = new SqliteConnection(_snapshots.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        Writer.Dispose();
        Readers.Dispose();
        Gate.Dispose();
        _lock?.Dispose();
    }

    private static string Locate(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        // The lock lies beside the true file, so that two links to one store are one store.
        var link = File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true) : null;
        var file = link?.FullName ?? full;
        var directory = System.IO.Path.GetDirectoryName(file);
        if (!Directory.Exists(directory))
        {
            throw new StoreRefusedException(StoreRefusals.DirectoryMissing, $"There is no folder {directory} for the store.");
        }

        if (Directory.Exists(file))
        {
            throw new StoreRefusedException(StoreRefusals.NotADatabase, $"{file} is a folder, not a store.");
        }

        return file;
    }

    private static void RefuseUnwritable(string file)
    {
        if (File.Exists(file) && File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly))
        {
            throw new StoreRefusedException(StoreRefusals.NotWritable, $"The store {file} is read-only.");
        }
    }

    private static void Prepare(string file) => Guard(file, () =>
    {
        using (var connection = new SqliteConnection(ConnectionString(file, SqliteOpenMode.ReadWriteCreate, pooling: false)))
        {
            connection.Open();
            RefuseForeign(file, connection);
            RefuseNewer(file, connection);
            Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA application_id = {ApplicationId};");
        }

        SqliteMigrations.Apply(ConnectionString(file, SqliteOpenMode.ReadWrite, pooling: false));
    });

    private static void RefuseForeign(string file, SqliteConnection connection)
    {
        var application = Convert.ToInt64(Scalar(connection, "PRAGMA application_id"), null);
        var empty = Convert.ToInt64(Scalar(connection, "SELECT count(*) FROM sqlite_schema"), null) == 0;
        if (application != ApplicationId && !(application == 0 && empty))
        {
            throw new StoreRefusedException(StoreRefusals.Foreign, $"{file} is a database of another program.");
        }
    }

    private static void RefuseNewer(string file, SqliteConnection connection)
    {
        if (SqliteMigrations.Unknown(connection) is [var first, ..])
        {
            throw new StoreRefusedException(
                StoreRefusals.NewerSchema, $"The store {file} was written by a newer version of this program (it has {first}).");
        }
    }

    private static void Guard(string file, Action open)
    {
        try
        {
            open();
        }
        catch (SqliteException failure)
        {
            throw Translate(file, failure);
        }
    }

    private static StoreRefusedException Translate(string file, SqliteException failure) => failure.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT =>
            new(StoreRefusals.NotADatabase, $"{file} is not an SQLite database, or a damaged one: {failure.Message}"),
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            new(StoreRefusals.NotWritable, $"The store {file} or its folder cannot be written: {failure.Message}"),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            new(StoreRefusals.Locked, $"Another program holds the store {file}: {failure.Message}"),
        _ => new(StoreRefusals.Unavailable, $"The store {file} cannot be opened: {failure.Message}"),
    };

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string sql) => _ = Scalar(connection, sql);

    private static string ConnectionString(string path, SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = pooling }.ToString();
}
