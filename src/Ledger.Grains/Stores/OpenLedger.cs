using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Verification;

namespace Ledger.Grains.Stores;

/// <summary>Journal and catalogue of one opened store, whichever kind it is; for who needs no silo around them. Dispose it.</summary>
public sealed class OpenLedger : IAsyncDisposable
{
    private readonly IDisposable _store;

    private OpenLedger(PostgresStore store)
    {
        _store = store;
        var journal = new PostgresJournal(store);
        (Journal, Inspection, Catalogue) = (journal, journal, new PostgresCatalogue(store));
    }

    private OpenLedger(SqliteStore store)
    {
        _store = store;
        var journal = new SqliteJournal(store);
        (Journal, Inspection, Catalogue, File) = (journal, journal, new SqliteCatalogue(store), store.Path);
    }

    /// <summary>The journal.</summary>
    public IJournal Journal { get; }

    /// <summary>What the journal keeps beside its rows.</summary>
    public IJournalInspection Inspection { get; }

    /// <summary>The catalogue.</summary>
    public ICatalogue Catalogue { get; }

    /// <summary>The file of an embedded store, as a full path; null for a database.</summary>
    public string? File { get; }

    /// <summary>Opens a store for reading and writing.</summary>
    /// <param name="address">Which one.</param>
    /// <param name="command">What this process does with it, for whoever finds a file locked.</param>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static OpenLedger ForWriting(StoreAddress address, string command)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsPostgres ? new(PostgresStore.Open(address.Connection)) : new(SqliteStore.Open(address.File, command));
    }

    /// <summary>Opens a store for reading only: everything comes from one moment, also beside processes that write.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static OpenLedger ForReading(StoreAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsPostgres ? new(PostgresStore.OpenReadOnly(address.Connection)) : new(SqliteStore.OpenReadOnly(address.File));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in new object[] { Journal, Catalogue })
        {
            if (part is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        _store.Dispose();
    }
}
