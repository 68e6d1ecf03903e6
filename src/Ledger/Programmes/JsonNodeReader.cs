using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Programmes;

/// <summary>Something wrong in a programme, and where.</summary>
/// <param name="Path">The JSON path, for example <c>$.activities[0].caps[1].points</c>.</param>
/// <param name="Text">What is wrong and what would be right.</param>
public sealed record ProgrammeProblem(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Text}";
}

/// <summary>What reading a programme finds: problems, which forbid it, and warnings, which do not.</summary>
internal sealed class ProgrammeFindings
{
    private readonly List<ProgrammeProblem> _problems = [];
    private readonly List<ProgrammeProblem> _warnings = [];

    public IReadOnlyList<ProgrammeProblem> Problems => _problems;

    public IReadOnlyList<ProgrammeProblem> Warnings => _warnings;

    public void Problem(string path, string text) => Add(_problems, path, text);

    public void Warn(string path, string text) => Add(_warnings, path, text);

    private static void Add(List<ProgrammeProblem> found, string path, string text)
    {
        if (found.Count < ProgrammeReader.ProblemsMax)
        {
            found.Add(new(path, text));
        }
    }
}

/// <summary>Reads one JSON object member by member and collects everything that is wrong, rather than the first thing only.</summary>
internal sealed class JsonNodeReader
{
    private readonly JsonElement _element;
    private readonly HashSet<string> _known = [];
    private AskedPlace? _asked;

    /// <param name="element">What is read.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="findings">What was found so far.</param>
    /// <param name="asked">Writes down what is asked for, where the schema is wanted; null otherwise.</param>
    public JsonNodeReader(JsonElement element, string path, ProgrammeFindings findings, AskedPlace? asked = null)
    {
        (_element, Path, Findings, _asked) = (element, path, findings, asked);
        asked?.Is("object");
        if (element.ValueKind != JsonValueKind.Object)
        {
            Problem(path, $"must be an object, is {Kind(element)}");
        }
    }

    public string Path { get; }

    /// <summary>Is it an object at all? Then its members may be missed.</summary>
    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>What was found so far, shared by all readers of one text.</summary>
    public ProgrammeFindings Findings { get; }

    public void Problem(string path, string text) => Findings.Problem(path, text);

    /// <summary>A reader of a member that is an object.</summary>
    public JsonNodeReader Of(JsonElement element, string path) => new(element, path, Findings, AskedAt(path));

    public string At(string member) => $"{Path}.{Shortened(member)}";

    /// <summary>A text to show, shortened: an answer must not grow with what is wrong.</summary>
    public static string Quoted(string text) => $"\"{Shortened(text)}\"";

    public JsonElement? Optional(string member)
    {
        _known.Add(member);
        _asked?.Member(member).MayBeAbsent();
        return Peek(member);
    }

    /// <summary>A member that is asked for elsewhere.</summary>
    public JsonElement? Peek(string member) =>
        IsObject && _element.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Is a member there? Asking does not make it known.</summary>
    public bool Has(string member) => IsObject && _element.TryGetProperty(member, out _);

    /// <summary>Is exactly one of two members there? The reader has its own words where it is not.</summary>
    public bool HasOneOf(string one, string other)
    {
        _asked?.OneOf(one, other);
        return !IsObject || Optional(one) is null != Optional(other) is null;
    }

    public JsonElement? Required(string member)
    {
        _known.Add(member);
        _asked?.Member(member);
        var value = Peek(member);
        if (value is null && IsObject)
        {
            Problem(At(member), "is missing");
        }

        return value;
    }

    public string? Text(string member, bool required = true)
    {
        var value = required ? Required(member) : Optional(member);
        _asked?.Member(member).Is("string");
        if (value is { ValueKind: not JsonValueKind.String } other)
        {
            Problem(At(member), $"must be a text, is {Kind(other)}");
            return null;
        }

        var text = value?.GetString();
        if (member == "kind" && text is not null)
        {
            // All that is asked from here on belongs to this case of a closed set.
            _asked = _asked?.OfKind(text);
        }

        return text;
    }

    /// <summary>A whole number within bounds; null (and a problem) when it is something else.</summary>
    public long? Whole(string member, long min, long max, long? otherwise = null)
    {
        var asked = otherwise is null ? Required(member) : Optional(member);
        _asked?.Member(member).Whole(min, max, otherwise);
        if (asked is not { } value)
        {
            return otherwise;
        }

        return WholeAt(value, At(member), min, max);
    }

