using System.Collections.Immutable;
using NodaTime;

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

    /// <summary>Where points go that come back: into their lots, or nowhere where the lot has expired.</summary>
    /// <param name="slices">What comes back.</param>
    /// <param name="at">When.</param>
    /// <param name="graceEnd">When a lot that has expired ends anew; null where it stays expired.</param>
    public static (ImmutableArray<LotSlice> To, ImmutableArray<LotPoints> ExpiredAtOnce) Returned(
        this IEnumerable<LotSlice> slices, Instant at, Instant? graceEnd)
    {
        var to = ImmutableArray.CreateBuilder<LotSlice>();
        var expired = ImmutableArray.CreateBuilder<LotPoints>();
        foreach (var slice in slices)
        {
            if (!(slice.ExpiresAt <= at))
            {
                to.Add(slice);
            }
            else if (graceEnd is { } end)
            {
                to.Add(slice with { ExpiresAt = end });
            }
            else
            {
                expired.Add(new(slice.Lot, slice.Points));
            }
        }

        return (to.ToImmutable(), expired.ToImmutable());
    }

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
