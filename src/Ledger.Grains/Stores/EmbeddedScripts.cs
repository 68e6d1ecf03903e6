using DbUp.Builder;
using DbUp.Engine;

namespace Ledger.Grains.Stores;

/// <summary>Numbered SQL scripts that lie in the assembly, in a folder <c>Migrations</c> beside the type that asks.</summary>
internal static class EmbeddedScripts
{
    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<SqlScript> Beside(Type type)
    {
        var prefix = type.Namespace + ".Migrations.";
        return
        [
            .. type.Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new SqlScript(name[prefix.Length..], Read(type, name))),
        ];
    }

    /// <summary>Applies those that are missing, each in a transaction of its own.</summary>
    /// <exception cref="System.Data.Common.DbException">A script failed; it was rolled back whole.</exception>
    public static void Apply(this UpgradeEngineBuilder database, IEnumerable<SqlScript> scripts)
    {
        var result = database
            .WithScripts(scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw result.Error;
        }
    }

    private static string Read(Type type, string name)
    {
        using var reader = new StreamReader(type.Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
