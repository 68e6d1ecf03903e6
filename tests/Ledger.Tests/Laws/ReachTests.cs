using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>Laws are worth what their cases reach.</summary>
public sealed class ReachTests
{
    private static readonly Dictionary<string, Func<WalletEvent, bool>> Turns = new()
    {
        ["an award that is cut by a cap"] = e => e is PointsEarned earned && earned.Credited < earned.Computed && earned.Credited.IsPositive,
        ["an award that a cap cuts to nothing"] = e => e is PointsEarned { Credited.IsZero: true, Computed.IsPositive: true },
        ["an award that repays a debt in part"] = e => e is PointsEarned { DebtRepaid.IsPositive: true, Lot: not null },
        ["an award that repays a debt wholly"] = e => e is PointsEarned { DebtRepaid.IsPositive: true, Lot: null },
        ["a spend from several lots"] = e => e is PointsSpent { From.Length: > 1 },
        ["a refund to several lots"] = e => e is SpendRefunded { To.Length: > 1 },
        ["a refund that repays a debt and fills a lot"] = e => e is SpendRefunded { DebtRepaid.IsPositive: true, To.Length: > 0 },
        ["a refund that expires at once"] = e => e is SpendRefunded { ExpiredAtOnce.Length: > 0 },
        ["a refund of which a part expires at once"] = e => e is SpendRefunded { ExpiredAtOnce.Length: > 0, To.Length: > 0 },
        ["a reversal that takes from other lots"] = e => e is EarningReversed { From.Length: > 1 },
        ["a reversal that makes a debt"] = e => e is EarningReversed { Debt.IsPositive: true },
        ["a reversal that is written off"] = e => e is EarningReversed { WrittenOff.IsPositive: true },
        ["a reversal of a part"] = e => e is EarningReversed { Requested: { } requested } reversed && requested == reversed.Claimed,
        ["a reversal that asks for more than is left"] = e => e is EarningReversed { Requested: { } requested } reversed && requested > reversed.Claimed,
        ["a reversal that gives a cap its room back"] = e => e is EarningReversed { CapsRestored.Length: > 0 },
        ["lots that expire together"] = e => e is PointsExpired { Lots.Length: > 1 },
        ["an award that is not active yet"] = e => e is PointsEarned { ActiveAt: not null },
        ["points that become active"] = e => e is PointsActivated { Lots.Length: > 0 },
        ["points that repay a debt when they become active"] = e => e is PointsActivated { Repaid.Length: > 0 },
        ["a reversal of what is not active yet"] = e => e is EarningReversed { FromPending: not null },
        ["an award that waits for a decision"] = e => e is PointsEarned { Approval: not null },
        ["an approval that repays a debt"] = e => e is AwardApproved { DebtRepaid.IsPositive: true },
        ["an approval of what is not active yet"] = e => e is AwardApproved { ActiveAt: not null },
        ["an approval that shows a share"] = e => e is AwardApproved { Signals: not null },
        ["an award that nobody objected to in time"] = e => e is AwardApproved { By: null },
        ["an award that somebody rejects"] = e => e is EntryRejected { By: not null, Lot: not null },
        ["an award that nobody approved in time"] = e => e is EntryRejected { By: null, Lot: not null },
        ["a rejection that gives a cap its room back"] = e => e is EntryRejected { CapsRestored.Length: > 0 },
        ["a proposed adjustment"] = e => e is AdjustmentProposed,
        ["a proposal that a second operator approves"] = e => e is PointsAdjusted { Of: not null },
        ["a proposal that is rejected"] = e => e is EntryRejected { By: not null, Lot: null },
        ["a proposal that nobody approved in time"] = e => e is EntryRejected { By: null, Lot: null },
        ["an award that overflows into a fund"] = e => e is PointsEarned { Overflow.Fund: not null, Credited.IsPositive: true },
        ["an award that goes to a fund wholly"] = e => e is PointsEarned { Overflow.Fund: not null, Credited.IsZero: true },
        ["an award that is cut for want of room"] = e => e is PointsEarned { Overflow: { Fund: null } },
        ["an award that repays a debt and overflows"] = e => e is PointsEarned { Overflow: not null, DebtRepaid.IsPositive: true },
        ["a reversal that takes from a fund only"] = e => e is EarningReversed { FromFund: { } fund } reversed && fund.Points == reversed.Claimed,
        ["a reversal that takes from a fund and from lots"] = e => e is EarningReversed { FromFund: not null, From.Length: > 0 },
        ["a warning in time"] = e => e is ExpiryWarned { PutOffFrom: null },
        ["a warning that comes late and puts a date off"] = e => e is ExpiryWarned { PutOffFrom: not null },
        ["an act that extends what idles"] = e => e is ExpiryExtended,
        ["an award that idles until it is decided"] = e => e is PointsEarned { Approval: not null, Lot: { Idle: not null } },
        ["an adjustment up"] = e => e is PointsAdjusted { Lot: not null },
        ["an adjustment down"] = e => e is PointsAdjusted { From.Length: > 0 },
        ["a tier that is reached"] = e => e is TierChanged { Was: null, Tier: not null },
        ["a tier that rises or falls to another one"] = e => e is TierChanged { Was: { } was, Tier: { } tier } && was != tier,
        ["a tier that ends"] = e => e is TierChanged { Was: not null, Tier: null },
        ["a tier that is kept longer or less long"] = e => e is TierChanged { Was: { } was, Tier: var tier } && was == tier,
        ["an award under a tier"] = e => e is PointsEarned { Reason.Tier: not null },
        ["a correction up"] = e => e is PointsCorrected { Lot: not null },
        ["a correction up that repays a debt"] = e => e is PointsCorrected { DebtRepaid.IsPositive: true },
        ["a correction down"] = e => e is PointsCorrected { From.Length: > 0 },
        ["a correction down that is owed"] = e => e is PointsCorrected { Debt.IsPositive: true },
        ["a correction down that is forgiven"] = e => e is PointsCorrected { Forgiven.IsPositive: true },
        ["a reversal that waits"] = e => e is ReversalWaiting,
        ["a hold of several lots"] = e => e is PointsHeld { From.Length: > 1 },
        ["a hold that comes again under another key"] = e => e is HoldRepeated,
        ["a hold by a paycode"] = e => e is PointsHeld { Paycode: not null },
        ["a capture of several lots"] = e => e is HoldCaptured { From.Length: > 1 },
        ["a capture that gives the rest back"] = e => e is HoldReleased { How: HoldEnd.Captured },
        ["a reward that is paid at once"] = e => e is RewardRedeemed { Price.Cash: null },
        ["a reward that waits for cash"] = e => e is RewardRedeemed { Price.Cash: not null },
        ["a reward at the price of a tier"] = e => e is RewardRedeemed { Tier: "gold" },
        ["a reward that is paid for"] = e => e is RedemptionMoved { To: RedemptionStatus.Placed },
        ["an appointment"] = e => e is RedemptionMoved { To: RedemptionStatus.Booked },
        ["a resident who does not come"] = e => e is RedemptionMoved { To: RedemptionStatus.NoShow },
        ["a reward that is picked up"] = e => e is RedemptionMoved { To: RedemptionStatus.PickedUp },
        ["a reward that is delivered"] = e => e is RedemptionMoved { To: RedemptionStatus.Delivered },
        ["a redemption that is cancelled for all its points"] = e => e is RedemptionCancelled { Points.IsPositive: true },
        ["a redemption that is cancelled for nothing"] = e => e is RedemptionCancelled { Points.IsZero: true },
        ["a release"] = e => e is HoldReleased { How: HoldEnd.Released },
        ["a hold that times out"] = e => e is HoldReleased { How: HoldEnd.TimedOut },
        ["a hold that is voided"] = e => e is HoldReleased { How: HoldEnd.Voided },
        ["a release that repays a debt"] = e => e is HoldReleased { Repaid.Length: > 0 },
        ["a gift of several lots"] = e => e is GiftSent { From.Length: > 1 },
        ["a gift that arrives in several lots"] = e => e is GiftReceived { Lots.Length: > 1 },
        ["a gift that repays a debt in part"] = e => e is GiftReceived { DebtRepaid.IsPositive: true, Lots.Length: > 0 },
        ["a gift that is delivered"] = e => e is GiftDelivered,
        ["a gift that comes back"] = e => e is GiftReturned { Back.Length: > 0 },
        ["a gift that comes back and repays a debt"] = e => e is GiftReturned { DebtRepaid.IsPositive: true },
        ["a gift that comes back expired"] = e => e is GiftReturned { ExpiredAtOnce.Length: > 0 },
        ["a donation of several lots"] = e => e is PointsDonated { From.Length: > 1 },
        ["points that expire for a fund"] = e => e is PointsExpired { Fund: not null },
        ["a warning that names a fund"] = e => e is ExpiryWarned { Fund: not null },
        ["a choice that is taken back"] = e => e is ExpiryChosen { Fund: null },
        ["a gift that must not leave a household"] = e => e is GiftSent { Household: not null },
        ["a household that is joined"] = e => e is HouseholdJoined,
        ["a household that is left"] = e => e is HouseholdLeft,
        ["a consent that is taken back"] = e => e is PoolConsentGiven { Consent: null },
        ["a share of what another one buys"] = e => e is PointsHeld { Share.Month: not null },
        ["a share of the own buying"] = e => e is PointsHeld { Share.Own: true },
        ["an errand that is put off"] = e => e is ErrandPutOff,
        ["a release to lots that have expired"] = e => e is HoldReleased { ExpiredAtOnce.Length: > 0 },
        ["a freeze"] = e => e is WalletFrozen,
        ["the end of a freeze"] = e => e is WalletUnfrozen,
        ["a closing that expires what is left"] = e => e is PointsGivenUp { Fund: null },
        ["a closing that gives a fund what is left"] = e => e is PointsGivenUp { Fund: not null, Lots.Length: > 0 },
        ["a closing with points that are not active yet"] = e => e is PointsGivenUp { Pending.Length: > 0 },
        ["a closing that forgives a debt"] = e => e is WalletClosed { DebtForgiven.IsPositive: true },
        ["a resident who is erased"] = e => e is ResidentErased,
        ["a refused hold that uses its reference up"] = e => e is CommandRefused { Reference: not null },
    };

