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

    private CapBuckets(ImmutableDictionary<CapBucketKey, CapBucket> byKey) => _byKey = byKey;

    /// <summary>Nothing counted.</summary>
    public static CapBuckets Empty { get; } = new(ImmutableDictionary<CapBucketKey, CapBucket>.Empty);

    /// <summary>All buckets, without order.</summary>
    public IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> All => _byKey;

    /// <summary>Makes buckets from a list.</summary>
    public static CapBuckets From(IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> buckets) =>
        new(buckets.ToImmutableDictionary());

    /// <summary>Points counted so far in a period.</summary>
    public Points Used(CapBucketKey key) => _byKey.GetValueOrDefault(key).Used;

    /// <summary>With points counted, and without buckets that no late event can ask for any more.</summary>
    /// <param name="key">Which bucket.</param>
    /// <param name="points">Points to count; zero or more.</param>
    /// <param name="keepThrough">The last date (UTC) on which an event may still ask for the bucket.</param>
    /// <param name="today">The date (UTC) of the transaction.</param>
    public CapBuckets Count(CapBucketKey key, Points points, LocalDate keepThrough, LocalDate today)
    {
        if (_byKey.TryGetValue(key, out var bucket))
        {
            return new(_byKey.SetItem(key, new(bucket.Used + points, LocalDate.Max(bucket.KeepThrough, keepThrough))));
        }

        // A new period begins: the moment to look for old ones, so that the size stays bounded at no cost per event.
        var kept = _byKey.RemoveRange(_byKey.Where(entry => entry.Value.KeepThrough < today).Select(entry => entry.Key));
        return new(kept.Add(key, new(points, keepThrough)));
    }

    /// <summary>With points given back to a bucket; a bucket that is gone needs none.</summary>
    public CapBuckets Restore(CapBucketKey key, Points points) =>
        _byKey.TryGetValue(key, out var bucket) ? new(_byKey.SetItem(key, bucket with { Used = bucket.Used - points })) : this;
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
