using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Ledger.Grains.Wire;

/// <summary>One type that may travel.</summary>
/// <param name="json">How a value of the type is written and read.</param>
internal sealed class MessageType(JsonTypeInfo json)
{
    /// <summary>The type itself.</summary>
    public Type Type => Json.Type;

    /// <summary>The name on the wire: the full name without an assembly, so that only our list can give it a meaning.</summary>
    public string Name => Type.FullName!;

    /// <summary>The same name as it is written.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(json.Type.FullName!);

    /// <summary>How a value of the type is written and read.</summary>
    public JsonTypeInfo Json { get; } = json;

    /// <summary>Do the cases of this type have stored names, so that the JSON itself says which case it is?</summary>
    public bool NamesItsCases => Json.PolymorphismOptions is not null;
}
