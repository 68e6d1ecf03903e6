using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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
        // Asked of the serialiser's own list of types, and not of each type's JSON: making that takes a fifth of a second at every start.
        var exported = typeof(Points).Assembly.GetExportedTypes();
        var travelling = exported.Where(type => !type.IsEnum).Append(typeof(Instant)).Append(typeof(LocalDate)).ToHashSet();
        _byType = typeof(LedgerJson).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => TypeOfJson(property.PropertyType))
            .Where(type => type is not null && travelling.Contains(type))
            .ToFrozenDictionary(type => type!, type => new MessageType(type!));
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

    private static Type? TypeOfJson(Type property) =>
        property.IsGenericType && property.GetGenericTypeDefinition() == typeof(JsonTypeInfo<>) ? property.GenericTypeArguments[0] : null;
}
