using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using NodaTime;

namespace Ledger.Households;

/// <summary>A household. Immutable, and bounded however much its members spend together: what is done is forgotten.</summary>
/// <param name="Sequence">The number of the last transaction; 0 before the first.</param>
/// <param name="LastAt">The time of the last transaction.</param>
/// <param name="Standing">How it stands.</param>
public sealed record HouseholdState(long Sequence, Instant LastAt, HouseholdStanding Standing)
{
    /// <summary>Before the first transaction.</summary>
    public static HouseholdState Empty { get; } = new(0, Instant.MinValue, HouseholdStanding.Empty);

    /// <summary>When somebody has to go on with an undertaking; null for never.</summary>
    public Instant? NextLook => Standing.Undertakings.IsEmpty ? null : Standing.Undertakings.Min(undertaking => undertaking.LookAt);
}

/// <summary>How a household stands.</summary>
/// <param name="Members">Who belongs to it, longest first.</param>
/// <param name="Undertakings">What is under way, oldest first.</param>
public sealed record HouseholdStanding(ImmutableArray<HouseholdMember> Members, ImmutableArray<Undertaking> Undertakings)
{
    /// <summary>Nobody, and nothing.</summary>
    public static HouseholdStanding Empty { get; } = new([], []);

    /// <summary>Does a resident belong to it?</summary>
    public bool Has(ResidentId resident) => Members.Any(member => member.Resident == resident);

    /// <summary>An undertaking that has not ended; null when there is none.</summary>
    public Undertaking? Find(long of) => Undertakings.FirstOrDefault(undertaking => undertaking.Of == of);

    /// <summary>What is under way about a resident's membership; null for nothing.</summary>
    public MemberMove? MoveOf(ResidentId resident) => Undertakings.OfType<MemberMove>().FirstOrDefault(move => move.Resident == resident);
}

/// <summary>A member of a household.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Since">Since when.</param>
public sealed record HouseholdMember(ResidentId Resident, Instant Since);

/// <summary>What a household still needs of its members' wallets. A closed set.</summary>
/// <remarks>Whoever gets it done stands outside, as with the errands of a wallet.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "undertaking")]
[JsonDerivedType(typeof(MemberMove), "member")]
[JsonDerivedType(typeof(SpendUnderWay), "spend")]
[JsonDerivedType(typeof(RefundUnderWay), "refund")]
public abstract record Undertaking
{
    private protected Undertaking()
    {
    }

    /// <summary>The transaction that brought it. Each brings at most one.</summary>
    public required long Of { get; init; }

    /// <summary>Its time.</summary>
    public required Instant Since { get; init; }

    /// <summary>When somebody goes on with it, unless whoever brought it has done so.</summary>
    public required Instant LookAt { get; init; }
}

/// <summary>A wallet is to be told that its resident belongs to the household, or does no longer.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Joins">Does the resident join, or leave?</param>
public sealed record MemberMove(ResidentId Resident, bool Joins) : Undertaking;

/// <summary>A pooled spend that has not ended.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Buyer">Who buys.</param>
/// <param name="Reference">The merchant's own name for the sale.</param>
/// <param name="Shares">Who pays how much.</param>
/// <param name="DecideBefore">The first instant at which it can no longer be decided that they pay.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
/// <param name="Rate">What points are worth in this sale; null where nothing was agreed.</param>
public sealed record SpendUnderWay(
    SpendPhase Phase,
    ResidentId Buyer,
    MerchantReference Reference,
    ImmutableArray<PoolPart> Shares,
    Instant DecideBefore,
    string? Terminal = null,
    string? Cashier = null,
    MoneyRate? Rate = null) : Undertaking;

/// <summary>What is being done about a pooled spend.</summary>
public enum SpendPhase
{
    /// <summary>Every share is set aside in its wallet.</summary>
    Holding,

    /// <summary>It is decided: every share is taken.</summary>
    Taking,

    /// <summary>It is decided: every share goes back.</summary>
    GivingBack,
}

/// <summary>A refund of a pooled spend that has not reached every wallet.</summary>
/// <param name="Spend">The transaction that opened the spend.</param>
/// <param name="Parts">To whom how much goes back.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
public sealed record RefundUnderWay(long Spend, ImmutableArray<PoolPart> Parts, string? Terminal = null, string? Cashier = null) : Undertaking;
