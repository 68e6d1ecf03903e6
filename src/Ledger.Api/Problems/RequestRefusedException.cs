using System.Text.Json.Nodes;

namespace Ledger.Api.Problems;

/// <summary>The request itself is at fault, before any business decision. Nothing was done and nothing is remembered.</summary>
/// <param name="kind">Which failure.</param>
/// <param name="detail">What is wrong here, in English.</param>
public sealed class RequestRefusedException(KnownProblem kind, string detail) : Exception(detail)
{
    /// <summary>Which failure.</summary>
    public KnownProblem Kind { get; } = kind;

    /// <summary>Where in the body, as a JSON path; null when it is not about a body's member.</summary>
    public string? Path { get; init; }

    /// <summary>Further members of the answer.</summary>
    public JsonObject? Members { get; init; }

    /// <summary>When to try again, in seconds; null when trying again is of no use.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The entity tag of what is there now; null when it is not about that.</summary>
    public string? EntityTag { get; init; }

    /// <summary>What was asked for has begun and is not finished yet: the same again tells what became of it.</summary>
    internal static RequestRefusedException UnderWay(string detail) => new(KnownProblems.UnderWay, detail) { RetryAfterSeconds = 1 };

    /// <summary>The same, about a body that holds the one that was read as a member.</summary>
    /// <param name="member">The path of the member.</param>
    public RequestRefusedException Within(string member) => Path is null ? this : new(Kind, Moved(Message, member))
    {
        Path = Moved(Path, member),
        Members = Members,
    };

    /// <summary>The answer.</summary>
    public Problem In(Language language)
    {
        var members = Members?.DeepClone().AsObject();
        if (Path is not null)
        {
            members ??= [];
            members["path"] = Path;
        }

        return new(Kind, language, Message) { Members = members, RetryAfterSeconds = RetryAfterSeconds, EntityTag = EntityTag };
    }

    private static string Moved(string text, string member) => text.StartsWith('$') ? member + text[1..] : text;
}
