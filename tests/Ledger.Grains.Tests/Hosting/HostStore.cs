using System.Data.Common;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Verification;
using Ledger.PrivatePostgres;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Tests.Hosting;

/// <summary>Where a host keeps its ledger, also when it is started anew: a file of its own, or a database.</summary>
/// <param name="shared">The server of the database; null for a file.</param>
internal sealed class HostStore(SharedPostgres? shared) : IAsyncDisposable
{
    private TemporaryDirectory? _directory;
    private LedgerDatabase? _database;

    /// <summary>Where it is, once a host was started on it.</summary>
    public StoreAddress Address => _database is { } database
        ? new(StoreAddress.Postgres, database.ConnectionString)
        : new(StoreAddress.Sqlite, $"Data Source={Path.Combine(_directory!.Path, "ledger.db")}");

    public async Task<LedgerHost> Open(Instant? now = null) => shared is null
        ? await LedgerHost.Start((_directory ??= new()).Path, now)
        : await LedgerHost.Start("", now, (_database ??= await LedgerDatabase.Create(shared)).ConnectionString);

    /// <summary>Another file with all that is in this one, while no host is open.</summary>
    public HostStore Copy()
    {
        var copy = new HostStore(null) { _directory = new() };
        File.Copy(Address.File, copy.Address.File);
        return copy;
    }

    /// <summary>Changes what is stored as somebody with access to it could, while no host is open.</summary>
    public async Task Change(string sql)
    {
        await using DbConnection connection = Address.IsPostgres ? new NpgsqlConnection(Address.Connection) : new SqliteConnection($"{Address.Connection};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.True(await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) > 0, "The change did not change anything.");
    }

    /// <summary>Verifies it as it is stored, with no host around it.</summary>
    public async Task<VerificationReport> Verify()
    {
        await using var ledger = OpenLedger.ForReading(Address);
        return await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _directory?.Dispose();
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }
}
