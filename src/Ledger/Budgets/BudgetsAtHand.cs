using System.Collections.Immutable;

namespace Ledger.Budgets;

/// <summary>The points that one decision may draw, by campaign. A campaign that is not named is not held to its budget. Immutable.</summary>
/// <remarks>
/// What a decision draws is known only when it is made. So whoever keeps budgets decides first with <see cref="NotHeld"/>, sets aside what the
/// campaigns offered, and decides again where that was not to be had.
/// </remarks>
public sealed class BudgetsAtHand
{
    private readonly ImmutableDictionary<string, Points> _points;

    private BudgetsAtHand(ImmutableDictionary<string, Points> points) => _points = points;

    /// <summary>No campaign is held to its budget.</summary>
    public static BudgetsAtHand NotHeld { get; } = new(ImmutableDictionary<string, Points>.Empty);

    /// <summary>With a campaign held to so many points.</summary>
    public BudgetsAtHand With(string campaign, Points points) => new(_points.SetItem(campaign, points));

    /// <summary>Is this campaign held?</summary>
    public bool Names(string campaign) => _points.ContainsKey(campaign);

    /// <summary>What a campaign may give of so many points.</summary>
    public Points Of(string campaign, Points offered) => _points.TryGetValue(campaign, out var atHand) ? Points.Min(offered, atHand) : offered;
}