    [Fact]
    public void Random_sequences_reach_every_turn_that_a_wallet_can_take()
    {
        var missing = Turns.Keys
            .Concat(Refusal.Codes.Values)
            .Append("a waiting reversal that is done with its activity")
            .Append("several waiting reversals that are done with one activity")
            .Append("a waiting reversal that finds nothing left after another one")
            .Append("a refund of captures").Append("a refund of a share").Append("a void of captures")
            .Append("points given a grace")
            .Append("a refund to a closed wallet").Append("a reversal after the closing")
            .Except(Reached(), StringComparer.Ordinal)
            // A hundred and one of them, or six wrong codes in a row, are an example, not chance; to the limits of a life lead laws of their own.
            .Except(["too_many_waiting", "too_many_holds", "too_many_errands", "too_many_redemptions", "pickup_code_locked", "too_many_undecided", "debt_limit", "lifetime_limit"], StringComparer.Ordinal);

        Assert.Empty(missing);
    }

    private static HashSet<string> Reached()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        // Always the same cases, so that what is rare does not make this test fail once a year.
        var cases = Cases.Any().Generator.Sample(1200, new Rnd(7), 50)
            .Concat(Cases.Large().Generator.Sample(40, new Rnd(1), 50))
            .Concat(Cases.Shopping().Generator.Sample(500, new Rnd(3), 50))
            .Concat(Cases.Interrupted().Generator.Sample(260, new Rnd(5), 50))
            .Concat(Cases.Sharing().Generator.Sample(200, new Rnd(9), 50))
            .ToList();
        Assert.Equal(2_200, cases.Count);
        foreach (var sequence in cases)
        {
            var wallet = new RecordedWallet(new PublishedProgrammes(sequence.Setup.Versions));
            var player = new Player(sequence.Setup, wallet);
            foreach (var step in sequence.Steps)
            {
                wallet.Send(player.Envelope(step));
            }

            foreach (var transaction in wallet.Journal)
            {
                AddTurnsOf(transaction, reached);
                AddWaitingOf(transaction, wallet, reached);
                if (transaction.Events is [EarningReversed] && transaction.Sequence > ClosingOf(wallet))
                {
                    reached.Add("a reversal after the closing");
                }

                if (transaction.Key.IsShareBack && transaction.Events is [.., SpendRefunded { Of: var of }] && wallet.Journal[(int)of - 1].Deed is PointsHeld { Share: not null })
                {
                    reached.Add("a refund of a share");
                }

                if (transaction.Events is [.., SpendRefunded refunded] && wallet.Journal[(int)refunded.Of - 1].Reference is not null)
                {
                    reached.Add(transaction.Events is [.., HoldReleased { How: HoldEnd.Voided }, _] ? "a void of captures" : "a refund of captures");
                }
            }
        }

