using System.Collections.Immutable;

namespace Ledger.Households;

/// <summary>Splits points between members.</summary>
public static class PoolParts
{
    /// <summary>All parts together.</summary>
    public static Points Total(this ImmutableArray<PoolPart> parts)
    {
        var total = Points.Zero;
        foreach (var part in parts)
        {
            total += part.Points;
        }

        return total;
    }

    /// <summary>All parts before that of a member.</summary>
    public static Points Before(this ImmutableArray<PoolPart> parts, ResidentId resident) =>
        parts.TakeWhile(part => part.Resident != resident).Aggregate(Points.Zero, (sum, part) => sum + part.Points);

    /// <summary>Who pays how much: the buyer first, then the others in their order, each as much as offered, until it is enough.</summary>
    /// <param name="offers">What each could give, in the order of membership.</param>
    /// <param name="buyer">Who buys.</param>
    /// <param name="points">How many points.</param>
    /// <returns>Those who pay something; null where all together cannot give so much.</returns>
    public static ImmutableArray<PoolPart>? Plan(ImmutableArray<PoolPart> offers, ResidentId buyer, Points points)
    {
        var shares = ImmutableArray.CreateBuilder<PoolPart>();
        var missing = points;
        foreach (var offer in offers.OrderBy(offer => offer.Resident == buyer ? 0 : 1))
        {
            var share = Points.Min(offer.Points, missing);
            if (share.IsPositive)
            {
                shares.Add(offer with { Points = share });
                missing -= share;
            }
        }

        return missing.IsZero ? shares.ToImmutable() : null;
    }

    /// <summary>What a refund gives each of those who paid, so that all refunds together are in proportion to their shares.</summary>
    /// <param name="shares">What each paid.</param>
    /// <param name="before">Points that came back before, to all together.</param>
    /// <param name="points">Points that come back now.</param>
    /// <returns>Those who get something.</returns>
    public static ImmutableArray<PoolPart> Back(ImmutableArray<PoolPart> shares, Points before, Points points)
    {
        var (had, has) = (InProportion(shares, before), InProportion(shares, before + points));
        return [.. shares.Select((share, i) => share with { Points = new(has[i] - had[i]) }).Where(part => part.Points.IsPositive)];
    }

    /// <summary>So many points in proportion to the shares, in whole points that add up: by how many there are, not by how they were split before.</summary>
    /// <remarks>
    /// The method of D'Hondt: the next point goes to whom it costs most shares per point, in the order of the list where that is equal. It never takes a point
    /// away from anybody when there are more, and gives everybody at least the whole points of an exact proportion, so that it can begin there; it then has
    /// fewer steps to go than there are shares. Source: Balinski and Young, Fair Representation, 1982, appendix A.
    /// </remarks>
    private static long[] InProportion(ImmutableArray<PoolPart> shares, Points points)
    {
        var all = shares.Total().Value;
        var parts = shares.Select(share => (long)((Int128)share.Points.Value * points.Value / all)).ToArray();
        for (var left = points.Value - parts.Sum(); left > 0; left--)
        {
            parts[NextOf(shares, parts)]++;
        }

        return parts;
    }

    private static int NextOf(ImmutableArray<PoolPart> shares, long[] parts)
    {
        var next = 0;
        for (var i = 1; i < parts.Length; i++)
        {
            if ((Int128)shares[i].Points.Value * (parts[next] + 1) > (Int128)shares[next].Points.Value * (parts[i] + 1))
            {
                next = i;
            }
        }

        return next;
    }
}
