using System.Reflection;

namespace Tidy.Tests.Architecture;

/// <summary>An abstract record whose cases are all known here.</summary>
internal sealed record ClosedSet(Type Root, IReadOnlyList<Type> Cases)
{
    public static IReadOnlyList<ClosedSet> All { get; } =
        [.. LedgerAssemblies.All.SelectMany(assembly => assembly.WrittenTypes()).Where(IsAbstractRecord).Select(Of)];

    /// <summary>Nobody outside the assembly can add a case: every constructor but the copying one is private protected or narrower.</summary>
    public bool IsClosed => Root
        .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(constructor => !IsCopying(constructor))
        .All(constructor => constructor.IsPrivate || constructor.IsFamilyAndAssembly || (constructor.IsAssembly && !Root.IsVisible));

    private static bool IsAbstractRecord(Type type) => type.IsAbstract && type.IsClass && type.GetMethod("<Clone>$") is not null;

    private static ClosedSet Of(Type root) => new(root, [.. root.Assembly.GetTypes().Where(type => type != root && type.IsAssignableTo(root))]);

    private static bool IsCopying(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;
}
