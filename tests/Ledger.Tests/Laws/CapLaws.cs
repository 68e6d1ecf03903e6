using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

public sealed class CapLaws
{
    private static readonly ActivityType Service = ActivityType.Parse("service");
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);

    [Fact]
    public void No_cap_is_ever_exceeded_and_every_award_saw_the_exact_count() =>
        Law.Holds(Cases.Any(), 40, sequence => CapsHold(Play.All(sequence).Journal));

    [Fact]
    public void A_bound_on_lateness_that_grows_and_shrinks_never_makes_a_cap_forget() => Law.Holds(LateEvents(), 100, events =>
    {
        var wallet = new RecordedWallet(PublishedProgrammes.None);
        var published = ImmutableArray<PublishedProgramme>.Empty;
        var now = Start;
        foreach (var (daysMax, daysOn, daysAgo, reverses) in events)
        {
            now += Duration.FromDays(daysOn);
            if (daysMax is { } days)
            {
                // Nobody knew of this version before: published and in force at once.
                published = published.Add(new(published.Length + 1, published.IsEmpty ? Instant.MinValue : now, Capped(days)));
                wallet.Programmes = new(published);
            }

            wallet.Send(new EarnPoints(Service, 4, now - Duration.FromDays(daysAgo)), now);
            if (reverses && wallet.Journal.FindLast(t => t.Events.Any(e => e is PointsEarned)) is { } earning)
            {
                wallet.Send(new ReverseEarning(earning.Key, new(3)), now);
            }
        }

        CapsHold(wallet.Journal);
    });

    [Fact]
    public void The_counts_kept_are_those_that_late_events_may_still_ask_for()
    {
        var wallet = new RecordedWallet(new PublishedProgrammes([new(1, Instant.MinValue, Capped(30))]));
        for (var day = 0; day < 1000; day++)
        {
            wallet.Send(new EarnPoints(Service, 1, Start + Duration.FromDays(day)), Start + Duration.FromDays(day));
            Assert.InRange(wallet.State.CapBuckets.All.Count(), 1, 36 + 3);
        }

        // The oldest day that an event may come from is still known.
        wallet.Send(new EarnPoints(Service, 10, Start + Duration.FromDays(999 - 30)), Start + Duration.FromDays(999));
        Assert.Equal(1, wallet.Journal[^1].Events.OfType<PointsEarned>().Single().Caps[0].Used);
    }

    [Fact]
    public void Where_a_wider_bound_comes_too_late_for_the_count_the_event_is_refused()
    {
        var narrow = new PublishedProgramme(1, Instant.MinValue, Capped(5));
        var wallet = new RecordedWallet(new PublishedProgrammes([narrow]));
        wallet.Send(new EarnPoints(Service, 10, Start), Start);
        var later = Start + Duration.FromDays(20);
        wallet.Send(new EarnPoints(Service, 1, later), later);

        wallet.Programmes = new([narrow, new(2, later, Capped(60))]);
        var refused = wallet.Send(new EarnPoints(Service, 10, Start), later);
        var accepted = wallet.Send(new EarnPoints(Service, 10, Start + Duration.FromDays(1)), later);

        // 20 days ago nobody knows; from 19 days ago on, everything.
        Assert.Equal(new Refusal.OccurredTooLongAgo(Start, later, 19), Assert.IsType<Decision.Refused>(refused).Refusal);
        Assert.IsType<Decision.Accepted>(accepted);
    }

    [Fact]
    public void An_event_that_opens_a_day_long_past_does_not_lose_the_month_it_lies_in()
    {
        var narrow = new PublishedProgramme(1, Instant.MinValue, Capped(2));
        var wallet = new RecordedWallet(new PublishedProgrammes([narrow]));
        wallet.Send(new EarnPoints(Service, 4, Start), Start);

        // January is over and would be given up with the next new day; but the new day lies in January.
        var later = Start + Duration.FromDays(60);
        wallet.Programmes = new([narrow, new(2, later, Capped(90))]);
        wallet.Send(new EarnPoints(Service, 4, Start + Duration.FromDays(3)), later);
        wallet.Send(new EarnPoints(Service, 4, Start + Duration.FromDays(4)), later);

        Assert.Equal([0L, 4, 8], wallet.Journal.Select(t => t.Events.OfType<PointsEarned>().Single().Caps[1].Used));
    }

    private static void CapsHold(IEnumerable<Transaction> journal)
    {
        var counted = new Dictionary<CapBucketKey, Int128>();
        var onceApproved = new Dictionary<long, (CapBucketKey Key, Int128 Left)>();
        foreach (var (sequence, happened) in journal.SelectMany(t => t.Events, (t, happened) => (t.Sequence, happened)))
        {
            if (happened is PointsEarned earned)
            {
                var free = (Int128)earned.Computed.Value;
                foreach (var cap in earned.Caps)
                {
                    var used = counted.GetValueOrDefault(cap.KeyFor(earned.Activity));
                    var limit = cap.Limit ?? Int128.MaxValue;
                    Assert.Equal(used, cap.Used);
                    free = Int128.Min(free, Int128.Max(0, limit - used));
                    if (cap.Scope == TierPolicy.Scope && earned.Approval is { SilenceApproves: false })
                    {
                        onceApproved[sequence] = (cap.KeyFor(earned.Activity), earned.Credited.Value);
                        continue;
                    }

                    counted[cap.KeyFor(earned.Activity)] = used + (cap.Points ?? earned.Issued).Value;
                    Assert.True(earned.AfterCaps.IsZero || used + earned.AfterCaps.Value <= limit, $"{cap} exceeded");
                }

                Assert.Equal(free, earned.AfterCaps.Value);
            }

            if (happened is EarningReversed taken && onceApproved.TryGetValue(taken.Of, out var waiting))
            {
                onceApproved[taken.Of] = waiting with { Left = waiting.Left - taken.Claimed.Value };
            }

            if (happened is AwardApproved approved && onceApproved.Remove(approved.Of, out var agreed))
            {
                counted[agreed.Key] = counted.GetValueOrDefault(agreed.Key) + agreed.Left;
            }

            var (activity, restored) = happened switch
            {
                EarningReversed reversed => (reversed.Activity, reversed.CapsRestored),
                EntryRejected { Activity: { } rejected } entry => (rejected, entry.CapsRestored),
                _ => (default, []),
            };
            foreach (var cap in restored)
            {
                var key = new CapBucketKey(cap.Scope ?? activity.Value, cap.Per, cap.Start);
                counted[key] -= cap.Points.Value;
                Assert.True(counted[key] >= 0);
            }
        }
    }

    private static Arbitrary<(int? DaysMax, int DaysOn, int DaysAgo, bool Reverses)[]> LateEvents() => Arb.From(
        (from bound in Gen.Frequency((5, Gen.Constant<int?>(null)), (1, Gen.Elements<int?>(0, 2, 30, 90)))
         from daysOn in Gen.Elements(0, 0, 1, 3, 31)
         from daysAgo in Gen.Elements(0, 0, 1, 2, 3, 29, 30, 31, 60, 90)
         from reverses in Gen.Elements(false, true)
         select (bound, daysOn, daysAgo, reverses)).ArrayOf(60).Select(events =>
         {
             events[0].bound ??= 2;
             return events;
         }),
        events => Enumerable.Range(1, events.Length - 1).Select(i => events.Where((_, j) => j != i).ToArray()));

    private static Programme Capped(int daysMax) => new()
    {
        Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"],
        Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty.Add(Service, new(
            [EarnRule.Plain(new AwardFormula.PerUnit(new(1), 1, Rounding.Down))],
            [new(CapPeriod.LocalDay, 10, CapReversal.Restore), new(CapPeriod.Month, 60, CapReversal.Restore)],
            null,
            ImmutableDictionary<string, string>.Empty)),
        Lateness = Lateness.Default with { DaysMax = daysMax },
    };
}
