using FsCheck;
using FsCheck.Fluent;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>Holds: each ends once, and taking in two steps is the same as taking in one.</summary>
public sealed class HoldLaws
{
    private static readonly MerchantReference Sale = new(MerchantId.Parse("tea-house"), "the sale");

    [Fact]
    public void Holding_and_capturing_a_part_is_spending_that_part() => Law.Holds(WithNumbers(), 50, c =>
    {
        if (c.Wallet().State is not { Available: { IsPositive: true } available })
        {
            return;
        }

        var held = Between(available, c.Numbers[0]);
        var captured = Between(held, c.Numbers[1]);
        var (inTwo, inOne) = (c.Wallet(), c.Wallet());
        Accept(inTwo.Send(new HoldPoints(Sale, held, 5), inTwo.State.LastAt));
        foreach (var part in PartsOf(captured, c.Numbers))
        {
            Accept(inTwo.Send(new CaptureHold(Sale, part, Final: false), inTwo.State.LastAt));
        }

        if (captured < held)
        {
            Accept(inTwo.Send(new ReleaseHold(Sale), inTwo.State.LastAt));
        }

        Accept(inOne.Send(new SpendPoints(Sale.Merchant, captured), inOne.State.LastAt));

        Assert.Equal(Play.Standing(inOne.State), Play.Standing(inTwo.State));
        Assert.Equal(inOne.State.Lifetime, inTwo.State.Lifetime);
        var atOnce = c.Wallet();
        Accept(atOnce.Send(new HoldPoints(Sale, held, 5), atOnce.State.LastAt));
        Accept(atOnce.Send(new CaptureHold(Sale, captured, Final: true), atOnce.State.LastAt));
        Assert.Equal(Play.Standing(inOne.State), Play.Standing(atOnce.State));
    });

    [Fact]
    public void A_hold_that_is_given_back_was_never_there() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = c.Wallet();
        if (!wallet.State.Available.IsPositive)
        {
            return;
        }

        var held = Between(wallet.State.Available, c.Numbers[0]);
        var at = wallet.State.LastAt;
        foreach (var end in new WalletCommand[] { new ReleaseHold(Sale), new VoidHold(Sale) })
        {
            var ended = c.Wallet();
            Accept(ended.Send(new HoldPoints(Sale, held, 5), at));
            Accept(ended.Send(end, at));
            Assert.Equal(Play.Standing(wallet.State), Play.Standing(ended.State));
            Assert.Equal(wallet.State.Lifetime, ended.State.Lifetime);
        }

        var later = at + Duration.FromDays(c.Numbers[1] % 5 * 20);
        var timedOut = c.Wallet();
        Accept(timedOut.Send(new HoldPoints(Sale, held, (c.Numbers[2] % Holding.MinutesMax) + 1), at));
        later = Instant.Max(later, timedOut.State.FindHold(Sale)!.Until);

