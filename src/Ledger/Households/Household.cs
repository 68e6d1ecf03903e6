using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Ledger.Json;
using Ledger.Merchants;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Households;

/// <summary>Residents who live together and may spend together: decide, then evolve.</summary>
/// <remarks>
/// A household has no points: each member's stay in the member's wallet. What it decides, the wallets of those who pay follow, each by a command of its own;
/// whatever dies in between, what its journal says goes on from there.
/// </remarks>
public static class Household
{
    /// <summary>Members that a household may have: a spend asks each of them.</summary>
    public const int MembersMax = 20;

    /// <summary>Undertakings that may be under way at once, so that a household stays bounded.</summary>
    public const int UndertakingsMax = 20;

    // The times below are part of what a stored row comes to: verify works them out anew. Once released they stay; others need events of their own.

    /// <summary>So long it may take until every share is held; then all go back. Far shorter than the holds last.</summary>
    public static readonly Duration DecideWithin = Duration.FromMinutes(2);

    /// <summary>After so long somebody goes on with an undertaking that nobody has told of: with a minute between two looks still in time to decide.</summary>
    public static readonly Duration LookAfter = Duration.FromSeconds(30);

    private static readonly Duration s_lookAgainMax = Duration.FromHours(4);

    /// <summary>What a command does; null for nothing. Changes nothing.</summary>
    /// <param name="household">The replay of every transaction so far.</param>
    /// <param name="command">The command.</param>
    /// <param name="at">Its time, not before that of the last one.</param>
    /// <param name="offers">For a spend: what members could give. Who is not named gives nothing.</param>
    /// <param name="buyer">For a spend: why the buyer's wallet is in the way; null when it is not.</param>
    /// <param name="spend">For a refund: the spend.</param>
    /// <param name="isTaken">For a spend: whether the reference stands for something else.</param>
    /// <param name="merchants">The registered merchants; null when nobody is.</param>
    public static HouseholdEvent? Decide(
        HouseholdState household,
        HouseholdCommand command,
        Instant at,
        ImmutableArray<PoolPart> offers = default,
        Refusal? buyer = null,
        PooledSpend? spend = null,
        bool isTaken = false,
        MerchantBook? merchants = null) => Happens(household, command, at, offers.IsDefault ? [] : offers, buyer, spend, isTaken, merchants ?? MerchantBook.Empty) is { } happened
            ? happened with { After = Apply(household, happened, at) }
            : null;

    /// <summary>The household after what happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot have happened to this household.</exception>
    public static HouseholdState Evolve(HouseholdState household, HouseholdEvent happened, Instant at)
    {
        var (told, gives) = (TextOf(happened.After), TextOf(Apply(household, happened, at)));
        return happened is PooledSpendDecided { Why: null } taken && at >= ((SpendUnderWay)Known(household.Standing, taken.Of)).DecideBefore
            ? throw new InvalidOperationException($"That spend {taken.Of} is taken was decided too late.")
            : happened.After.Members.Length > MembersMax ? throw new InvalidOperationException($"A household has at most {MembersMax} members.")
            : told == gives ? new(household.Sequence + 1, at, happened.After)
            : throw new InvalidOperationException($"Recorded is {told}, what happened gives {gives}.");
    }

    private static HouseholdEvent? Happens(
        HouseholdState household,
        HouseholdCommand command,
        Instant at,
        ImmutableArray<PoolPart> offers,
        Refusal? buyer,
        PooledSpend? spend,
        bool isTaken,
        MerchantBook merchants) => command switch
        {
            AddMember { Resident: var resident } => Move(household, resident, joins: true),
            RemoveMember { Resident: var resident } => Move(household, resident, joins: false),
            SpendTogether open => isTaken
                ? new HouseholdRefused(new HouseholdRefusal.ReferenceTaken(open.Reference))
                : Open(household, open, at, offers, buyer, merchants),
            RefundTogether refund => spend is null
                ? throw new ArgumentNullException(nameof(spend))
                : Open(household, refund, spend, merchants),
            TellHousehold told => household.Standing.Find(told.Of) is { } undertaking ? Go(undertaking, told, at) : null,
            _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
        };

