using Ledger.Budgets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Rules;

/// <summary>All that rules, tier and campaigns may ask: what the app told, when it was in local time, what was counted before, the tier, and what budgets have at hand.</summary>
/// <param name="Activity">The type of activity.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Details">Attributes and tags; null when none were told.</param>
/// <param name="Local">When it took place, in the programme's zone.</param>
/// <param name="Counted">What was counted before this activity.</param>
/// <param name="Budgets">What campaigns may give to it; no condition asks for it.</param>
/// <param name="Tier">The tier held when it took place; null for none.</param>
public readonly record struct ActivityFacts(
    ActivityType Activity,
    long Quantity,
    ActivityDetails? Details,
    LocalDateTime Local,
    CapBuckets Counted,
    BudgetsAtHand Budgets,
    Programmes.TierLevel? Tier = null)
{
    /// <summary>Activities of this type before this one, in the period that it lies in.</summary>
    public long ActivitiesBefore(Programmes.CapPeriod per) => ActivitiesIn(per, Programmes.CapPeriods.StartOf(per, Local.Date));

    /// <summary>Activities of this type before this one, in the period that starts on a date.</summary>
    public long ActivitiesIn(Programmes.CapPeriod per, LocalDate start) => Counted.Of(new(Activity.Value, per, start)).Activities;
}
