using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>The resident belongs to a household from now on. Nothing happens where that is so already.</summary>
/// <param name="Household">Which.</param>
public sealed record JoinHousehold(HouseholdId Household) : WalletCommand;

/// <summary>The resident belongs to a household no longer. Nothing happens where that is so already.</summary>
/// <param name="Household">Which.</param>
public sealed record LeaveHousehold(HouseholdId Household) : WalletCommand;

/// <summary>Let other members of the household spend the resident's points, within limits.</summary>
/// <param name="Consent">The limits; null for not at all, which is so until something is chosen.</param>
public sealed record ConsentToPool(PoolConsent? Consent) : WalletCommand;

/// <summary>The resident belongs to a household.</summary>
/// <param name="Household">Which.</param>
public sealed record HouseholdJoined(HouseholdId Household) : WalletEvent;

/// <summary>The resident belongs to a household no longer.</summary>
/// <param name="Household">Which.</param>
public sealed record HouseholdLeft(HouseholdId Household) : WalletEvent;

/// <summary>The resident chose what other members of the household may spend.</summary>
/// <param name="Consent">The limits; null for nothing.</param>
public sealed record PoolConsentGiven(PoolConsent? Consent) : WalletEvent;

/// <summary>How many points of a resident other members of the household may spend.</summary>
/// <param name="PerSpendMax">The most of one spend, 1 to 2^53−1; null for any.</param>
/// <param name="PerMonthMax">The most in a local month, 1 to 2^53−1; null for any.</param>
public sealed record PoolConsent(Points? PerSpendMax, Points? PerMonthMax);

/// <summary>That a resident belongs to a household.</summary>
/// <param name="Household">Which.</param>
/// <param name="Of">The transaction by which the resident joined.</param>
/// <param name="Since">Since when.</param>
/// <param name="Consent">What other members may spend; null for nothing.</param>
/// <param name="Lately">What they spent in the last month in which they did; null where they never did.</param>
public sealed record Membership(HouseholdId Household, long Of, Instant Since, PoolConsent? Consent = null, PooledLately? Lately = null);

/// <summary>What others spent of a resident's points in a month. What was refunded still counts, what they never got does not.</summary>
/// <param name="Month">Its first date.</param>
/// <param name="Points">How many.</param>
public sealed record PooledLately(LocalDate Month, Points Points);

/// <summary>The share of a pooled spend that a hold sets aside.</summary>
/// <param name="Household">The household.</param>
/// <param name="Spend">Its transaction that opened the spend.</param>
/// <param name="Own">Whether the resident buys: an act of his own, for which no consent is needed.</param>
/// <param name="Month">The first date of the local month for which it counts; null in a command, and where it does not count.</param>
/// <param name="Before">Points of the sale in the shares before it: the money of all shares together is that of the sale.</param>
/// <param name="Rate">What points are worth in this sale, pinned by the household; null where nothing was agreed.</param>
public sealed record PoolShare(
    HouseholdId Household,
    long Spend,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Own = false,
    LocalDate? Month = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Before = default,
    MoneyRate? Rate = null);

/// <summary>What a limit of a resident's consent counts.</summary>
public enum PoolSpan
{
    /// <summary>One spend.</summary>
    Spend,

    /// <summary>All spends of one local month.</summary>
    Month,
}

/// <summary>A resident's side of a household: belonging to it, and what others may spend.</summary>
public static class Pooling
{
    // Who has consented to nothing lets nobody spend a point.
    private static readonly PoolConsent s_nothing = new(Points.Zero, null);

    /// <summary>Why a resident neither buys nor pays with a household now; null when he may. Also asked of a buyer who has nothing to give.</summary>
    public static Refusal? WhyNot(WalletState wallet, HouseholdId household) =>
        Admitting.WhyShut(wallet) ?? (wallet.Membership?.Household == household ? null : new Refusal.NotInHousehold(household));

    /// <summary>How many points a wallet would give to a pooled spend now.</summary>
    /// <param name="wallet">The wallet, with what has fallen due.</param>
    /// <param name="household">The household that spends.</param>
    /// <param name="month">The first date of the local month.</param>
    /// <param name="own">Whether the resident buys.</param>
    public static Points OfferOf(WalletState wallet, HouseholdId household, LocalDate month, bool own)
    {
        if (wallet.Membership is not { } membership || WhyNot(wallet, household) is not null)
        {
            return Points.Zero;
        }

        if (own)
        {
            return wallet.Available;
        }

        var consent = membership.Consent ?? s_nothing;
        var leftOfMonth = consent.PerMonthMax - UsedIn(membership, Counting(membership, month));
        return Within(leftOfMonth, Within(consent.PerSpendMax, wallet.Available));
    }