    // Also where it is so already, so that a copy of the request that comes late undoes nothing; the wallet is told again.
    private static HouseholdEvent Move(HouseholdState household, ResidentId resident, bool joins) =>
        household.Standing.MoveOf(resident) is not null ? new HouseholdRefused(new HouseholdRefusal.Busy(household.Standing.Undertakings.Length))
        : joins && !household.Standing.Has(resident) && household.Standing.Members.Length >= MembersMax ? new HouseholdRefused(new HouseholdRefusal.Full(MembersMax))
        : BusyWith(household) is { } busy ? new HouseholdRefused(busy)
        : joins ? new MemberAdded(resident)
        : new MemberRemoved(resident);

    private static HouseholdEvent Open(HouseholdState household, SpendTogether command, Instant at, ImmutableArray<PoolPart> offers, Refusal? buyer, MerchantBook merchants)
    {
        if (WhyNot(household, command, buyer, merchants) is { } refusal)
        {
            return new HouseholdRefused(refusal, command.Reference);
        }

        ImmutableArray<PoolPart> asked =
        [
            .. household.Standing.Members.Select(member => new PoolPart(member.Resident, offers.FirstOrDefault(offer => offer.Resident == member.Resident).Points)),
        ];
        return PoolParts.Plan(asked, command.Buyer, command.Points) is { } shares
            ? new PooledSpendOpened(
                command.Buyer, command.Reference, command.Points, shares, at + DecideWithin, command.Terminal, command.Cashier, merchants.TermsOf(command.Reference.Merchant, at).Rate)
            : new HouseholdRefused(new HouseholdRefusal.PoolTooSmall(command.Points, asked), command.Reference);
    }

    private static HouseholdRefusal? WhyNot(HouseholdState household, SpendTogether command, Refusal? buyer, MerchantBook merchants) =>
        !household.Standing.Has(command.Buyer) ? new HouseholdRefusal.NotAMember(command.Buyer)
        : merchants.SellingObjection(command.Reference.Merchant, command.Terminal) is { } objection ? new HouseholdRefusal.TillRefused(objection)
        : buyer is not null ? new HouseholdRefusal.BuyerRefused(buyer)
        : BusyWith(household);

    private static HouseholdEvent? Open(HouseholdState household, RefundTogether command, PooledSpend spend, MerchantBook merchants)
    {
        // What is still being taken can be refunded in a moment: no answer for ever.
        if (spend.Taken is null && spend.Why is null)
        {
            return null;
        }

        var points = command.Points ?? spend.Left;
        return merchants.TillObjection(spend.Opened.Reference.Merchant, command.Terminal) is { } objection ? new HouseholdRefused(new HouseholdRefusal.TillRefused(objection))
            : spend.Taken != true ? new HouseholdRefused(new HouseholdRefusal.NotTaken(spend.Sequence))
            : !points.IsPositive || points > spend.Left
            ? new HouseholdRefused(new HouseholdRefusal.RefundExceeds(spend.Sequence, spend.Opened.Points, spend.Refunded, command.Points))
            : BusyWith(household) is { } busy ? new HouseholdRefused(busy)
            : new PooledRefundOpened(
                spend.Sequence, points, PoolParts.Back(spend.Opened.Shares, spend.Refunded, points), command.Terminal, command.Cashier);
    }

    private static HouseholdRefusal.Busy? BusyWith(HouseholdState household) =>
        household.Standing.Undertakings.Length is var underWay && underWay >= UndertakingsMax ? new(underWay) : null;

    private static HouseholdEvent? Go(Undertaking undertaking, TellHousehold told, Instant at) => (undertaking, told.Outcome) switch
    {
        (SpendUnderWay spend, _) => Go(spend, told, at),
        (MemberMove move, StepOutcome.Done) => new MemberSettled(move.Of, move.Resident),
        (MemberMove move, StepOutcome.Refused) => new MemberSettled(move.Of, move.Resident, told.Why),
        (RefundUnderWay refund, StepOutcome.Done) => new PooledRefundEnded(refund.Spend, refund.Of),

        // A wallet that has no room now has some later.
        _ => PutOff(undertaking, at),
    };

    private static HouseholdEvent? Go(SpendUnderWay spend, TellHousehold told, Instant at)
    {
        if (spend.Phase != told.In)
        {
            return null;
        }

        var refused = told.Outcome == StepOutcome.Refused
            ? new HouseholdRefusal.ShareRefused(told.By!.Value, spend.Shares.First(share => share.Resident == told.By).Points, told.Why!)
            : null;
        return (spend.Phase, told.Outcome) switch
        {
            (SpendPhase.Holding or SpendPhase.Taking, StepOutcome.Refused) => new PooledSpendDecided(spend.Of, refused),
            (SpendPhase.Holding, _) when at >= spend.DecideBefore => new PooledSpendDecided(spend.Of, new HouseholdRefusal.NotInTime(spend.DecideBefore)),
            (SpendPhase.Holding, StepOutcome.Done) => new PooledSpendDecided(spend.Of),
            (SpendPhase.Taking, StepOutcome.Done) => new PooledSpendEnded(spend.Of, Taken: true),
            (SpendPhase.GivingBack, StepOutcome.Done) => new PooledSpendEnded(spend.Of, Taken: false),
            _ => PutOff(spend, at),
        };
    }

