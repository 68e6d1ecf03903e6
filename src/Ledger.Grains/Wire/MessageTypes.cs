using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Ledger.Json;
using NodaTime;

namespace Ledger.Grains.Wire;

/// <summary>
/// The closed list of types that may travel: every type of the domain that has a stored JSON form (see <see cref="LedgerJson"/>), and
/// the NodaTime values that stand beside them in the messages of a grain.
/// </summary>
/// <remarks>A name that comes over the wire is looked up here and nowhere else.</remarks>
internal sealed class MessageTypes
{
    private readonly FrozenDictionary<Type, MessageType> _byType;
    private readonly FrozenDictionary<string, MessageType> _byName;
    private readonly FrozenSet<Type> _enums;

    private MessageTypes()
    {
        var exported = typeof(Points).Assembly.GetExportedTypes();
        _byType = exported.Concat([typeof(Instant), typeof(LocalDate)])
            .Select(JsonOf).OfType<JsonTypeInfo>()
            .ToFrozenDictionary(json => json.Type, json => new MessageType(json));
        _byName = _byType.Values.ToFrozenDictionary(message => message.Name, StringComparer.Ordinal);
        _enums = exported.Where(type => type.IsEnum).ToFrozenSet();
    }

    /// <summary>The list.</summary>
    public static MessageTypes All { get; } = new();

    /// <summary>Every type on the list.</summary>
    public IEnumerable<Type> Types => _byType.Keys;

    /// <summary>May a value of this type travel?</summary>
    public bool Contains(Type type) => _byType.ContainsKey(type);

    /// <summary>May the name of this type appear in a message, for example as a type argument of a collection?</summary>
    public bool MayBeNamed(Type type) => Contains(type) || _enums.Contains(type);

    /// <summary>
    /// The type as which a value is written: the outermost base that names its cases, so that the wire carries the stored names;
    /// else the value's own type. Null when it may not travel.
    /// </summary>
    public MessageType? FormOf(Type type)
    {
        var form = _byType.GetValueOrDefault(type);
        for (var parent = type.BaseType; form is not null && parent is not null; parent = parent.BaseType)
        {
            form = _byType.GetValueOrDefault(parent) is { NamesItsCases: true } named ? named : form;
        }

        return form;
    }

    /// <summary>The entry with this name; false when there is none.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out MessageType? message) => _byName.TryGetValue(name, out message);

    // Open generics and nested static classes have no JSON either; asking for them would be an error rather than a no.
    private static JsonTypeInfo? JsonOf(Type type) =>
        !type.ContainsGenericParameters && !type.IsEnum && LedgerJson.Default.Options.TryGetTypeInfo(type, out var json) ? json : null;
}
