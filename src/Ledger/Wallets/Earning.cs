using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>An activity took place: award what the programme grants for it.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it, in the unit of the rule (minutes, cents, attendances); 1 to 2^53−1.</param>
/// <param name="OccurredAt">When it took place; decides version, period and expiry.</param>
/// <param name="Details">Attributes and tags for conditions to ask; null for none.</param>
public sealed record EarnPoints(ActivityType Activity, long Quantity, Instant OccurredAt, ActivityDetails? Details = null) : WalletCommand;

/// <summary>Points were awarded for an activity.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="OccurredAt">When it took place.</param>
/// <param name="ProgrammeVersion">The version that was in force then; later changes never touch this award.</param>
/// <param name="Computed">What rules and campaigns gave, before caps.</param>
/// <param name="Credited">What the resident got, after caps and without <paramref name="Overflow"/>; may be zero.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="Lot">The rest, as a lot; null when nothing is left.</param>
/// <param name="Caps">What each cap saw, and what was counted for conditions.</param>
/// <param name="Reason">What the award came from; null where the activity has one plain rule and nothing was told beside it.</param>
/// <param name="ActiveAt">When the lot becomes active; null for at once.</param>
/// <param name="Overflow">What the wallet had no room for; null for nothing.</param>
public sealed record PointsEarned(
    ActivityType Activity,
    long Quantity,
    Instant OccurredAt,
    int ProgrammeVersion,
    Points Computed,
    Points Credited,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    ImmutableArray<CountedCap> Caps,
    AwardReason? Reason = null,
    Instant? ActiveAt = null,
    Overflow? Overflow = null) : WalletEvent
{
    /// <summary>What caps left, wherever it went.</summary>
    [JsonIgnore]
    public Points AfterCaps => Credited + (Overflow?.Points ?? Points.Zero);

    /// <summary>What was created: the resident's points and what a fund got instead. So much is counted under caps.</summary>
    [JsonIgnore]
    public Points Issued => Credited + (Overflow?.Donated ?? Points.Zero);
}

/// <summary>What an award came from, so that it can be explained from what is stored: with the version, all that rules could see.</summary>
/// <param name="Grants">Who gave what before caps, rules first; null where the activity has one plain rule and no campaign counted.</param>
/// <param name="Details">What the app told; null for nothing.</param>
/// <param name="Runs">The streaks that the activity completed, by <see cref="Condition.Streak.Scope"/>; null for none.</param>
public sealed record AwardReason(ImmutableArray<Grant>? Grants, ActivityDetails? Details, ImmutableArray<string>? Runs = null);

