using System.Text.Json.Serialization;

namespace Ledger.Transactions;

/// <summary>Whose transactions: one sequence in the journal, one decider.</summary>
/// <param name="Community">The tenant.</param>
/// <param name="Name">The stream within it, for example <c>resident/r-1029</c>.</param>
public readonly record struct StreamId(CommunityId Community, string Name)
{
    private const string ResidentPrefix = "resident/";
    private const string ReferencePrefix = "reference/";
    private const string SettlementPrefix = "settlement/";
    private const string StockPrefix = "stock/";
    private const string HouseholdPrefix = "household/";

    /// <summary>The stream of a resident's wallet.</summary>
    public static StreamId Of(CommunityId community, ResidentId resident) => new(community, ResidentPrefix + resident.Value);

    /// <summary>The stream of a reference that was voided before any hold came with it.</summary>
    public static StreamId OfReference(CommunityId community, MerchantReference reference) =>
        new(community, $"{ReferencePrefix}{reference.Merchant}/{reference.Id}");

    /// <summary>The stream of a merchant's statements.</summary>
    public static StreamId OfSettlement(CommunityId community, MerchantId merchant) => new(community, SettlementPrefix + merchant.Value);

    /// <summary>The merchant whose statements these are; null for another kind of stream.</summary>
    [JsonIgnore]
    public MerchantId? Settlement => After(SettlementPrefix) is { } merchant ? new(merchant) : null;

    /// <summary>The stream of a reward's stock.</summary>
    public static StreamId OfStock(CommunityId community, RewardId reward) => new(community, StockPrefix + reward.Value);

    /// <summary>The reward whose stock this is; null for another kind of stream.</summary>
    [JsonIgnore]
    public RewardId? Stock => After(StockPrefix) is { } reward ? new(reward) : null;

    /// <summary>The stream of a household.</summary>
    public static StreamId OfHousehold(CommunityId community, HouseholdId household) => new(community, HouseholdPrefix + household.Value);

    /// <summary>The household whose stream this is; null for another kind of stream.</summary>
    [JsonIgnore]
    public HouseholdId? Household => After(HouseholdPrefix) is { } household ? new(household) : null;

    /// <summary>The reference whose stream this is; null for another kind of stream.</summary>
    [JsonIgnore]
    public MerchantReference? Reference => After(ReferencePrefix)?.Split('/') is [var merchant, var id] ? new(new(merchant), id) : null;

    /// <summary>The resident whose wallet this is; null for another kind of stream.</summary>
    [JsonIgnore]
    public ResidentId? Resident => After(ResidentPrefix) is { } resident ? new(resident) : null;

    private string? After(string prefix) => Name.StartsWith(prefix, StringComparison.Ordinal) ? Name[prefix.Length..] : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Community.Value}/{Name}";
}
