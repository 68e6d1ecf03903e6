using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Json;

namespace Ledger.Grains.Wire;

/// <summary>One type that may travel.</summary>
/// <param name="type">The type itself.</param>
internal sealed class MessageType(Type type)
{
    private JsonTypeInfo? _json;

    /// <summary>The type itself.</summary>
    public Type Type { get; } = type;

    /// <summary>The name on the wire: the full name without an assembly, so that only our list can give it a meaning.</summary>
    public string Name => Type.FullName!;

    /// <summary>The same name as it is written.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(type.FullName!);

    /// <summary>How a value of the type is written and read; made when the first one travels.</summary>
    public JsonTypeInfo Json => _json ??= LedgerJson.Default.Options.GetTypeInfo(Type);

    /// <summary>Do the cases of this type have stored names, so that the JSON itself says which case it is?</summary>
    public bool NamesItsCases { get; } = type.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false);
}
