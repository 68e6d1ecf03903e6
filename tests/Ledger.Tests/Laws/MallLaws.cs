using Ledger.Tests.Sequences;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>The mall: what is told before is what happens then, and what is cancelled whole was never there.</summary>
public sealed class MallLaws
{
    [Fact]
    public void There_is_no_obstacle_exactly_where_redeeming_is_accepted_and_the_first_one_is_the_refusal() => Law.Holds(Cases.Interrupted(), 100, sequence =>
        Play.Steps(sequence, (before, envelope, decision, wallet) =>
        {
            if (envelope.Command is not RedeemReward redeem || decision is Decision.Repeated || envelope.At < before.LastAt || wallet.Voided.ContainsKey(redeem.Redemption))
            {
                return;
            }

            var due = Due.Apply(before, envelope.At, warns: !envelope.Historic).After;
            var obstacle = Redeeming.Obstacles(wallet.Programmes, due, envelope.At, wallet.Merchants, wallet.Rewards, redeem.Reward, redeem.Quantity).FirstOrDefault();
            Assert.Equal(obstacle?.Code, (decision as Decision.Refused)?.Refusal.Code);
        }));

    [Fact]
    public void Every_open_redemption_that_awaits_payment_has_its_hold_and_no_other_one_has() => Law.Holds(Cases.Shopping(), 100, sequence =>
        Play.Steps(sequence, (_, _, _, wallet) =>
        {
            var unpaid = wallet.State.Redemptions.Where(redemption => redemption.Status == Ledger.Rewards.RedemptionStatus.AwaitsPayment);
            Assert.Equal(
                unpaid.Select(redemption => (redemption.Sequence, redemption.Made.Price.Points)).Order(),
                wallet.State.Holds.Where(hold => hold.Reference.Id.Length == 32).Select(hold => (hold.Sequence, hold.Points)).Order());
            Assert.All(wallet.State.Redeemed, count => Assert.True(count.Count > 0));
        }));

    [Fact]
    public void What_the_journal_tells_of_a_redemption_is_what_the_wallet_knows() => Law.Holds(Cases.Shopping(), 60, sequence =>
    {
        var wallet = Play.All(sequence);
        foreach (var open in wallet.State.Redemptions)
        {
            var told = Assert.IsType<Thawed.Redeemed>(Thawed.RedemptionFrom(wallet.Journal[(int)open.Sequence - 1], wallet.Journal));
            Assert.Equal(open, told.Redemption);
        }

        foreach (var made in wallet.Journal.Where(transaction => transaction.Redemption is { } id && wallet.State.FindRedemption(id) is null))
        {
            Assert.False(Thawed.RedemptionFrom(made, wallet.Journal) is Thawed.Redeemed { Ended.IsOpen: true });
        }
    });
}
