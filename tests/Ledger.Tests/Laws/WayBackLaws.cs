using FsCheck;
using FsCheck.Fluent;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>Refunds and reversals: whole or in parts, in whatever order, the wallet comes to the same.</summary>
public sealed class WayBackLaws
{
    private static readonly MerchantId Merchant = MerchantId.Parse("tea-house");

    [Fact]
    public void Spending_and_refunding_a_part_is_spending_less() => Law.Holds(WithNumbers(), 50, c =>
    {
        // Where lots of one date differ in their warnings, the date keeps those of a lot that is spent until nothing is left there.
        var warnings = c.Sequence.Setup.Versions[0].Programme.Warnings;
        var wallet = Play.All(c.Sequence.With(programme => programme with { Warnings = warnings }));
        var at = wallet.State.LastAt;
        wallet.Send(new ApplyDue(), at);
        // Given before its time, a warning is given again when points come back in time for it; a gift that came back has the date it left with,
        // a refund the one of the last act.
        if (wallet.State.Available < new Points(2) || wallet.State.Warnings?.Given?.Any(given => given.At > at) == true
            || wallet.Journal.Any(t => t.Events.OfType<GiftReturned>().Any(returned => returned.Back.Any(slice => slice.Idle is not null))))
        {
            return;
        }

        // Also a spend that is refunded wholly is an act, for points that idle.
        var spent = Between(2, wallet.State.Available, c.Numbers[0]);
        var refunded = Between(1, wallet.State.Acts is null ? spent : spent - new Points(1), c.Numbers[1]);
        var whole = Play.Copy(wallet);
        Accept(whole.Send(new SpendPoints(Merchant, spent), at));
        Accept(whole.Send(new RefundSpend(whole.Journal[^1].Key, refunded == spent ? null : refunded), at));
        var less = Play.Copy(wallet);
        if (refunded < spent)
        {
            Accept(less.Send(new SpendPoints(Merchant, spent - refunded), at));
        }

        Assert.Equal(Play.Standing(less.State), Play.Standing(whole.State));
    });

    [Fact]
    public void Refunding_in_parts_is_refunding_at_once() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = Play.All(c.Sequence);
        if (LastOf<PointsSpent>(wallet) is not { } spend || ((Thawed.Spend)Thawed.From(spend, wallet.Journal)).Left is not { IsPositive: true } left)
        {
            return;
        }

        var at = wallet.State.LastAt + Duration.FromDays(c.Numbers[0] % 3 * 40);
        var atOnce = Play.Copy(wallet);
        var inParts = Play.Copy(wallet);
        Accept(atOnce.Send(new RefundSpend(spend.Key, null), at));
        foreach (var part in PartsOf(left, c.Numbers))
        {
            Accept(inParts.Send(new RefundSpend(spend.Key, part), at));
        }

