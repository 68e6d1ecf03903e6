using System.Text.Json;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;

namespace Ledger.Api.Events;

/// <summary>What became of one event: a receipt or a problem.</summary>
public sealed record EventResult
{
    /// <summary>The event's source; absent where it could not be read.</summary>
    public string? Source { get; init; }

    /// <summary>The event's id; absent where it could not be read.</summary>
    public string? Id { get; init; }

    /// <summary>The HTTP status that the event would have had by itself.</summary>
    public required int Status { get; init; }

    /// <summary>True when this is the outcome of an earlier sending; absent otherwise.</summary>
    public bool? Replayed { get; init; }

    /// <summary>What it did.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Why it did nothing.</summary>
    public Problem? Problem { get; init; }

    internal static EventResult Of(string source, string id, CommandAnswer answer) => new()
    {
        Source = source,
        Id = id,
        Status = answer.Problem?.Kind.Status ?? StatusCodes.Status200OK,
        Replayed = answer.Replayed ? true : null,
        Receipt = answer.Receipt,
        Problem = answer.Problem,
    };

    internal static EventResult Of(JsonElement element, Problem problem) => new()
    {
        Source = TextOf(element, "source"),
        Id = TextOf(element, "id"),
        Status = problem.Kind.Status,
        Problem = problem,
    };

    // Only to help the caller find the event again: what is no plain text is left out.
    private static string? TextOf(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>What became of each event of a batch, in the order of the batch.</summary>
/// <param name="Results">As many as there were events.</param>
public sealed record EventResults(IReadOnlyList<EventResult> Results);
