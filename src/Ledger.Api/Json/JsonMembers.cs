using System.Text.Json;
using Ledger.Api.Problems;
using NodaTime;

namespace Ledger.Api.Json;

/// <summary>Reads one JSON object member by member. The first thing that is wrong ends it, with the path in the answer.</summary>
/// <remarks>Null counts as absent. Call <see cref="NothingElse"/> last: a member that nobody asked for is a mistake of the caller.</remarks>
internal sealed class JsonMembers
{
    private readonly JsonElement _element;
    private readonly string _path;

    /// <exception cref="RequestRefusedException">The element is no object.</exception>
    public JsonMembers(JsonElement element, string path = "$")
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(KnownProblems.MemberWrongType, path, $"must be an object, is {Kind(element)}");
        }

        (_element, _path) = (element, path);
    }

    public string At(string name) => $"{_path}.{name}";

    public JsonElement? Optional(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Required(string name) => Optional(name) ?? throw Wrong(KnownProblems.MemberMissing, At(name), "is missing");

    public string Text(string name) => TextOf(Required(name), At(name));

    public string? OptionalText(string name) => Optional(name) is { } value ? TextOf(value, At(name)) : null;

    /// <summary>Text for people: 1 to so many characters, none of them a control character.</summary>
    public string ShortText(string name, int charactersMax)
    {
        var text = Text(name);
        return IsShort(text, charactersMax)
            ? text
            : throw Wrong(KnownProblems.TextInvalid, At(name), $"must be 1 to {charactersMax} characters, none of them a control character");
    }

    /// <summary>The same where it may be absent.</summary>
    public string? OptionalShortText(string name, int charactersMax) => Optional(name) is null ? null : ShortText(name, charactersMax);

    /// <summary>Has a text for people 1 to so many characters, none of them a control character?</summary>
    public static bool IsShort(string text, int charactersMax) =>
        text.Length > 0 && text.Length <= charactersMax && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text);

    public ResidentId Resident(string name) => new(Identifier(name));

    public MerchantId Merchant(string name) => new(Identifier(name));

    public ActivityType Activity(string name) => new(Identifier(name));

    public string Identifier(string name) => IdentifierOf(Text(name), At(name));

    public string? OptionalIdentifier(string name) => OptionalText(name) is { } text ? IdentifierOf(text, At(name)) : null;

    public Points Points(string name) => new(WholeOf(Required(name), name, KnownProblems.PointsInvalid, 1));

    public Points? OptionalPoints(string name) =>
        Optional(name) is { } value ? new Points(WholeOf(value, name, KnownProblems.PointsInvalid, 1)) : null;

    /// <summary>Points either way, but not zero.</summary>
    public Points SignedPoints(string name)
    {
        var points = WholeOf(Required(name), name, KnownProblems.PointsInvalid, -Ledger.Points.Max.Value);
        return points != 0 ? new(points) : throw Wrong(KnownProblems.PointsInvalid, At(name), "must not be 0");
    }

    /// <summary>A whole number from a least one on.</summary>
    public long Whole(string name, long min) => WholeOf(Required(name), name, KnownProblems.QuantityInvalid, min);

    /// <summary>A whole number from a least one on; null when it is absent.</summary>
    public long? OptionalWhole(string name, long min) =>
        Optional(name) is { } value ? WholeOf(value, name, KnownProblems.QuantityInvalid, min) : null;

    /// <summary>A time limit in whole minutes, from 1 on; null when it is absent.</summary>
    public int? OptionalMinutes(string name, int minutesMax) => Optional(name) is not { } value ? null
        : WholeOf(value, name, KnownProblems.TimeLimitInvalid, 1) is var minutes && minutes <= minutesMax ? (int)minutes
        : throw Wrong(KnownProblems.TimeLimitInvalid, At(name), $"must be a whole number from 1 to {minutesMax}");

    /// <summary>True or false; null when it is absent.</summary>
    public bool? OptionalFlag(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(KnownProblems.MemberWrongType, At(name), $"must be true or false, is {Kind(value)}"),
    };

    public long Quantity(string name) => Whole(name, 1);

    public Instant Time(string name) => Times.Read(Text(name), At(name));

    public Instant? OptionalTime(string name) => OptionalText(name) is { } text ? Times.Read(text, At(name)) : null;

    /// <summary>A list of texts; empty when it is absent.</summary>
    public IReadOnlyList<string> OptionalTexts(string name)
    {
        if (Optional(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(KnownProblems.MemberWrongType, At(name), $"must be a list, is {Kind(value)}");
        }

        return [.. value.EnumerateArray().Select((item, i) => TextOf(item, $"{At(name)}[{i}]"))];
    }

    /// <summary>A list of identifiers; empty when it is absent.</summary>
    public IReadOnlyList<string> OptionalIdentifiers(string name) =>
        [.. OptionalTexts(name).Select((text, i) => IdentifierOf(text, $"{At(name)}[{i}]"))];

    /// <summary>The members of an object; none when it is absent.</summary>
    public IEnumerable<(string Name, JsonElement Value)> OptionalMembers(string name)
    {
        if (Optional(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(member => (NameOf(member, At(name)), member.Value))
            : throw Wrong(KnownProblems.MemberWrongType, At(name), $"must be an object, is {Kind(value)}");
    }

    public void NothingElse(params ReadOnlySpan<string> known)
    {
        foreach (var member in _element.EnumerateObject())
        {
            if (!IsOneOf(member, known))
            {
                throw Wrong(KnownProblems.MemberUnknown, _path, $"has a member '{Shown(member)}'; known are {string.Join(", ", known!)}");
            }
        }
    }

    // Compared as bytes: a name that is known is never made a string.
    private static bool IsOneOf(JsonProperty member, ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (member.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    public static RequestRefusedException Wrong(KnownProblem kind, string path, string what) => new(kind, $"{path} {what}.") { Path = path };

    public static string TextOf(JsonElement value, string path) => value.ValueKind == JsonValueKind.String
        ? Read(value, static text => text.GetString()!, path)
        : throw Wrong(KnownProblems.MemberWrongType, path, $"must be a text, is {Kind(value)}");

    /// <summary>A name that a caller gave, shortened: an answer must not grow with what is wrong.</summary>
    public static string Shown(string name) => name.Length > 40 ? name[..40] + "…" : name;

    private static string NameOf(JsonProperty member, string path) => Read(member, static named => named.Name, path);

    // Text that holds half of a character is well-formed JSON; only reading it tells.
    private static string Read<T>(T part, Func<T, string> read, string path)
    {
        try
        {
            return read(part);
        }
        catch (InvalidOperationException)
        {
            throw Wrong(KnownProblems.JsonMalformed, path, "holds half of a surrogate pair");
        }
    }

    private static string IdentifierOf(string text, string path) => Ledger.Identifier.IsValid(text)
        ? text
        : throw Wrong(KnownProblems.IdentifierInvalid, path, $"must be {Ledger.Identifier.Rule}");

    private long WholeOf(JsonElement value, string name, KnownProblem kind, long min)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Wrong(KnownProblems.MemberWrongType, At(name), $"must be a whole number, is {Kind(value)}");
        }

        // 1.0 and 1e3 are numbers of points for a mathematician; for a ledger they are a sign of arithmetic with fractions.
        return value.TryGetInt64(out var number) && number >= min && number <= Ledger.Points.Max.Value
            ? number
            : throw Wrong(kind, At(name), $"must be a whole number from {min} to {Ledger.Points.Max}");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };

    private static string Shown(JsonProperty member)
    {
        try
        {
            return Shown(member.Name);
        }
        catch (InvalidOperationException)
        {
            return "…";
        }
    }
}
