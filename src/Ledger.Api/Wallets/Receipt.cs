using System.Collections.Immutable;
using Ledger.Api.Approvals;
using Ledger.Api.Json;
using Ledger.Api.Mall;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Wallets;

/// <summary>What one command did to one wallet. A function of the stored transaction only, so that a repeat reads the same.</summary>
public sealed record Receipt
{
    /// <summary>The transaction's number in the resident's wallet, from 1.</summary>
    public required long Transaction { get; init; }

    /// <summary><c>accepted</c>, or <c>waiting</c> for a reversal that came before its activity and for an adjustment that needs a second operator.</summary>
    public required string Outcome { get; init; }

    /// <summary>The resident.</summary>
    public required string Resident { get; init; }

    /// <summary>Points that the rule gave before caps; present for an activity.</summary>
    public long? Computed { get; init; }

    /// <summary>Points credited after caps; present for an activity.</summary>
    public long? Credited { get; init; }

    /// <summary>Points of an activity for which the wallet had no room (the programme's <c>holding</c>); not in <see cref="Credited"/>.</summary>
    public long? Overflow { get; init; }

    /// <summary>The fund that got the overflow; absent where it was cut.</summary>
    public string? OverflowFund { get; init; }

    /// <summary>Points spent.</summary>
    public long? Spent { get; init; }

    /// <summary>The id of the hold that was made.</summary>
    public string? Hold { get; init; }

    /// <summary>Points set aside.</summary>
    public long? Held { get; init; }

    /// <summary>The moment from which on they cannot be captured.</summary>
    public Instant? HeldUntil { get; init; }

    /// <summary>The id of the redemption that was made, or that went a step further.</summary>
    public string? Redemption { get; init; }

    /// <summary>Where the redemption stands after it.</summary>
    public string? RedemptionStatus { get; init; }

    /// <summary>What the resident shows at the counter.</summary>
    public string? PickupCode { get; init; }

    /// <summary>Money to be paid for the reward beside the points.</summary>
    public CashView? Cash { get; init; }

    /// <summary>Points captured.</summary>
    public long? Captured { get; init; }

    /// <summary>What the points come to for the merchant, or what a refund takes back of it, in minor units; absent where no rate was agreed.</summary>
    public long? Money { get; init; }

    /// <summary>The currency of <see cref="Money"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>The settlement day of the merchant that it lies in.</summary>
    public LocalDate? SettlementDay { get; init; }

    /// <summary>The moment from which on it is settled and only a refund undoes it.</summary>
    public Instant? SettlesAt { get; init; }

    /// <summary>What a refund gives back of the cash that was paid beside the points, in minor units; the merchant pays it out.</summary>
    public long? CashBack { get; init; }

    /// <summary>Points of the hold given back.</summary>
    public long? Released { get; init; }

    /// <summary>Points that came back.</summary>
    public long? Refunded { get; init; }

    /// <summary>The part of what came back whose lot had expired meanwhile: back and gone at once.</summary>
    public long? ExpiredAtOnce { get; init; }

    /// <summary>Points donated.</summary>
    public long? Donated { get; init; }

    /// <summary>The fund that got them.</summary>
    public string? DonatedTo { get; init; }

    /// <summary>Points given to another resident.</summary>
    public long? Given { get; init; }

    /// <summary>Who gets them.</summary>
    public string? GivenTo { get; init; }

    /// <summary>When they are delivered, unless they are taken back before.</summary>
    public Instant? DeliverAt { get; init; }

    /// <summary>Points received from another resident.</summary>
    public long? Received { get; init; }

    /// <summary>Who gave them.</summary>
    public string? ReceivedFrom { get; init; }

    /// <summary>Points of a gift that came back.</summary>
    public long? Returned { get; init; }

    /// <summary>Points that came back to a closed wallet and were given up: they count as expired, or went to the fund that got what was left.</summary>
    public long? GivenUp { get; init; }

    /// <summary>Points taken back of an earning: from a fund, from lots, into debt, or written off.</summary>
    public long? Claimed { get; init; }

    /// <summary>The part of what was taken back that came from the fund that the earning had overflowed into.</summary>
    public long? FromFund { get; init; }

    /// <summary>The part of what was taken back that became debt.</summary>
    public long? BecameDebt { get; init; }

