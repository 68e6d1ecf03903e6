using System.Collections;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Json;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>
/// The open lots of a wallet in consumption order: first to expire first (never last), then first earned, then lot number.
/// Empty lots are not kept, so cost follows what is open, not what was. Immutable; safe for concurrent readers.
/// </summary>
[JsonConverter(typeof(LotsConverter))]
public sealed class Lots : IReadOnlyCollection<Lot>
{
    private readonly ImmutableSortedSet<Lot> _ordered;

    private Lots(ImmutableSortedSet<Lot> ordered, Points total) => (_ordered, Total) = (ordered, total);

    /// <summary>No lots.</summary>
    public static Lots Empty { get; } = new(ImmutableSortedSet.Create<Lot>(ConsumptionOrder.Instance), Points.Zero);

    /// <summary>The points in all open lots.</summary>
    public Points Total { get; }

    /// <inheritdoc/>
    public int Count => _ordered.Count;

    /// <summary>The lot that is used next; null when there is none.</summary>
    public Lot? First => _ordered.Min;

    /// <summary>When the first lot expires; null when none ever does.</summary>
    public Instant? NextExpiry => First?.ExpiresAt;

    /// <summary>Makes lots from a list without order.</summary>
    public static Lots From(IEnumerable<Lot> lots)
    {
        var ordered = ImmutableSortedSet.CreateRange(ConsumptionOrder.Instance, lots);
        return new(ordered, new Points(ordered.Sum(lot => lot.Open.Value)));
    }

    /// <summary>With a further lot.</summary>
    public Lots Add(Lot lot) => new(_ordered.Add(lot), Total + lot.Open);

    /// <summary>The open lot of a name; null when it is empty or unknown. Looks through all lots: for the rare ways back only.</summary>
    public Lot? Find(LotId id)
    {
        foreach (var lot in _ordered)
        {
            if (lot.Id == id)
            {
                return lot;
            }
        }

        return null;
    }

    /// <summary>The slices that would pay an amount, in consumption order; fewer points when fewer are open.</summary>
    /// <param name="amount">How many points.</param>
    /// <param name="from">Which lots may pay; null for all.</param>
    public ImmutableArray<LotSlice> Allocate(Points amount, Func<Lot, bool>? from = null)
    {
        if (!amount.IsPositive)
        {
            return [];
        }

        // Mostly one lot pays for all.
        var slices = ImmutableArray.CreateBuilder<LotSlice>(1);
        foreach (var lot in from is null ? _ordered : _ordered.Where(from))
        {
            var taken = Points.Min(lot.Open, amount);
            slices.Add(lot.Slice(taken));
            amount -= taken;
            if (amount.IsZero)
            {
                break;
            }
        }

        return slices.DrainToImmutable();
    }

    /// <summary>Without some points of one lot.</summary>
    /// <exception cref="InvalidOperationException">The lot does not hold them: the event does not belong to this state.</exception>
    public Lots Take(Lot lot, Points points)
    {
        if (!_ordered.TryGetValue(lot, out var open) || open.Open < points)
        {
            throw new InvalidOperationException($"Lot {lot.Id} does not hold {points} points.");
        }

        var rest = _ordered.Remove(open);
        return new(open.Open == points ? rest : rest.Add(open with { Open = open.Open - points }), Total - points);
    }

    /// <summary>Without some points of a lot known by its place in the order.</summary>
    /// <inheritdoc cref="Take(Lot, Points)"/>
    public Lots Take(LotSlice slice) => Take(slice.ToLot(), slice.Points);

    /// <summary>Without some points of a lot known by its name.</summary>
    /// <inheritdoc cref="Take(Lot, Points)"/>
    public Lots Take(LotPoints slice)
    {
        // Nearly always the next one to be used: look there before looking through all.
        var lot = First is { } first && first.Id == slice.Lot ? first : Find(slice.Lot);
        return Take(lot ?? throw new InvalidOperationException($"Lot {slice.Lot} is not open."), slice.Points);
    }

    /// <summary>With points back in their lots, each made again when it was empty; the later of two expiries counts.</summary>
    public Lots Restore(ImmutableArray<LotSlice> slices)
    {
        var open = OpenLotsOf(slices);
        var restored = _ordered.ToBuilder();
        var total = Total;
        foreach (var slice in slices)
        {
            var lot = slice.ToLot();
            if (open.TryGetValue(slice.Lot, out var rest))
            {
                restored.Remove(rest);
                lot = rest with { ExpiresAt = Later(rest.ExpiresAt, slice.ExpiresAt), Open = rest.Open + slice.Points };
            }

            restored.Add(lot);
            open[slice.Lot] = lot;
            total += slice.Points;
        }

        return new(restored.ToImmutable(), total);
    }

    /// <summary>The lots that expire at an instant. Looks through no others.</summary>
    public IEnumerable<Lot> ExpiringAt(Instant at)
    {
        // No lot is earned so early or has this number: the place before all that expire then.
        for (var i = ~_ordered.IndexOf(new Lot(default, Instant.MinValue, at, Points.Zero)); i < _ordered.Count && _ordered[i].ExpiresAt == at; i++)
        {
            yield return _ordered[i];
        }
    }

    /// <summary>With all that expire at an instant expiring at a later one.</summary>
    public Lots PutOff(Instant from, Instant to) => PutOff(ExpiringAt(from), to);

    /// <summary>With some of its lots expiring at a later instant.</summary>
    public Lots PutOff(IEnumerable<Lot> lots, Instant to)
    {
        var moved = _ordered;
        foreach (var lot in lots)
        {
            moved = moved.Remove(lot).Add(lot with { ExpiresAt = to });
        }

        return new(moved, Total);
    }

    /// <inheritdoc/>
    public IEnumerator<Lot> GetEnumerator() => _ordered.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Instant? Later(Instant? one, Instant? other) => one is { } a && other is { } b ? Instant.Max(a, b) : null;

    // Mostly a lot is where the slice says; only a grace or a late warning moves it. One walk finds all that are not there.
    private Dictionary<LotId, Lot> OpenLotsOf(ImmutableArray<LotSlice> slices)
    {
        var open = new Dictionary<LotId, Lot>();
        var elsewhere = new HashSet<LotId>();
        foreach (var slice in slices)
        {
            if (AtPlaceOf(slice) is { } lot)
            {
                open[lot.Id] = lot;
            }
            else
            {
                elsewhere.Add(slice.Lot);
            }
        }

        foreach (var lot in elsewhere.Count == 0 ? [] : _ordered.Where(lot => elsewhere.Contains(lot.Id)))
        {
            open[lot.Id] = lot;
        }

        return open;
    }

    private Lot? AtPlaceOf(LotSlice slice) =>
        _ordered.TryGetValue(slice.ToLot(), out var lot) ? lot : null;

    // First to expire is spent first, so that a resident loses least.
    private sealed class ConsumptionOrder : IComparer<Lot>
    {
        public static readonly ConsumptionOrder Instance = new();

        public int Compare(Lot? x, Lot? y)
        {
            var (left, right) = (x!, y!);
            var byExpiry = (left.ExpiresAt ?? Instant.MaxValue).CompareTo(right.ExpiresAt ?? Instant.MaxValue);
            if (byExpiry != 0)
            {
                return byExpiry;
            }

            var byEarned = left.EarnedAt.CompareTo(right.EarnedAt);
            return byEarned != 0 ? byEarned : left.Id.CompareTo(right.Id);
        }
    }
}
