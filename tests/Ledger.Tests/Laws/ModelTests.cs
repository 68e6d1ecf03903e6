using System.Numerics;
using Ledger.Programmes;
using Ledger.Tests.Model;
using Ledger.Tests.Rewards;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

public sealed class ModelTests
{
    [Fact]
    public void Every_sequence_of_commands_ends_as_with_single_coins_on_a_table() =>
        Law.Holds(Cases.Any(), 150, AgreesWithTheModel);

    [Fact]
    public void Wallets_that_are_frozen_now_and_then_and_closed_some_day_end_as_with_single_coins_on_a_table() =>
        Law.Holds(Cases.Interrupted(), 80, AgreesWithTheModel);

    [Fact]
    public void Sequences_of_a_resident_who_goes_to_the_mall_end_as_with_coins_and_orders_on_paper() =>
        Law.Holds(Cases.Shopping(), 100, AgreesWithTheModel);

    [Fact]
    public void Wallets_of_which_a_household_spends_end_as_with_single_coins_on_a_table() =>
        Law.Holds(Cases.Sharing(), 100, AgreesWithTheModel);

    [Fact]
    public void Wallets_filled_to_their_limit_end_as_with_single_coins_on_a_table() =>
        Law.Holds(Cases.Large(), 40, AgreesWithTheModel);

    [Fact]
    public void Wallets_that_moved_nearly_all_that_can_be_counted_end_as_with_single_coins_on_a_table() =>
        Law.Holds(Cases.Large(), 4, sequence => AgreesWithTheModel(sequence.With(programme => programme with { Holding = null }), 127));

    [Fact]
    public void No_stock_offers_what_a_wallet_has_whoever_is_cut_short_and_in_the_end_each_offers_all_the_rest() =>
        Law.Holds(Cases.Shopping(), 150, StocksAgreeWithTheModel);

    private static void AgreesWithTheModel(Sequence sequence) => AgreesWithTheModel(sequence, 0);

    private static void AgreesWithTheModel(Sequence sequence, int fillings)
    {
        var wallet = new RecordedWallet(new PublishedProgrammes(sequence.Setup.Versions));
        wallet.Rewards = TestMall.Of(sequence.Setup.CoinWorth);
        var model = new ModelWallet(sequence.Setup.Versions, sequence.Setup.CoinWorth, Setup.Merchants);
        for (var i = 0; i < fillings; i++)
        {
            // Filled to the last point by what no cap cuts, and emptied.
            Agree(sequence.Setup, wallet, model, wallet.Envelope(new EarnPoints(Setup.Walk, Points.Max.Value / Setup.LargeCoin, sequence.Setup.Start), sequence.Setup.Start));
            Agree(sequence.Setup, wallet, model, wallet.Envelope(new SpendPoints(MerchantId.Parse("m"), Points.Max), sequence.Setup.Start));
        }

        var player = new Player(sequence.Setup, wallet);
        foreach (var step in sequence.Steps)
        {
            var envelope = player.Envelope(step);
            try
            {
                Agree(sequence.Setup, wallet, model, envelope);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Transaction {model.Sequence} {envelope}\n{e.Message}\n{e.StackTrace}", e);
            }
        }
    }

