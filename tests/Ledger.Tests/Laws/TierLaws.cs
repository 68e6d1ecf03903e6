using Ledger.Programmes;
using Ledger.Tests.Rules;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>Beside these, <see cref="ModelTests"/> and <see cref="RuleLaws"/> compare every tier with one worked out from the whole history.</summary>
public sealed class TierLaws
{
    [Fact]
    public void What_counts_for_a_tier_is_never_less_than_nothing_nor_more_than_was_earned() => Law.Holds(Cases.Any(), 40, sequence =>
        Play.Steps(sequence, (_, _, _, wallet) =>
        {
            var months = wallet.State.CapBuckets.All.Where(bucket => bucket.Key.Scope == TierPolicy.Scope).Select(bucket => bucket.Value.Used).ToList();
            Assert.All(months, points => Assert.False(points < Points.Zero));
            var life = wallet.State.Lifetime;
            Assert.True(months.Sum(points => points.Value) <= (life.Earned - life.ClawedBack - life.Shortfall).Value);
        }));

    [Fact]
    public void What_is_taken_back_and_earned_again_leads_where_earning_it_once_does() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        var once = Play.All(sequence);
        var again = Play.Copy(once);
        var at = once.State.LastAt + Duration.FromDays(1);
        foreach (var wallet in new[] { once, again })
        {
            wallet.Send(new EarnPoints(Setup.Walk, 9, at), at);
        }

        again.Send(new ReverseEarning(again.Journal[^1].Key, null), at);
        again.Send(new EarnPoints(Setup.Walk, 9, at), at);

        Assert.Equal(once.State.Tiers?.Held ?? [], again.State.Tiers?.Held ?? []);
        Assert.Equal(once.State.Tiers?.Past ?? [], again.State.Tiers?.Past ?? []);
    });

    [Fact]
    public void What_falls_due_comes_in_the_order_of_time_and_at_one_instant_tiers_come_last() => Law.Holds(Cases.Any(), 40, sequence =>
    {
        var wallet = Play.All(sequence);
        var events = Due.Apply(wallet.State, wallet.State.LastAt + Duration.FromDays(800)).Events.Where(happened => happened is not (AwardApproved or EntryRejected or ExpiryWarned)).Select(happened => happened switch
        {
            PointsActivated activated => (activated.ActiveAt, 0),
            HoldReleased timedOut => (timedOut.At, 1),
            PointsExpired expired => (expired.ExpiredAt, 2),
            TierChanged changed => (changed.At, 3),
            _ => throw new NotSupportedException($"{happened}"),
        }).ToList();

        Assert.Equal(events.Order(), events);
    });

    [Fact]
    public void A_tier_only_falls_by_itself() => Law.Holds(Cases.Any(), 40, sequence =>
        Play.Steps(sequence, (_, _, _, wallet) =>
        {
            if (wallet.State.Tiers is { } standing && wallet.Programmes.Find(standing.ProgrammeVersion)!.Programme.Tiers is { } tiers)
            {
                var ranks = standing.Held.Select(span => tiers.RankOf(span.Tier)).ToList();
                Assert.Equal(ranks.Distinct().OrderDescending(), ranks);
                Assert.Equal(standing.Held.Select(span => span.Until ?? Instant.MaxValue).Distinct().Order(), standing.Held.Select(span => span.Until ?? Instant.MaxValue));
            }
        }));
}
