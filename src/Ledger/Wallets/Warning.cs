using NodaTime;

namespace Ledger.Wallets;

/// <summary>The resident is to be told that points will expire.</summary>
/// <param name="ExpiresAt">The first instant at which they are no longer usable.</param>
/// <param name="Points">How many expire then if nothing happens.</param>
/// <param name="DaysBefore">Which warning it is: that of so many days before.</param>
/// <param name="PutOffFrom">When they would have expired, had the warning not come late; null when it came in time.</param>
/// <param name="Fund">The fund that they go to then, as the resident chose; null for nowhere.</param>
public sealed record ExpiryWarned(Instant ExpiresAt, Points Points, int DaysBefore, Instant? PutOffFrom = null, FundId? Fund = null) : WalletEvent;

internal static class Warning
{
    /// <summary>The next warning that is due by an instant: one that a date waits for, else the latest of its date; null when none is.</summary>
    public static ExpiryWarned? NextUntil(WalletState wallet, Instant until)
    {
        if (!(wallet.Warnings?.NextDue <= until))
        {
            return null;
        }

        var due = wallet.Warnings.Ahead.TakeWhile(warning => warning.At <= until)
            .Where(warning => wallet.Lots.ExpiringAt(warning.ExpiresAt).Any()).ToList();
        if (due.Count == 0)
        {
            return null;
        }

        // First those that dates wait for, since they may put points off to a date that others then tell of.
        var next = due.FindIndex(warning => warning.Required) is >= 0 and var required
            ? due[required]
            : due.FindLast(warning => warning.ExpiresAt == due[0].ExpiresAt);
        var expiresAt = next.Required ? WithNotice(wallet.Warnings, next, until) : next.ExpiresAt;
        return expiresAt == next.ExpiresAt
            ? new(expiresAt, PointsAt(wallet, expiresAt, expiresAt), next.DaysBefore, Fund: wallet.ExpiryFund)
            : new(expiresAt, PointsAt(wallet, next.ExpiresAt, expiresAt) + PointsAt(wallet, expiresAt, expiresAt), next.DaysBefore, next.ExpiresAt, wallet.ExpiryFund);
    }

    public static WalletState Evolve(WalletState wallet, ExpiryWarned warned) => wallet with
    {
        Lots = warned.PutOffFrom is { } from ? wallet.Lots.PutOff(from, warned.ExpiresAt) : wallet.Lots,
        Warnings = wallet.Warnings?.After(warned),
    };

    // Whole days, so that points still end with a day; and no date gets a second warning of the same days.
    private static Instant WithNotice(WarningSchedule warnings, ScheduledWarning late, Instant now)
    {
        var missing = now + Duration.FromDays(late.DaysBefore) - late.ExpiresAt;
        if (missing <= Duration.Zero)
        {
            return late.ExpiresAt;
        }

        var expiresAt = late.ExpiresAt + Duration.FromDays(missing.Days + (missing.NanosecondOfDay > 0 ? 1 : 0));
        while (warnings.IsGiven(expiresAt))
        {
            expiresAt += Duration.FromDays(1);
        }

        return expiresAt;
    }

    // Whoever has open lots owes nothing, so all that becomes active or is given back until then expires with them.
    private static Points PointsAt(WalletState wallet, Instant expiresAt, Instant end)
    {
        var points = Points.Zero;
        foreach (var lot in wallet.Lots.ExpiringAt(expiresAt))
        {
            points += lot.Open;
        }

        foreach (var lot in wallet.Pending)
        {
            points += lot.ExpiresAt == expiresAt ? lot.Points : Points.Zero;
        }

        foreach (var entry in wallet.Undecided)
        {
            points += entry is { Award: { } award, Approval.SilenceApproves: true } && award.ExpiresAt == expiresAt ? entry.Points : Points.Zero;
        }

        foreach (var slice in wallet.Holds.Where(hold => hold.Until <= end).SelectMany(hold => hold.Lots))
        {
            // It goes where the rest of its lot is, and is put off with it only.
            var isAt = wallet.Lots.Find(slice.Lot) is { } rest ? rest.ExpiresAt == expiresAt : slice.ExpiresAt == expiresAt && expiresAt == end;
            points += isAt ? slice.Points : Points.Zero;
        }

        return points;
    }
}
