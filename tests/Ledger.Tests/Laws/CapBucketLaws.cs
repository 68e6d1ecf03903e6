using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>The kept buckets against a plain table, which is looked through whole at every step.</summary>
public sealed class CapBucketLaws
{
    private static readonly LocalDate Start = new(2023, 12, 20);
    private static readonly ActivityType[] Activities = [ActivityType.Parse("service"), ActivityType.Parse("walk")];

    [Fact]
    public void What_is_counted_and_what_is_given_up_is_that_of_a_plain_table() => Law.Holds(Steps(), 200, steps =>
    {
        var buckets = CapBuckets.Empty;
        var table = new Dictionary<CapBucketKey, CapBucket>();
        LocalDate? forgottenThrough = null;
        var today = Start;
        foreach (var step in steps)
        {
            today = today.PlusDays(step.DaysOn);
            var caps = CapsOf(today.PlusDays(-step.DaysAgo), step);
            var before = table.Count;
            foreach (var cap in caps)
            {
                var key = cap.KeyFor(step.Activity);
                table[key] = Counted(table.GetValueOrDefault(key), cap, step.Points);
            }

            foreach (var (key, _) in table.Count > before ? table.Where(one => one.Value.KeepThrough < today).ToList() : [])
            {
                table.Remove(key);
                forgottenThrough = new[] { forgottenThrough ?? LocalDate.MinIsoValue, key.Per.LastDateOf(key.Start) }.Max();
            }

            buckets = buckets.Count(step.Activity, [.. caps], new(step.Points), today);
            buckets = step.Stored ? CapBuckets.From(buckets.All.Reverse(), buckets.ForgottenThrough) : buckets;
            Assert.Equal(table, buckets.All.ToDictionary());
            Assert.Equal(forgottenThrough, buckets.ForgottenThrough);
            Assert.All(caps, cap => Assert.Equal(table.GetValueOrDefault(cap.KeyFor(step.Activity)), buckets.Of(cap.KeyFor(step.Activity))));
        }
    });

    private static CapBucket Counted(CapBucket bucket, CountedCap cap, long points) => bucket with
    {
        Used = cap.Unit == CapUnit.Points ? bucket.Used + new Points(points) : bucket.Used,
        Times = bucket.Times + (cap.Unit == CapUnit.Times && points > 0 ? 1 : 0),
        KeepThrough = LocalDate.Max(bucket.KeepThrough, cap.KeepThrough),
    };

    private static List<CountedCap> CapsOf(LocalDate date, Step step) =>
    [
        .. step.Caps.Select(cap => new CountedCap(
            cap.Per, cap.Per.StartOf(date), 100, 0, CapReversal.Keep, cap.Per.LastDateOf(cap.Per.StartOf(date)).PlusDays(step.DaysKept), cap.Unit)),
    ];

    private static Arbitrary<Step[]> Steps()
    {
        var cap =
            from per in Gen.Elements(CapPeriod.LocalDay, CapPeriod.LocalDay, CapPeriod.IsoWeek, CapPeriod.Month)
            from unit in Gen.Elements(CapUnit.Points, CapUnit.Times)
            select (per, unit);
        var step =
            from daysOn in Gen.Frequency((4, Gen.Constant(0)), (4, Gen.Choose(1, 3)), (1, Gen.Choose(4, 60)))
            from daysAgo in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 20)))
            from daysKept in Gen.Elements(0, 1, 5, 20)
            from activity in Gen.Elements(Activities)
            from points in Gen.Choose(0, 9)
            from caps in cap.ArrayOf(3)
            from stored in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Step(activity, points, daysOn, daysAgo, daysKept, caps, stored);
        return Arb.From(step.ArrayOf(), steps => Enumerable.Range(0, steps.Length).Select(i => steps.Where((_, j) => j != i).ToArray()));
    }

    private sealed record Step(
        ActivityType Activity, long Points, int DaysOn, int DaysAgo, int DaysKept, (CapPeriod Per, CapUnit Unit)[] Caps, bool Stored);
}
