using FsCheck;
using FsCheck.Fluent;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>What a sale comes to in money: its parts add up exactly, whatever their order and however it was split.</summary>
public sealed class SettlementLaws
{
    private static readonly MerchantReference Sale = new(MerchantId.Parse("tea-house"), "the sale");

    [Fact]
    public void Captures_less_refunds_come_to_the_money_of_the_points_that_were_kept() => Law.Holds(Cases.Any(), 100, sequence =>
    {
        foreach (var parts in PartsOf(Play.All(sequence)))
        {
            var kept = parts.Sum(part => part.Points);
            Assert.InRange(kept, 0, long.MaxValue);
            Assert.Single(parts.Select(part => part.Part.Rate).Distinct());
            Assert.Equal(parts[0].Part.Rate?.MoneyOf(new(kept)), parts[0].Part.Rate is null ? null : parts.Sum(part => Math.Sign(part.Points) * part.Part.Money));
            Assert.All(parts, part => Assert.True(part.Part.Money is null or >= 0));
        }
    });

    [Fact]
    public void Every_part_lies_in_the_day_in_which_it_happened() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        foreach (var (transaction, part) in from t in Play.All(sequence).Journal from p in Parts(t.Events) select (t, p))
        {
            Assert.True(transaction.EffectiveAt < part.Part.SettlesAt);
            Assert.True(part.Part.SettlesAt - transaction.EffectiveAt < Duration.FromHours(50));
        }
    });

    [Fact]
    public void A_sale_of_points_and_cash_gives_all_its_cash_back_with_its_last_point_and_never_more() => Law.Holds(Splits(), 300, split =>
    {
        var wallet = split.Sold();
        var hold = wallet.Journal[^1].Key;
        var (refunded, cash) = (0L, 0L);
        foreach (var number in split.Numbers)
        {
            wallet.Send(new CaptureHold(Sale, new(1 + (number % 3)), false), wallet.State.LastAt);
            if (wallet.Send(new RefundSpend(hold, new(1 + (number % 7))), wallet.State.LastAt) is Decision.Accepted { Events: [.., SpendRefunded part] })
            {
                refunded += part.Points.Value;
                cash += part.Settlement!.CashBack!.Value;
                Assert.InRange(part.Settlement.CashBack.Value, 0, split.Cash);
            }
        }

        var captured = ((Thawed.Held)wallet.ThawedFor(wallet.Envelope(new VoidHold(Sale), wallet.State.LastAt))).Redemption.Spent.Value;
        var rest = wallet.Send(new RefundSpend(hold, null), wallet.State.LastAt);
        cash += rest is Decision.Accepted { Events: [.., SpendRefunded last] } ? last.Settlement!.CashBack!.Value : 0;

        Assert.Equal(captured == 0 ? 0 : split.Cash, cash);
        Assert.InRange(refunded, 0, captured);
    });

    [Fact]
    public void Money_does_not_depend_on_how_a_sale_was_split() => Law.Holds(Splits(), 300, split =>
    {
        var (inParts, atOnce) = (split.Sold(), split.Sold());
        var at = inParts.State.LastAt;
        var hold = inParts.Journal[^1].Key;
        var captured = Points.Zero;
        foreach (var number in split.Numbers)
        {
            var part = new Points(1 + (number % 5));
            if (inParts.Send(new CaptureHold(Sale, part, false), at) is Decision.Accepted)
            {
                captured += part;
            }
        }

        if (!captured.IsPositive)
        {
            return;
        }

        foreach (var number in split.Numbers.Take(3))
        {
            inParts.Send(new RefundSpend(hold, new(1 + (number % 2))), at);
        }

        var kept = new Points(PartsOf(inParts)[0].Sum(part => part.Points));
        atOnce.Send(new CaptureHold(Sale, captured, true), at);
        if (kept < captured)
        {
            atOnce.Send(new RefundSpend(atOnce.Journal[^2].Key, captured - kept), at);
        }

        Assert.Equal(Money(atOnce), Money(inParts));

        static long Money(RecordedWallet wallet) => PartsOf(wallet)[0].Sum(part => Math.Sign(part.Points) * part.Part.Money!.Value);
    });

    // The parts of each sale: signed points, and what was pinned.
    private static List<List<(long Points, SettlementPart Part)>> PartsOf(RecordedWallet wallet) =>
    [
        .. wallet.Journal.SelectMany(t => Parts(t.Events), (t, part) => (Sale: part.Of ?? t.Sequence, part.Points, part.Part))
            .GroupBy(part => part.Sale, part => (part.Points, part.Part))
            .Select(sale => sale.ToList()),
    ];

    private static IEnumerable<(long? Of, long Points, SettlementPart Part)> Parts(IEnumerable<WalletEvent> events) => events
        .Select(happened => happened switch
        {
            HoldCaptured e => (e.Of, e.Points.Value, e.Settlement),
            PointsSpent e => (null, e.Points.Value, e.Settlement),
            SpendRefunded e => (e.Of, -e.Points.Value, e.Settlement),
            _ => (Of: null as long?, Points: 0L, Part: null as SettlementPart),
        })
        .Where(part => part.Points != 0)
        .Select(part => (part.Of, part.Points, part.Part!));

    private static Arbitrary<Split> Splits() => Arb.From(
        from minorUnits in Gen.Elements(1L, 1, 2, 3, 7, 99, 100, MoneyRate.NumberMax)
        from per in Gen.Elements(1L, 2, 3, 7, 100, 1_000, MoneyRate.NumberMax)
        from rounding in Gen.Elements(Enum.GetValues<Rounding>())
        from cash in Gen.Elements(1L, 2, 3, 99, 1_000, Points.Max.Value)
        from numbers in Gen.Choose(0, 1_000).ArrayOf(9)
        select new Split(new(Math.Min(minorUnits, per * MoneyRate.MinorUnitsPerPointMax), new(per), "CNY", rounding), cash, numbers));

    private sealed record Split(MoneyRate Rate, long Cash, int[] Numbers)
    {
        public RecordedWallet Sold()
        {
            var start = Instant.FromUtc(2024, 2, 29, 1, 0);
            var wallet = new RecordedWallet(new([new(1, Instant.MinValue, Wallets.Story.Plain)]))
            {
                Merchants = new([Wallets.Story.Registered with { Terms = [new(Instant.MinValue, new(22, 0), Rate)] }]),
            };
            wallet.Send(new EarnPoints(Wallets.Story.Service, 30, start), start);
            wallet.Send(new HoldPoints(Sale, new(1 + (Numbers[0] % 30)), 60, Cash: Cash), start);
            return wallet;
        }

        public override string ToString() => $"{Rate}, cash {Cash}, {string.Join(' ', Numbers)}";
    }
}