        return reached;
    }

    private static long ClosingOf(RecordedWallet wallet) =>
        wallet.Journal.FirstOrDefault(transaction => transaction.Events.Any(e => e is WalletClosed))?.Sequence ?? long.MaxValue;

    private static void AddWaitingOf(Transaction transaction, RecordedWallet wallet, HashSet<string> reached)
    {
        var done = transaction.Events.Count(e => e is EarningReversed);
        if (!transaction.Events.Any(e => e is PointsEarned) || done == 0)
        {
            return;
        }

        var waited = wallet.Journal.Take((int)transaction.Sequence - 1)
            .Count(earlier => earlier.Events is [.., ReversalWaiting waiting] && waiting.Of == transaction.Key);
        Assert.InRange(done, 1, waited);
        if (done > 1)
        {
            reached.Add("several waiting reversals that are done with one activity");
        }

        if (done < waited)
        {
            reached.Add("a waiting reversal that finds nothing left after another one");
        }
    }

    private static void AddTurnsOf(Transaction transaction, HashSet<string> reached)
    {
        reached.UnionWith(Turns.Where(turn => transaction.Events.Any(turn.Value)).Select(turn => turn.Key));
        reached.Add(transaction.Outcome);
        if (transaction.Events.Any(e => e is PointsEarned) && transaction.Events.Any(e => e is EarningReversed))
        {
            reached.Add("a waiting reversal that is done with its activity");
        }

        if (transaction.Events is [.., SpendRefunded, PointsGivenUp])
        {
            reached.Add("a refund to a closed wallet");
        }

        if (transaction.Events is [.., SpendRefunded { To: [.., { ExpiresAt: { } end }] } refunded] && end > refunded.To[0].ExpiresAt)
        {
            reached.Add("points given a grace");
        }
    }
}