    /// <summary>The first date of the local month that an instant lies in.</summary>
    public static LocalDate MonthOf(PublishedProgrammes programmes, Instant at) =>
        (programmes.InForceAt(at)?.Programme.DateOf(at) ?? at.InZone(Programme.DefaultZone).Date).With(DateAdjusters.StartOfMonth);

    internal static Verdict Decide(WalletState wallet, JoinHousehold command) => wallet.Membership switch
    {
        null => Verdict.Accept(new HouseholdJoined(command.Household)),
        { Household: var own } when own == command.Household => Verdict.Nothing,
        var other => new Refusal.InOtherHousehold(other.Household, other.Since),
    };

    internal static Verdict Decide(WalletState wallet, LeaveHousehold command) =>
        wallet.Membership?.Household == command.Household ? Verdict.Accept(new HouseholdLeft(command.Household)) : Verdict.Nothing;

    // Recorded also where it is so already: a repeat that comes late must not undo a later choice.
    internal static Verdict Decide(WalletState wallet, ConsentToPool command) => wallet.Membership is null
        ? new Refusal.NotInHousehold(null)
        : Verdict.Accept(new PoolConsentGiven(command.Consent));

    internal static WalletState Evolve(WalletState wallet, HouseholdJoined joined) => wallet with { Membership = new(joined.Household, wallet.Sequence + 1, wallet.LastAt) };

    internal static WalletState Evolve(WalletState wallet, PoolConsentGiven given) => wallet with
    {
        Membership = (wallet.Membership ?? throw new InvalidOperationException("The resident belongs to no household.")) with { Consent = given.Consent },
    };

    /// <summary>Why a wallet has no share in a household's spend; null when it may have one.</summary>
    internal static Refusal? WhyNotOf(WalletState wallet, PoolShare? share) =>
        share is not null && wallet.Membership?.Household != share.Household ? new Refusal.NotInHousehold(share.Household) : null;

    /// <summary>Why a share is more than the resident consented to; null when it is not.</summary>
    internal static Refusal? Exceeded(WalletState wallet, PoolShare? share, Points points)
    {
        if (share is not { Month: { } month } || wallet.Membership is not { } membership)
        {
            return null;
        }

        var consent = membership.Consent ?? s_nothing;
        return Over(PoolSpan.Spend, consent.PerSpendMax, Points.Zero)
            ?? Over(PoolSpan.Month, consent.PerMonthMax, UsedIn(membership, month));

        Refusal? Over(PoolSpan span, Points? limit, Points used) =>
            used + points > limit ? new Refusal.PoolLimitExceeded(span, limit.Value, used, points) : null;
    }

    /// <summary>The share with the month for which it counts.</summary>
    internal static PoolShare? Counted(PublishedProgrammes programmes, WalletState wallet, PoolShare? share, Instant at) =>
        share is null or { Own: true } ? share : share with { Month = Counting(wallet.Membership, MonthOf(programmes, at)) };

    // A month never goes back, also where a later programme lies further west: what was given in it still counts.
    private static LocalDate Counting(Membership? membership, LocalDate month) => membership?.Lately is { Month: var last } && last > month ? last : month;

    /// <summary>The membership after points of a share were set aside, or, less than zero, given back. What was set aside before it began never counted.</summary>
    internal static Membership? Count(WalletState wallet, PoolShare? share, long hold, Points points) =>
        share is { Month: { } month } && wallet.Membership is { } membership && hold > membership.Of && (points.IsPositive || membership.Lately?.Month == month)
            ? membership with { Lately = new(month, UsedIn(membership, month) + points) }
            : wallet.Membership;

    private static Points Within(Points? limit, Points points) => limit is not { } most ? points : most.IsPositive ? Points.Min(most, points) : Points.Zero;

    private static Points UsedIn(Membership membership, LocalDate month) =>
        membership.Lately is { } lately && lately.Month == month ? lately.Points : Points.Zero;
}