        Assert.Equal(StandingAfterAll(atOnce, at), StandingAfterAll(inParts, at));
        Assert.Equal(atOnce.State.Lifetime, inParts.State.Lifetime);
        Assert.IsType<Refusal.RefundExceedsSpend>(Refused(inParts.Send(new RefundSpend(spend.Key, new(1)), at)));
    });

    [Fact]
    public void Refunds_of_several_spends_come_to_the_same_in_any_order() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = Play.All(c.Sequence);
        if (wallet.State.Available < new Points(4))
        {
            return;
        }

        var at = wallet.State.LastAt;
        var keys = new List<CommandKey>();
        foreach (var number in c.Numbers.Take(4))
        {
            Accept(wallet.Send(new SpendPoints(Merchant, Between(1, new(wallet.State.Available.Value / 2), number)), at));
            keys.Add(wallet.Journal[^1].Key);
            if (wallet.State.Available < new Points(2))
            {
                break;
            }
        }

        var later = at + Duration.FromDays(c.Numbers[4] % 4 * 25);
        var results = new[] { keys, Enumerable.Reverse(keys), keys.OrderBy(k => k.GetHashCode()) }.Select(order =>
        {
            var copy = Play.Copy(wallet);
            order.ToList().ForEach(key => Accept(copy.Send(new RefundSpend(key, null), later)));
            return StandingAfterAll(copy, later);
        });

        Assert.Single(results.Distinct());
    });

    [Fact]
    public void Reversing_in_parts_is_reversing_at_once() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = Play.All(c.Sequence);
        var at = wallet.State.LastAt + Duration.FromDays(c.Numbers[0] % 3 * 20);
        foreach (var earning in wallet.Journal.Where(t => t.Events.Any(e => e is PointsEarned)).Reverse().Take(5))
        {
            var atOnce = Play.Copy(wallet);
            if (atOnce.Send(new ReverseEarning(earning.Key, null), at) is not Decision.Accepted { Events: var events })
            {
                continue;
            }

            var whole = events.OfType<EarningReversed>().Single();

            var inParts = Play.Copy(wallet);
            foreach (var part in PartsOf(whole.Claimed, c.Numbers))
            {
                Accept(inParts.Send(new ReverseEarning(earning.Key, part), at));
            }

            Assert.Equal(Play.Standing(atOnce.State), Play.Standing(inParts.State));
            Assert.Equal(atOnce.State.Lifetime, inParts.State.Lifetime);
            Assert.Equal(FromFunds(atOnce), FromFunds(inParts));
            Assert.IsType<Refusal.NothingToReverse>(Refused(inParts.Send(new ReverseEarning(earning.Key, null), at)));
        }
    });

    [Fact]
    public void A_reversal_that_came_too_early_comes_to_the_same_as_one_in_time() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = Play.All(c.Sequence);
        var at = wallet.State.LastAt;
        var activity = new EarnPoints(Setup.Service, (c.Numbers[0] % 30) + 1, at);
        var key = CommandKey.Event("/law", "the activity");
        var parts = c.Numbers.Take(c.Numbers[1] % 4).Select(n => n % 9 == 0 ? null as Points? : new Points((n % 15) + 1)).ToList();

        var inTime = Play.Copy(wallet);
        var early = Play.Copy(wallet);
        if (inTime.Send(inTime.Envelope(activity, at, key)) is not Decision.Accepted)
        {
            return;
        }

        parts.ForEach(part => inTime.Send(new ReverseEarning(key, part), at));
        parts.ForEach(part => Accept(early.Send(new ReverseEarning(key, part), at)));
        Accept(early.Send(early.Envelope(activity, at, key)));

        Assert.Equal(WithoutLotNumbers(inTime.State), WithoutLotNumbers(early.State));
        Assert.Equal(inTime.State.Lifetime, early.State.Lifetime);
        Assert.DoesNotContain(early.State.Waiting, waiting => waiting.Of == key);
        Assert.Equal(
            (Thawed.From(inTime.Find(key)!, inTime.Journal) as Thawed.Earning)!.Left, (Thawed.From(early.Find(key)!, early.Journal) as Thawed.Earning)!.Left);
    });

    [Fact]
    public void No_more_is_ever_taken_back_than_was_given_nor_given_back_than_was_spent() =>
        Law.Holds(Cases.Any(), 30, sequence =>
        {
            var wallet = Play.All(sequence);
            foreach (var transaction in wallet.Journal)
            {
                var thawed = Thawed.From(transaction, wallet.Journal);
                if (thawed is Thawed.Earning earning)
                {
                    Assert.InRange(earning.Claimed.Value, 0, earning.Earned.Issued.Value);
                    Assert.InRange(earning.Expired.Value, 0, earning.Earned.Credited.Value);
                }

                if (thawed is Thawed.Spend spend)
                {
                    Assert.InRange(spend.Left.Value, 0, spend.Spent.Value);
                }
            }
        });

    private static Arbitrary<(Sequence Sequence, int[] Numbers)> WithNumbers() => Arb.From(
        from sequence in Cases.Any().Generator
        from numbers in Gen.Choose(0, 10_000).ArrayOf(8)
        select (sequence, numbers),
        c => Cases.Any().Shrinker(c.sequence).Select(shorter => (shorter, c.numbers)));

    private static Points Between(long least, Points most, int number) => new(least + (number % Math.Max(1, most.Value - least + 1)));

    private static IEnumerable<Points> PartsOf(Points whole, int[] numbers)
    {
        foreach (var number in numbers)
        {
            if (whole.IsPositive)
            {
                var part = Between(1, whole, number);
                whole -= part;
                yield return part;
            }
        }

        if (whole.IsPositive)
        {
            yield return whole;
        }
    }

    private static Transaction? LastOf<T>(RecordedWallet wallet)
        where T : WalletEvent => wallet.Journal.LastOrDefault(t => t.Events.Any(e => e is T));

    private static void Accept(Decision decision) => Assert.IsType<Decision.Accepted>(decision);

    private static Refusal Refused(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal;

    private static long FromFunds(RecordedWallet wallet) =>
        wallet.Journal.SelectMany(t => t.Events).OfType<EarningReversed>().Sum(reversed => reversed.FromFund?.Points.Value ?? 0);

    // What comes back at the very instant at which its warning falls due is warned of by whatever comes next.
    private static string StandingAfterAll(RecordedWallet wallet, Instant at)
    {
        wallet.Send(new ApplyDue(), at);
        return Play.Standing(wallet.State);
    }

    private static string WithoutLotNumbers(WalletState state) =>
        Play.Standing(state with
        {
            Lots = Lots.Empty,
            UndecidedEntries = [.. state.Undecided.Select(entry => entry with { Of = 0 })],
        }) + string.Join(' ', state.Lots.Select(lot => (lot.EarnedAt, lot.ExpiresAt, lot.Open)));
}
