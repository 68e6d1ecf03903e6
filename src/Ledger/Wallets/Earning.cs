using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>An activity took place: award what the programme grants for it.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it, in the unit of the rule (minutes, cents, attendances); 1 to 2^53−1.</param>
/// <param name="OccurredAt">When it took place; decides version, period and expiry.</param>
/// <param name="Details">Attributes and tags for conditions to ask; null for none.</param>
/// <param name="Entry">Who entered and who organised it; null where nobody says.</param>
public sealed record EarnPoints(
    ActivityType Activity, long Quantity, Instant OccurredAt, ActivityDetails? Details = null, ActivityEntry? Entry = null) : WalletCommand;

/// <summary>Points were awarded for an activity.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="OccurredAt">When it took place.</param>
/// <param name="ProgrammeVersion">The version that was in force then; later changes never touch this award.</param>
/// <param name="Computed">What rules, tier and campaigns gave, before caps.</param>
/// <param name="Credited">What the resident got, after caps and without <paramref name="Overflow"/>; may be zero.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="Lot">The rest, as a lot; null when nothing is left.</param>
/// <param name="Caps">What each cap saw, and what was counted for conditions and tiers.</param>
/// <param name="Reason">What the award came from; null where the activity has one plain rule, nothing was told beside it and no tier was held.</param>
/// <param name="ActiveAt">When the lot becomes active, if it is approved by then; null for at once.</param>
/// <param name="Budgets">What was drawn from budgets; null where no campaign with a budget counted.</param>
/// <param name="Entry">Who entered and who organised it; null where nobody says.</param>
/// <param name="Approval">What the lot waits for; null where it counts at once.</param>
/// <param name="Served">That its time is remembered for checks; null where nothing asks for it.</param>
/// <param name="Signals">What checks found; null for nothing.</param>
/// <param name="Evidence">The salted digest of references to evidence, which lie beside the journal; null for none.</param>
/// <param name="Overflow">What the wallet had no room for; null for nothing.</param>
/// <param name="Maker">Who entered it, where what one person enters is counted; null where nothing asks for it.</param>
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
    ImmutableArray<BudgetDraw>? Budgets = null,
    ActivityEntry? Entry = null,
    AwaitedApproval? Approval = null,
    ServedTime? Served = null,
    ImmutableArray<IntegritySignal>? Signals = null,
    string? Evidence = null,
    Overflow? Overflow = null,
    string? Maker = null) : WalletEvent
{
    /// <summary>What caps left, wherever it went.</summary>
    [JsonIgnore]
    public Points AfterCaps => Credited + (Overflow?.Points ?? Points.Zero);

    /// <summary>What was created: the resident's points and what a fund got instead. So much is counted under caps.</summary>
    [JsonIgnore]
    public Points Issued => Credited + (Overflow?.Donated ?? Points.Zero);
}

/// <summary>What an award came from, so that it can be explained from what is stored: with the version, all that rules could see.</summary>
/// <param name="Grants">Who gave what before caps, rules first; null where the activity has one plain rule and nothing else counted.</param>
/// <param name="Details">What the app told; null for nothing.</param>
/// <param name="Runs">The streaks that the activity completed, by <see cref="Condition.Streak.Scope"/>; null for none.</param>
/// <param name="Tier">The tier held when the activity took place; null for none.</param>
public sealed record AwardReason(
    ImmutableArray<Grant>? Grants, ActivityDetails? Details, ImmutableArray<string>? Runs = null, string? Tier = null);

