using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>A second person agrees to an award or to a proposed adjustment. <see cref="CommandEnvelope.Sender"/> says who.</summary>
/// <param name="Of">The command that recorded it.</param>
public sealed record ApproveEntry(CommandKey Of) : WalletCommand;

/// <summary>Somebody does not agree to it, perhaps with a reason (<see cref="CommandEnvelope.Note"/>). Also whoever entered it may take it back so.</summary>
/// <param name="Of">The command that recorded it.</param>
public sealed record RejectEntry(CommandKey Of) : WalletCommand;

/// <summary>What an entry waits for.</summary>
/// <param name="DueAt">The first instant at which it is too late to decide.</param>
/// <param name="SilenceApproves">Is it approved when nobody decided by then? Else it is rejected.</param>
/// <param name="Makers">Who entered it: the client, and whom the app names. None of them may approve it.</param>
public sealed record AwaitedApproval(
    Instant DueAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool SilenceApproves,
    ImmutableArray<string> Makers);

/// <summary>Who brought an activity to the books, as the app tells it: opaque ids, nothing personal. At least one of them.</summary>
/// <param name="EnteredBy">Who entered it; null where nobody says.</param>
/// <param name="Organiser">Who organised the activity; null where nobody says.</param>
public sealed record ActivityEntry(string? EnteredBy, string? Organiser);

/// <summary>An award or a proposed adjustment that waits for a decision.</summary>
/// <param name="Of">Its transaction.</param>
/// <param name="Points">How many points wait: those left of an award, more than zero; or those to add or, negative, to remove.</param>
/// <param name="Since">When it was recorded.</param>
/// <param name="Approval">What it waits for.</param>
/// <param name="Award">What more an award has; null for an adjustment.</param>
public sealed record UndecidedEntry(long Of, Points Points, Instant Since, AwaitedApproval Approval, UndecidedAward? Award);

/// <summary>An award that waits for a decision: all that the decision needs.</summary>
/// <param name="Activity">The type of activity.</param>
/// <param name="EarnedAt">When the activity took place.</param>
/// <param name="ExpiresAt">The first instant at which its lot is no longer usable; null for never.</param>
/// <param name="ActiveAt">The first instant at which its lot can be spent once it is approved; null for at once.</param>
/// <param name="Restoring">The caps that get room back when it is rejected.</param>
/// <param name="Signals">What checks found; null for nothing.</param>
/// <param name="ForTiers">What counts it for tiers once it is approved; null where it counts already, or there are no tiers.</param>
/// <param name="Warnings">When the resident is warned before its lot expires; null for never.</param>
/// <param name="Idle">When its lot expires unless the resident acts; null where only the date counts.</param>
public sealed record UndecidedAward(
    ActivityType Activity,
    Instant EarnedAt,
    Instant? ExpiresAt,
    Instant? ActiveAt,
    ImmutableArray<CountedCap> Restoring,
    ImmutableArray<IntegritySignal>? Signals,
    CountedCap? ForTiers = null,
    ExpiryWarnings? Warnings = null,
    ExpiryPolicy.Inactivity? Idle = null);

/// <summary>An award was approved.</summary>
/// <param name="Of">Its transaction.</param>
/// <param name="By">Who approved it; null where nobody objected in time.</param>
/// <param name="Points">What was left of it.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="Lot">The rest, as a lot that can be spent; null when nothing is left, or not yet.</param>
/// <param name="ActiveAt">When it can be spent, where that is later; until then nothing moves.</param>
/// <param name="Signals">What checks found about the approval; null for nothing.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record AwardApproved(
    long Of,
    string? By,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    Instant? ActiveAt = null,
    ImmutableArray<IntegritySignal>? Signals = null,
    string? Reason = null) : WalletEvent;

/// <summary>An award or a proposed adjustment was rejected.</summary>
/// <param name="Of">Its transaction.</param>
/// <param name="By">Who rejected it; null where nobody decided in time.</param>
/// <param name="Activity">The award's activity type; null for an adjustment.</param>
/// <param name="Lot">What was left of the award, and is taken back; null for an adjustment.</param>
/// <param name="CapsRestored">Periods that got room back.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record EntryRejected(
    long Of, string? By, ActivityType? Activity, LotPoints? Lot, ImmutableArray<CapRestored> CapsRestored, string? Reason = null) : WalletEvent;

/// <summary>What became of an entry that waited for a decision.</summary>
public enum ApprovalOutcome
{
    /// <summary>Somebody approved it, or nobody objected in time.</summary>
    Approved,

