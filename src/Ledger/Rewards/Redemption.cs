using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Rewards;

/// <summary>What has become of a redeemed reward.</summary>
/// <param name="Sequence">The transaction that made it.</param>
/// <param name="At">When.</param>
/// <param name="Made">What was redeemed.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ChangedAt">Since when.</param>
/// <param name="By">The client that brought it there; null for time.</param>
/// <param name="Slot">The appointment; null for none.</param>
/// <param name="WrongCodes">How often a wrong code was shown for it.</param>
/// <param name="KeepsStock">Whether it was cancelled so that what it took of a limited stock does not go back.</param>
public sealed record Redemption(
    long Sequence,
    Instant At,
    RewardRedeemed Made,
    RedemptionStatus Status,
    Instant ChangedAt,
    string? By = null,
    Instant? Slot = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int WrongCodes = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool KeepsStock = false)
{
    /// <summary>Its identifier.</summary>
    [JsonIgnore]
    public RedemptionId Id => Made.Redemption;

    /// <summary>A redemption as it is made.</summary>
    internal static Redemption Of(long sequence, Instant at, RewardRedeemed made) =>
        new(sequence, at, made, made.Price.Cash is null ? RedemptionStatus.Placed : RedemptionStatus.AwaitsPayment, at);

    /// <summary>The same after something that happened to it; unchanged by what happened to others.</summary>
    internal Redemption After(WalletEvent happened, Instant at) => happened switch
    {
        RedemptionMoved moved when moved.Of == Sequence => this with { Status = moved.To, ChangedAt = at, By = moved.By, Slot = moved.Slot ?? Slot },
        RedemptionCancelled cancelled when cancelled.Of == Sequence =>
            this with { Status = RedemptionStatus.Cancelled, ChangedAt = at, By = cancelled.By, KeepsStock = cancelled.KeepsStock },
        HoldReleased { How: HoldEnd.TimedOut } released when released.Of == Sequence =>
            this with { Status = RedemptionStatus.TimedOut, ChangedAt = released.At, By = null },
        CommandRefused { Refusal: Refusal.WrongPickupCode wrong } when wrong.Redemption == Id => this with { WrongCodes = WrongCodes + 1 },
        _ => this,
    };

    /// <summary>Is something still to come?</summary>
    [JsonIgnore]
    public bool IsOpen => Status.IsOpen;

    /// <summary>The redemptions that a transaction made, moved or ended, as they stand after it.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="open">Those of its wallet that were open before.</param>
    public static IEnumerable<Redemption> ChangedBy(Transaction transaction, ImmutableArray<Redemption> open)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return open.IsEmpty && transaction.Events is not [.., RewardRedeemed] ? [] : Changed(transaction, open);
    }

    private static IEnumerable<Redemption> Changed(Transaction transaction, ImmutableArray<Redemption> open)
    {
        foreach (var before in open)
        {
            var after = transaction.Events.Aggregate(before, (redemption, happened) => redemption.After(happened, transaction.EffectiveAt));
            if (after.Status != before.Status)
            {
                yield return after;
            }
        }

        if (transaction.Events is [.., RewardRedeemed made])
        {
            yield return Of(transaction.Sequence, transaction.EffectiveAt, made);
        }
    }
}

/// <summary>Words about where redemptions stand.</summary>
public static class RedemptionStatuses
{
    extension(RedemptionStatus status)
    {
        /// <summary>Is something still to come?</summary>
        public bool IsOpen => status is RedemptionStatus.AwaitsPayment or RedemptionStatus.Placed or RedemptionStatus.Ready or RedemptionStatus.Booked;
    }
}

/// <summary>Where a redemption stands.</summary>
public enum RedemptionStatus
{
    /// <summary>Points are set aside until the cash is paid.</summary>
    AwaitsPayment,

    /// <summary>Redeemed; the merchant prepares it, or waits for an appointment.</summary>
    Placed,

    /// <summary>It can be picked up, or is on its way.</summary>
    Ready,

    /// <summary>An appointment is made.</summary>
    Booked,

    /// <summary>Picked up at the counter: the end.</summary>
    PickedUp,

    /// <summary>Given, brought or sent: the end.</summary>
    Delivered,

    /// <summary>The resident did not come to the appointment: the end.</summary>
    NoShow,

    /// <summary>Cancelled: the end.</summary>
    Cancelled,

    /// <summary>The cash was not paid in time, and the points were given back: the end.</summary>
    TimedOut,
}

/// <summary>How many of a reward a resident redeemed in a period that has a limit.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Per">The kind of period.</param>
/// <param name="Start">The period's first local date.</param>
/// <param name="Count">How many; more than zero.</param>
/// <param name="EndsAt">When the period is over and this is forgotten; null for a lifetime.</param>
public readonly record struct RedeemedCount(RewardId Reward, CapPeriod Per, LocalDate Start, long Count, Instant? EndsAt);

/// <summary>A period in which a redemption counts towards a limit.</summary>
/// <param name="Per">The kind of period.</param>
/// <param name="Start">Its first local date.</param>
/// <param name="EndsAt">When it is over; null for a lifetime.</param>
public readonly record struct CountedPeriod(CapPeriod Per, LocalDate Start, Instant? EndsAt);