    /// <summary>A whole number from 1 to the most that points may be; null where it is absent, or is something else, which is a problem.</summary>
    public long? OptionalLimit(string member) => Optional(member) is null ? null : Whole(member, 1, Points.Max.Value);

    public long? WholeAt(JsonElement value, string path, long min, long max)
    {
        AskedAt(path)?.Whole(min, max);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            Problem(path, $"must be a whole number from {min} to {max}, is {Kind(value)}");
            return null;
        }

        if (number < min || number > max)
        {
            Problem(path, $"must be from {min} to {max}, is {number}");
            return null;
        }

        return number;
    }

    /// <summary>A text of 1 to so many characters; null (and a problem) when it is something else.</summary>
    public string? ShortTextAt(JsonElement value, string path, int charactersMax)
    {
        AskedAt(path)?.ShortText(charactersMax);
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= charactersMax)
        {
            return text;
        }

        Problem(path, $"must be a text of 1 to {charactersMax} characters");
        return null;
    }

    /// <summary>Texts of 1 to so many characters, by language.</summary>
    public ImmutableDictionary<string, string> Localized(string member, int charactersMax, int languagesMax = int.MaxValue)
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (language, value, path) in Members(member))
        {
            if (texts.Count == languagesMax)
            {
                Problem(At(member), $"must be in at most {languagesMax} languages");
                break;
            }

            if (ShortTextAt(value, path, charactersMax) is { } text)
            {
                texts[language] = text;
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>True or false.</summary>
    public bool Flag(string member, bool otherwise)
    {
        var asked = Optional(member);
        _asked?.Member(member).Flag(otherwise);
        if (asked is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Problem(At(member), $"must be true or false, is {Kind(value)}");
            return otherwise;
        }

        return value.GetBoolean();
    }

    /// <summary>An identifier; null (and a problem) when it is something else.</summary>
    public string? Id(string member)
    {
        var asked = Text(member);
        _asked?.Member(member).Identifier();
        if (asked is not { } text)
        {
            return null;
        }

        if (Identifier.IsValid(text))
        {
            return text;
        }

        Problem(At(member), $"must be {Identifier.Rule}; is {Quoted(text)}");
        return null;
    }

    /// <summary>An identifier that none before it has; null (and a problem) when it is something else.</summary>
    /// <param name="member">Where it is.</param>
    /// <param name="taken">Those before it; the new one is added.</param>
    /// <param name="what">What has it already, for example "another cap".</param>
    public string? NewId(string member, HashSet<string> taken, string what)
    {
        var id = Id(member);
        if (id is null || taken.Add(id))
        {
            return id;
        }

        Problem(At(member), $"{Quoted(id)} is {what} already");
        return null;
    }

    /// <summary>A list of identifiers, at least one, none twice; what is wrong is a problem and left out.</summary>
    public ImmutableArray<string> Ids(string member, int countMax)
    {
        _asked?.Member(member).Identifiers(countMax);
        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, path) in Items(member, required: true))
        {
            if (item.ValueKind != JsonValueKind.String || !Identifier.IsValid(item.GetString()))
            {
                Problem(path, $"must be {Identifier.Rule}; is {Kind(item)}");
            }
            else if (ids.Contains(item.GetString()!))
            {
                Problem(path, $"{Quoted(item.GetString()!)} comes twice");
            }
            else if (ids.Count == countMax)
            {
                Problem(At(member), $"must be at most {countMax}");
                break;
            }
            else
            {
                ids.Add(item.GetString()!);
            }
        }

        MustNotBeEmpty(member, "must name at least one");
        return ids.ToImmutable();
    }

    /// <summary>A text by a pattern; null (and a problem) when it does not fit.</summary>
    public T? Parsed<T>(string member, IPattern<T> pattern, string example, bool required = true)
        where T : struct
    {
        var asked = Text(member, required);
        _asked?.Member(member).Like(example);
        if (asked is not { } text)
        {
            return null;
        }

        if (pattern.Parse(text) is { Success: true, Value: var value })
        {
            return value;
        }

        Problem(At(member), $"must be like {example}; is {Quoted(text)}");
        return null;
    }

    /// <summary>A date of our calendar; null (and a problem) when it is something else.</summary>
    public LocalDate? Date(string member, string example)
    {
        var date = Parsed(member, LocalDatePattern.Iso, example);
        _asked?.Member(member).IsDate();
        if (date is { Year: < 1 or >= ExpiryPolicy.LastYear })
        {
            Problem(At(member), $"must lie in the years 1 to {ExpiryPolicy.LastYear - 1}");
        }

        return date;
    }

    /// <summary>One of a few words; null (and a problem) when it is another.</summary>
    public T? Word<T>(string member, IReadOnlyDictionary<string, T> words, T? otherwise = null)
        where T : struct
    {
        var asked = Text(member, required: otherwise is null);
        _asked?.Member(member).Word(words.Keys, words.Keys.FirstOrDefault(word => Equals(words[word], otherwise)));
        if (asked is not { } text)
        {
            return otherwise;
        }

        if (words.TryGetValue(text, out var value))
        {
            return value;
        }

        Problem(At(member), $"must be one of {string.Join(", ", words.Keys)}; is {Quoted(text)}");
        return null;
    }

    /// <summary>A list of some of a few words, at least one; what is wrong is a problem and left out.</summary>
    public ImmutableArray<T> Words<T>(string member, IReadOnlyDictionary<string, T> words, string what)
    {
        _asked?.Member(member).SomeOf(words.Keys);
        var found = ImmutableArray.CreateBuilder<T>();
        foreach (var (item, path) in Items(member, required: true))
        {
            if (item.ValueKind == JsonValueKind.String && words.TryGetValue(item.GetString()!, out var value))
            {
                found.Add(value);
            }
            else
            {
                Problem(path, $"must be one of {string.Join(", ", words.Keys)}");
            }
        }

        if (found.Count == 0)
        {
            Problem(At(member), $"must name at least one {what}");
        }

        return found.ToImmutable();
    }

    /// <summary>A list that is there has something in it; an empty one is a problem in these words.</summary>
    public void MustNotBeEmpty(string member, string text)
    {
        if (Peek(member) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            Problem(At(member), text);
        }
    }

    public IEnumerable<(JsonElement Item, string Path)> Items(string member, bool required)
    {
        var asked = required ? Required(member) : Optional(member);
        _asked?.Member(member).IsList();
        if (asked is not { } value)
        {
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Problem(At(member), $"must be a list, is {Kind(value)}");
            yield break;
        }

        var i = 0;
        foreach (var item in value.EnumerateArray())
        {
            yield return (item, $"{At(member)}[{i++}]");
        }
    }

    /// <summary>The members of a free-form object, such as names by language.</summary>
    public ImmutableArray<(string Name, JsonElement Value, string Path)> Members(string member)
    {
        var asked = Optional(member);
        _asked?.Member(member).IsFreeForm();
        if (asked is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return [.. value.EnumerateObject().Select(p => (p.Name, p.Value, $"{At(member)}['{Shortened(p.Name)}']"))];
        }

        Problem(At(member), $"must be an object, is {Kind(value)}");
        return [];
    }

    /// <summary>A case of a closed set by its kind, complete; null (and a problem) when the kind is none of them.</summary>
    public T? Known<T>(string? kind, T? value, string kinds)
        where T : class
    {
        _asked?.AreKinds(kinds, isOne: value is not null);
        if (value is not null)
        {
            NothingElse();
        }
        else if (kind is not null)
        {
            Problem(At("kind"), $"must be one of {kinds}; is {Quoted(kind)}");
        }

        return value;
    }

    /// <summary>Call last: every member that was not asked for is a mistake.</summary>
    public void NothingElse()
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in _element.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
            {
                Problem(At(member.Name), $"is not known here; known are {string.Join(", ", _known)}");
            }
        }
    }

    // The place of a member, or of an element of it, by the path that it was read under.
    private AskedPlace? AskedAt(string path)
    {
        if (_asked is null)
        {
            return null;
        }

        var member = path[(Path.Length + 1)..];
        var bracket = member.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? _asked.Member(member) : _asked.Member(member[..bracket]).Element;
    }

    /// <summary>What is no JSON, with its place as editors count: from one.</summary>
    public static string WordsOf(JsonException mistake)
    {
        var what = mistake.Message.AsSpan();
        var place = what.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return mistake.LineNumber is { } line && place >= 0
            ? $"is not JSON as expected: line {line + 1}, position {mistake.BytePositionInLine + 1}: {what[..place]}"
            : $"is not JSON as expected: {what}";
    }

    private static string Shortened(string text) => text.Length <= 64 ? text : $"{text.AsSpan(0, 64)}…";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Shortened(value.GetRawText()),
        JsonValueKind.String => $"the text {Quoted(value.GetString()!)}",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };
}