    /// <summary>Somebody rejected it.</summary>
    Rejected,

    /// <summary>Nobody approved it in time.</summary>
    Lapsed,

    /// <summary>All of it was taken back, for its activity was cancelled.</summary>
    Reversed,
}

internal static class Approving
{
    /// <summary>Entries that may wait for a decision, so that a confused app cannot make a wallet grow without bound.</summary>
    public const int UndecidedMax = 200;

    /// <summary>Why nothing more may wait; null when it may.</summary>
    public static Refusal.TooManyUndecided? Full(WalletState wallet) => wallet.Undecided.Length >= UndecidedMax ? new(UndecidedMax) : null;

    /// <summary>What an award waits for; null when it counts at once. The import of history brings what was agreed long ago.</summary>
    public static AwaitedApproval? Of(
        Programme programme, ActivityRule rule, CommandEnvelope envelope, EarnPoints command, ImmutableArray<IntegritySignal> signals)
    {
        var policy = signals.Any(signal => signal.Holds) ? rule.Approval as ApprovalPolicy.SecondPerson ?? ApprovalPolicy.OfHeld : rule.Approval;
        return policy is null || envelope.Historic
            ? null
            : new(
                policy.DueAt(programme, envelope.At),
                policy.SilenceApproves,
                [.. new[] { envelope.Sender, command.Entry?.EnteredBy, command.Entry?.Organiser }.OfType<string>().Distinct()]);
    }

    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, ApproveEntry command, Thawed thawed)
    {
        if (WhyNot(wallet, command.Of, thawed, out var entry) is { } refusal)
        {
            return refusal;
        }

        var by = envelope.Sender;
        if (entry.Approval.Makers.Contains(by) || by == envelope.Resident.Value)
        {
            return new Refusal.ApprovalOwnEntry(command.Of, by);
        }

        if (thawed is not Thawed.Earning { Earned: var earned })
        {
            return Adjusting.Adjust(programmes, wallet, envelope, entry.Points, entry.Of);
        }

        var share = Checking.ShareOf(programmes, wallet, earned, by);
        return share is { Holds: true }
            ? new Refusal.ApproverShareExceeded(command.Of, by, share.Approved, share.Of, share.BasisPointsMax)
            : Verdict.Accept(
                Approved(wallet, entry, by, envelope.At) with { Signals = share is null ? null : [share], Reason = envelope.Note?.Digest() },
                earned.ProgrammeVersion,
                entry.Of);
    }

    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, RejectEntry command, Thawed thawed) =>
        WhyNot(wallet, command.Of, thawed, out var entry) is { } refusal
            ? refusal
            : Verdict.Accept(
                Rejected(entry, envelope.Sender) with { Reason = envelope.Note?.Digest() },
                (thawed as Thawed.Earning)?.Earned.ProgrammeVersion,
                entry.Of);

    /// <summary>What becomes of the entry whose time is over first.</summary>
    public static WalletEvent ByTime(WalletState wallet) => wallet.Undecided[0] is { Approval.SilenceApproves: true } silent
        ? Approved(wallet, silent, null, silent.Approval.DueAt)
        : Rejected(wallet.Undecided[0], null);

    /// <summary>An award as if somebody had agreed to it; null when it does not wait.</summary>
    public static AwardApproved? AtOnce(WalletState wallet, long sequence, Instant at) =>
        Find(wallet, sequence) is { Award: not null } entry ? Approved(wallet, entry, null, at) : null;

    public static WalletState Evolve(WalletState wallet, AwardApproved approved)
    {
        var entry = Found(wallet, approved.Of);
        var award = entry.Award ?? throw new InvalidOperationException($"Transaction {approved.Of} is no award that waits.");
        // What time decided is evolved before the command that records it: its own instant counts.
        var after = approved.Lot is { } lot ? wallet.Add([lot], approved.By is null ? entry.Approval.DueAt : wallet.LastAt) : wallet;
        return after with
        {
            UndecidedEntries = Without(wallet, entry),
            PendingLots = approved.ActiveAt is { } activeAt
                ? Activating.Add(wallet.Pending, LotOf(entry, award, entry.Points), activeAt)
                : wallet.PendingLots,
            Debt = wallet.Debt - approved.DebtRepaid,
            CapBuckets = award.ForTiers is { } counted
                ? wallet.CapBuckets.Count(award.Activity, [counted], entry.Points, wallet.LastAt.InUtc().Date)
                : wallet.CapBuckets,
            Approvers = approved.By is { } by ? Checking.Add(wallet.Approvers, by) : wallet.Approvers,
        };
    }

    public static WalletState Evolve(WalletState wallet, EntryRejected rejected)
    {
        var points = rejected.Lot?.Points ?? Points.Zero;
        return wallet with
        {
            UndecidedEntries = Without(wallet, Found(wallet, rejected.Of)),
            CapBuckets = rejected.Activity is { } activity ? Reversing.Restore(wallet.CapBuckets, activity, rejected.CapsRestored) : wallet.CapBuckets,
            ServedIntervals = Checking.TakeBack(wallet, rejected.Of, points),
            Lifetime = wallet.Lifetime with { ClawedBack = wallet.Lifetime.ClawedBack + points },
        };
    }

    /// <summary>With a further entry, kept by when each is due.</summary>
    public static ImmutableArray<UndecidedEntry> Add(ImmutableArray<UndecidedEntry> undecided, UndecidedEntry entry) =>
        undecided.InsertInOrder(entry, static other => other.Approval.DueAt);

    /// <summary>The entry of a transaction; null when it does not wait.</summary>
    public static UndecidedEntry? Find(WalletState wallet, long sequence)
    {
        foreach (var entry in wallet.Undecided)
        {
            if (entry.Of == sequence)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Without some points of an award, which stops waiting when none are left.</summary>
    /// <exception cref="InvalidOperationException">It does not hold them: the event does not belong to this state.</exception>
    public static ImmutableArray<UndecidedEntry>? Take(WalletState wallet, UndecidedEntry entry, Points points)
    {
        var left = entry.Points - points;
        return left < Points.Zero
            ? throw new InvalidOperationException($"Transaction {entry.Of} does not hold {points} undecided points.")
            : left.IsZero ? Without(wallet, entry) : wallet.Undecided.Replace(entry, entry with { Points = left });
    }

    /// <summary>Without an entry.</summary>
    public static ImmutableArray<UndecidedEntry>? Without(WalletState wallet, UndecidedEntry entry) =>
        wallet.Undecided.Length == 1 ? null : wallet.Undecided.Remove(entry);

    /// <summary>The entry of a transaction.</summary>
    /// <exception cref="InvalidOperationException">It does not wait: the event does not belong to this state.</exception>
    public static UndecidedEntry Found(WalletState wallet, long sequence) =>
        Find(wallet, sequence) ?? throw new InvalidOperationException($"Transaction {sequence} waits for no decision.");

    private static Refusal? WhyNot(WalletState wallet, CommandKey of, Thawed thawed, out UndecidedEntry entry)
    {
        var (sequence, outcome) = thawed switch
        {
            Thawed.Earning earning => (earning.Sequence, earning.Outcome),
            Thawed.Proposal proposal => (proposal.Sequence, proposal.Outcome),
            _ => (0, null as ApprovalOutcome?),
        };
        var found = Find(wallet, sequence);
        entry = found!;
        return found is not null ? null
            : thawed is Thawed.Nothing or Thawed.Elsewhere ? new Refusal.UnknownTransaction(of)
            : outcome is { } decided ? new Refusal.ApprovalAlreadyDecided(of, decided)
            : new Refusal.NotAwaitingApproval(of);
    }

    // What is not yet active repays nothing yet.
    private static AwardApproved Approved(WalletState wallet, UndecidedEntry entry, string? by, Instant at)
    {
        var award = entry.Award!;
        if (award.ActiveAt > at)
        {
            return new(entry.Of, by, entry.Points, Points.Zero, null, award.ActiveAt);
        }

        var repaid = Points.Min(wallet.Debt, entry.Points);
        var lot = entry.Points > repaid ? LotOf(entry, award, entry.Points - repaid) : null as LotSlice?;
        return new(entry.Of, by, entry.Points, repaid, lot);
    }

    private static LotSlice LotOf(UndecidedEntry entry, UndecidedAward award, Points points) =>
        new(new(entry.Of), points, award.EarnedAt, award.ExpiresAt, award.Warnings, award.Idle);

    private static EntryRejected Rejected(UndecidedEntry entry, string? by) => entry.Award is { } award
        ? new(entry.Of, by, award.Activity, new LotPoints(new(entry.Of), entry.Points), Reversing.Restored(award.Restoring, entry.Points, Points.Zero, isAll: true))
        : new(entry.Of, by, null, null, []);
}
