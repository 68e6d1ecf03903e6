using FsCheck;
using FsCheck.Fluent;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>What a warning promises.</summary>
public sealed class WarningLaws
{
    [Fact]
    public void No_date_is_warned_of_twice_for_the_same_days_before_unless_points_came_to_it() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        var given = new HashSet<(Instant? ExpiresAt, int DaysBefore)>();
        foreach (var happened in Play.All(sequence).Journal.SelectMany(t => t.Events))
        {
            Assert.True(happened is not ExpiryWarned warned || given.Add((warned.ExpiresAt, warned.DaysBefore)), $"{happened} twice");
            given.RemoveWhere(date => happened is not ExpiryWarned && ComeTo(happened).Contains(date.ExpiresAt));
        }

        static IEnumerable<Instant?> ComeTo(WalletEvent happened) => happened switch
        {
            PointsEarned earned => [earned.Lot?.ExpiresAt],
            PointsAdjusted adjusted => [adjusted.Lot?.ExpiresAt],
            PointsCorrected corrected => [corrected.Lot?.ExpiresAt],
            AwardApproved approved => [approved.Lot?.ExpiresAt],
            PointsActivated activated => activated.Lots.Select(lot => lot.ExpiresAt),
            SpendRefunded refunded => refunded.To.Select(lot => lot.ExpiresAt),
            HoldReleased released => released.To.Select(lot => lot.ExpiresAt),
            GiftReceived received => received.Lots.Select(lot => lot.ExpiresAt),
            GiftReturned returned => returned.Back.Select(lot => lot.ExpiresAt),
            ExpiryExtended extended => [extended.ExpiresAt],
            _ => [],
        };
    });

    [Fact]
    public void A_warning_comes_before_the_date_and_names_what_expires_then_if_nothing_happens() =>
        Law.Holds(Cases.Any(), 60, sequence => Play.Steps(sequence, (before, envelope, _, wallet) =>
        {
            if (envelope.Historic || wallet.Find(envelope.Key) is not { } transaction || transaction.Sequence == before.Sequence)
            {
                return;
            }

            var (due, events) = Due.Apply(before, transaction.EffectiveAt);
            foreach (var warned in events.OfType<ExpiryWarned>())
            {
                Assert.True(warned.Points.IsPositive && warned.ExpiresAt > transaction.EffectiveAt, $"{warned} at {transaction.EffectiveAt}");
                Assert.True(warned.ExpiresAt - Duration.FromDays(warned.DaysBefore) <= transaction.EffectiveAt || warned.PutOffFrom is not null, $"{warned}");
                Assert.Equal(warned.Points, ExpiringIfNothingHappens(due, warned.ExpiresAt));
            }
        }));

    [Fact]
    public void Nothing_that_waits_for_a_warning_expires_without_one_in_time() => Law.Holds(Cases.Any(), 80, sequence =>
    {
        var given = new HashSet<(Instant ExpiresAt, int DaysBefore)>();
        Play.Steps(sequence, (before, envelope, _, wallet) =>
        {
            if (wallet.State.Sequence == before.Sequence)
            {
                return;
            }

            // What is held or given may have another date than what is left of its lot, and than what left it at another time.
            var lots = before.Lots.Concat(before.Returnable.Select(slice => slice.ToLot()))
                .Concat(before.Pending.Select(lot => new Lot(lot.Id, lot.EarnedAt, lot.ExpiresAt, lot.Points, lot.Warnings)))
                .Concat(before.Undecided.Where(entry => entry.Award is not null)
                    .Select(entry => new Lot(new(entry.Of), entry.Award!.EarnedAt, entry.Award.ExpiresAt, entry.Points, entry.Award.Warnings)))
                .ToList();
            foreach (var happened in wallet.Journal[^1].Events)
            {
                if (happened is ExpiryWarned warned && warned.ExpiresAt - envelope.At >= Duration.FromDays(warned.DaysBefore))
                {
                    given.Add((warned.ExpiresAt, warned.DaysBefore));
                }

                var lapsed = happened switch
                {
                    PointsExpired expired => Named(lots, expired.Lots).Select(lot => lot with { ExpiresAt = expired.ExpiredAt }),
                    HoldReleased released => Named(before.HoldOf(released.Of).Lots.Select(slice => slice.ToLot()), released.ExpiredAtOnce),
                    GiftReturned returned => Named(((GiftUnderWay)before.ErrandOf(returned.Of)).Lots.Select(slice => slice.ToLot()), returned.ExpiredAtOnce),
                    _ => [],
                };
                foreach (var lot in lapsed)
                {
                    Assert.True(
                        lot.Warnings is not { NoWarningNoExpiry: true } warnings || given.Any(g => g.ExpiresAt == lot.ExpiresAt && g.DaysBefore >= warnings.NoticeDays),
                        $"{lot} {happened}");
                }
            }
        });

        static IEnumerable<Lot> Named(IEnumerable<Lot> lots, IEnumerable<LotPoints> names) => names.Select(name => lots.First(lot => lot.Id == name.Lot));
    });

    [Fact]
    public void Nothing_expires_before_its_date_and_a_date_is_only_put_off() => Law.Holds(Cases.Any(), 40, sequence =>
    {
        var dates = new Dictionary<LotId, Instant>();
        foreach (var transaction in Play.All(sequence).Journal)
        {
            foreach (var happened in transaction.Events)
            {
                IEnumerable<LotSlice?> made = happened switch
                {
                    PointsEarned earned => [earned.Lot],
                    PointsAdjusted added => [added.Lot],
                    PointsCorrected corrected => [corrected.Lot],
                    GiftReceived received => received.Lots.Cast<LotSlice?>(),
                    _ => [],
                };
                foreach (var lot in made.OfType<LotSlice>())
                {
                    dates[lot.Lot] = lot.ExpiresAt ?? Instant.MaxValue;
                }

                foreach (var gone in happened is PointsExpired expired ? expired.Lots : [])
                {
                    Assert.True(((PointsExpired)happened).ExpiredAt >= dates[gone.Lot] && transaction.EffectiveAt >= dates[gone.Lot], $"{happened}");
                }
            }
        }
    });

    [Fact]
    public void Nothing_is_due_once_it_was_recorded() => Law.Holds(WithDays(), 60, c =>
    {
        var wallet = Play.All(c.Sequence);
        var at = wallet.State.LastAt + Duration.FromDays(c.Days[0]);
        wallet.Send(new ApplyDue(), at);

        Assert.True(wallet.State.NextDue is not { } next || next > at || wallet.State.LastAt < at, $"{wallet.State.NextDue} at {at}");
        Assert.Empty(Due.Apply(wallet.State, at).Events);
    });

    // Somebody looks whenever something is due, as the sweeper does.
    private static Points ExpiringIfNothingHappens(WalletState state, Instant end)
    {
        while (state.NextDue is { } next && next < end)
        {
            state = Due.Apply(state, next).After;
        }

        // What a hold gives back at that very instant expires with it.
        var held = state.Holds.Where(hold => hold.Until == end).SelectMany(hold => hold.Lots).Where(slice => slice.ExpiresAt == end).Select(slice => slice.Points);
        var expired = Due.Apply(state, end).Events.OfType<PointsExpired>().Where(e => e.ExpiredAt == end).SelectMany(e => e.Lots).Select(lot => lot.Points);
        return held.Concat(expired).Aggregate(Points.Zero, (sum, points) => sum + points);
    }

    private static Arbitrary<(Sequence Sequence, int[] Days)> WithDays() => Arb.From(
        from sequence in Cases.Any().Generator
        from days in Gen.Elements(0, 1, 2, 6, 7, 8, 23, 29, 30, 31, 60).ArrayOf(2)
        select (sequence, days),
        c => Cases.Any().Shrinker(c.sequence).Select(shorter => (shorter, c.days)));
}
