using System.Diagnostics;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>When points that were awarded become active: until then they are shown and cannot be spent. A closed set.</summary>
public abstract record PendingPolicy
{
    private protected PendingPolicy()
    {
    }

    /// <summary>So many local days after the day of the activity: time for objections.</summary>
    /// <param name="Days">1 to 366.</param>
    public sealed record ForDays(int Days) : PendingPolicy;

    /// <summary>On a local date; at once where the activity takes place on it or later.</summary>
    /// <param name="Date">The first local date on which they are active.</param>
    public sealed record UntilDate(LocalDate Date) : PendingPolicy;

    /// <summary>The first local date on which points of an activity are active; not before its own.</summary>
    public LocalDate FirstDate(LocalDate occurred) => this switch
    {
        ForDays pending => DaysAfter(occurred, pending.Days),
        UntilDate pending => LocalDate.Max(pending.Date, occurred),
        _ => throw new UnreachableException($"Pending {GetType().Name} has no case."),
    };

    /// <summary>So many days later; a date of the last year stays where it is.</summary>
    internal static LocalDate DaysAfter(LocalDate date, int days) => date.Year < ExpiryPolicy.LastYear ? date.PlusDays(days) : date;
}
