using System.Text.Json.Serialization;
using Ledger.Wallets;

namespace Ledger.Households;

/// <summary>What somebody wants done to a household. A closed set.</summary>
/// <remarks>The JSON is its canonical form and is fingerprinted for ever.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(AddMember), "add_member.v1")]
[JsonDerivedType(typeof(RemoveMember), "remove_member.v1")]
[JsonDerivedType(typeof(SpendTogether), "spend_together.v1")]
[JsonDerivedType(typeof(RefundTogether), "refund_together.v1")]
[JsonDerivedType(typeof(TellHousehold), "tell_household.v1")]
public abstract record HouseholdCommand
{
    private protected HouseholdCommand()
    {
    }
}

/// <summary>A resident belongs to the household from now on, unless the wallet belongs to another one.</summary>
/// <param name="Resident">Who.</param>
public sealed record AddMember(ResidentId Resident) : HouseholdCommand;

/// <summary>A resident belongs to the household no longer.</summary>
/// <param name="Resident">Who.</param>
public sealed record RemoveMember(ResidentId Resident) : HouseholdCommand;

/// <summary>Spend points of several members at a merchant, all of them or none.</summary>
/// <param name="Buyer">The member who buys, and pays first.</param>
/// <param name="Reference">The merchant's own name for the sale. It stands for this spend for ever, also where it is refused.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
/// <param name="Terminal">The till; null when it is not said.</param>
/// <param name="Cashier">Who served; null when it is not said.</param>
public sealed record SpendTogether(
    ResidentId Buyer, MerchantReference Reference, Points Points, string? Terminal = null, string? Cashier = null) : HouseholdCommand;

/// <summary>Give back points of a pooled spend, all that is left or a part, to each member who paid.</summary>
/// <param name="Spend">The transaction that opened it.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is left.</param>
/// <param name="Terminal">The till; null when it is not said.</param>
/// <param name="Cashier">Who serves; null when it is not said.</param>
public sealed record RefundTogether(long Spend, Points? Points, string? Terminal = null, string? Cashier = null) : HouseholdCommand;

/// <summary>Somebody asked the wallets for what an undertaking needs of them.</summary>
/// <param name="Of">The transaction that brought it.</param>
/// <param name="In">The phase in which a pooled spend was found: whoever is late with this changes nothing. Null for others.</param>
/// <param name="Outcome">What the wallets said.</param>
/// <param name="By">Whose wallet refused; null where none did.</param>
/// <param name="Why">Why it did.</param>
public sealed record TellHousehold(long Of, SpendPhase? In, StepOutcome Outcome, ResidentId? By = null, Refusal? Why = null) : HouseholdCommand;

/// <summary>What wallets said to a step of an undertaking.</summary>
public enum StepOutcome
{
    /// <summary>All did what they were asked for.</summary>
    Done,

    /// <summary>One of them refused, for good.</summary>
    Refused,

    /// <summary>One of them could not be reached, or could not do it yet.</summary>
    Failed,
}