    /// <summary>The part of what was taken back that the community bears.</summary>
    public long? WrittenOff { get; init; }

    /// <summary>Points that an operator proposes to add (positive) or to remove (negative); a second one approves.</summary>
    public long? Proposed { get; init; }

    /// <summary>What the award or the proposal waits for; absent where it counts at once.</summary>
    public ApprovalWait? AwaitsApproval { get; init; }

    /// <summary>Points of an award that were approved.</summary>
    public long? Approved { get; init; }

    /// <summary>Points of an award that were rejected; 0 for a proposed adjustment.</summary>
    public long? Rejected { get; init; }

    /// <summary>Points added (positive) or removed (negative) by an operator or a re-rating.</summary>
    public long? Adjusted { get; init; }

    /// <summary>The part of what came in that repaid a debt.</summary>
    public long? DebtRepaid { get; init; }

    /// <summary>The lot that was made.</summary>
    public string? Lot { get; init; }

    /// <summary>When that lot becomes active and can be spent; absent for at once.</summary>
    public Instant? ActiveAt { get; init; }

    /// <summary>When that lot expires; absent for never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>The last local date on which that lot can be spent; absent for never.</summary>
    public LocalDate? UsableThrough { get; init; }

    /// <summary>The tier after it, where it changed the tier or how long it is kept; absent for no tier.</summary>
    public string? Tier { get; init; }

    /// <summary>The programme version that decided; 0 when none was in force.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>When it was decided.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The time it counts from.</summary>
    public required Instant EffectiveAt { get; init; }

    /// <summary>The resident's accounts after it. Merchants are not told.</summary>
    public BalanceAfter? Balance { get; init; }

    /// <param name="resident">Whose wallet.</param>
    /// <param name="transaction">What was recorded; not a refusal.</param>
    /// <param name="programmes">For the zone of local dates.</param>
    internal static Receipt Of(ResidentId resident, Transaction transaction, PublishedProgrammes programmes)
    {
        var receipt = new Receipt
        {
            Transaction = transaction.Sequence,
            Outcome = transaction.Outcome,
            Resident = resident.Value,
            ProgrammeVersion = transaction.ProgrammeVersion,
            RecordedAt = transaction.RecordedAt,
            EffectiveAt = transaction.EffectiveAt,
            Balance = BalanceAfter.Of(transaction.After),
        };
        foreach (var happened in transaction.Events)
        {
            receipt = receipt.With(happened);
        }

        var zone = programmes.Find(transaction.ProgrammeVersion)?.Programme.Zone;
        return receipt.ExpiresAt is { } expiresAt && zone is not null
            ? receipt with { UsableThrough = LocalDates.LastBefore(expiresAt, zone) }
            : receipt;
    }