        Assert.Equal(Play.Standing(Due.Apply(wallet.State, later).After), Play.Standing(Due.Apply(timedOut.State, later).After));
        Assert.Equal(Due.Apply(wallet.State, later).After.Lifetime, Due.Apply(timedOut.State, later).After.Lifetime);
    });

    [Fact]
    public void A_hold_ends_once_and_no_more_is_captured_than_was_held_nor_refunded_than_was_captured() =>
        Law.Holds(Cases.Any(), 60, sequence =>
        {
            var wallet = Play.All(sequence);
            foreach (var transaction in wallet.Journal.Where(t => t.Events is [.., PointsHeld]))
            {
                var later = wallet.Journal.SelectMany(t => t.Events).ToList();
                var held = (Thawed.Held)Thawed.From(transaction, wallet.Journal);
                var captured = later.OfType<HoldCaptured>().Where(e => e.Of == transaction.Sequence).Sum(e => e.Points.Value);
                var released = later.OfType<HoldReleased>().Where(e => e.Of == transaction.Sequence).ToList();
                var refunded = later.OfType<SpendRefunded>().Where(e => e.Of == transaction.Sequence).Sum(e => e.Points.Value);
                var live = wallet.State.FindHold(((PointsHeld)transaction.Events[^1]).Reference);

                Assert.InRange(captured, 0, held.Points.Value);
                Assert.InRange(refunded, 0, captured);
                Assert.Equal((captured, captured - refunded), (held.Redemption.Spent.Value, held.Redemption.Left.Value));
                Assert.Equal(1, released.Count + (live is null ? 0 : 1) + (captured == held.Points.Value ? 1 : 0));
                Assert.Equal(
                    held.Points.Value,
                    captured + (live?.Points.Value ?? 0) + released.Sum(e => e.Repaid.Sum(lot => lot.Points.Value)
                        + e.To.Sum(slice => slice.Points.Value) + e.ExpiredAtOnce.Sum(lot => lot.Points.Value)));
            }
        });

    [Fact]
    public void A_paycode_makes_one_hold_at_most_whatever_happens() => Law.Holds(Cases.Any(), 100, sequence =>
    {
        var wallet = Play.All(sequence);
        var holds = wallet.Journal.SelectMany(t => t.Events.OfType<PointsHeld>().Select(held => (held.Paycode, t.EffectiveAt))).Where(hold => hold.Paycode is not null).ToList();

        Assert.Equal(holds.Count, holds.Select(hold => hold.Paycode!.Value.Digest).Distinct().Count());
        Assert.All(holds, hold => Assert.True(hold.EffectiveAt < hold.Paycode!.Value.Until));
    });

    [Fact]
    public void A_sale_comes_to_nothing_however_it_was_captured_and_refunded_before_it_was_voided() => Law.Holds(WithNumbers(), 50, c =>
    {
        var wallet = c.Wallet();
        if (!wallet.State.Available.IsPositive)
        {
            return;
        }

        var held = Between(wallet.State.Available, c.Numbers[0]);
        var sold = c.Wallet();
        Accept(sold.Send(new HoldPoints(Sale, held, 5), sold.State.LastAt));
        var hold = sold.Journal[^1].Key;
        foreach (var number in c.Numbers)
        {
            // Some of these are too much, and refused.
            sold.Send(
                number % 2 == 0 ? new CaptureHold(Sale, Between(held, number), number % 16 == 0) : new RefundSpend(hold, Between(held, number)),
                sold.State.LastAt);
        }

        sold.Send(new VoidHold(Sale), sold.State.LastAt);

        Assert.Equal(Play.Standing(wallet.State), Play.Standing(sold.State));
        Assert.Equal(
            wallet.State.Lifetime.Spent - wallet.State.Lifetime.Restored, sold.State.Lifetime.Spent - sold.State.Lifetime.Restored);
        Assert.Empty(((Decision.Accepted)sold.Send(new VoidHold(Sale), sold.State.LastAt)).Events);
        Assert.IsType<Refusal.HoldEnded>(((Decision.Refused)sold.Send(new CaptureHold(Sale, new(1), true), sold.State.LastAt)).Refusal);
    });

    // Where points wait for a warning it matters when they are there.
    // To set points aside is an act of the resident, and what idles lasts longer for it: that would make a difference.
    private static Arbitrary<(Func<RecordedWallet> Wallet, int[] Numbers)> WithNumbers() => Arb.From(
        from sequence in Cases.Any().Generator
        from numbers in Gen.Choose(0, 10_000).ArrayOf(8)
        select ((Func<RecordedWallet>)(() => Play.Copy(Play.All(Play.Courteous(sequence.With(IdleLaws.WithoutInactivity))))), numbers));

    private static Points Between(Points most, int number) => new(1 + (number % most.Value));

    private static IEnumerable<Points> PartsOf(Points whole, int[] numbers)
    {
        foreach (var number in numbers.TakeWhile(_ => whole.IsPositive))
        {
            var part = Between(whole, number);
            whole -= part;
            yield return part;
        }

        if (whole.IsPositive)
        {
            yield return whole;
        }
    }

    private static void Accept(Decision decision) => Assert.IsType<Decision.Accepted>(decision);
}
