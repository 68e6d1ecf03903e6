using System.Collections.Immutable;

namespace Ledger.Wallets;

/// <summary>Walking along slices by points rather than by count.</summary>
internal static class LotSlices
{
    public static IEnumerable<LotSlice> SkipPoints(this IEnumerable<LotSlice> slices, Points skipped)
    {
        foreach (var slice in slices)
        {
            var here = Points.Min(skipped, slice.Points);
            skipped -= here;
            if (slice.Points > here)
            {
                yield return slice with { Points = slice.Points - here };
            }
        }
    }

    public static IEnumerable<LotSlice> TakePoints(this IEnumerable<LotSlice> slices, Points taken)
    {
        foreach (var slice in slices)
        {
            if (!taken.IsPositive)
            {
                yield break;
            }

            var here = Points.Min(taken, slice.Points);
            taken -= here;
            yield return slice with { Points = here };
        }
    }

    /// <summary>The same points by the names of their lots.</summary>
    public static ImmutableArray<LotPoints> Named(this IEnumerable<LotSlice> slices) => [.. slices.Select(slice => new LotPoints(slice.Lot, slice.Points))];

    public static Points Total(this ImmutableArray<LotSlice> slices)
    {
        var total = Points.Zero;
        foreach (var slice in slices)
        {
            total += slice.Points;
        }

        return total;
    }

    public static Points Total(this ImmutableArray<LotPoints> lots)
    {
        var total = Points.Zero;
        foreach (var lot in lots)
        {
            total += lot.Points;
        }

        return total;
    }

    public static Lots TakeAll(this Lots lots, ImmutableArray<LotSlice> slices)
    {
        foreach (var slice in slices)
        {
            lots = lots.Take(slice);
        }

        return lots;
    }

    public static Lots TakeAll(this Lots lots, ImmutableArray<LotPoints> slices)
    {
        foreach (var slice in slices)
        {
            lots = lots.Take(slice);
        }

        return lots;
    }
}