internal static class Earning
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, EarnPoints command, BudgetsAtHand budgets, long enteredBefore)
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
            command.Activity,
            command.Quantity,
            command.Details,
            published.Programme.LocalOf(command.OccurredAt),
            wallet.CapBuckets,
            budgets,
            published.Programme.Tiers?.Find(wallet.Tiers?.At(command.OccurredAt)));
        var caps = Counting.Of(programmes, published.Programme, rule, facts);
        if (caps.Any(cap => wallet.CapBuckets.IsForgotten(command.Activity, cap)))
        {
            return Forgotten(wallet.CapBuckets, envelope, command);
        }

        if (RulesEngine.Evaluate(published.Programme, rule, facts) is not { } evaluation)
        {
            return new Refusal.AwardTooLarge(command.Activity, command.Quantity, Points.Max);
        }

        var arrival = Arrive(programmes, published.Programme, rule, wallet, envelope, command, enteredBefore);
        var award = Awarding.Of(programmes, rule, facts, evaluation, caps, CutAt(published.Programme, wallet, arrival));
        return Decide(published, rule, wallet, envelope, command, arrival, facts.Tier, evaluation, award) with { Offers = award.Offers };
    }

    private static Verdict Decide(
        PublishedProgramme published,
        ActivityRule rule,
        WalletState wallet,
        CommandEnvelope envelope,
        EarnPoints command,
        in Arrival arrival,
        TierLevel? tier,
        in Evaluation evaluation,
        in Awarding award)
    {
        if (award.Exceeded is { } exceeded)
        {
            return new Refusal.CapExceeded(
                command.Activity, exceeded.Per, exceeded.Start, exceeded.Unit, exceeded.Limit ?? 0, exceeded.Used, award.Credited, exceeded.Scope);
        }

        var earned = Award(published, rule, wallet, envelope, command, arrival, tier, evaluation, award);
        if (earned.Approval is not null && Approving.Full(wallet) is { } full)
        {
            return full;
        }

        if (Unholdable(wallet, earned.Credited) is { } limit)
        {
            return limit;
        }

        return Verdict.Accept([earned, .. Reversing.OfWaiting(published, wallet, envelope, earned)], published.Version);
    }

    public static WalletState Evolve(WalletState wallet, PointsEarned earned) => Receive(wallet, earned) with
    {
        UndecidedEntries = earned is { Lot: { } waiting, Approval: { } approval }
            ? Approving.Add(wallet.Undecided, new(waiting.Lot.Sequence, waiting.Points, wallet.LastAt, approval, UndecidedOf(earned, waiting)))
            : wallet.UndecidedEntries,
        ServedIntervals = Checking.Add(wallet, earned),
        Debt = wallet.Debt - earned.DebtRepaid,
        CapBuckets = Count(wallet, earned),
        Lifetime = wallet.Lifetime with
        {
            Earned = wallet.Lifetime.Earned + earned.Credited,
            Capped = LifetimeTotals.Saturated(wallet.Lifetime.Capped, earned.Computed - earned.Issued),
        },
    };

    private static CapBuckets Count(WalletState wallet, PointsEarned earned)
    {
        var caps = Tiering.WithoutApproved(earned.Caps, Tiering.CountOnceApproved(earned));
        return caps.IsEmpty ? wallet.CapBuckets : wallet.CapBuckets.Count(earned.Activity, caps, earned.Issued, wallet.LastAt.InUtc().Date);
    }

    private static UndecidedAward UndecidedOf(PointsEarned earned, LotSlice lot)
    {
        var forTiers = Tiering.CountOnceApproved(earned);
        var restoring = Reversing.Restoring(Tiering.WithoutApproved(earned.Caps, forTiers));
        return new(earned.Activity, lot.EarnedAt, lot.ExpiresAt, earned.ActiveAt, [.. restoring], earned.Signals, forTiers, lot.Warnings, lot.Idle);
    }

    // What is cut for want of room was never paid, by rules or campaigns; what a fund gets was.
    private static Points CutAt(Programme programme, WalletState wallet, in Arrival arrival) => programme.Holding is { Fund: null } holding
        ? Overflow.MostOf(holding, wallet, isActive: arrival is { ActiveAt: null, Approval: null })
        : Points.Max;

    private static Arrival Arrive(
        PublishedProgrammes programmes, Programme programme, ActivityRule rule, WalletState wallet, CommandEnvelope envelope, EarnPoints command, long enteredBefore)
    {
        var occurred = programme.DateOf(command.OccurredAt);
        var found = Checking.Of(programmes, rule, wallet, envelope, command, occurred, enteredBefore);
        return new(
            occurred,
            Activating.ActiveAt(programme, rule.Pending, occurred, envelope.At),
            found,
            Approving.Of(programme, rule, envelope, command, found.Signals));
    }

    private static WalletState Receive(WalletState wallet, PointsEarned earned) => earned switch
    {
        { Approval: not null } => wallet,
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
        in Arrival arrival,
        TierLevel? tier,
        Evaluation evaluation,
        Awarding award)
    {
        var programme = published.Programme;
        var (occurred, activeAt, (served, maker, signals), _) = arrival;
        var approval = award.Credited.IsPositive ? arrival.Approval : null;

        // What is not yet active or approved repays nothing yet.
        var isActive = activeAt is null && approval is null;
        var repaid = isActive ? Points.Min(wallet.Debt, award.Credited) : Points.Zero;
        var overflow = Overflow.Of(programme.Holding, wallet, award.Credited, isActive);
        var credited = award.Credited - (overflow?.Points ?? Points.Zero);
        var counted = rule.Pending?.FirstDate(occurred) ?? occurred;
        var arrives = approval?.DueAt ?? envelope.At;
        var expiry = rule.Expiry ?? programme.Expiry;
        var lastDate = LastDate(programme, expiry, envelope.Historic, counted, programme.DateOf(arrives));
        var expiresAt = programme.EndOf(programme.WithNotice(lastDate, Instant.Max(arrives, activeAt ?? arrives)));
        var lot = credited > repaid
            ? new LotSlice(
                new LotId(wallet.Sequence + 1),
                credited - repaid,
                command.OccurredAt,
                expiresAt,
                expiresAt is null ? null : programme.Warnings,
                expiry as ExpiryPolicy.Inactivity)
            : null as LotSlice?;
        var reason = evaluation.Grants is null && command.Details is null && tier is null
            ? null
            : new AwardReason(evaluation.Grants, command.Details, award.Runs, tier?.Id);
        return new(
            command.Activity,
            command.Quantity,
            command.OccurredAt,
            published.Version,
            evaluation.Computed,
            credited,
            repaid,
            lot,
            Tiering.OfCredited(award.Caps, credited, overflow),
            reason,
            lot is null ? null : activeAt,
            award.Draws,
            command.Entry,
            lot is null ? null : approval,
            served,
            signals.IsEmpty ? null : signals,
            envelope.Note?.Digest(),
            overflow,
            maker);
    }

    /// <summary>When an award counts and what checks found, whatever it comes to.</summary>
    /// <param name="Occurred">The local date of the activity.</param>
    /// <param name="ActiveAt">When points become active; null for at once.</param>
    /// <param name="Found">What checks made of it.</param>
    /// <param name="Approval">What points wait for; null where they count at once.</param>
    private readonly record struct Arrival(LocalDate Occurred, Instant? ActiveAt, Checked Found, AwaitedApproval? Approval);

    private static LocalDate? LastDate(Programme programme, ExpiryPolicy expiry, bool historic, LocalDate counted, LocalDate arrives)
    {
        if (expiry is ExpiryPolicy.Inactivity)
        {
            // Whoever brings a late activity acts today.
            return expiry.LastDate(LocalDate.Max(counted, arrives));
        }

        var last = expiry.LastDate(counted);
        if (historic || last is not { } date || counted >= arrives)
        {
            return last;
        }

        // Points of a late event, or of one that is approved late, must not arrive dead, but get no more than if the activity were of that day.
        var least = arrives.PlusDays(programme.Lateness.ValidityDaysMin);
        return LocalDate.Max(date, expiry.LastDate(arrives) is { } fresh ? LocalDate.Min(fresh, least) : least);
    }
}
