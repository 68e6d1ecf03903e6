using System.Reflection;
using Ledger;
using Ledger.Grains.Journal;

namespace Tidy.Tests.Architecture;

/// <summary>The three assemblies of <c>src</c>.</summary>
internal static class LedgerAssemblies
{
    public static Assembly Domain { get; } = typeof(Points).Assembly;

    public static Assembly Grains { get; } = typeof(IJournal).Assembly;

    public static Assembly Api { get; } = Assembly.Load("Ledger.Api");

    public static IReadOnlyList<Assembly> All { get; } = [Domain, Grains, Api];

    /// <summary>Types that a person wrote, not the compiler.</summary>
    public static IEnumerable<Type> WrittenTypes(this Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.FullName!.Contains('<') && type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) != true);
}