    private static void StocksAgreeWithTheModel(Sequence sequence)
    {
        const int Put = 5;
        var wallet = new RecordedWallet(new PublishedProgrammes(sequence.Setup.Versions));
        var model = new ModelWallet(sequence.Setup.Versions, sequence.Setup.CoinWorth, Setup.Merchants);
        var stocks = new RecordedStocks(wallet, at => Send(wallet.Envelope(new ApplyDue(), at)));
        var late = new Queue<CommandEnvelope>();
        foreach (var reward in TestMall.Limited)
        {
            stocks.Put(reward, Put, sequence.Setup.Start);
        }

        var player = new Player(sequence.Setup, wallet);
        var now = sequence.Setup.Start;
        foreach (var step in sequence.Steps)
        {
            var envelope = player.Envelope(step);
            now = Instant.Max(envelope.At, wallet.State.LastAt);
            if (envelope.Command is RedeemReward redeem && TestMall.Limited.Contains(redeem.Reward) && !model.Knows(envelope.Key))
            {
                if (stocks.Reserve(redeem, now))
                {
                    late.Enqueue(envelope with { FromStock = true, Historic = false });
                }
            }
            else
            {
                if (envelope.Command is CancelRedemption cancel && wallet.Find(cancel.Redemption)?.Events is [.., RewardRedeemed made])
                {
                    stocks.Recall(made, now);
                }

                Send(envelope);
            }

            // Some come at once, some late, and some never; so do those who look afterwards.
            if (late.Count > 0 && step.Number % 5 > 0 && late.Dequeue() is var coming && !model.Knows(coming.Key))
            {
                Send(coming with { At = now });
            }

            if (step.Number % 3 > 0)
            {
                stocks.Look(now);
            }

            Offered((left, free) => left <= free);
        }

        for (var days = 0; days < 8; days++)
        {
            now += Duration.FromDays(days);
            stocks.Look(now);
        }

        Offered((left, free) => left == free);

        void Send(CommandEnvelope envelope) => Agree(sequence.Setup, wallet, model, envelope);

        void Offered(Func<long, long, bool> holds)
        {
            foreach (var reward in TestMall.Limited)
            {
                var level = stocks.Of(reward).Level;
                var free = Put - model.Taken.Where(taken => taken.Reward == reward).Sum(taken => taken.Quantity);
                Assert.True(level.All == Put && level is { Left: >= 0, Reserved: >= 0, Sold: >= 0 } && holds(level.Left, free), $"{level} of {reward}, {free} are free");
            }
        }
    }

    private static void Agree(Setup setup, RecordedWallet wallet, ModelWallet model, CommandEnvelope envelope)
    {
        if (model.Knows(envelope.Key))
        {
            Assert.IsType<Decision.Repeated>(wallet.Send(envelope));
            return;
        }

        var elsewhere = Thawed.TargetOf(envelope.Command) is { } target && wallet.Elsewhere.Contains(target);
        var taken = envelope.Command switch
        {
            HoldPoints hold => wallet.TakenElsewhere.GetValueOrDefault(hold.Reference),
            RedeemReward redeem => wallet.Voided.GetValueOrDefault(redeem.Redemption),
            _ => null,
        };
        var expected = model.Do(envelope, elsewhere, taken);
        var decision = wallet.Send(envelope);
        Assert.Equal(expected, (decision as Decision.Refused)?.Refusal);
        if (expected is null)
        {
            Assert.IsType<Decision.Accepted>(decision);
        }

        Assert.Equal(model.Warned, (decision switch
        {
            Decision.Accepted accepted => accepted.Events,
            Decision.Refused refused => refused.Events,
            _ => [],
        }).OfType<ExpiryWarned>());
        SameState(setup.CoinWorth, model, wallet.State);
    }

