using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Households;

/// <summary>What happened to a household. A closed set; each transaction has one.</summary>
/// <remarks>The JSON is stored for ever and hashed. Each tells how the household stands after it, so that whoever goes on needs the last one only.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(MemberAdded), "member_added.v1")]
[JsonDerivedType(typeof(MemberRemoved), "member_removed.v1")]
[JsonDerivedType(typeof(MemberSettled), "member_settled.v1")]
[JsonDerivedType(typeof(PooledSpendOpened), "pooled_spend_opened.v1")]
[JsonDerivedType(typeof(PooledSpendDecided), "pooled_spend_decided.v1")]
[JsonDerivedType(typeof(PooledSpendEnded), "pooled_spend_ended.v1")]
[JsonDerivedType(typeof(PooledRefundOpened), "pooled_refund_opened.v1")]
[JsonDerivedType(typeof(PooledRefundEnded), "pooled_refund_ended.v1")]
[JsonDerivedType(typeof(UndertakingPutOff), "undertaking_put_off.v1")]
[JsonDerivedType(typeof(HouseholdRefused), "household_refused.v1")]
public abstract record HouseholdEvent
{
    private protected HouseholdEvent()
    {
    }

    /// <summary>How the household stands after it.</summary>
    public HouseholdStanding After { get; init; } = HouseholdStanding.Empty;

    /// <summary>The earlier transaction of the household that it is about; null for none.</summary>
    [JsonIgnore]
    public long? RefersTo => this switch
    {
        MemberSettled e => e.Of,
        PooledSpendDecided e => e.Of,
        PooledSpendEnded e => e.Of,
        PooledRefundOpened e => e.Of,
        PooledRefundEnded e => e.Of,
        UndertakingPutOff e => e.Of,
        _ => null,
    };
}

/// <summary>A resident is a member, and the wallet is to be told.</summary>
/// <param name="Resident">Who.</param>
public sealed record MemberAdded(ResidentId Resident) : HouseholdEvent;

/// <summary>A resident is no member any more, and the wallet is to be told.</summary>
/// <param name="Resident">Who.</param>
public sealed record MemberRemoved(ResidentId Resident) : HouseholdEvent;

/// <summary>A wallet was told of its household.</summary>
/// <param name="Of">The transaction that added or removed its resident.</param>
/// <param name="Resident">Who.</param>
/// <param name="Why">Why the wallet refused, so that its resident is no member; null where it did not.</param>
public sealed record MemberSettled(long Of, ResidentId Resident, Refusal? Why = null) : HouseholdEvent;

/// <summary>Members are about to spend together. Nobody pays before that is decided.</summary>
/// <param name="Buyer">Who buys.</param>
/// <param name="Reference">The merchant's own name for the sale.</param>
/// <param name="Points">How many points.</param>
/// <param name="Shares">Who pays how much of them.</param>
/// <param name="DecideBefore">The first instant at which it can no longer be decided that they pay.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
/// <param name="Rate">What points are worth in this sale, whenever its shares are taken; null where nothing was agreed.</param>
public sealed record PooledSpendOpened(
    ResidentId Buyer,
    MerchantReference Reference,
    Points Points,
    ImmutableArray<PoolPart> Shares,
    Instant DecideBefore,
    string? Terminal = null,
    string? Cashier = null,
    MoneyRate? Rate = null) : HouseholdEvent;

/// <summary>It is decided what becomes of a pooled spend: the one truth that all its wallets follow.</summary>
/// <param name="Of">The transaction that opened it.</param>
/// <param name="Why">Why every share goes back; null where every share is taken.</param>
public sealed record PooledSpendDecided(long Of, HouseholdRefusal? Why = null) : HouseholdEvent;

/// <summary>Every wallet has followed.</summary>
/// <param name="Of">The transaction that opened the spend.</param>
/// <param name="Taken">Whether every share was taken; else none was, or all came back.</param>
public sealed record PooledSpendEnded(long Of, bool Taken) : HouseholdEvent;

/// <summary>Points of a pooled spend are to come back.</summary>
/// <param name="Of">The transaction that opened the spend.</param>
/// <param name="Points">How many.</param>
/// <param name="Parts">To whom how many of them.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
public sealed record PooledRefundOpened(
    long Of, Points Points, ImmutableArray<PoolPart> Parts, string? Terminal = null, string? Cashier = null) : HouseholdEvent;

/// <summary>All of them have come back.</summary>
/// <param name="Of">The transaction that opened the spend.</param>
/// <param name="Refund">The transaction that opened the refund.</param>
public sealed record PooledRefundEnded(long Of, long Refund) : HouseholdEvent;

/// <summary>What an undertaking needs of wallets could not be done and is tried later.</summary>
/// <param name="Of">The transaction that brought it.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record UndertakingPutOff(long Of, Instant Until) : HouseholdEvent;

/// <summary>A command was refused; the refusal is remembered, so that a repeat never succeeds later.</summary>
/// <param name="Why">Why.</param>
/// <param name="Reference">The reference that a refused spend has used up; null for others.</param>
public sealed record HouseholdRefused(HouseholdRefusal Why, MerchantReference? Reference = null) : HouseholdEvent;

/// <summary>A member's part of some points.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Points">How many.</param>
public readonly record struct PoolPart(ResidentId Resident, Points Points);
