using DbUp;
using DbUp.Engine;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>Brings a database to the schema of this program: numbered plain SQL, each applied once.</summary>
internal static class PostgresMigrations
{
    /// <summary>What DbUp calls its table of applied scripts.</summary>
    private const string AppliedTable = "schemaversions";

    private static readonly Lazy<IReadOnlyList<SqlScript>> s_scripts = new(() => EmbeddedScripts.Beside(typeof(PostgresMigrations)));

    /// <summary>The scripts that were applied to this database; null when it never was ours.</summary>
    public static IReadOnlyList<string>? Applied(NpgsqlConnection connection)
    {
        using var known = new NpgsqlCommand($"SELECT to_regclass('{AppliedTable}') IS NOT NULL", connection);
        if (!(bool)known.ExecuteScalar()!)
        {
            return null;
        }

        using var applied = new NpgsqlCommand($"SELECT scriptname FROM {AppliedTable} ORDER BY scriptname", connection);
        using var reader = applied.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>The names of applied scripts that this program does not know.</summary>
    public static IReadOnlyList<string> Unknown(IReadOnlyList<string> applied) => [.. applied.Except(Names(), StringComparer.Ordinal)];

    /// <summary>The names of the scripts that are not applied yet.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<string> applied) => [.. Names().Except(applied, StringComparer.Ordinal)];

    /// <summary>Applies what is missing. The caller holds the lock of migrations.</summary>
    /// <exception cref="PostgresException">A script failed; it was rolled back whole.</exception>
    public static void Apply(string connectionString) => DeployChanges.To.PostgresqlDatabase(connectionString).Apply(s_scripts.Value);

    private static IEnumerable<string> Names() => s_scripts.Value.Select(script => script.Name);
}
