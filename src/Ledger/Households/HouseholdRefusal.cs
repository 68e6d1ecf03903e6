using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Households;

/// <summary>A household's "no", with the numbers behind it. A closed set.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "code")]
[JsonDerivedType(typeof(ReferenceTaken), "reference_reused")]
[JsonDerivedType(typeof(NotAMember), "not_a_member")]
[JsonDerivedType(typeof(BuyerRefused), "buyer_refused")]
[JsonDerivedType(typeof(Full), "household_full")]
[JsonDerivedType(typeof(Busy), "household_busy")]
[JsonDerivedType(typeof(PoolTooSmall), "pool_too_small")]
[JsonDerivedType(typeof(ShareRefused), "share_refused")]
[JsonDerivedType(typeof(NotInTime), "pool_not_in_time")]
[JsonDerivedType(typeof(TillRefused), "till_refused")]
[JsonDerivedType(typeof(NotTaken), "pooled_spend_not_captured")]
[JsonDerivedType(typeof(RefundExceeds), "pooled_refund_exceeds")]
public abstract record HouseholdRefusal
{
    private protected HouseholdRefusal()
    {
    }

    /// <summary>The stable code that clients switch on.</summary>
    [JsonIgnore]
    public string Code => Codes[GetType()];

    /// <summary>Every code by its case.</summary>
    public static IReadOnlyDictionary<Type, string> Codes { get; } = JsonCases.Of<HouseholdRefusal>();

    /// <summary>The reference stands for something else.</summary>
    /// <param name="Reference">The reference.</param>
    public sealed record ReferenceTaken(MerchantReference Reference) : HouseholdRefusal;

    /// <summary>The buyer does not belong to the household.</summary>
    /// <param name="Resident">Who.</param>
    public sealed record NotAMember(ResidentId Resident) : HouseholdRefusal;

    /// <summary>The buyer's own wallet is in the way, whoever would pay.</summary>
    /// <param name="Why">Why.</param>
    public sealed record BuyerRefused(Refusal Why) : HouseholdRefusal;

    /// <summary>The household takes no further member.</summary>
    /// <param name="MembersMax">How many it may have.</param>
    public sealed record Full(int MembersMax) : HouseholdRefusal;

    /// <summary>Too much is under way, or something else about this member is.</summary>
    /// <param name="UnderWay">How much is.</param>
    public sealed record Busy(int UnderWay) : HouseholdRefusal;

    /// <summary>The members together could not give so many points.</summary>
    /// <param name="Requested">Points that were asked for.</param>
    /// <param name="Offers">What each could give.</param>
    public sealed record PoolTooSmall(Points Requested, ImmutableArray<PoolPart> Offers) : HouseholdRefusal
    {
        /// <summary>Points that all could give together.</summary>
        [JsonIgnore]
        public Points Offered => Offers.Total();

        /// <summary>By what is in the list, as refusals are compared.</summary>
        public bool Equals(PoolTooSmall? other) => other is not null && Requested == other.Requested && Offers.AsSpan().SequenceEqual(other.Offers.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Requested, Offers.Length);
    }

    /// <summary>A member's wallet refused to hold its share, or had let go of it.</summary>
    /// <param name="Resident">Whose wallet.</param>
    /// <param name="Share">The share.</param>
    /// <param name="Why">Why.</param>
    public sealed record ShareRefused(ResidentId Resident, Points Share, Refusal Why) : HouseholdRefusal;

    /// <summary>Not every wallet held its share in time.</summary>
    /// <param name="DecideBefore">The first instant that was too late.</param>
    public sealed record NotInTime(Instant DecideBefore) : HouseholdRefusal;

    /// <summary>Nothing is done at this till.</summary>
    /// <param name="Why">Why.</param>
    public sealed record TillRefused(Refusal Why) : HouseholdRefusal;

    /// <summary>Only what was taken can come back.</summary>
    /// <param name="Spend">The spend.</param>
    public sealed record NotTaken(long Spend) : HouseholdRefusal;

    /// <summary>More would come back than was spent.</summary>
    /// <param name="Spend">The spend.</param>
    /// <param name="Spent">Its points.</param>
    /// <param name="AlreadyRefunded">Points that came back before.</param>
    /// <param name="Requested">Points asked for; null for all that is left.</param>
    public sealed record RefundExceeds(long Spend, Points Spent, Points AlreadyRefunded, Points? Requested) : HouseholdRefusal;
}
