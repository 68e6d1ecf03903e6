using Ledger.Api.Json;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Api.Mall;

/// <summary>A redemption and where it stands.</summary>
public sealed record RedemptionView
{
    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Who redeemed.</summary>
    public required string Resident { get; init; }

    /// <summary>Whom it is for, where it is somebody else.</summary>
    public string? For { get; init; }

    /// <summary>The reward.</summary>
    public required string Reward { get; init; }

    /// <summary>The revision of the reward that counted.</summary>
    public required int Revision { get; init; }

    /// <summary>How many.</summary>
    public required int Quantity { get; init; }

    /// <summary>Who hands it over.</summary>
    public required string Merchant { get; init; }

    /// <summary>What all of them cost.</summary>
    public required PriceView Price { get; init; }

    /// <summary><c>pick_up</c>, <c>appointment</c> or <c>delivery</c>.</summary>
    public required string Handover { get; init; }

    /// <summary>
    /// <c>awaits_payment</c>, <c>placed</c>, <c>ready</c>, <c>booked</c>; and the ends <c>picked_up</c>, <c>delivered</c>, <c>no_show</c>,
    /// <c>cancelled</c>, <c>timed_out</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>When it was redeemed.</summary>
    public required Instant At { get; init; }

    /// <summary>Since when it stands there.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>The client that brought it there; absent for the redeeming itself and for time.</summary>
    public string? By { get; init; }

    /// <summary>The appointment; absent for none.</summary>
    public Instant? Slot { get; init; }

    /// <summary>What the resident shows at the counter; absent where nothing is picked up any more, and for merchants.</summary>
    public string? Code { get; init; }

    /// <summary>The number of the transaction in the resident's wallet.</summary>
    public required long Transaction { get; init; }

    /// <param name="resident">Who redeemed.</param>
    /// <param name="redemption">The redemption.</param>
    /// <param name="withCode">May the caller see the code? A merchant compares it, and must not know it before.</param>
    internal static RedemptionView Of(ResidentId resident, Redemption redemption, bool withCode) => new()
    {
        Id = redemption.Id.Value,
        Resident = resident.Value,
        For = redemption.Made.For?.Value,
        Reward = redemption.Made.Reward.Value,
        Revision = redemption.Made.Revision,
        Quantity = redemption.Made.Quantity,
        Merchant = redemption.Made.Merchant.Value,
        Price = PriceView.Of(redemption.Made.Price),
        Handover = EnumWords.Of(redemption.Made.Handover),
        Status = EnumWords.Of(redemption.Status),
        At = redemption.At,
        ChangedAt = redemption.ChangedAt,
        By = redemption.By,
        Slot = redemption.Slot,
        Code = withCode && redemption.IsOpen ? redemption.Made.Code : null,
        Transaction = redemption.Sequence,
    };
}

/// <summary>Redemptions.</summary>
/// <param name="Data">Oldest first.</param>
public sealed record RedemptionList(IReadOnlyList<RedemptionView> Data);
