using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>When points of a lot stop being usable, in local dates. A closed set.</summary>
public abstract record ExpiryPolicy
{
    private protected ExpiryPolicy()
    {
    }

    /// <summary>The last year of our calendar. It leaves room for every expiry and grace before the year 9999, where dates end.</summary>
    public const int LastYear = 9900;

    /// <summary>The points never expire.</summary>
    public sealed record Never : ExpiryPolicy
    {
        /// <summary>The only one.</summary>
        public static readonly Never Instance = new();
    }

    /// <summary>So many months after the date earned, clamped to the month's end, then rounded up.</summary>
    /// <param name="Months">1 to 600.</param>
    /// <param name="RoundUp">To the end of which period. Default: none.</param>
    public sealed record Rolling(int Months, RoundUp RoundUp) : ExpiryPolicy;

    /// <summary>On one calendar date, whenever they were earned; points earned after it are usable on the day they are earned.</summary>
    /// <param name="Date">The last date on which they are usable.</param>
    public sealed record OnDate(LocalDate Date) : ExpiryPolicy;

    /// <summary>On one day of every year, but not before a number of months has passed.</summary>
    /// <param name="Month">1 to 12.</param>
    /// <param name="Day">1 to 31; clamped to the month's end.</param>
    /// <param name="MonthsMin">Months that points are usable at least; 0 to 120.</param>
    public sealed record Yearly(int Month, int Day, int MonthsMin) : ExpiryPolicy;

    /// <summary>So many months after the resident last did something that counts, or after the points came in where that is later.</summary>
    /// <param name="Months">1 to 600.</param>
    /// <param name="Counts">What counts: at least one, in the order of <see cref="ResidentAct"/>, none twice.</param>
    public sealed record Inactivity(int Months, ImmutableArray<ResidentAct> Counts) : ExpiryPolicy
    {
        /// <summary>What counts where a programme does not say: all that a resident does.</summary>
        public static ImmutableArray<ResidentAct> DefaultCounts { get; } = [ResidentAct.Earned, ResidentAct.Spent];

        /// <inheritdoc/>
        public bool Equals(Inactivity? other) => other is not null && Months == other.Months && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Months, Counts.Length);
    }

    /// <summary>The last local date on which points earned on a date are usable; null for never.</summary>
    public LocalDate? LastDate(LocalDate earned) => this switch
    {
        Never => null,
        OnDate fixedDate => LocalDate.Max(fixedDate.Date, earned),
        Yearly when earned.Year >= LastYear => null,
        Yearly yearly => Next(yearly, earned.PlusMonths(yearly.MonthsMin)),
        Rolling or Inactivity when earned.Year >= LastYear => null,
        Rolling rolling => Up(earned.PlusMonths(rolling.Months), rolling.RoundUp),
        Inactivity idle => earned.PlusMonths(idle.Months),
        _ => throw new UnreachableException($"Expiry {GetType().Name} has no case."),
    };

    /// <summary>Do points always end before so many days have passed, whenever in a year they are earned? What ends on a date of its own does not.</summary>
    internal bool EndsWithin(int days)
    {
        var first = new LocalDate(2024, 1, 1);
        return this is Rolling or Inactivity
            && Enumerable.Range(0, 366).Select(first.PlusDays).All(earned => LastDate(earned) is { } last && Period.DaysBetween(earned, last) < days);
    }

    private static LocalDate Next(Yearly yearly, LocalDate earliest)
    {
        var date = In(earliest.Year);
        return date >= earliest ? date : In(earliest.Year + 1);

        LocalDate In(int year) => new(year, yearly.Month, Math.Min(yearly.Day, CalendarSystem.Iso.GetDaysInMonth(year, yearly.Month)));
    }

    private static LocalDate Up(LocalDate date, RoundUp to) => to switch
    {
        RoundUp.None => date,
        RoundUp.Month => EndOfMonth(date.Year, date.Month),
        RoundUp.Quarter => EndOfMonth(date.Year, (((date.Month - 1) / 3) + 1) * 3),
        RoundUp.Year => new LocalDate(date.Year, 12, 31),
        _ => throw new UnreachableException($"Round-up {to} has no case."),
    };

    private static LocalDate EndOfMonth(int year, int month) =>
        new(year, month, CalendarSystem.Iso.GetDaysInMonth(year, month));
}

/// <summary>What a resident does. What others do for them never shows that they are still there: adjustments, corrections, approvals, refunds, reversals.</summary>
public enum ResidentAct
{
    /// <summary>An activity was awarded, also where a cap left nothing of it.</summary>
    Earned,

    /// <summary>Points were spent, or set aside for a merchant.</summary>
    Spent,
}

/// <summary>To which period's end a date is moved.</summary>
public enum RoundUp
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>The last day of its month.</summary>
    Month,

    /// <summary>The last day of its calendar quarter.</summary>
    Quarter,

    /// <summary>31 December.</summary>
    Year,
}
