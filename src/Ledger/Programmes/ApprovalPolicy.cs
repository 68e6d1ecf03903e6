using System.Diagnostics;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>Who must agree before points of an activity count as the resident's to spend. A closed set.</summary>
public abstract record ApprovalPolicy
{
    /// <summary>What an award gets that a check holds whose activity asks for no second person.</summary>
    internal static readonly SecondPerson OfHeld = new(30);

    private protected ApprovalPolicy()
    {
    }

    /// <summary>A second person approves or rejects it; what nobody decides in time is rejected.</summary>
    /// <param name="ExpiresAfterDays">Local days for that, the one on which it was recorded included. 1 to 366.</param>
    public sealed record SecondPerson(int ExpiresAfterDays) : ApprovalPolicy;

    /// <summary>It may be rejected for a while; what nobody rejects in time is approved.</summary>
    /// <param name="Days">Local days for that, the one on which it was recorded included. 1 to 366.</param>
    public sealed record Objection(int Days) : ApprovalPolicy;

    /// <summary>Is what nobody decides in time approved?</summary>
    public bool SilenceApproves => this is Objection;

    /// <summary>The first instant at which it is too late to decide.</summary>
    /// <param name="programme">For its zone.</param>
    /// <param name="recordedAt">When the award was recorded.</param>
    public Instant DueAt(Programme programme, Instant recordedAt) => DueAt(programme, recordedAt, this switch
    {
        SecondPerson second => second.ExpiresAfterDays,
        Objection objection => objection.Days,
        _ => throw new UnreachableException($"Approval {GetType().Name} has no case."),
    });

    internal static Instant DueAt(Programme programme, Instant recordedAt, int days) =>
        programme.StartOf(PendingPolicy.DaysAfter(programme.DateOf(recordedAt), days));
}

/// <summary>Which adjustments one operator cannot make alone.</summary>
/// <param name="SecondOperatorAbove">The most points, either way, that one operator adjusts alone.</param>
/// <param name="ExpiresAfterDays">Local days for the second one, the one on which it was proposed included. 1 to 366; default 14.</param>
public sealed record AdjustmentPolicy(long SecondOperatorAbove, int ExpiresAfterDays)
{
    /// <summary>The first instant at which it is too late to approve a proposal.</summary>
    public Instant DueAt(Programme programme, Instant recordedAt) => ApprovalPolicy.DueAt(programme, recordedAt, ExpiresAfterDays);
}
