using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Points counted under caps, per activity type and period. Immutable.</summary>
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

    /// <summary>Points counted so far in a period.</summary>
    public Points Used(CapBucketKey key) => _byKey.GetValueOrDefault(key).Used;

    /// <summary>May this period have been counted and given up? Then nobody knows what is still free in it.</summary>
    /// <remarks>Only where a programme came to accept later events than every one before it did.</remarks>
    public bool IsForgotten(CapBucketKey key) =>
        key.Per.LastDateOf(key.Start) <= ForgottenThrough && !_byKey.ContainsKey(key);

    /// <summary>With points counted, and without buckets that no late event can ask for any more.</summary>
    /// <param name="activity">The type of activity that earned them.</param>
    /// <param name="caps">The caps that count them.</param>
    /// <param name="points">Points to count; zero or more.</param>
    /// <param name="today">The date (UTC) of the transaction.</param>
    public CapBuckets Count(ActivityType activity, ImmutableArray<CountedCap> caps, Points points, LocalDate today)
    {
        var counted = _byKey;
        foreach (var cap in caps)
        {
            var key = new CapBucketKey(activity, cap.Per, cap.Start);
            var bucket = counted.GetValueOrDefault(key);
            counted = counted.SetItem(key, new(bucket.Used + points, LocalDate.Max(bucket.KeepThrough, cap.KeepThrough)));
        }

        // A new period begins: the moment to look for old ones, so that the size stays bounded at no cost per event.
        // Only now that all are counted, for the event may ask for one that nobody else would.
        var buckets = new CapBuckets(counted, ForgottenThrough);
        return counted.Count > _byKey.Count ? buckets.WithoutOld(today) : buckets;
    }

    /// <summary>With points given back to a bucket; a bucket that is gone needs none.</summary>
    public CapBuckets Restore(CapBucketKey key, Points points) =>
        _byKey.TryGetValue(key, out var bucket)
            ? new(_byKey.SetItem(key, bucket with { Used = bucket.Used - points }), ForgottenThrough)
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

/// <summary>Which bucket: an activity type in one period.</summary>
/// <param name="Activity">The type.</param>
/// <param name="Per">The kind of period.</param>
/// <param name="Start">Its first local date.</param>
public readonly record struct CapBucketKey(ActivityType Activity, CapPeriod Per, LocalDate Start);

/// <summary>What is counted in a bucket.</summary>
/// <param name="Used">Points counted.</param>
/// <param name="KeepThrough">The last date (UTC) on which an event may still ask for it.</param>
public readonly record struct CapBucket(Points Used, LocalDate KeepThrough);
