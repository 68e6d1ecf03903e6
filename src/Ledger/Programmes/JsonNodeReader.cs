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

    public JsonNodeReader(JsonElement element, string path, ProgrammeFindings findings)
    {
        (_element, Path, Findings) = (element, path, findings);
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
    public JsonNodeReader Of(JsonElement element, string path) => new(element, path, Findings);

    public string At(string member) => $"{Path}.{Shortened(member)}";

    /// <summary>A text to show, shortened: an answer must not grow with what is wrong.</summary>
    public static string Quoted(string text) => $"\"{Shortened(text)}\"";

    public JsonElement? Optional(string member)
    {
        _known.Add(member);
        return _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(member, out var value)
            && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Is a member there? Asking does not make it known.</summary>
    public bool Has(string member) => IsObject && _element.TryGetProperty(member, out _);

    public JsonElement? Required(string member)
    {
        var value = Optional(member);
        if (value is null && IsObject)
        {
            Problem(At(member), "is missing");
        }

        return value;
    }

    public string? Text(string member, bool required = true)
    {
        var value = required ? Required(member) : Optional(member);
        if (value is { ValueKind: not JsonValueKind.String } other)
        {
            Problem(At(member), $"must be a text, is {Kind(other)}");
            return null;
        }

        return value?.GetString();
    }

    /// <summary>A whole number within bounds; null (and a problem) when it is something else.</summary>
    public long? Whole(string member, long min, long max, long? otherwise = null)
    {
        if ((otherwise is null ? Required(member) : Optional(member)) is not { } value)
        {
            return otherwise;
        }

        return WholeAt(value, At(member), min, max);
    }

    /// <summary>A whole number from 1 to the most that points may be; null where it is absent, or is something else, which is a problem.</summary>
    public long? OptionalLimit(string member) => Optional(member) is null ? null : Whole(member, 1, Points.Max.Value);

    public long? WholeAt(JsonElement value, string path, long min, long max)
    {
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

    /// <summary>True or false.</summary>
    public bool Flag(string member, bool otherwise)
    {
        if (Optional(member) is not { } value)
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
        if (Text(member) is not { } text)
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
        var ids = ImmutableArray.CreateBuilder<string>();
        var isList = false;
        foreach (var (item, path) in Items(member, required: true))
        {
            isList = true;
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

        if (!isList && Optional(member) is { ValueKind: JsonValueKind.Array })
        {
            Problem(At(member), "must name at least one");
        }

        return ids.ToImmutable();
    }

    /// <summary>A text by a pattern; null (and a problem) when it does not fit.</summary>
    public T? Parsed<T>(string member, IPattern<T> pattern, string example, bool required = true)
        where T : struct
    {
        if (Text(member, required) is not { } text)
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
        if (Text(member, required: otherwise is null) is not { } text)
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

    public IEnumerable<(JsonElement Item, string Path)> Items(string member, bool required)
    {
        if ((required ? Required(member) : Optional(member)) is not { } value)
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
        if (Optional(member) is not { } value)
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