    /// <summary>Later each time; what is due later anyhow stays as it is.</summary>
    private static UndertakingPutOff? PutOff(Undertaking undertaking, Instant at)
    {
        var until = at + Duration.Min(Duration.Max(LookAfter, at - undertaking.Since), s_lookAgainMax);
        return undertaking.LookAt <= at ? new(undertaking.Of, until) : null;
    }

    private static HouseholdStanding Apply(HouseholdState household, HouseholdEvent happened, Instant at)
    {
        var (standing, sequence) = (household.Standing, household.Sequence + 1);
        return happened switch
        {
            MemberAdded e => With(
                standing.Has(e.Resident) ? standing : standing with { Members = standing.Members.Add(new(e.Resident, at)) }, new MemberMove(e.Resident, Joins: true) { Of = sequence, Since = at, LookAt = at + LookAfter }),
            MemberRemoved e => With(Without(standing, e.Resident), new MemberMove(e.Resident, Joins: false) { Of = sequence, Since = at, LookAt = at + LookAfter }),
            MemberSettled e => Without(e.Why is null ? standing : Without(standing, e.Resident), Known(standing, e.Of)),
            PooledSpendOpened e => With(standing, new SpendUnderWay(SpendPhase.Holding, e.Buyer, e.Reference, e.Shares, e.DecideBefore, e.Terminal, e.Cashier, e.Rate)
            {
                Of = sequence,
                Since = at,
                LookAt = at + LookAfter,
            }),
            PooledSpendDecided e => Replace(standing, In(standing, e.Of, SpendPhase.Holding, e.Why is null ? SpendPhase.Holding : SpendPhase.Taking), spend => spend with
            {
                Phase = e.Why is null ? SpendPhase.Taking : SpendPhase.GivingBack,
                Since = at,
                LookAt = at + LookAfter,
            }),
            PooledSpendEnded e => Without(standing, In(standing, e.Of, e.Taken ? SpendPhase.Taking : SpendPhase.GivingBack)),
            PooledRefundOpened e => With(standing, new RefundUnderWay(e.Of, e.Parts, e.Terminal, e.Cashier) { Of = sequence, Since = at, LookAt = at + LookAfter }),
            PooledRefundEnded e => Without(standing, Known(standing, e.Refund)),
            UndertakingPutOff e => Replace(standing, Known(standing, e.Of), undertaking => undertaking with { LookAt = e.Until }),
            HouseholdRefused => standing,
            _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
        };
    }

    private static HouseholdStanding With(HouseholdStanding standing, Undertaking undertaking) =>
        standing with { Undertakings = standing.Undertakings.Add(undertaking) };

    private static HouseholdStanding Without(HouseholdStanding standing, ResidentId resident) =>
        standing with { Members = standing.Members.RemoveAll(member => member.Resident == resident) };

    private static HouseholdStanding Without(HouseholdStanding standing, Undertaking ended) =>
        standing with { Undertakings = standing.Undertakings.Remove(ended) };

    private static HouseholdStanding Replace<T>(HouseholdStanding standing, T undertaking, Func<T, T> change)
        where T : Undertaking => standing with { Undertakings = standing.Undertakings.Replace(undertaking, change(undertaking)) };

    private static Undertaking Known(HouseholdStanding standing, long of) =>
        standing.Find(of) ?? throw new InvalidOperationException($"Nothing of transaction {of} is under way.");

    /// <summary>A spend that is in one of these phases.</summary>
    private static SpendUnderWay In(HouseholdStanding standing, long of, params ReadOnlySpan<SpendPhase> phases) => standing.Find(of) is SpendUnderWay spend && phases.Contains(spend.Phase)
        ? spend
        : throw new InvalidOperationException($"Spend {of} is not there yet, or not any more.");

    private static string TextOf(HouseholdStanding standing) => JsonSerializer.Serialize(standing, LedgerJson.Default.HouseholdStanding);
}
