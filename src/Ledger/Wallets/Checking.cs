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

/// <summary>What checks made of an activity.</summary>
/// <param name="Served">Its time, where it is remembered; null where nothing asks for it.</param>
/// <param name="Maker">Who entered it, where that is counted; null where nothing asks for it.</param>
/// <param name="Signals">What they found.</param>
internal readonly record struct Checked(ServedTime? Served, string? Maker, ImmutableArray<IntegritySignal> Signals);

/// <summary>Looks at what people entered. What is compared is bounded: times within the bound on lateness, and the last approvals.</summary>
internal static class Checking
{
    private const long MinutesMax = 366 * 24 * 60;

    // More than anybody serves within a bound on lateness: only a confused app gets there, and then the oldest are not compared any more.
    private const int ServedMax = 500;

    private static readonly Duration s_hour = Duration.FromHours(1);

    /// <summary>What checks find in an activity, and what of it is remembered. Imported history is not checked.</summary>
    public static Checked Of(
        PublishedProgrammes programmes, ActivityRule rule, WalletState wallet, CommandEnvelope envelope, EarnPoints command, LocalDate date, long enteredBefore)
    {
        if (rule.Checks.IsEmpty || envelope.Historic)
        {
            return new(null, null, []);
        }

        var isTime = rule.Checks.Any(check => check is IntegrityCheck.Overlap or IntegrityCheck.HoursPerDay);
        var isKept = isTime || rule.Checks.Any(check => check is IntegrityCheck.EntryRate);
        var served = new ServedTime(
            date, isTime ? Math.Min(command.Quantity, MinutesMax) : 0, Counting.KeepThrough(date, programmes.LargestDaysMax));
        var maker = Makers.Of(rule, envelope, command);
        var own = ServedInterval.Ending(wallet.Sequence + 1, command.OccurredAt, served, envelope.At, Points.Zero);
        var signals = ImmutableArray.CreateBuilder<IntegritySignal>();
        foreach (var check in rule.Checks)
        {
            if (Signal(check, wallet.Served, own, envelope.Resident, command.Entry, (maker, enteredBefore + 1)) is { } signal)
            {
                signals.Add(signal with { Holds = check.Holds });
            }
        }

        return new(isKept ? served : null, maker, signals.DrainToImmutable());
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
        var kept = wallet.Served.RemoveAll(interval => interval.KeepThrough < today);
        return kept.RemoveRange(0, Math.Max(0, kept.Length + 1 - ServedMax))
            .Add(ServedInterval.Ending(wallet.Sequence + 1, earned.OccurredAt, served, wallet.LastAt, earned.Issued));
    }

    /// <summary>With points of awards gone in another way: what expired cannot be taken back, so a reversal of the rest is one of the whole.</summary>
    public static ImmutableArray<ServedInterval>? Expire(WalletState wallet, ImmutableArray<LotPoints> expired)
    {
        if (wallet.ServedIntervals is not { } served)
        {
            return null;
        }

        foreach (var lot in expired)
        {
            if (served.FirstOrDefault(interval => interval.Of == lot.Lot.Sequence) is { } interval)
            {
                served = served.Replace(interval, interval with { Left = interval.Left - lot.Points });
            }
        }

        return served;
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
        IntegrityCheck check,
        ImmutableArray<ServedInterval> served,
        ServedInterval own,
        ResidentId resident,
        ActivityEntry? entry,
        (string? By, long Count) entered) => check switch
        {
            IntegrityCheck.Overlap => Overlap(served, own),
            IntegrityCheck.HoursPerDay hours when MinutesOn(served, own) is var minutes && minutes > hours.MinutesMax =>
                new IntegritySignal.HoursPerDay(own.Date, minutes, hours.MinutesMax),
            IntegrityCheck.EntryRate rate when EnteredInAnHour(served, own) is var count && count > rate.PerHourMax =>
                new IntegritySignal.EntryRate(count, rate.PerHourMax),
            IntegrityCheck.MakerRate rate when entered.Count > rate.PerHourMax =>
                new IntegritySignal.MakerRate(entered.By!, entered.Count, rate.PerHourMax),
            IntegrityCheck.OrganiserIsBeneficiary when entry?.Organiser == resident.Value => new IntegritySignal.OrganiserIsBeneficiary(resident.Value),
            IntegrityCheck.HoursPerDay or IntegrityCheck.EntryRate or IntegrityCheck.MakerRate
                or IntegrityCheck.OrganiserIsBeneficiary or IntegrityCheck.ApproverShare => null,
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
