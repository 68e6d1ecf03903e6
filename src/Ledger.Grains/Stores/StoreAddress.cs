using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Ledger.Grains.Stores;

/// <summary>Which store, as the configuration says: <c>Ledger:Store</c> and <c>ConnectionStrings:Ledger</c>.</summary>
/// <param name="Kind"><see cref="Sqlite"/> or <see cref="Postgres"/>; anything else is refused where options are checked.</param>
/// <param name="Connection">The connection string of that kind.</param>
public sealed record StoreAddress(string Kind, string Connection)
{
    /// <summary>One file, this process alone. The default.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A PostgreSQL database, any number of processes.</summary>
    public const string Postgres = "postgres";

    /// <summary>Where the configuration names the kind.</summary>
    public const string KindKey = "Ledger:Store";

    /// <summary>Where the configuration names the connection.</summary>
    public const string ConnectionKey = "ConnectionStrings:Ledger";

    private const string DefaultFile = "Data Source=ledger.db";

    /// <summary>Whether it is a PostgreSQL database.</summary>
    public bool IsPostgres => Kind == Postgres;

    /// <summary>The file of an embedded store.</summary>
    public string File => new SqliteConnectionStringBuilder(Connection).DataSource;

    /// <summary>Reads it from the configuration.</summary>
    public static StoreAddress Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var kind = configuration[KindKey] ?? Sqlite;
        return new(kind, configuration[ConnectionKey] ?? (kind == Postgres ? "" : DefaultFile));
    }
}
