using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>What points that idle are promised, and that others have no part in it.</summary>
public sealed class IdleLaws
{
    [Fact]
    public void What_idles_never_expires_earlier_than_its_months_after_the_last_act_that_counts() => Law.Holds(Cases.Any(), 80, sequence =>
    {
        // An award and a refund go by the zone of the version that is pinned, an act by that of today: days are the same where zones are.
        var inOneZone = sequence.With(programme => programme with { Zone = sequence.Setup.Place.Zone });
        var programmes = new PublishedProgrammes(inOneZone.Setup.Versions);
        var cameIn = new Dictionary<LotId, long>();
        Play.Steps(inOneZone, (_, _, _, wallet) =>
        {
            foreach (var lot in wallet.State.Lots.Where(lot => lot.Idle is not null))
            {
                // What was given away idles no longer: if it comes back, then with the date that it left with.
                var cameBack = wallet.Journal[^1].Events.OfType<GiftReturned>().Any(returned => returned.Back.Any(slice => slice.Lot == lot.Id));
                cameIn[lot.Id] = cameBack ? wallet.State.Sequence : cameIn.GetValueOrDefault(lot.Id, wallet.State.Sequence);
                foreach (var at in wallet.Journal.Where(t => t.Sequence >= cameIn[lot.Id] && Counts(lot.Idle!, t)).Select(t => t.EffectiveAt))
                {
                    var programme = programmes.InForceAt(at)?.Programme;
                    Assert.True(programme is null || lot.ExpiresAt >= programme.EndOf(programme.DateOf(at).PlusMonths(lot.Idle!.Months)), $"{lot} {at}");
                }
            }
        });
    });

    [Fact]
    public void An_act_moves_what_idles_by_it_and_only_to_later_dates() => Law.Holds(Cases.Any(), 80, sequence =>
        Play.Steps(sequence, (before, envelope, decision, _) =>
        {
            if (decision is not Decision.Accepted { Events: var events } || !events.Any(e => e is ExpiryExtended))
            {
                return;
            }

            Assert.True(envelope.Command is EarnPoints or SpendPoints or HoldPoints, $"{envelope.Command}");
            var wallet = Due.Apply(before, envelope.At, warns: !envelope.Historic).After with { LastAt = envelope.At };
            foreach (var extended in events.OfType<ExpiryExtended>())
            {
                var after = Wallet.Evolve(wallet, extended);
                Assert.Equal(wallet.Balances, after.Balances);
                Assert.True(!wallet.Lots.Equals(after.Lots) || wallet.LiveHolds != after.LiveHolds, $"{extended} moves nothing");
                Assert.Equal(
                    wallet.Lots.Select(lot => lot.Idle == extended.Idle && lot.ExpiresAt < extended.ExpiresAt ? lot with { ExpiresAt = extended.ExpiresAt } : lot)
                        .OrderBy(lot => lot.Id),
                    after.Lots.OrderBy(lot => lot.Id));
                wallet = after;
            }
        }));

    [Fact]
    public void A_wallet_without_points_that_idle_remembers_no_acts() => Law.Holds(Cases.Any(), 40, sequence =>
    {
        var wallet = Play.All(sequence.With(WithoutInactivity));
        Assert.Null(wallet.State.Acts);
        Assert.DoesNotContain(wallet.Journal, t => t.Events.Any(e => e is ExpiryExtended));
    });

    [Fact]
    public void The_schedule_keeps_no_warnings_of_dates_that_an_act_left() => Law.Holds(Cases.Any(), 80, sequence =>
        Play.Steps(sequence, (before, _, decision, wallet) =>
        {
            if (decision is Decision.Accepted { Events: var events } && events.Any(e => e is ExpiryExtended))
            {
                var left = before.Lots.Select(lot => lot.ExpiresAt).Except(wallet.State.Lots.Select(lot => lot.ExpiresAt)).ToHashSet();
                var spent = events.OfType<PointsSpent>().SelectMany(s => s.From)
                    .Concat(before.Holds.Concat(wallet.State.Holds).SelectMany(hold => hold.Lots)).Select(slice => slice.ExpiresAt).ToHashSet();
                Assert.DoesNotContain(wallet.State.Warnings?.Ahead ?? [], warning => left.Contains(warning.ExpiresAt) && !spent.Contains(warning.ExpiresAt));
            }
        }));

    internal static Programme WithoutInactivity(Programme programme) => programme with
    {
        Expiry = Instead(programme.Expiry)!,
        Activities = programme.Activities.ToImmutableDictionary(rule => rule.Key, rule => rule.Value with { Expiry = Instead(rule.Value.Expiry) }),
    };

    private static ExpiryPolicy? Instead(ExpiryPolicy? expiry) =>
        expiry is ExpiryPolicy.Inactivity idle ? new ExpiryPolicy.Rolling(idle.Months, RoundUp.None) : expiry;

    private static bool Counts(ExpiryPolicy.Inactivity idle, Transaction transaction) => transaction.Events.Any(e =>
        (e is PointsEarned && idle.Counts.Contains(ResidentAct.Earned)) || (e is PointsSpent or PointsHeld && idle.Counts.Contains(ResidentAct.Spent)));
}