internal static class Earning
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, EarnPoints command)
    {
        if (!envelope.Historic && OutOfBounds(LatenessAt(programmes, envelope.At), envelope, command) is { } untimely)
        {
            return untimely;
        }

        if (programmes.InForceAt(command.OccurredAt) is not { } published)
        {
            return new Refusal.NoProgramme(command.OccurredAt);
        }

        if (published.Programme.RuleFor(command.Activity) is not { } rule)
        {
            return new Refusal.UnknownActivity(command.Activity, published.Version);
        }

        var facts = new ActivityFacts(
            command.Activity, command.Quantity, command.Details, published.Programme.LocalOf(command.OccurredAt), wallet.CapBuckets);
        var caps = Counting.Of(programmes, published.Programme, rule, facts);
        if (caps.Any(cap => wallet.CapBuckets.IsForgotten(command.Activity, cap)))
        {
            return Forgotten(wallet.CapBuckets, envelope, command);
        }

        if (RulesEngine.Evaluate(published.Programme, rule, facts) is not { } evaluation)
        {
            return new Refusal.AwardTooLarge(command.Activity, command.Quantity, Points.Max);
        }

        var award = Awarding.Of(programmes, rule, facts, evaluation, caps, CutAt(published.Programme, rule, wallet, envelope, command));
        if (award.Exceeded is { } exceeded)
        {
            return new Refusal.CapExceeded(
                command.Activity, exceeded.Per, exceeded.Start, exceeded.Unit, exceeded.Limit ?? 0, exceeded.Used, award.Credited, exceeded.Scope);
        }

        var earned = Award(published, rule, wallet, envelope, command, evaluation, award);
        if (Unholdable(wallet, earned.Credited) is { } limit)
        {
            return limit;
        }

        return Verdict.Accept([earned, .. Reversing.OfWaiting(published, wallet, envelope, earned)], published.Version);
    }

    public static WalletState Evolve(WalletState wallet, PointsEarned earned) => Receive(wallet, earned) with
    {
        Debt = wallet.Debt - earned.DebtRepaid,
        CapBuckets = earned.Caps.IsEmpty
            ? wallet.CapBuckets
            : wallet.CapBuckets.Count(earned.Activity, earned.Caps, earned.Issued, wallet.LastAt.InUtc().Date),
        Lifetime = wallet.Lifetime with
        {
            Earned = wallet.Lifetime.Earned + earned.Credited,
            Capped = LifetimeTotals.Saturated(wallet.Lifetime.Capped, earned.Computed - earned.Issued),
        },
    };

    // What is cut for want of room was never paid, by rules or campaigns; what a fund gets was.
    private static Points CutAt(Programme programme, ActivityRule rule, WalletState wallet, CommandEnvelope envelope, EarnPoints command) =>
        programme.Holding is { Fund: null } holding
            ? Overflow.MostOf(
                holding, wallet, Activating.ActiveAt(programme, rule.Pending, programme.DateOf(command.OccurredAt), envelope.At) is null)
            : Points.Max;

    private static WalletState Receive(WalletState wallet, PointsEarned earned) => earned switch
    {
        { Lot: { } lot, ActiveAt: null } => wallet.Add(lot),
        { Lot: { } later, ActiveAt: { } activeAt } => wallet with { PendingLots = Activating.Add(wallet.Pending, later, activeAt) },
        _ => wallet,
    };

    private static Refusal? Unholdable(WalletState wallet, Points credited) => wallet.Exceeded(credited) is { } limit
        ? limit
        : LifetimeTotals.Exceeded(LifetimeSum.Earned, wallet.Lifetime.Earned, credited);

    // What is too late is asked of today's programme: that of an old date may not exist.
    private static Lateness LatenessAt(PublishedProgrammes programmes, Instant at) =>
        programmes.InForceAt(at)?.Programme.Lateness ?? Lateness.Default;

    private static Refusal? OutOfBounds(Lateness lateness, CommandEnvelope envelope, EarnPoints command)
    {
        var age = envelope.At - command.OccurredAt;
        var daysMax = lateness.DaysMaxOf(envelope.Key.Source);
        return age < -Duration.FromMinutes(lateness.MinutesAheadMax)
            ? new Refusal.OccurredInFuture(command.OccurredAt, envelope.At, lateness.MinutesAheadMax)
            : age > Duration.FromDays(daysMax)
                ? new Refusal.OccurredTooLongAgo(command.OccurredAt, envelope.At, daysMax)
                : null;
    }

    // A programme that widens the bound cannot bring back what earlier ones let go: rather refuse than exceed a cap.
    private static Refusal.OccurredTooLongAgo Forgotten(CapBuckets buckets, CommandEnvelope envelope, EarnPoints command)
    {
        var days = Period.DaysBetween(buckets.ForgottenThrough ?? default, envelope.At.InUtc().Date) - 1;
        return new(command.OccurredAt, envelope.At, Math.Max(0, days));
    }

    private static PointsEarned Award(
        PublishedProgramme published,
        ActivityRule rule,
        WalletState wallet,
        CommandEnvelope envelope,
        EarnPoints command,
        Evaluation evaluation,
        Awarding award)
    {
        var programme = published.Programme;
        var occurred = programme.DateOf(command.OccurredAt);
        var activeAt = Activating.ActiveAt(programme, rule.Pending, occurred, envelope.At);

        // What is not yet active repays nothing yet.
        var repaid = activeAt is null ? Points.Min(wallet.Debt, award.Credited) : Points.Zero;
        var overflow = Overflow.Of(programme.Holding, wallet, award.Credited, isActive: activeAt is null);
        var credited = award.Credited - (overflow?.Points ?? Points.Zero);
        var counted = rule.Pending?.FirstDate(occurred) ?? occurred;
        var lastDate = LastDate(programme, rule.Expiry ?? programme.Expiry, envelope, counted);
        var expiresAt = programme.EndOf(programme.WithNotice(lastDate, envelope.At));
        var lot = credited > repaid
            ? new LotSlice(new LotId(wallet.Sequence + 1), credited - repaid, command.OccurredAt, expiresAt, expiresAt is null ? null : programme.Warnings)
            : null as LotSlice?;
        var reason = evaluation.Grants is null && command.Details is null
            ? null
            : new AwardReason(evaluation.Grants, command.Details, award.Runs);
        return new(
            command.Activity,
            command.Quantity,
            command.OccurredAt,
            published.Version,
            evaluation.Computed,
            credited,
            repaid,
            lot,
            award.Caps,
            reason,
            lot is null ? null : activeAt,
            overflow);
    }

    private static LocalDate? LastDate(Programme programme, ExpiryPolicy expiry, CommandEnvelope envelope, LocalDate counted)
    {
        var last = expiry.LastDate(counted);
        var today = programme.DateOf(envelope.At);
        if (envelope.Historic || last is not { } date || counted >= today)
        {
            return last;
        }

        // Points of a late event must not arrive dead, but get no more than if the activity were today's.
        var least = today.PlusDays(programme.Lateness.ValidityDaysMin);
        return LocalDate.Max(date, expiry.LastDate(today) is { } fresh ? LocalDate.Min(fresh, least) : least);
    }
}
