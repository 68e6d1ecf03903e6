using System.Collections.Immutable;
using Ledger.Budgets;

namespace Ledger.Wallets;

/// <summary>What the wallet answers to a command. A closed set.</summary>
public abstract record Decision
{
    private protected Decision()
    {
    }

    /// <summary>What campaigns with a budget offered, whatever the budgets had at hand; empty for almost every decision. Not stored.</summary>
    public ImmutableArray<BudgetOffer> Offers { get; init; } = [];

    /// <summary>It is done; no events means that there was nothing to do and nothing is to be recorded.</summary>
    /// <param name="Events">What happened: what fell due first, then the command.</param>
    /// <param name="ProgrammeVersion">The version that decided; 0 when none was in force.</param>
    /// <param name="RefersTo">The transaction that is reversed or refunded; null for others.</param>
    public sealed record Accepted(ImmutableArray<WalletEvent> Events, int ProgrammeVersion, long? RefersTo = null) : Decision;

    /// <summary>It is refused. What fell due is recorded all the same, and the refusal with it.</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Events">What fell due, then <see cref="CommandRefused"/>.</param>
    /// <param name="ProgrammeVersion">The version that decided; 0 when none was in force.</param>
    public sealed record Refused(Refusal Refusal, ImmutableArray<WalletEvent> Events, int ProgrammeVersion) : Decision;

    /// <summary>The wallet remembers this command: its first outcome stands.</summary>
    /// <param name="Sequence">The transaction that holds it.</param>
    public sealed record Repeated(long Sequence) : Decision;
}

/// <summary>What one slice answers: an event, several, or a refusal.</summary>
internal readonly record struct Verdict
{
    private Verdict(ImmutableArray<WalletEvent> events, Refusal? refusal, int? version, long? refersTo) =>
        (Events, Refusal, ProgrammeVersion, RefersTo) = (events, refusal, version, refersTo);

    public ImmutableArray<WalletEvent> Events { get; }

    /// <summary>What campaigns with a budget offered.</summary>
    public ImmutableArray<BudgetOffer> Offers { get; init; } = [];

    public Refusal? Refusal { get; }

    /// <summary>The version that the slice pinned; null to leave it to the one in force at the command's time.</summary>
    public int? ProgrammeVersion { get; }

    public long? RefersTo { get; }

    public static Verdict Nothing => new([], null, null, null);

    public static Verdict Accept(WalletEvent happened, int? version = null, long? refersTo = null) =>
        new([happened], null, version, refersTo);

    public static Verdict Accept(ImmutableArray<WalletEvent> happened, int? version = null, long? refersTo = null) =>
        new(happened, null, version, refersTo);

    public static implicit operator Verdict(Refusal refusal) => new([], refusal, null, null);
}
