using Ledger.Accounts;
using Ledger.Api.Approvals;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>One line of a resident's history.</summary>
public sealed record TransactionSummary
{
    /// <summary>Its number in the resident's wallet, from 1.</summary>
    public required long Transaction { get; init; }

    /// <summary>earned, spent, held, repeated, captured, released, timed_out, voided, refunded, reversed, waiting, adjusted, proposed, approved, rejected, corrected, frozen, unfrozen, closed, erased, gift_sent, gift_received, gift_delivered, gift_returned, put_off, donated, expiry_chosen, household_joined, household_left, pool_consent_given, expired, activated, tier_changed, warned, refused. In the feed also voided for a reference that no hold came with, statement for what happened to a merchant's statement, and household for what happened to a household.</summary>
    public required string Kind { get; init; }

    /// <summary><c>accepted</c>, <c>waiting</c>, or the code of a refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>By how many points the resident's balance changed.</summary>
    public required long Change { get; init; }

    /// <summary>Where the command came from: an event's source, or the client of a direct command.</summary>
    public required string Source { get; init; }

    /// <summary>The command's id there.</summary>
    public required string Id { get; init; }

    /// <summary>When it was decided.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The time it counts from.</summary>
    public required Instant EffectiveAt { get; init; }

    /// <summary>The resident's accounts after it.</summary>
    public required BalanceAfter Balance { get; init; }

    internal static TransactionSummary Of(JournalRow row, Transaction transaction)
    {
        var (source, id) = RefusalWords.Outside(row.Key.Source, row.Key.Id);
        return new()
        {
            Transaction = row.Sequence,

            // A voided reference has no events: its outcome says it all.
            Kind = row.Stream switch
            {
                { Reference: not null } => row.Outcome,
                { Settlement: not null } => "statement",
                { Household: not null } => "household",
                _ => TransactionKinds.Of(transaction.Events),
            },
            Outcome = row.Outcome,
            Change = TransactionKinds.ChangeOf(row.Postings),
            Source = source,
            Id = id,
            RecordedAt = row.RecordedAt,
            EffectiveAt = row.EffectiveAt,
            Balance = BalanceAfter.Of(row.After),
        };
    }

    internal static TransactionSummary Of(JournalRow row) => Of(row, row.ToTransaction());
}

/// <summary>A page of a resident's transactions, newest first.</summary>
/// <param name="Data">The transactions.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record TransactionPage(IReadOnlyList<TransactionSummary> Data, string? NextCursor, bool HasMore);

/// <summary>Points moved from one account to another.</summary>
/// <param name="From">The account that gives; bare names are the resident's own.</param>
/// <param name="To">The account that receives.</param>
/// <param name="Points">How many.</param>
/// <param name="Lot">The lot that moves; absent where no lot is involved.</param>
public sealed record PostingView(string From, string To, long Points, string? Lot)
{
    internal static PostingView Of(Posting posting) =>
        new(posting.From.Name, posting.To.Name, posting.Points.Value, posting.Lot?.ToString());
}

/// <summary>One transaction with its double entry and the reason in words.</summary>
public sealed record TransactionView
{
    /// <summary>What and when.</summary>
    public required TransactionSummary Summary { get; init; }

    /// <summary>The programme version that decided; 0 when none was in force.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>The earlier transaction that it reverses or refunds; absent for most.</summary>
    public long? RefersTo { get; init; }

    /// <summary>What moved; empty for a refusal.</summary>
    public required IReadOnlyList<PostingView> Postings { get; init; }

    /// <summary>What happened and why, in sentences of the caller's language.</summary>
    public required IReadOnlyList<string> Explanation { get; init; }

    /// <summary>The reason that an operator gave; for operators only, and absent once erased.</summary>
    public string? Reason { get; init; }

    /// <summary>The words that came with a gift; absent for none, and once erased.</summary>
    public string? Message { get; init; }

    /// <summary>References to evidence that came with the activity; for operators only, and absent once erased.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }

    /// <summary>What checks found; for operators only, and absent for nothing.</summary>
    public IReadOnlyList<SignalView>? Signals { get; init; }
}
