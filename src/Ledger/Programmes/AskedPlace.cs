using System.Text.Json.Nodes;

namespace Ledger.Programmes;

/// <summary>What the readers ask of one place in a programme, written down while they ask. <see cref="ProgrammeSchema"/> makes a schema of it.</summary>
internal sealed class AskedPlace
{
    private readonly JsonObject _keywords = [];
    private readonly OrderedDictionary<string, AskedPlace> _members = [];
    private readonly OrderedDictionary<string, AskedPlace> _ofKind = [];
    private readonly HashSet<(string, string)> _oneOf = [];
    private string[] _kinds = [];
    private AskedPlace? _element;
    private bool _mayBeAbsent;
    private bool _isKind;

    /// <summary>An element of a list, or the value of a member with a free name.</summary>
    public AskedPlace Element => _element ??= new();

    public AskedPlace Member(string name) => Get(_members, name);

    public AskedPlace OfKind(string kind) => Get(_ofKind, kind);

    public void MayBeAbsent() => _mayBeAbsent = true;

    public void OneOf(string one, string other) => _oneOf.Add((one, other));

    /// <summary>The place is a case of a closed set with these kinds.</summary>
    /// <param name="kinds">All of them, with commas between.</param>
    /// <param name="isOne">Is the kind that is there one of them?</param>
    public void AreKinds(string kinds, bool isOne)
    {
        if (isOne)
        {
            _isKind = true;
        }
        else
        {
            _kinds = kinds.Split(", ");
        }
    }

    public void Is(string type) => _keywords["type"] = type;

    public void IsList()
    {
        Is("array");
        _ = Element;
    }

    public void IsFreeForm()
    {
        Is("object");
        _ = Element;
    }

    public void IsDate() => _keywords["format"] = "date";

    public void Whole(long min, long max, long? otherwise = null)
    {
        Is("integer");
        (_keywords["minimum"], _keywords["maximum"]) = (min, max);
        Default(otherwise);
    }

    public void Flag(bool otherwise)
    {
        Is("boolean");
        Default(otherwise);
    }

    public void Word(IEnumerable<string> words, string? otherwise)
    {
        Is("string");
        _keywords["enum"] = ListOf(words);
        Default(otherwise);
    }

    public void SomeOf(IEnumerable<string> words)
    {
        Element.Word(words, otherwise: null);
        _keywords["minItems"] = 1;
    }

    public void Like(string example) => _keywords["examples"] = ListOf([example]);

    public void ShortText(int charactersMax)
    {
        Is("string");
        (_keywords["minLength"], _keywords["maxLength"]) = (1, charactersMax);
    }

    public void Identifier()
    {
        Is("string");
        _keywords["pattern"] = Ledger.Identifier.Pattern;
    }

    public void Identifiers(int countMax)
    {
        Element.Identifier();
        (_keywords["minItems"], _keywords["maxItems"], _keywords["uniqueItems"]) = (1, countMax, true);
    }

    /// <summary>Values with which the readers ask on: each holds one branch of what is known by now, and nothing else.</summary>
    public IEnumerable<JsonNode> Probes()
    {
        if (_element is not null)
        {
            return IsArray ? [new JsonArray([.. _element.Probes()])] : _element.Probes().Select(probe => new JsonObject { ["any"] = probe });
        }

        return _kinds.Length > 0 ? _kinds.SelectMany(kind => OfKind(kind).Objects(kind))
            : IsScalar ? []
            : Objects(kind: null);
    }

    /// <summary>The schema of this place.</summary>
    /// <param name="name">How the place is called: the member that it is, or its kind.</param>
    public JsonObject ToSchema(string name)
    {
        var schema = new JsonObject();
        foreach (var (keyword, value) in _keywords)
        {
            schema[keyword] = value?.DeepClone();
        }

        if (_kinds.Length > 0)
        {
            schema["oneOf"] = new JsonArray([.. _kinds.Where(kind => OfKind(kind)._isKind).Select(kind => (JsonNode)OfKind(kind).ToCase(kind))]);
        }
        else if (_element is not null)
        {
            schema[IsArray ? "items" : "additionalProperties"] = _element.ToSchema(name);
        }
        else if (!IsScalar)
        {
            AddMembers(schema, name, []);
        }

        return schema;
    }

    private bool IsArray => (string?)_keywords["type"] == "array";

    private bool IsScalar => (string?)_keywords["type"] is "string" or "integer" or "boolean";

    private JsonObject ToCase(string kind)
    {
        var schema = new JsonObject();
        AddMembers(schema, kind, new() { ["kind"] = new JsonObject { ["const"] = kind } });
        return schema;
    }

    private void AddMembers(JsonObject schema, string name, JsonObject properties)
    {
        schema["required"] = ListOf(
            [.. properties.Select(property => property.Key), .. _members.Where(member => !member.Value._mayBeAbsent).Select(member => member.Key)]);
        foreach (var (member, place) in _members)
        {
            var property = place.ToSchema(member);
            property.Insert(0, "description", MemberWords.Of(name, member));
            properties[member] = property;
        }

        schema["properties"] = properties;
        schema["additionalProperties"] = false;
        foreach (var (one, other) in _oneOf)
        {
            schema["oneOf"] = new JsonArray(
                new JsonObject { ["required"] = ListOf([one]) }, new JsonObject { ["required"] = ListOf([other]) });
        }
    }

    private IEnumerable<JsonObject> Objects(string? kind)
    {
        var probes = _members.SelectMany(member => member.Value.Probes().Select(probe => new JsonObject { [member.Key] = probe }))
            .DefaultIfEmpty([]);
        return kind is null ? probes : probes.Select(probe => new JsonObject(probe.ToDictionary(one => one.Key, one => one.Value?.DeepClone())) { ["kind"] = kind });
    }

    private void Default<T>(T? otherwise)
    {
        if (otherwise is not null)
        {
            _keywords["default"] = JsonValue.Create(otherwise);
        }
    }

    private static JsonArray ListOf(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static AskedPlace Get(OrderedDictionary<string, AskedPlace> places, string name)
    {
        if (!places.TryGetValue(name, out var place))
        {
            places.Add(name, place = new());
        }

        return place;
    }
}
