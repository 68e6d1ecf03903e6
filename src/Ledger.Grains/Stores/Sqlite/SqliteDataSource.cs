using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>Connections to one file with our pragmas set on every opening, also for code that knows only ADO.NET (Orleans' storage).</summary>
/// <param name="connectionString">Names the file and the mode.</param>
/// <param name="pragmas">The statements that each opened connection runs first; pragmas are per connection.</param>
internal sealed class SqliteDataSource(string connectionString, string pragmas) : DbDataSource
{
    /// <inheritdoc/>
    public override string ConnectionString => connectionString;

    /// <summary>A connection that is open and set.</summary>
    public SqliteConnection Open() => (SqliteConnection)OpenConnection();

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(connectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Open)
            {
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is one of the constants of SqliteStore.
                command.CommandText = pragmas;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }
        };
        return connection;
    }
}
