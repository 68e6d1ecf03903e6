using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Ledger.Json;

/// <summary>What the cases of a closed set are called in JSON.</summary>
internal static class JsonCases
{
    /// <summary>Every discriminator by its case.</summary>
    public static FrozenDictionary<Type, string> Of<T>() => typeof(T)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);
}
