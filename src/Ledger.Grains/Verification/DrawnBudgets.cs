using Ledger.Budgets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Verification;

/// <summary>What the awards of a journal drew from budgets, added up to compare with what the budgets counted.</summary>
internal sealed class DrawnBudgets
{
    private readonly Dictionary<string, BudgetAmount> _drawn = new(StringComparer.Ordinal);

    public void Add(Transaction transaction)
    {
        foreach (var happened in transaction.Events)
        {
            foreach (var draw in (happened as PointsEarned)?.Budgets ?? [])
            {
                _drawn[draw.Campaign] = _drawn.GetValueOrDefault(draw.Campaign) + BudgetAmount.Of(draw.Points);
            }
        }
    }

    public void Check(IReadOnlyDictionary<string, BudgetBook> kept, Findings findings)
    {
        foreach (var campaign in _drawn.Keys.Union(kept.Keys).Order(StringComparer.Ordinal))
        {
            var (drawn, used) = (_drawn.GetValueOrDefault(campaign), kept.GetValueOrDefault(campaign, BudgetBook.Empty).Used);
            if (drawn != used)
            {
                findings.Add(
                    VerificationCheck.Budgets,
                    null,
                    null,
                    $"the budget of {campaign} counts {used.Points} points in {used.Awards} awards, its awards drew {drawn.Points} in {drawn.Awards}");
            }
        }
    }
}
