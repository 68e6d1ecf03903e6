using System.Collections.Immutable;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Json;
using Ledger.Programmes;
using Ledger.Tests.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>Amounts as large as they may be, again and again, for a life: an answer with numbers every time, and sums that stay numbers.</summary>
public sealed class LimitLaws
{
    private static readonly long[] Amounts = [1, 2, 128, 129, Points.Max.Value / 2, Points.Max.Value - 1, Points.Max.Value];

    private static readonly Arbitrary<ImmutableArray<Turn>> Lives = Arb.From(
        from length in Gen.Choose(1, 2000)
        from source in Gen.Elements(Deed.Earn, Deed.Adjust)
        from turns in Turns(source).ListOf(length)
        select turns.ToImmutableArray());

    private enum Deed
    {
        Earn,
        Spend,
        Reverse,
        Refund,
        Adjust,
        Wait,
    }

    [Fact]
    public void No_life_brings_a_wallet_to_a_stop() => Law.Holds(Lives, 40, turns => Live(turns, _ => { }));

    [Fact]
    public void The_lives_of_this_law_reach_every_limit()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var lives = Lives.Generator.Sample(40, new Rnd(1), 50).ToList();
        lives.ForEach(turns => Live(turns, refusal => reached.Add(refusal is Refusal.LifetimeLimit limit ? $"{limit.Sum}" : refusal.Code)));

