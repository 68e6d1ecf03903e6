using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>An activity took place: award what the programme grants for it.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it, in the unit of the rule (minutes, cents, attendances); 1 to 2^53−1.</param>
/// <param name="OccurredAt">When it took place; decides version, period and expiry.</param>
public sealed record EarnPoints(ActivityType Activity, long Quantity, Instant OccurredAt) : WalletCommand;

/// <summary>Points were awarded for an activity.</summary>
/// <param name="Activity">Its type.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="OccurredAt">When it took place.</param>
/// <param name="ProgrammeVersion">The version that was in force then; later changes never touch this award.</param>
/// <param name="Computed">What the formula gave, before caps.</param>
/// <param name="Credited">What was awarded, after caps; may be zero.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="Lot">The rest, as a lot; null when nothing is left.</param>
/// <param name="Caps">What each cap of the rule saw.</param>
public sealed record PointsEarned(
    ActivityType Activity,
    long Quantity,
    Instant OccurredAt,
    int ProgrammeVersion,
    Points Computed,
    Points Credited,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    LotSlice? Lot,
    ImmutableArray<CountedCap> Caps) : WalletEvent;

/// <summary>What a cap saw when an award was made.</summary>
/// <param name="Per">The period's kind.</param>
/// <param name="Start">The period's first local date.</param>
/// <param name="Limit">The most points in the period.</param>
/// <param name="Used">Points counted before this award.</param>
/// <param name="OnReversal">Whether a reversal gives room back.</param>
/// <param name="KeepThrough">The last date (UTC) on which an event may still ask for the period.</param>
public sealed record CountedCap(CapPeriod Per, LocalDate Start, Points Limit, Points Used, CapReversal OnReversal, LocalDate KeepThrough)
{
    /// <summary>Points that were still free before this award.</summary>
    [JsonIgnore]
    public Points Free => Limit > Used ? Limit - Used : Points.Zero;
}

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

        var caps = Caps(programmes, published.Programme, rule, wallet, command);
        if (caps.Any(cap => wallet.CapBuckets.IsForgotten(new(command.Activity, cap.Per, cap.Start))))
        {
            return Forgotten(wallet.CapBuckets, envelope, command);
        }

        if (rule.Formula.Compute(command.Quantity) is not { } computed)
        {
            return new Refusal.AwardTooLarge(command.Activity, command.Quantity, Points.Max);
        }

        var earned = Award(published, rule, wallet, envelope, command, computed, caps);
        if (Unholdable(wallet, earned.Credited) is { } limit)
        {
            return limit;
        }

        return Verdict.Accept([earned, .. Reversing.OfWaiting(published, wallet, envelope, earned)], published.Version);
    }

    public static WalletState Evolve(WalletState wallet, PointsEarned earned) => wallet with
    {
        Lots = earned.Lot is { } lot ? wallet.Lots.Add(new Lot(lot.Lot, lot.EarnedAt, lot.ExpiresAt, lot.Points)) : wallet.Lots,
        Debt = wallet.Debt - earned.DebtRepaid,
        CapBuckets = earned.Caps.IsEmpty
            ? wallet.CapBuckets
            : wallet.CapBuckets.Count(earned.Activity, earned.Caps, earned.Credited, wallet.LastAt.InUtc().Date),
        Lifetime = wallet.Lifetime with
        {
            Earned = wallet.Lifetime.Earned + earned.Credited,
            Capped = LifetimeTotals.Saturated(wallet.Lifetime.Capped, earned.Computed - earned.Credited),
        },
    };

    private static Refusal? Unholdable(WalletState wallet, Points credited) => wallet.Available + credited > Points.Max
        ? new Refusal.BalanceLimit(wallet.Available, credited, Points.Max)
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
        Points computed,
        ImmutableArray<CountedCap> caps)
    {
        var programme = published.Programme;
        var credited = computed;
        foreach (var cap in caps)
        {
            credited = Points.Min(credited, cap.Free);
        }

        var repaid = Points.Min(wallet.Debt, credited);
        var expiresAt = programme.EndOf(LastDate(programme, rule.Expiry ?? programme.Expiry, envelope, command.OccurredAt));
        var lot = credited > repaid
            ? new LotSlice(new LotId(wallet.Sequence + 1), credited - repaid, command.OccurredAt, expiresAt)
            : null as LotSlice?;
        return new(
            command.Activity, command.Quantity, command.OccurredAt, published.Version, computed, credited, repaid, lot, caps);
    }

    private static ImmutableArray<CountedCap> Caps(
        PublishedProgrammes programmes, Programme programme, ActivityRule rule, WalletState wallet, EarnPoints command)
    {
        if (rule.Caps.IsEmpty)
        {
            return [];
        }

        var date = programme.DateOf(command.OccurredAt);
        var counted = ImmutableArray.CreateBuilder<CountedCap>(rule.Caps.Length);
        foreach (var cap in rule.Caps)
        {
            var start = cap.Per.StartOf(date);
            var used = wallet.CapBuckets.Used(new CapBucketKey(command.Activity, cap.Per, start));
            // Two days more than the bound: local dates may be a day ahead of UTC, and an event may count as late all of its last day.
            // The bound is the largest of all versions: which one an event is held to depends on when it arrives.
            var keepThrough = cap.Per.LastDateOf(start).PlusDays(programmes.LargestDaysMax + 2);
            counted.Add(new(cap.Per, start, cap.Limit, used, cap.OnReversal, keepThrough));
        }

        return counted.MoveToImmutable();
    }

    private static LocalDate? LastDate(Programme programme, ExpiryPolicy expiry, CommandEnvelope envelope, Instant occurredAt)
    {
        var occurred = programme.DateOf(occurredAt);
        var last = expiry.LastDate(occurred);
        var today = programme.DateOf(envelope.At);
        if (envelope.Historic || last is not { } date || occurred >= today)
        {
            return last;
        }

        // Points of a late event must not arrive dead, but get no more than if the activity were today's.
        var least = today.PlusDays(programme.Lateness.ValidityDaysMin);
        return LocalDate.Max(date, expiry.LastDate(today) is { } fresh ? LocalDate.Min(fresh, least) : least);
    }
}