    private static void SameState(long worth, ModelWallet model, WalletState state)
    {
        Assert.Equal(model.Sequence, state.Sequence);
        Assert.Equal(model.LastAt, state.LastAt);
        var lots = model.Table
            .GroupBy(coin => (coin.Lot, coin.Ordinal, coin.EarnedAt, coin.ExpiresAt, Warnings: coin.ExpiresAt is null ? null : coin.Warnings, coin.Idle))
            .Select(coins => new Lot(new(coins.Key.Lot, coins.Key.Ordinal), coins.Key.EarnedAt, coins.Key.ExpiresAt, new(coins.Count() * worth), coins.Key.Warnings, coins.Key.Idle))
            .OrderBy(lot => lot.ExpiresAt is null).ThenBy(lot => lot.ExpiresAt).ThenBy(lot => lot.EarnedAt).ThenBy(lot => lot.Id);
        Assert.Equal(lots, state.Lots);
        Assert.Equal(model.Table.Count * worth, state.Available.Value);
        var pending = model.Later
            .GroupBy(coin => (coin.Lot, coin.EarnedAt, coin.ActiveAt, coin.ExpiresAt, Warnings: coin.ExpiresAt is null ? null : coin.Warnings, coin.Idle))
            .Select(coins => new PendingLot(
                new(coins.Key.Lot), coins.Key.EarnedAt, coins.Key.ActiveAt, coins.Key.ExpiresAt, new(coins.Count() * worth), coins.Key.Warnings, coins.Key.Idle))
            .OrderBy(lot => lot.ActiveAt).ThenBy(lot => lot.Id);
        Assert.Equal(pending, state.Pending);
        var undecided = model.Undecided.GroupBy(coin => (coin.Lot, coin.ExpiresAt)).Select(coins => (coins.Key.Lot, coins.Count() * worth, coins.Key.ExpiresAt)).OrderBy(lot => lot.Lot);
        Assert.Equal(undecided, state.Undecided.Where(entry => entry.Award is not null).Select(entry => (entry.Of, entry.Points.Value, entry.Award!.ExpiresAt)).OrderBy(lot => lot.Of));
        Assert.Equal(model.DecidedByTime.Order(), state.Undecided.Select(entry => entry.Approval.DueAt));
        Assert.Equal((model.Later.Count + model.Undecided.Count) * worth, state.Balances.Pending.Value);
        Assert.Equal(model.Debt * worth, state.Debt.Value);
        Assert.Equal(
            model.SetAside.Select(hold => (hold.Reference, hold.Until, hold.Captured * worth, hold.Coins.Count * worth)),
            state.Holds.Select(hold => (hold.Reference, hold.Until, hold.Captured.Value, hold.Points.Value)));
        Assert.Equal(
            model.SetAside.SelectMany(hold => hold.Coins).Select(coin => (coin.Lot, coin.EarnedAt, coin.ExpiresAt)),
            state.Holds.SelectMany(hold => hold.Lots).SelectMany(
                slice => Enumerable.Repeat((slice.Lot.Sequence, slice.EarnedAt, slice.ExpiresAt), (int)(slice.Points.Value / worth))));
        Assert.Equal(
            model.OpenRedemptions, state.Redemptions.Select(redemption => (redemption.Id, redemption.Status, redemption.ChangedAt, redemption.Slot, redemption.WrongCodes)));
        Assert.Equal(
            model.RedeemedCounts.Order(),
            state.Redeemed.Where(count => !(count.EndsAt <= state.LastAt)).Select(count => (count.Reward.Value, count.Per, count.Start, count.Count)).Order());
        Assert.Equal(
            model.UnderWay.OrderBy(gift => gift.DueAt).Select(gift => (gift.Of, gift.To, gift.DueAt, gift.Tries, gift.Coins.Count * worth)),
            state.Errands.Cast<GiftUnderWay>().Select(gift => (gift.Of, gift.To, gift.DueAt, gift.Tries, gift.Points.Value)));
        Assert.Equal(model.Tiers.HeldAt(model.LastAt), state.Tiers?.Held ?? []);
        Assert.Equal((model.FrozenSince, model.ClosedSince, model.ErasedSince), (state.Frozen?.Since, state.Closed?.Since, state.Erased?.Since));
        Assert.Equal(model.NextDue, state.NextDue);
        Assert.Equal(model.Waiting, state.Waiting.Select(waiting => (waiting.Of, waiting.Points?.Value / worth)));
        var lifetime = state.Lifetime;
        Assert.Equal(model.Earned * worth, lifetime.Earned.Value);
        Assert.Equal(model.Spent * worth, lifetime.Spent.Value);
        Assert.Equal(model.Expired * worth, lifetime.Expired.Value);
        Assert.Equal(BigInteger.Min(model.RejectedPoints, long.MaxValue), lifetime.Rejected.Value);
        Assert.Equal(model.CappedPoints, lifetime.Capped.Value);
        Assert.Equal(model.ClawedBack * worth, lifetime.ClawedBack.Value);
        Assert.Equal(model.Restored * worth, lifetime.Restored.Value);
        Assert.Equal(model.Shortfall * worth, lifetime.Shortfall.Value);
        Assert.Equal(model.Adjusted * worth, lifetime.Adjusted.Value);
        Assert.Equal(model.Given * worth, lifetime.Given.Value);
        Assert.Equal(model.ExpiryFund, state.ExpiryFund);
        Assert.Equal((model.Home?.Name, model.Home?.Since, model.PoolConsent), (state.Membership?.Household, state.Membership?.Since, state.Membership?.Consent));
        Assert.Equal(model.Sent * worth, lifetime.Sent.Value);
        Assert.Equal(model.Received * worth, lifetime.Received.Value);
    }
}
