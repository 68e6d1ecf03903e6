using NodaTime;

namespace Ledger.Grains.Importing;

/// <summary>What a row of an import does.</summary>
public enum ImportRowType
{
    /// <summary>An activity that earns.</summary>
    Earn,

    /// <summary>Points spent.</summary>
    Spend,

    /// <summary>An earlier row taken back, wholly or in part.</summary>
    Reverse,
}

/// <summary>A valid row of an import.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Id">Its event id.</param>
/// <param name="Resident">Whose wallet.</param>
/// <param name="Type">What it does.</param>
/// <param name="Points">1 to 2^53−1; null only where a reverse takes back all that is left.</param>
/// <param name="At">When it occurred.</param>
/// <param name="Of">The event id that a reverse takes back; null for others.</param>
/// <param name="Activity">The type of activity, or for a spend the merchant.</param>
public readonly record struct ImportRow(
    long Line, string Id, ResidentId Resident, ImportRowType Type, Points? Points, Instant At, string? Of, ActivityType Activity);

/// <summary>A row that is not imported.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Reason">Why, in words that follow "line 12".</param>
public readonly record struct BadRow(long Line, string Reason);
