using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>A warning that is to come. One for all lots that expire together. Ordered by when it falls due.</summary>
/// <param name="ExpiresAt">When they expire.</param>
/// <param name="DaysBefore">How many days of 24 hours before.</param>
/// <param name="Required">Do they stay until it was given?</param>
public readonly record struct ScheduledWarning(
    Instant ExpiresAt, int DaysBefore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Required = false)
    : IComparable<ScheduledWarning>
{
    /// <summary>When it falls due.</summary>
    [JsonIgnore]
    public Instant At => ExpiresAt - Duration.FromDays(DaysBefore);

    /// <inheritdoc/>
    public int CompareTo(ScheduledWarning other)
    {
        var byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : DaysBefore.CompareTo(other.DaysBefore);
    }
}

/// <summary>The warnings that a wallet's lots will bring, so that nobody looks through lots for them. Immutable.</summary>
/// <param name="Ahead">What is to come: until it was given, its time passed with nothing to warn of, or its date has no points any more.</param>
/// <param name="Given">
/// Required warnings that were given for dates ahead, so that points which come back need no second one; null for none. What else was
/// given need not be remembered: a lot brings only warnings that still lie ahead.
/// </param>
public sealed record WarningSchedule(ImmutableSortedSet<ScheduledWarning> Ahead, ImmutableSortedSet<ScheduledWarning>? Given = null)
{
    /// <summary>Nothing to come.</summary>
    public static WarningSchedule Empty { get; } = new([]);

    /// <summary>When the next one falls due; null for never.</summary>
    [JsonIgnore]
    public Instant? NextDue => Ahead.IsEmpty ? null : Ahead.Min.At;

    /// <summary>Was a required warning given for a date, at least so many days before?</summary>
    internal bool IsGiven(Instant expiresAt, int daysMin = 0) =>
        Given?.Any(warning => warning.ExpiresAt == expiresAt && warning.DaysBefore >= daysMin) == true;

    /// <summary>Must a lot that expires wait for a warning first?</summary>
    internal bool Awaits(Lot lot) => lot is { ExpiresAt: { } end, Warnings: { NoWarningNoExpiry: true } warnings }
        && Ahead.TryGetValue(new(end, warnings.NoticeDays), out var warning) && warning.Required;

    /// <summary>With the warnings of a lot that still lie ahead, and the required one even when it is overdue.</summary>
    internal WarningSchedule With(Instant expiresAt, ExpiryWarnings warnings, Instant now)
    {
        var ahead = Ahead;
        foreach (var days in warnings.DaysBefore)
        {
            // A warning that was given told nothing of points that come only now: while there is time it is given again.
            var warning = new ScheduledWarning(expiresAt, days);
            var required = warnings.NoWarningNoExpiry && days == warnings.NoticeDays && (warning.At > now || !IsGiven(expiresAt, days));
            if (required || warning.At > now)
            {
                warning = warning with { Required = required };
                // Lots of one date may come from programmes that differ in this: then the date waits.
                ahead = required ? ahead.Remove(warning).Add(warning) : ahead.Add(warning);
            }
        }

        return this with { Ahead = ahead };
    }

    /// <summary>
    /// Without a warning that was given, and without those of its date that came too late; but points that were put off to a date do not give
    /// the earlier warning that others of that date must have.
    /// </summary>
    internal WarningSchedule After(ExpiryWarned warned)
    {
        var after = this;
        foreach (var warning in Ahead)
        {
            if (warning.At > warned.ExpiresAt - Duration.FromDays(warned.DaysBefore))
            {
                break;
            }

            var isOfDate = warning.ExpiresAt == warned.ExpiresAt && !(warning.Required && warning.DaysBefore > warned.DaysBefore);
            if (warning.DaysBefore >= warned.DaysBefore && (isOfDate || warning.ExpiresAt == warned.PutOffFrom))
            {
                after = new(after.Ahead.Remove(warning), warning.Required ? (after.Given ?? []).Add(new(warned.ExpiresAt, warned.DaysBefore)) : after.Given);
            }
        }

        return after;
    }

    /// <summary>After points left some dates: what is still to come there is what the lots that stay ask for.</summary>
    /// <param name="dates">The dates.</param>
    /// <param name="lots">The lots without those that left.</param>
    internal WarningSchedule Left(IReadOnlySet<Instant?> dates, Lots lots)
    {
        var ahead = Ahead;
        foreach (var warning in Ahead.Where(warning => dates.Contains(warning.ExpiresAt)))
        {
            var asking = lots.ExpiringAt(warning.ExpiresAt).Select(lot => lot.Warnings).OfType<ExpiryWarnings>()
                .Where(of => of.DaysBefore.Contains(warning.DaysBefore)).ToList();
            ahead = ahead.Remove(warning);
            if (asking.Count > 0)
            {
                ahead = ahead.Add(warning with { Required = warning.Required && asking.Exists(of => of.NoWarningNoExpiry && of.NoticeDays == warning.DaysBefore) });
            }
        }

        return this with { Ahead = ahead };
    }

    /// <summary>Without what nobody will ask for any more; null when nothing is left. Stops at the first warning that will come.</summary>
    internal WarningSchedule? After(Instant now, WalletState wallet)
    {
        var ahead = Ahead;
        foreach (var warning in Ahead)
        {
            var hasPoints = wallet.Lots.ExpiringAt(warning.ExpiresAt).Any();
            if (hasPoints && warning.At > now)
            {
                break;
            }

            ahead = hasPoints && warning.Required ? ahead : ahead.Remove(warning);
        }

        var given = Given;
        foreach (var warning in Given ?? [])
        {
            // Points that are held or given may come back after their date: then it counts whether it was warned of.
            given = warning.ExpiresAt <= now && !wallet.Returnable.Any(slice => slice.ExpiresAt == warning.ExpiresAt) ? given!.Remove(warning) : given;
        }

        given = given?.IsEmpty == true ? null : given;
        return ahead.IsEmpty && given is null ? null : ahead == Ahead && given == Given ? this : new(ahead, given);
    }
}