        Assert.Empty(
            new[] { "Earned", "Spent", "Adjusted", "debt_limit", "balance_limit", "insufficient_points", "nothing_to_reverse" }.Except(reached, StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_left_of_a_life_can_be_used_to_the_last_point_and_not_one_more()
    {
        var story = new Story();
        for (var i = 0; i < 128; i++)
        {
            Story.Accepted(story.Earn($"e{i}", Points.Max.Value));
            Story.Accepted(story.Spend($"s{i}", Points.Max.Value));
        }

        Assert.Equal(new Refusal.LifetimeLimit(LifetimeSum.Earned, new(128), new(129)), Story.Refused(story.Earn("more", 129)));
        Story.Accepted(story.Earn("the last", 128));
        Assert.Equal(new Refusal.LifetimeLimit(LifetimeSum.Earned, new(0), new(1)), Story.Refused(story.Earn("one more", 1)));
        Story.Accepted(story.Spend("all", 128));
        Assert.Equal((LifetimeTotals.Max, LifetimeTotals.Max), (story.State.Lifetime.Earned, story.State.Lifetime.Spent));
    }

    [Fact]
    public void A_full_wallet_may_send_more_to_a_fund_than_a_number_counts()
    {
        // Nothing adds it up for the resident: every cap has a limit, tiers count only what was credited, and the journal refuses what a fund cannot hold.
        var story = new Story(ProgrammeReader.Read("""
            { "holding": { "pointsMax": 1, "overflow": { "kind": "fund", "fund": "charity" } },
              "tiers": { "basis": { "kind": "rolling_months", "months": 12 }, "levels": [ { "id": "silver", "from": 500 } ] },
              "caps": [ { "id": "all", "per": "lifetime", "times": 9007199254740991 } ],
              "campaigns": [ { "id": "plus", "from": "2024-01-01", "through": "2024-12-31", "effect": { "kind": "bonus", "points": 9007199254740990 }, "timesMax": 9007199254740991 } ],
              "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 1 } } ] }
            """).Programme!);
        for (var i = 0; i < 1_100; i++)
        {
            Story.Accepted(story.Earn($"e{i}", 1));
        }

        Assert.Equal((1L, 1L, 0L), (story.Available, story.State.Lifetime.Earned.Value, story.State.Lifetime.Capped.Value));
    }

    [Fact]
    public void Whoever_owes_the_most_is_asked_for_no_more_until_it_is_repaid()
    {
        var story = new Story();
        foreach (var name in new[] { "1", "2" })
        {
            Story.Accepted(story.Earn($"e{name}", Points.Max.Value));
            Story.Accepted(story.Spend($"s{name}", Points.Max.Value));
        }

        Story.Accepted(story.Reverse("r1", "e1"));
        Assert.Equal(new Refusal.DebtLimit(Points.Max, Points.Max, Points.Max), Story.Refused(story.Reverse("r2", "e2")));
        Story.Accepted(story.Adjust("repaid", 7));
        Assert.Equal(new Refusal.DebtLimit(Points.Max - new Points(7), new(8), Points.Max), Story.Refused(story.Reverse("r3", "e2", 8)));
        Story.Accepted(story.Reverse("r4", "e2", 7));
        Assert.Equal(Points.Max.Value, story.Debt);
    }

    // One source that mostly gives, so that its sum comes to its end.
    private static Gen<Turn> Turns(Deed source) =>
        from deed in Gen.Frequency(
            (8, Gen.Constant(source)), (8, Gen.Constant(Deed.Spend)), (1, Gen.Elements(Deed.Earn, Deed.Adjust)),
            (2, Gen.Constant(Deed.Reverse)), (2, Gen.Constant(Deed.Refund)), (1, Gen.Constant(Deed.Wait)))
        from amount in Gen.Frequency((4, Gen.Constant(Points.Max.Value)), (1, Gen.Elements(Amounts)))
        from target in Gen.Choose(0, 5)
        select new Turn(deed, amount, target);

    private static void Live(ImmutableArray<Turn> turns, Action<Refusal> refused)
    {
        var story = new Story();
        var number = 0;
        foreach (var turn in turns)
        {
            var before = story.State;
            var decision = Do(story, turn, $"c{++number}");
            if (decision is Decision.Refused { Refusal: var refusal })
            {
                refused(refusal);
                MustBeTrue(refusal, before, turn);
            }

            MustBeCountable(story.State);
        }

        // As it is stored, so it is read: no number became another one.
        Assert.Equal(Play.Text(story.State), Play.Text(Play.Replay(story.Journal.Select(
            t => t with { Events = LedgerJson.EventsOf(LedgerJson.BytesOf(t.Events)) }))));
    }

    private static Decision Do(Story story, Turn turn, string name) => turn.Deed switch
    {
        Deed.Earn => story.Earn(name, turn.Amount),
        Deed.Spend => story.Spend(name, Math.Clamp(turn.Amount, 1, Math.Max(1, story.Available))),
        Deed.Reverse => story.Do(name, new ReverseEarning(TargetOf(story, turn, e => e is PointsEarned), null)),
        Deed.Refund => story.Do(name, new RefundSpend(TargetOf(story, turn, e => e is PointsSpent), null)),
        Deed.Adjust => story.Adjust(name, turn.Amount % 2 == 0 ? -turn.Amount : turn.Amount),
        _ => story.Later(Duration.FromDays(40)).ApplyDue(name),
    };

    // One of the last: older ones have mostly come to an end.
    private static CommandKey TargetOf(Story story, Turn turn, Func<WalletEvent, bool> fitting) =>
        story.Journal.Reverse().Where(transaction => transaction.Events.Any(fitting)).Skip(turn.Target).FirstOrDefault()?.Key ?? Story.Key("nothing");

    private static void MustBeTrue(Refusal refusal, WalletState before, Turn turn)
    {
        switch (refusal)
        {
            case Refusal.LifetimeLimit limit:
                Assert.True(limit.Left < limit.Requested && !(limit.Left < Points.Zero), $"{limit}");
                Assert.Equal(LifetimeTotals.Max, limit.Left + (limit.Sum switch
                {
                    LifetimeSum.Earned => before.Lifetime.Earned,
                    LifetimeSum.Spent => before.Lifetime.Spent,
                    _ => before.Lifetime.Adjusted,
                }));
                Assert.True(limit.Requested.Value <= turn.Amount, $"{limit} for {turn}");
                break;
            case Refusal.DebtLimit limit:
                Assert.True(limit.Added.IsPositive && limit.Debt == before.Debt, $"{limit}");
                Assert.True((BigInteger)limit.Debt.Value + limit.Added.Value > limit.PointsMax.Value, $"{limit}");
                break;
        }
    }

    private static void MustBeCountable(WalletState state)
    {
        var life = state.Lifetime;
        Assert.InRange(state.Available.Value, 0, Points.Max.Value);
        Assert.InRange(state.Debt.Value, 0, Points.Max.Value);
        Assert.All(
            [life.Earned, life.Spent, life.ClawedBack + life.Shortfall, life.Restored], sum => Assert.InRange(sum.Value, 0, LifetimeTotals.Max.Value));
        Assert.InRange(life.Expired.Value, 0, 4 * (LifetimeTotals.Max.Value - 1));
        Assert.InRange(life.Adjusted.Value, -2 * LifetimeTotals.Max.Value, LifetimeTotals.Max.Value);
        Assert.Equal(
            state.Balances.Net.Value,
            (BigInteger)life.Earned.Value - life.ClawedBack.Value - life.Spent.Value + life.Restored.Value - life.Expired.Value + life.Adjusted.Value);
    }

    private sealed record Turn(Deed Deed, long Amount, int Target);
}
