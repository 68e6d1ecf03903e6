using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Merchants;

/// <summary>What a merchant's reference stands for. A closed set.</summary>
internal abstract record Sale
{
    private protected Sale()
    {
    }

    /// <summary>Nothing came with it yet. What is on its way may still come, unless the reference is voided.</summary>
    public sealed record Unknown : Sale;

    /// <summary>It was voided before anything came with it: nothing ever will.</summary>
    /// <param name="At">When.</param>
    public sealed record Voided(Instant At) : Sale;

    /// <summary>The hold was refused.</summary>
    /// <param name="Resident">Whose wallet refused.</param>
    /// <param name="Transaction">The refusal.</param>
    public sealed record Refused(ResidentId Resident, Transaction Transaction) : Sale;

    /// <summary>Members of a household paid together, or are about to.</summary>
    /// <param name="Household">The household.</param>
    /// <param name="Spend">What they spend.</param>
    public sealed record Pooled(HouseholdId Household, PooledSpend Spend) : Sale;

    /// <summary>A pooled spend was refused.</summary>
    /// <param name="Household">The household.</param>
    /// <param name="Transaction">Its transaction.</param>
    /// <param name="At">When.</param>
    /// <param name="Why">Why.</param>
    public sealed record PoolRefused(HouseholdId Household, long Transaction, Instant At, HouseholdRefusal Why) : Sale;

    /// <summary>A hold, with what became of it.</summary>
    /// <param name="Resident">Whose points.</param>
    /// <param name="Transaction">The hold.</param>
    /// <param name="Made">What was set aside, until when.</param>
    /// <param name="Held">What became of it.</param>
    /// <param name="IsLive">Can it still be captured? Then it has no end yet.</param>
    public sealed record Hold(ResidentId Resident, Transaction Transaction, PointsHeld Made, Thawed.Held Held, bool IsLive) : Sale;
}
