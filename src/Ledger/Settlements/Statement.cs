using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;

namespace Ledger.Settlements;

/// <summary>What became of a statement.</summary>
public enum StatementStatus
{
    /// <summary>It is fixed, and to be paid.</summary>
    Closed,

    /// <summary>Somebody objects to it.</summary>
    Disputed,

    /// <summary>It was paid.</summary>
    Paid,
}

/// <summary>Something that happened to a statement.</summary>
/// <param name="Sequence">Its transaction in the settlement's stream.</param>
/// <param name="Happened">What.</param>
/// <param name="By">The client that did it.</param>
/// <param name="At">When.</param>
public sealed record StatementStep(long Sequence, SettlementEvent Happened, string By, Instant At);

/// <summary>A merchant's day that was closed, and what became of it.</summary>
/// <param name="Steps">First its closing, then all that happened to it; never empty.</param>
public sealed record Statement(ImmutableArray<StatementStep> Steps)
{
    /// <summary>What it says.</summary>
    public StatementClosed Closed => (StatementClosed)Steps[0].Happened;

    /// <summary>The settlement day.</summary>
    public LocalDate Day => Closed.Day;

    /// <summary>What became of it.</summary>
    public StatementStatus Status => Steps.Select(step => StatusAfter(step.Happened)).OfType<StatementStatus>().Last();

    /// <summary>Does something odd keep it from being paid?</summary>
    public bool IsHeld => Closed.Signals is { Hold: true } && !Steps.Any(step => step.Happened is StatementCleared);

    /// <summary>The payment; null while there is none.</summary>
    public StatementPaid? Payment => Steps[^1].Happened as StatementPaid;

    /// <summary>Puts statements together from everything that happened to those of a merchant. What was refused is no part of them.</summary>
    public static ImmutableArray<Statement> From(IEnumerable<StatementStep> steps) =>
        [.. steps.Where(step => step.Happened is not StatementRefused).GroupBy(step => step.Happened.Day).Select(day => new Statement([.. day]))];

    private static StatementStatus? StatusAfter(SettlementEvent happened) => happened switch
    {
        StatementClosed or StatementConfirmed => StatementStatus.Closed,
        StatementDisputed => StatementStatus.Disputed,
        StatementPaid => StatementStatus.Paid,
        StatementCleared or StatementRefused => null,
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    };
}
