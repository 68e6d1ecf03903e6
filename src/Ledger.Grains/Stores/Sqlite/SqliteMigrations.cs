using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>Brings a file to the schema of this program: numbered plain SQL, each applied once.</summary>
internal static class SqliteMigrations
{
    /// <summary>What DbUp calls its table of applied scripts.</summary>
    private const string AppliedTable = "SchemaVersions";

    private static readonly Lazy<IReadOnlyList<SqlScript>> s_scripts = new(() => EmbeddedScripts.Beside(typeof(SqliteMigrations)));

    /// <summary>The names of the scripts that were applied to this file and that this program does not know.</summary>
    public static IReadOnlyList<string> Unknown(SqliteConnection connection) =>
        [.. Applied(connection).Except(s_scripts.Value.Select(script => script.Name), StringComparer.Ordinal)];

    /// <summary>The names of the scripts that this file still lacks.</summary>
    public static IReadOnlyList<string> Missing(SqliteConnection connection) =>
        [.. s_scripts.Value.Select(script => script.Name).Except(Applied(connection), StringComparer.Ordinal)];

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="SqliteException">A script failed; it was rolled back whole.</exception>
    public static void Apply(string connectionString) => DeployChanges.To.SqliteDatabase(connectionString).Apply(s_scripts.Value);

    private static List<string> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '{AppliedTable}'";
        if (command.ExecuteScalar() is null)
        {
            return [];
        }

        command.CommandText = $"SELECT ScriptName FROM {AppliedTable}";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
