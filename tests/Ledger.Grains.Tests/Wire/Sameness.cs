using System.Collections;
using System.Reflection;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wire;

/// <summary>
/// Compares two values field by field, private ones too, and collections item by item: records compare arrays by reference.
/// </summary>
internal static class Sameness
{
    private const BindingFlags DeclaredFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static void AssertSame(object? expected, object? actual) => Compare(expected, actual, expected?.GetType().Name ?? "null");

    private static void Compare(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{path}: {expected ?? "null"} became {actual ?? "null"}");
            return;
        }

        var type = expected.GetType();
        if (IsPlain(type))
        {
            Assert.True(expected.Equals(actual), $"{path}: {expected} became {actual}");
        }
        else if (expected is ReadOnlyMemory<byte> bytes)
        {
            Assert.Equal(bytes.ToArray(), ((ReadOnlyMemory<byte>)actual).ToArray());
        }
        else if (expected is RecentCommands recent)
        {
            // Where it keeps them is its own affair.
            CompareItems(recent.ToArray(), ((RecentCommands)actual).ToArray(), path);
        }
        else if (expected is IEnumerable items)
        {
            CompareItems(items, (IEnumerable)actual, path);
        }
        else
        {
            Assert.Equal(type, actual.GetType());
            CompareFields(type, expected, actual, path);
        }
    }

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || (!type.IsArray && type.Assembly == typeof(Instant).Assembly);

    private static void CompareItems(IEnumerable expected, IEnumerable actual, string path)
    {
        var left = expected.Cast<object?>().ToArray();
        var right = actual.Cast<object?>().ToArray();
        Assert.True(left.Length == right.Length, $"{path}: {left.Length} items became {right.Length}");
        for (var i = 0; i < left.Length; i++)
        {
            Compare(left[i], right[i], $"{path}[{i}]");
        }
    }

    private static void CompareFields(Type? type, object expected, object actual, string path)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(DeclaredFields))
            {
                Compare(field.GetValue(expected), field.GetValue(actual), $"{path}.{field.Name}");
            }
        }
    }
}
