namespace Ledger.Budgets;

/// <summary>What an award drew from the budget of a campaign, stored with it.</summary>
/// <param name="Campaign">The campaign, for example <c>campaign/spring</c>.</param>
/// <param name="Points">What the resident got from it, and so what the budget gave; zero when nothing was left, or caps left nothing.</param>
/// <param name="Offered">What the campaign's own limits left, where the budget cut that; null where it did not.</param>
/// <param name="AtHand">What the budget could give, where it cut; null where it did not. Caps may have cut further.</param>
public sealed record BudgetDraw(string Campaign, Points Points, Points? Offered = null, Points? AtHand = null);

/// <summary>What a campaign with a budget offers in a decision: the most that the award may draw. Not stored.</summary>
/// <param name="Campaign">The campaign, for example <c>campaign/spring</c>.</param>
/// <param name="Budget">Its budget in the version that decides.</param>
/// <param name="Points">More than zero.</param>
public sealed record BudgetOffer(string Campaign, Budget Budget, Points Points);
