using Ledger.Households;
using NodaTime;

namespace Ledger.Api.Households;

/// <summary>A household and who belongs to it.</summary>
/// <param name="Household">Which.</param>
/// <param name="Members">Who belongs to it, longest first.</param>
/// <param name="UnderWay">How many spends, refunds and changes of members are not finished.</param>
public sealed record HouseholdView(string Household, IReadOnlyList<HouseholdMemberView> Members, int UnderWay);

/// <summary>A member of a household.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Since">Since when.</param>
/// <param name="CouldGive">Points that another member could spend of this one's now: what the consent leaves, and the wallet has.</param>
public sealed record HouseholdMemberView(string Resident, Instant Since, long CouldGive);

/// <summary>Whether a resident belongs to a household.</summary>
/// <param name="Household">Which.</param>
/// <param name="Resident">Who.</param>
/// <param name="Member">Does the resident belong to it?</param>
public sealed record MemberView(string Household, string Resident, bool Member);

/// <summary>A pooled spend and what became of it. Unit: points.</summary>
public sealed record PooledSpendView
{
    /// <summary>The household.</summary>
    public required string Household { get; init; }

    /// <summary>Its number: a transaction of the household.</summary>
    public required long Spend { get; init; }

    /// <summary><c>under_way</c>, <c>captured</c> (every share was taken), <c>refunded</c> (all of it), or <c>given_back</c> (no share was kept).</summary>
    public required string Status { get; init; }

    /// <summary>The merchant.</summary>
    public required string Merchant { get; init; }

    /// <summary>The merchant's own name for the sale.</summary>
    public required string Reference { get; init; }

    /// <summary>Who bought.</summary>
    public required string Resident { get; init; }

    /// <summary>How many points.</summary>
    public required long Points { get; init; }

    /// <summary>Points that came back, or are coming back.</summary>
    public required long Refunded { get; init; }

    /// <summary>Who paid how much.</summary>
    public required IReadOnlyList<PoolShareView> Shares { get; init; }

    /// <summary>The refund that was asked for; absent where none was.</summary>
    public PooledRefundView? Refund { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant At { get; init; }

    /// <summary>When every share was taken, or had gone back; absent while it is under way.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>The till.</summary>
    public string? Terminal { get; init; }

    /// <summary>Who served.</summary>
    public string? Cashier { get; init; }

    internal static PooledSpendView Of(HouseholdId household, PooledSpend spend)
    {
        var opened = spend.Opened;
        var back = PoolParts.Back(opened.Shares, Ledger.Points.Zero, spend.Refunded).ToDictionary(part => part.Resident, part => part.Points.Value);
        return new()
        {
            Household = household.Value,
            Spend = spend.Sequence,
            Status = StatusOf(spend),
            Merchant = opened.Reference.Merchant.Value,
            Reference = opened.Reference.Id,
            Resident = opened.Buyer.Value,
            Points = opened.Points.Value,
            Refunded = spend.Refunded.Value,
            Shares = [.. opened.Shares.Select(share => new PoolShareView(share.Resident.Value, share.Points.Value, back.GetValueOrDefault(share.Resident)))],
            At = spend.At,
            EndedAt = spend.EndedAt,
            Terminal = opened.Terminal,
            Cashier = opened.Cashier,
        };
    }

    private static string StatusOf(PooledSpend spend) => spend.Taken switch
    {
        null => "under_way",
        false => "given_back",
        true => spend.Left.IsPositive ? "captured" : "refunded",
    };
}

/// <summary>A refund of a pooled spend. Unit: points.</summary>
/// <param name="Refund">Its number: a transaction of the household.</param>
/// <param name="Points">How many points it gave back.</param>
public sealed record PooledRefundView(long Refund, long Points);

/// <summary>A member's share of a pooled spend. Unit: points.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Points">How many points of the spend.</param>
/// <param name="Refunded">How many of them came back, or are coming back.</param>
public sealed record PoolShareView(string Resident, long Points, long Refunded);
