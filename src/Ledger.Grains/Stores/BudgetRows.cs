using System.Data.Common;
using Ledger.Budgets;

namespace Ledger.Grains.Stores;

/// <summary>A budget with one of its open leases, as stored.</summary>
/// <param name="Campaign">Whose budget.</param>
/// <param name="Ended">What ended leases drew.</param>
/// <param name="Lease">The lease; null when none is open.</param>
internal readonly record struct BudgetRow(string Campaign, BudgetAmount Ended, BudgetLease? Lease);

/// <summary>Reads the books of budgets; the same in every store.</summary>
internal static class BudgetRows
{
    /// <summary>The budgets of the community <c>$1</c>.</summary>
    public const string Select =
        """
        SELECT b.campaign, b.ended_points, b.ended_awards, l.lease, l.granted_points, l.granted_awards, l.used_points, l.used_awards
        FROM budget b LEFT JOIN budget_lease l ON l.community = b.community AND l.campaign = b.campaign
        WHERE b.community = $1
        """;

    public static BudgetRow Read(DbDataReader row) => new(
        row.GetString(0),
        new(row.GetInt64(1), row.GetInt64(2)),
        row.IsDBNull(3) ? null : new(row.GetInt64(3), new(row.GetInt64(4), row.GetInt64(5)), new(row.GetInt64(6), row.GetInt64(7))));

    public static Dictionary<string, BudgetBook> ToBooks(IEnumerable<BudgetRow> rows) => rows
        .GroupBy(row => (row.Campaign, row.Ended))
        .ToDictionary(
            budget => budget.Key.Campaign,
            budget => new BudgetBook(budget.Key.Ended, [.. budget.Select(row => row.Lease).OfType<BudgetLease>()]));
}
