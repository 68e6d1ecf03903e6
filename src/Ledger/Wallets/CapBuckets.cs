using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What was counted for caps and conditions, per scope and period. Immutable.</summary>
[JsonConverter(typeof(CapBucketsConverter))]
public sealed class CapBuckets
{
    private readonly ImmutableDictionary<CapBucketKey, CapBucket> _byKey;

    private CapBuckets(ImmutableDictionary<CapBucketKey, CapBucket> byKey, LocalDate? forgottenThrough) =>
        (_byKey, ForgottenThrough) = (byKey, forgottenThrough);

    /// <summary>Nothing counted.</summary>
    public static CapBuckets Empty { get; } = new(ImmutableDictionary<CapBucketKey, CapBucket>.Empty, null);

    /// <summary>All buckets, without order.</summary>
    public IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> All => _byKey;

    /// <summary>The last date of the latest period that was given up; null while none was.</summary>
    public LocalDate? ForgottenThrough { get; }

    /// <summary>Makes buckets from a list.</summary>
    public static CapBuckets From(IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> buckets, LocalDate? forgottenThrough = null) =>
        new(buckets.ToImmutableDictionary(), forgottenThrough);

    /// <summary>What was counted so far in a period.</summary>
    public CapBucket Of(CapBucketKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>May this period have been counted and given up? Then nobody knows what is still free in it.</summary>
    /// <remarks>Only where a programme came to accept later events than every one before it did.</remarks>
    public bool IsForgotten(ActivityType activity, CountedCap cap) =>
        cap.Per != CapPeriod.Event && cap.LastDate <= ForgottenThrough && !_byKey.ContainsKey(cap.KeyFor(activity));

    /// <summary>With an activity counted, and without buckets that no late event can ask for any more.</summary>
    /// <param name="activity">Its type.</param>
    /// <param name="caps">The caps that count it.</param>
    /// <param name="points">Points awarded; zero or more.</param>
    /// <param name="today">The date (UTC) of the transaction.</param>
    public CapBuckets Count(ActivityType activity, ImmutableArray<CountedCap> caps, Points points, LocalDate today)
    {
        var counted = _byKey;
        foreach (var cap in caps)
        {
            if (cap.Per != CapPeriod.Event)
            {
                var key = cap.KeyFor(activity);
                counted = counted.SetItem(key, counted.GetValueOrDefault(key).With(cap, cap.Points ?? points));
            }
        }

        // A new period begins: the moment to look for old ones, so that the size stays bounded at no cost per event.
        // Only now that all are counted, for the event may ask for one that nobody else would.
        var buckets = new CapBuckets(counted, ForgottenThrough);
        return counted.Count > _byKey.Count ? buckets.WithoutOld(today) : buckets;
    }

    /// <summary>With room given back to a bucket; a bucket that is gone needs none.</summary>
    public CapBuckets Restore(CapBucketKey key, CapUnit unit, long count) =>
        _byKey.TryGetValue(key, out var bucket)
            ? new(_byKey.SetItem(key, bucket.Without(unit, count)), ForgottenThrough)
            : this;

    private CapBuckets WithoutOld(LocalDate today)
    {
        var kept = _byKey;
        var forgottenThrough = ForgottenThrough;
        foreach (var (key, bucket) in _byKey)
        {
            if (bucket.KeepThrough < today)
            {
                var last = key.Per.LastDateOf(key.Start);
                forgottenThrough = forgottenThrough > last ? forgottenThrough : last;
                kept = kept.Remove(key);
            }
        }

        return new(kept, forgottenThrough);
    }
}

/// <summary>Which bucket: what is counted together, in one period.</summary>
/// <param name="Scope">A type of activity, or what has a name with a slash: a shared cap, a campaign, the runs of a streak, the months of tiers.</param>
/// <param name="Per">The kind of period.</param>
/// <param name="Start">Its first local date.</param>
public readonly record struct CapBucketKey([property: JsonPropertyName("activity")] string Scope, CapPeriod Per, LocalDate Start);

/// <summary>What is counted in a bucket.</summary>
/// <param name="Used">Points counted.</param>
/// <param name="KeepThrough">The last date (UTC) on which an event may still ask for it.</param>
/// <param name="Times">Awards of more than zero points.</param>
/// <param name="Activities">Accepted activities.</param>
public readonly record struct CapBucket(
    Points Used,
    LocalDate KeepThrough,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Times = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Activities = 0)
{
    /// <summary>What is counted in a unit.</summary>
    public long In(CapUnit unit) => unit switch
    {
        CapUnit.Points => Used.Value,
        CapUnit.Times => Times,
        CapUnit.Activities => Activities,
        _ => throw new UnreachableException($"Unit {unit} has no case."),
    };

    internal CapBucket With(CountedCap cap, Points points)
    {
        var counted = Plus(cap.Unit, cap.Unit switch
        {
            CapUnit.Points => points.Value,
            CapUnit.Times => points.IsPositive ? 1 : 0,
            _ => 1,
        });
        return counted with { KeepThrough = LocalDate.Max(KeepThrough, cap.KeepThrough) };
    }

    internal CapBucket Without(CapUnit unit, long count) => Plus(unit, -count);

    private CapBucket Plus(CapUnit unit, long count) => unit switch
    {
        CapUnit.Points => this with { Used = Used + new Points(count) },
        CapUnit.Times => this with { Times = Times + count },
        CapUnit.Activities => this with { Activities = Activities + count },
        _ => throw new UnreachableException($"Unit {unit} has no case."),
    };
}
