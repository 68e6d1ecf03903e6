using System.Collections.Immutable;
using Ledger.Accounts;

namespace Ledger.Settlements;

/// <summary>The double entry of settlements: what is paid leaves the merchant's account.</summary>
public static class SettlementPostings
{
    /// <summary>The postings of an event; none for all but payments.</summary>
    public static ImmutableArray<Posting> Of(MerchantId merchant, SettlementEvent happened)
    {
        var (owed, settled) = (Account.Merchant(merchant), Account.Settled(merchant));
        return happened is not StatementPaid { Net.Points: { IsZero: false } points } ? []
            : points.IsPositive ? [new(owed, settled, points, null)]
            : [new(settled, owed, -points, null)];
    }
}
