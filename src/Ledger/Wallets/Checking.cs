using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What is remembered of when an activity was, for checks of later ones.</summary>
/// <param name="Date">The local date on which it ended.</param>
/// <param name="Minutes">How long it was, at most a year; zero where only the entry counts.</param>
/// <param name="KeepThrough">The last date (UTC) on which another event may still be compared with it.</param>
public readonly record struct ServedTime(
    LocalDate Date, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Minutes, LocalDate KeepThrough);

/// <summary>When a resident served, and when that was entered.</summary>
/// <param name="Of">The award's transaction.</param>
/// <param name="From">The beginning.</param>
/// <param name="Until">The end, which no longer counts; the beginning where only the entry counts.</param>
/// <param name="Date">The local date of the end.</param>
/// <param name="EnteredAt">When it was recorded.</param>
/// <param name="KeepThrough">The last date (UTC) on which another event may still be compared with it.</param>
/// <param name="Left">What was credited and not taken back: where that was all, nobody served.</param>
public sealed record ServedInterval(long Of, Instant From, Instant Until, LocalDate Date, Instant EnteredAt, LocalDate KeepThrough, Points Left)
{
    /// <summary>How long it was.</summary>
    internal long Minutes => (long)(Until - From).TotalMinutes;

    /// <summary>The time that ended at an instant.</summary>
    internal static ServedInterval Ending(long sequence, Instant until, ServedTime served, Instant enteredAt, Points credited) =>
        new(sequence, until - Duration.FromMinutes(served.Minutes), until, served.Date, enteredAt, served.KeepThrough, credited);

    /// <summary>For how long both went on, what is less than a minute counted as one; zero when they did not.</summary>
    internal long MinutesWith(ServedInterval other) =>
        Instant.Min(Until, other.Until) - Instant.Max(From, other.From) is var both && both > Duration.Zero ? Math.Max(1, (long)both.TotalMinutes) : 0;
}

/// <summary>Looks at what people entered. What is compared is bounded: times within the bound on lateness, and the last approvals.</summary>
internal static class Checking
{
    private const long MinutesMax = 366 * 24 * 60;

    private static readonly Duration s_hour = Duration.FromHours(1);

    /// <summary>What checks find in an activity, and whether its time is remembered. Imported history is not checked.</summary>
    public static (ServedTime? Served, ImmutableArray<IntegritySignal> Signals) Of(
        PublishedProgrammes programmes, ActivityRule rule, WalletState wallet, CommandEnvelope envelope, EarnPoints command, LocalDate date)
    {
        if (rule.Checks.IsEmpty || envelope.Historic)
        {
            return (null, []);
        }

        var isTime = rule.Checks.Any(check => check is IntegrityCheck.Overlap or IntegrityCheck.HoursPerDay);
        var isKept = isTime || rule.Checks.Any(check => check is IntegrityCheck.EntryRate);
        var served = new ServedTime(
            date, isTime ? Math.Min(command.Quantity, MinutesMax) : 0, Counting.KeepThrough(date, programmes.LargestDaysMax));
        var own = ServedInterval.Ending(wallet.Sequence + 1, command.OccurredAt, served, envelope.At, Points.Zero);
        var signals = ImmutableArray.CreateBuilder<IntegritySignal>();
        foreach (var check in rule.Checks)
        {
            if (Signal(check, wallet.Served, own, envelope.Resident, command.Entry) is { } signal)
            {
                signals.Add(signal with { Holds = check.Holds });
            }
        }

        return (isKept ? served : null, signals.DrainToImmutable());
    }

