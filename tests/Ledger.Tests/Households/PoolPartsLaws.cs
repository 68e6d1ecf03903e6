using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Households;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Households;

/// <summary>Who pays how much, and who gets how much back: whatever is offered, and however it is refunded.</summary>
public sealed class PoolPartsLaws
{
    private static Gen<long> Amount => Gen.Frequency(
        (4, Gen.Choose(0, 12).Select(i => (long)i)), (2, Gen.Choose(0, 1000).Select(i => (long)i)), (1, Gen.Elements(0L, 1L, Points.Max.Value - 1, Points.Max.Value / 20)));

    private static Gen<ImmutableArray<PoolPart>> Parts(int min) =>
        from count in Gen.Choose(min, Household.MembersMax)
        from amounts in Amount.ArrayOf(count)
        select amounts.Select((amount, i) => new PoolPart(new($"r-{i}"), new(amount))).ToImmutableArray();

    private static Arbitrary<(ImmutableArray<PoolPart> Offers, ResidentId Buyer, Points Points)> Spends => (
        from offers in Parts(1)
        from buyer in Gen.Choose(0, offers.Length - 1)
        from around in Gen.Elements(-1L, 0, 1)
        from share in Gen.Elements(1L, 2, 3, 7)
        let points = Math.Max(1, (offers.Sum(offer => offer.Points.Value) / share) + around)
        select (offers, offers[buyer].Resident, new Points(points))).ToArbitrary();

    private static Arbitrary<(ImmutableArray<PoolPart> Shares, ImmutableArray<long> Cuts)> Refunds => (
        from parts in Parts(1)
        let shares = parts.Select(part => part with { Points = part.Points + new Points(1) }).ToImmutableArray()
        let all = shares.Total().Value
        from cuts in Gen.Choose(0, 10_000).Select(cut => (long)((Int128)all * cut / 10_000)).ArrayOf(6)
        select (shares, cuts.Append(all).Where(cut => cut > 0).Distinct().Order().ToImmutableArray())).ToArbitrary();

    [Fact]
    public void Shares_add_up_and_nobody_gives_more_than_offered() => Law.Holds(Spends, 500, spend =>
    {
        var shares = PoolParts.Plan(spend.Offers, spend.Buyer, spend.Points);

        Assert.Equal(spend.Offers.Total() >= spend.Points, shares is not null);
        if (shares is { } all)
        {
            Assert.Equal(spend.Points, all.Total());
            Assert.All(all, share => Assert.InRange(share.Points.Value, 1, OfferOf(spend.Offers, share.Resident).Value));
            Assert.Equal(all.Length, all.Select(share => share.Resident).Distinct().Count());
        }
    });

    [Fact]
    public void The_buyer_pays_first_and_only_the_last_one_keeps_any_of_what_is_offered() => Law.Holds(Spends, 500, spend =>
    {
        if (PoolParts.Plan(spend.Offers, spend.Buyer, spend.Points) is not { } shares)
        {
            return;
        }

        Assert.True(shares[0].Resident == spend.Buyer || OfferOf(spend.Offers, spend.Buyer).IsZero);
        Assert.All(shares.SkipLast(1), share => Assert.Equal(OfferOf(spend.Offers, share.Resident), share.Points));
        var others = shares.Select(share => share.Resident).Where(resident => resident != spend.Buyer).ToList();
        Assert.Equal(others.OrderBy(resident => int.Parse(resident.Value[2..], CultureInfo.InvariantCulture)), others);
    });

    [Fact]
    public void Refunds_in_any_parts_add_up_and_never_pass_a_share() => Law.Holds(Refunds, 500, refund =>
    {
        var (back, before) = (refund.Shares.ToDictionary(share => share.Resident, _ => 0L), 0L);
        foreach (var cut in refund.Cuts)
        {
            var parts = PoolParts.Back(refund.Shares, new(before), new(cut - before));
            Assert.Equal(cut - before, parts.Total().Value);
            foreach (var part in parts)
            {
                Assert.True(part.Points.IsPositive);
                back[part.Resident] += part.Points.Value;
            }

            before = cut;
            Assert.All(refund.Shares, share => Assert.InRange(back[share.Resident], (long)((Int128)share.Points.Value * cut / refund.Cuts[^1]), share.Points.Value));
        }

        Assert.All(refund.Shares, share => Assert.Equal(share.Points.Value, back[share.Resident]));
    });

    [Fact]
    public void What_came_back_to_each_does_not_depend_on_how_it_was_split() => Law.Holds(Refunds, 500, refund =>
    {
        var before = 0L;
        var back = new Dictionary<ResidentId, long>();
        foreach (var cut in refund.Cuts)
        {
            foreach (var part in PoolParts.Back(refund.Shares, new(before), new(cut - before)))
            {
                back[part.Resident] = back.GetValueOrDefault(part.Resident) + part.Points.Value;
            }

            before = cut;
            var atOnce = PoolParts.Back(refund.Shares, Points.Zero, new(cut)).ToDictionary(part => part.Resident, part => part.Points.Value);
            Assert.Equal(atOnce.OrderBy(one => one.Key.Value), back.OrderBy(one => one.Key.Value));
        }
    });

    [Theory]
    [InlineData("30,20", 1, 1, "r-0:1", "r-1:1")]
    [InlineData("30,20", 25, 25, "r-0:15 r-1:10", "r-0:15 r-1:10")]
    [InlineData("1,1,1", 1, 1, "r-0:1", "r-1:1")]
    [InlineData("98,1,1", 10, 90, "r-0:10", "r-0:88 r-1:1 r-2:1")]
    public void Odd_points_go_first_to_who_paid_most(string paid, long first, long second, string toWhom, string thenToWhom)
    {
        ImmutableArray<PoolPart> shares = [.. paid.Split(',').Select((points, i) => new PoolPart(new($"r-{i}"), new(long.Parse(points, CultureInfo.InvariantCulture))))];

        Assert.Equal(toWhom, Words(PoolParts.Back(shares, Points.Zero, new(first))));
        Assert.Equal(thenToWhom, Words(PoolParts.Back(shares, new(first), new(second))));
    }

    private static Points OfferOf(ImmutableArray<PoolPart> offers, ResidentId resident) => offers.First(offer => offer.Resident == resident).Points;

    private static string Words(ImmutableArray<PoolPart> parts) => string.Join(' ', parts.Select(part => $"{part.Resident}:{part.Points}"));
}
