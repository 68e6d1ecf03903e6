using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What a cap saw when an award was made, or what was counted because conditions or tiers ask for it.</summary>
/// <param name="Per">The period's kind.</param>
/// <param name="Start">The period's first local date.</param>
/// <param name="Limit">The most in the period; null where it is only counted.</param>
/// <param name="Used">What was counted before this award.</param>
/// <param name="OnReversal">Whether a reversal gives room back.</param>
/// <param name="KeepThrough">The last date (UTC) on which an event may still ask for the period.</param>
/// <param name="Unit">What is counted. Default: points.</param>
/// <param name="OnExcess">What would have happened above the limit. Default: clip.</param>
/// <param name="Scope">What counts together: a shared cap, a campaign, a streak, the tiers; null for the type of activity by itself.</param>
/// <param name="Points">The part of the award that counts here; null for all of it.</param>
public sealed record CountedCap(
    CapPeriod Per,
    LocalDate Start,
    long? Limit,
    long Used,
    CapReversal OnReversal,
    LocalDate KeepThrough,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] CapUnit Unit = CapUnit.Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] CapExcess OnExcess = CapExcess.Clip,
    string? Scope = null,
    Points? Points = null)
{
    /// <summary>What was still free before this award, in its unit; the largest number where there is no limit.</summary>
    [JsonIgnore]
    public long Free => Limit is { } limit ? Math.Max(0, limit - Used) : long.MaxValue;

    /// <summary>The period's last local date.</summary>
    [JsonIgnore]
    public LocalDate LastDate => Per.LastDateOf(Start);

    /// <summary>The most points that it lets an award be.</summary>
    [JsonIgnore]
    public Points PointsMax => new(Unit == CapUnit.Points || Free == 0 ? Free : long.MaxValue);

    /// <summary>Where it is counted.</summary>
    public CapBucketKey KeyFor(ActivityType activity) => new(Scope ?? activity.Value, Per, Start);
}

/// <summary>Puts together what counts an activity: caps of its type, shared caps, counters, months for tiers, and campaigns with limits.</summary>
internal static class Counting
{
    /// <summary>Everything but the campaigns, with what was counted before.</summary>
    public static ImmutableArray<CountedCap> Of(PublishedProgrammes programmes, Programme programme, ActivityRule rule, in ActivityFacts facts)
    {
        var countsForTiers = programme.Tiers?.Basis.Periods is not null;
        if (rule.Caps.IsEmpty && rule.Counters.IsEmpty && programme.Caps.IsEmpty && !countsForTiers)
        {
            return [];
        }

        var bound = programmes.LargestDaysMax;
        var counted = ImmutableArray.CreateBuilder<CountedCap>(rule.Caps.Length + rule.Counters.Length);
        foreach (var cap in rule.Caps)
        {
            counted.Add(Of(cap, null, facts, bound));
        }

        foreach (var shared in programme.Caps)
        {
            if (shared.Counts(facts.Activity))
            {
                counted.Add(Of(shared.Cap, shared.Name, facts, bound));
            }
        }

        foreach (var counter in rule.Counters)
        {
            counted.Add(Of(counter, null, facts, bound));
        }

        if (countsForTiers)
        {
            counted.Add(ForTiers(programmes, facts));
        }

        return counted.DrainToImmutable();
    }

    /// <summary>The runs that an award pays: none of their days counts for another one.</summary>
    public static ImmutableArray<CountedCap> Runs(
        PublishedProgrammes programmes, ActivityRule rule, ImmutableArray<Grant> grants, in ActivityFacts facts)
    {
        if (rule.WithStreak.IsEmpty)
        {
            return [];
        }

        var runs = ImmutableArray.CreateBuilder<CountedCap>();
        foreach (var one in rule.WithStreak)
        {
            if (one.Streak is { } streak && grants.Any(grant => grant.By == one.Name && grant.Points.IsPositive))
            {
                runs.Add(Of(new Counter(streak.Per, streak.Length - 1), streak.Scope, facts, programmes.LargestDaysMax));
            }
        }

        return runs.DrainToImmutable();
    }

    /// <summary>What a campaign counts, for each limit that it has; before anything is paid. Kept for ever, for a later version may extend it.</summary>
    public static ImmutableArray<CountedCap> Of(PublishedProgrammes programmes, Campaign campaign, CapBuckets buckets)
    {
        var counted = ImmutableArray.CreateBuilder<CountedCap>();
        if (campaign.PointsMax is { } points)
        {
            counted.Add(Limit(CapUnit.Points, points.Value));
        }

        if (campaign.TimesMax is { } times)
        {
            counted.Add(Limit(CapUnit.Times, times));
        }

        return counted.DrainToImmutable();

        CountedCap Limit(CapUnit unit, long limit)
        {
            var start = CapPeriod.Campaign.StartOf(campaign.From);
            var used = buckets.Of(campaign.BucketKey).In(unit);
            var keepThrough = KeepThrough(CapPeriod.Campaign.LastDateOf(start), programmes.LargestDaysMax);
            return new(CapPeriod.Campaign, start, limit, used, CapReversal.Keep, keepThrough, unit, Scope: campaign.Name);
        }
    }

    private static CountedCap Of(Cap cap, string? scope, in ActivityFacts facts, int daysMax)
    {
        var start = cap.Per.StartOf(facts.Local.Date);
        var used = cap.Per == CapPeriod.Event ? 0 : facts.Counted.Of(new(scope ?? facts.Activity.Value, cap.Per, start)).In(cap.Unit);
        return new(
            cap.Per, start, cap.Limit, used, cap.OnReversal, KeepThrough(cap.Per.LastDateOf(start), daysMax), cap.Unit, cap.OnExcess, scope);
    }

    private static CountedCap Of(Counter counter, string? scope, in ActivityFacts facts, int daysMax)
    {
        var start = counter.Per.StartOf(facts.Local.Date);
        var used = facts.Counted.Of(new(scope ?? facts.Activity.Value, counter.Per, start)).Activities;
        var lastAsked = counter.PeriodsBack == 0 ? start : counter.Per.Plus(start, counter.PeriodsBack);
        return new(
            counter.Per, start, null, used, CapReversal.Keep, KeepThrough(counter.Per.LastDateOf(lastAsked), daysMax), CapUnit.Activities, Scope: scope);
    }

    // What is taken back no longer counts, in the month in which it counted.
    private static CountedCap ForTiers(PublishedProgrammes programmes, in ActivityFacts facts)
    {
        var month = Month.Of(facts.Local.Date);
        var used = facts.Counted.Of(new(TierPolicy.Scope, CapPeriod.Month, month.FirstDate)).Used.Value;
        var keepThrough = KeepThrough(programmes.TiersKeptThrough(month), programmes.LargestDaysMax);
        return new(CapPeriod.Month, month.FirstDate, null, used, CapReversal.Restore, keepThrough, Scope: TierPolicy.Scope);
    }

    // Two days more than the bound: local dates may be a day ahead of UTC, and an event may count as late all of its last day.
    // The bound is the largest of all versions: which one an event is held to depends on when it arrives.
    internal static LocalDate KeepThrough(LocalDate lastDate, int daysMax) => lastDate.PlusDays(daysMax + 2);
}
