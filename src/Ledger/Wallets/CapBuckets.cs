using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What was counted for caps and conditions, per scope and period. Immutable.</summary>
[JsonConverter(typeof(CapBucketsConverter))]
public sealed class CapBuckets
{
    // By how long each is kept: what is given up is in front, and what is asked for is nearly always among the last.
    private readonly ImmutableArray<KeyValuePair<CapBucketKey, CapBucket>> _all;

    private CapBuckets(ImmutableArray<KeyValuePair<CapBucketKey, CapBucket>> all, LocalDate? forgottenThrough) =>
        (_all, ForgottenThrough) = (all, forgottenThrough);

    /// <summary>Nothing counted.</summary>
    public static CapBuckets Empty { get; } = new([], null);

    /// <summary>All buckets, without order.</summary>
    public IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> All => _all;

    /// <summary>The last date of the latest period that was given up; null while none was.</summary>
    public LocalDate? ForgottenThrough { get; }

    /// <summary>Makes buckets from a list; of a key that comes again the last bucket is the one asked for.</summary>
    public static CapBuckets From(IEnumerable<KeyValuePair<CapBucketKey, CapBucket>> buckets, LocalDate? forgottenThrough = null) =>
        new([.. buckets.OrderBy(bucket => bucket.Value.KeepThrough)], forgottenThrough);

    /// <summary>What was counted so far in a period.</summary>
    public CapBucket Of(CapBucketKey key) => IndexOf(_all.AsSpan(), key) is var at and >= 0 ? _all[at].Value : default;

    /// <summary>May this period have been counted and given up? Then nobody knows what is still free in it.</summary>
    /// <remarks>Only where a programme came to accept later events than every one before it did.</remarks>
    public bool IsForgotten(ActivityType activity, CountedCap cap) =>
        cap.Per != CapPeriod.Event && cap.LastDate <= ForgottenThrough && IndexOf(_all.AsSpan(), cap.KeyFor(activity)) < 0;

    /// <summary>With an activity counted, and without buckets that no late event can ask for any more.</summary>
    /// <param name="activity">Its type.</param>
    /// <param name="caps">The caps that count it.</param>
    /// <param name="points">Points awarded; zero or more.</param>
    /// <param name="today">The date (UTC) of the transaction.</param>
    public CapBuckets Count(ActivityType activity, ImmutableArray<CountedCap> caps, Points points, LocalDate today)
    {
        var counted = new List<KeyValuePair<CapBucketKey, CapBucket>>(_all.Length + caps.Length);
        counted.AddRange(_all.AsSpan());
        foreach (var cap in caps)
        {
            if (cap.Per != CapPeriod.Event)
            {
                Count(counted, cap.KeyFor(activity), cap, cap.Points ?? points);
            }
        }

        // A new period begins: the moment to look for old ones, so that the size stays bounded at little cost per event.
        // Only now that all are counted, for the event may ask for one that nobody else would.
        return counted.Count > _all.Length ? WithoutOld(counted, today) : new([.. counted], ForgottenThrough);
    }

    /// <summary>With room given back to a bucket; a bucket that is gone needs none.</summary>
    public CapBuckets Restore(CapBucketKey key, CapUnit unit, long count) =>
        IndexOf(_all.AsSpan(), key) is var at and >= 0
            ? new(_all.SetItem(at, new(key, _all[at].Value.Without(unit, count))), ForgottenThrough)
            : this;

    private static void Count(List<KeyValuePair<CapBucketKey, CapBucket>> counted, CapBucketKey key, CountedCap cap, Points points)
    {
        var at = IndexOf(CollectionsMarshal.AsSpan(counted), key);
        var before = at < 0 ? default : counted[at].Value;
        var bucket = before.With(cap, points);
        if (at >= 0 && bucket.KeepThrough == before.KeepThrough)
        {
            counted[at] = new(key, bucket);
            return;
        }

        if (at >= 0)
        {
            counted.RemoveAt(at);
        }

        at = counted.Count;
        while (at > 0 && counted[at - 1].Value.KeepThrough > bucket.KeepThrough)
        {
            at--;
        }

        counted.Insert(at, new(key, bucket));
    }

    private static int IndexOf(ReadOnlySpan<KeyValuePair<CapBucketKey, CapBucket>> buckets, in CapBucketKey key)
    {
        var at = buckets.Length - 1;
        while (at >= 0 && buckets[at].Key != key)
        {
            at--;
        }

        return at;
    }

    private CapBuckets WithoutOld(List<KeyValuePair<CapBucketKey, CapBucket>> counted, LocalDate today)
    {
        var forgottenThrough = ForgottenThrough;
        var old = 0;
        for (; old < counted.Count && counted[old].Value.KeepThrough < today; old++)
        {
            var (per, start) = (counted[old].Key.Per, counted[old].Key.Start);
            var last = per.LastDateOf(start);
            forgottenThrough = forgottenThrough > last ? forgottenThrough : last;
        }

        return new([.. CollectionsMarshal.AsSpan(counted)[old..]], forgottenThrough);
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