    private Receipt With(WalletEvent happened) => happened switch
    {
        PointsEarned e => (this with
        {
            AwaitsApproval = WaitOf(e.Approval),
            ActiveAt = e.ActiveAt,
            Computed = e.Computed.Value,
            Credited = e.Credited.Value,
            Overflow = e.Overflow?.Points.Value,
            OverflowFund = e.Overflow?.Fund?.Value,
            DebtRepaid = e.DebtRepaid.OrNull,
        }).With(e.Lot),
        PointsSpent e => With(e.Settlement) with { Spent = e.Points.Value },
        SpendRefunded e => With(e.Settlement) with
        {
            Refunded = e.Points.Value,
            DebtRepaid = e.DebtRepaid.OrNull,
            ExpiredAtOnce = e.ExpiredAtOnce.Total.OrNull,
        },
        PointsGivenUp e => this with { GivenUp = (e.Lots.Total + e.Pending.Total).Value },
        EarningReversed e => this with
        {
            Claimed = (Claimed ?? 0) + e.Claimed.Value,
            FromFund = e.FromFund is { } fund ? (FromFund ?? 0) + fund.Points.Value : FromFund,
            BecameDebt = new Points((BecameDebt ?? 0) + e.Debt.Value).OrNull,
            WrittenOff = new Points((WrittenOff ?? 0) + e.WrittenOff.Value).OrNull,
        },
        PointsHeld e => this with { Hold = e.Reference.ToString(), Held = e.Points.Value, HeldUntil = e.Until },
        RewardRedeemed e => this with
        {
            Hold = null,
            Redemption = e.Redemption.Value,
            RedemptionStatus = EnumWords.Of(e.Price.Cash is null ? Rewards.RedemptionStatus.Placed : Rewards.RedemptionStatus.AwaitsPayment),
            PickupCode = e.Code,
            Cash = PriceView.Of(e.Price).Cash,
        },
        RedemptionMoved e => this with { Redemption = e.Redemption.Value, RedemptionStatus = EnumWords.Of(e.To) },
        RedemptionCancelled e => this with { Redemption = e.Redemption.Value, RedemptionStatus = EnumWords.Of(Rewards.RedemptionStatus.Cancelled) },
        HoldRepeated e => this with { Hold = e.Reference.ToString(), Held = e.Points.Value, HeldUntil = e.Until },
        HoldCaptured e => With(e.Settlement) with { Captured = e.Points.Value },
        HoldReleased { How: not HoldEnd.TimedOut } e => this with
        {
            Released = e.To.Aggregate(e.Repaid.Total + e.ExpiredAtOnce.Total, (sum, slice) => sum + slice.Points).Value,
            DebtRepaid = e.Repaid.Total.OrNull,
            ExpiredAtOnce = e.ExpiredAtOnce.Total.OrNull,
        },
        PointsDonated e => this with { Donated = e.Points.Value, DonatedTo = e.Fund.Value },
        GiftSent e => this with { Given = e.Points.Value, GivenTo = e.To.Value, DeliverAt = e.DeliverAt },
        GiftReceived e => this with { Received = e.Points.Value, ReceivedFrom = e.From.Value, DebtRepaid = e.DebtRepaid.OrNull },
        GiftReturned e => this with
        {
            Returned = e.Points.Value,
            DebtRepaid = e.DebtRepaid.OrNull,
            ExpiredAtOnce = e.ExpiredAtOnce.Total.OrNull,
        },
        TierChanged e => this with { Tier = e.Tier },
        PointsAdjusted e => (this with { Adjusted = e.Points.Value, DebtRepaid = e.DebtRepaid.OrNull }).With(e.Lot),
        AdjustmentProposed e => this with { Proposed = e.Points.Value, AwaitsApproval = WaitOf(e.Approval) },

        // What time decided falls due before a command and is not what the command did.
        AwardApproved { By: not null } e => (this with
        {
            Approved = e.Points.Value,
            DebtRepaid = e.DebtRepaid.OrNull,
            ActiveAt = e.ActiveAt,
        }).With(e.Lot),
        EntryRejected { By: not null } e => this with { Rejected = e.Lot?.Points.Value ?? 0 },
        PointsCorrected e => (this with
        {
            Adjusted = (e.Points + e.Forgiven).Value,
            DebtRepaid = e.DebtRepaid.OrNull,
            BecameDebt = e.Debt.OrNull,
            WrittenOff = e.Forgiven.OrNull,
        }).With(e.Lot),
        _ => this,
    };

    private Receipt With(SettlementPart? part) => this with
    {
        Money = part?.Money,
        Currency = part?.Rate?.Currency,
        SettlementDay = part?.Day,
        SettlesAt = part?.SettlesAt,
        CashBack = part?.CashBack,
    };

    private static ApprovalWait? WaitOf(AwaitedApproval? approval) => approval is null ? null : ApprovalWait.Of(approval);

    private Receipt With(LotSlice? lot) =>
        lot is { } made ? this with { Lot = made.Lot.ToString(), ExpiresAt = made.ExpiresAt } : this;
}

internal static class ReceiptNumbers
{
    extension(Points points)
    {
        /// <summary>The number, or nothing where it is zero.</summary>
        public long? OrNull => points.IsZero ? null : points.Value;
    }

    extension(ImmutableArray<LotPoints> lots)
    {
        /// <summary>The points of all.</summary>
        public Points Total
        {
            get
            {
                var total = Points.Zero;
                foreach (var lot in lots)
                {
                    total += lot.Points;
                }

                return total;
            }
        }
    }
}

internal static class LocalDates
{
    /// <summary>A date as ISO 8601 writes it.</summary>
    public static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    /// <summary>The last local date on which something can be used that ends at an instant.</summary>
    public static LocalDate LastBefore(Instant end, DateTimeZone zone) => end.InZone(zone).Date.PlusDays(-1);
}