    /// <summary>What an approval would make of the share of one person; null where that is nothing to show.</summary>
    public static IntegritySignal.ApproverShare? ShareOf(PublishedProgrammes programmes, WalletState wallet, PointsEarned earned, string by)
    {
        var rule = programmes.Find(earned.ProgrammeVersion)?.Programme.RuleFor(earned.Activity);
        if (rule?.Checks.OfType<IntegrityCheck.ApproverShare>().FirstOrDefault() is not { } check
            || wallet.Approvers is not { } approvers || approvers.Length < check.Last - 1)
        {
            return null;
        }

        var approved = 1 + approvers.TakeLast(check.Last - 1).Count(approver => approver == by);
        return approved * 10_000 > check.Last * check.BasisPointsMax
            ? new(by, approved, check.Last, check.BasisPointsMax) { Holds = check.Holds }
            : null;
    }

    /// <summary>With the time of an award, and without those that nothing is compared with any more.</summary>
    public static ImmutableArray<ServedInterval>? Add(WalletState wallet, PointsEarned earned)
    {
        if (earned.Served is not { } served)
        {
            return wallet.ServedIntervals;
        }

        var today = wallet.LastAt.InUtc().Date;
        return wallet.Served.RemoveAll(interval => interval.KeepThrough < today)
            .Add(ServedInterval.Ending(wallet.Sequence + 1, earned.OccurredAt, served, wallet.LastAt, earned.Issued));
    }

    /// <summary>With points of an award taken back, or rejected. When none are left, its time no longer counts.</summary>
    public static ImmutableArray<ServedInterval>? TakeBack(WalletState wallet, long sequence, Points points)
    {
        foreach (var interval in wallet.Served)
        {
            if (interval.Of == sequence)
            {
                var left = interval.Left - points;
                return left.IsPositive ? wallet.Served.Replace(interval, interval with { Left = left })
                    : wallet.Served.Length == 1 ? null
                    : wallet.Served.Remove(interval);
            }
        }

        return wallet.ServedIntervals;
    }

    /// <summary>With a further approval, without the oldest when full.</summary>
    public static ImmutableArray<string> Add(ImmutableArray<string>? approvers, string by) =>
        [.. (approvers ?? []).TakeLast(IntegrityCheck.ApproverShare.LastMax - 1), by];

    private static IntegritySignal? Signal(
        IntegrityCheck check, ImmutableArray<ServedInterval> served, ServedInterval own, ResidentId resident, ActivityEntry? entry) => check switch
        {
            IntegrityCheck.Overlap => Overlap(served, own),
            IntegrityCheck.HoursPerDay hours when MinutesOn(served, own) is var minutes && minutes > hours.MinutesMax =>
                new IntegritySignal.HoursPerDay(own.Date, minutes, hours.MinutesMax),
            IntegrityCheck.EntryRate rate when EnteredInAnHour(served, own) is var entered && entered > rate.PerHourMax =>
                new IntegritySignal.EntryRate(entered, rate.PerHourMax),
            IntegrityCheck.OrganiserIsBeneficiary when entry?.Organiser == resident.Value => new IntegritySignal.OrganiserIsBeneficiary(resident.Value),
            IntegrityCheck.HoursPerDay or IntegrityCheck.EntryRate or IntegrityCheck.OrganiserIsBeneficiary or IntegrityCheck.ApproverShare => null,
            _ => throw new UnreachableException($"Check {check.GetType().Name} has no case."),
        };

    // Of several the one that overlaps most.
    private static IntegritySignal.Overlap? Overlap(ImmutableArray<ServedInterval> served, ServedInterval own) =>
        served.MaxBy(own.MinutesWith) is { } other && own.MinutesWith(other) is var minutes and > 0
            ? new(other.Of, other.From, other.Until, minutes)
            : null;

    private static long MinutesOn(ImmutableArray<ServedInterval> served, ServedInterval own) =>
        own.Minutes + served.Where(interval => interval.Date == own.Date).Sum(interval => interval.Minutes);

    private static long EnteredInAnHour(ImmutableArray<ServedInterval> served, ServedInterval own) =>
        1 + served.Count(interval => own.EnteredAt - interval.EnteredAt < s_hour);
}
