using Ledger.PrivatePostgres;

namespace Ledger.Load.Ours;

/// <summary>A new, empty store of ours, gone afterwards, and how a process is told to use it.</summary>
internal sealed class LedgerStore : IAsyncDisposable
{
    /// <summary>What the embedded store is called in tables.</summary>
    public const string SqliteName = "SQLite";

    /// <summary>What the other one is called.</summary>
    public const string PostgresName = "PostgreSQL";

    private readonly Func<ValueTask> _remove;

    private LedgerStore(IReadOnlyDictionary<string, string?> configuration, Func<ValueTask> remove) => (Configuration, _remove) = (configuration, remove);

    /// <summary>Keys and values of the configuration.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; }

    /// <summary>How to reach it.</summary>
    public string ConnectionString => Configuration["ConnectionStrings:Ledger"]!;

    public static LedgerStore Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-load-");
        return new(Using("sqlite", $"Data Source={Path.Combine(folder.FullName, "ledger.db")}"), () =>
        {
            folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    public static async Task<LedgerStore> Postgres(PostgresServer server)
    {
        var connection = await server.CreateDatabase();
        return new(Using("postgres", connection), async () => await server.DropDatabase(connection));
    }

    public ValueTask DisposeAsync() => _remove();

    private static Dictionary<string, string?> Using(string store, string connection) => new()
    {
        ["Ledger:Store"] = store,
        ["ConnectionStrings:Ledger"] = connection,
    };
}
