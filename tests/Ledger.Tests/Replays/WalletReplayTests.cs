using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Replays;
using Ledger.Rules;
using Ledger.Tests.Laws;
using Ledger.Tests.Sequences;
using Ledger.Tests.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Replays;

public sealed class WalletReplayTests
{
    private static readonly Instant End = Instant.FromUtc(2100, 1, 1, 0, 0);

    [Fact]
    public void By_the_programme_that_decided_it_the_past_comes_out_as_it_was() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        // One version, and no history that is not told from other events by its key.
        var setup = sequence.Setup with { Versions = [sequence.Setup.Versions[0]] };
        var wallet = Play.All(sequence with { Setup = setup, Steps = [.. sequence.Steps.Select(step => step with { Historic = false })] });

        var replayed = Replay(wallet.Journal, setup.Versions[0].Programme, Instant.MinValue, End);

        Assert.Equal(replayed.Credited, replayed.CreditedThen);
        Assert.Equal((0L, Points.Zero), (replayed.SpendsMissed, replayed.PointsMissed));
        Assert.Equal(replayed.Balance, replayed.BalanceThen);
    });

    [Fact]
    public void A_programme_that_gives_twice_as_much_shows_in_every_sum()
    {
        var story = new Story();
        story.Earn("e1", 10);
        story.Spend("s1", 4);
        story.Refund("f1", "s1", 1);
        story.Reverse("r1", "e1", 2);

        var replayed = Replay(story.Journal, Giving(2), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((10L, 20L), (replayed.Credited.Value, replayed.CreditedThen.Value));
        Assert.Equal((5L, 15L), (replayed.Balance.Value, replayed.BalanceThen.Value));
        Assert.Equal(new ReplayedActivities(1, 10, 20), replayed.Activities[Story.Service]);
    }

    [Fact]
    public void What_could_not_have_been_spent_is_counted()
    {
        var story = new Story();
        story.Earn("e1", 10);
        story.Spend("s1", 8);

        var cap = new Cap(CapPeriod.LocalDay, 5, CapReversal.Keep);
        var replayed = Replay(story.Journal, Giving(1, cap), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((1L, 8L, 5L), (replayed.SpendsMissed, replayed.PointsMissed.Value, replayed.BalanceThen.Value));
    }

    [Fact]
    public void A_sale_is_voided_again_whenever_its_merchant_settles()
    {
        var story = new Story();
        story.Registers(Story.Registered with { Terms = [new(Instant.MinValue, new(20, 0), null)] });
        story.On("2024-01-10 23:30").Earn("e1", 10);
        story.Hold("sale", 6);
        story.Capture("c1", "sale");
        story.On("2024-01-11 00:30").Void("v1", "sale");

        var replayed = Replay(story.Journal, Giving(1), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((10L, 10L), (replayed.Balance.Value, replayed.BalanceThen.Value));
    }

    [Fact]
    public void Before_the_period_the_past_is_as_it_was_and_after_it_nothing_counts()
    {
        var story = new Story();
        story.Earn("before", 1);
        var from = story.On("2024-01-11 00:00").Now;
        story.Earn("within", 10);
        story.Reverse("of before", "before");
        var until = story.On("2024-01-12 00:00").Now;
        story.Earn("after", 100);

        var replayed = Replay(story.Journal, Giving(3), from, until);

        Assert.Equal((10L, 30L), (replayed.Credited.Value, replayed.CreditedThen.Value));
        Assert.Equal((10L, 30L), (replayed.Balance.Value, replayed.BalanceThen.Value));
    }

    [Fact]
    public void A_reversal_that_waited_waits_again()
    {
        var story = new Story();
        story.Reverse("r", "e", 4);
        story.Earn("e", 10);

        var replayed = Replay(story.Journal, Giving(2), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((6L, 16L), (replayed.Balance.Value, replayed.BalanceThen.Value));
    }

    [Fact]
    public void What_is_pinned_before_the_period_keeps_its_own_policies()
    {
        var story = new Story(Story.Plain with { Clawback = Clawback.WriteOff });
        story.Earn("e", 10);
        story.Spend("s", 10);
        var from = story.On("2024-01-11 00:00").Now;
        story.Reverse("r", "e");
        var replay = new WalletReplay(
            StreamId.Of(RecordedWallet.Community, RecordedWallet.Resident),
            story.Programmes.Trying(new(9, Instant.MinValue, Giving(2))),
            from,
            story.Now + Duration.FromDays(1));
        foreach (var transaction in story.Journal)
        {
            replay.Add(transaction);
        }

        Assert.Equal((0L, 0L), (replay.Result().Balance.Value, replay.Result().BalanceThen.Value));
    }

    [Fact]
    public void Tiers_that_are_tried_are_worked_out_for_the_whole_past()
    {
        var story = new Story();
        story.Earn("e1", 60);
        story.Earn("e2", 60);
        story.Earn("e3", 10);
        story.Reverse("r2", "e2");
        story.Earn("e4", 10);
        var tried = Story.Plain with
        {
            Tiers = new(TierBasis.CalendarYear.Instance, 0, null, [TieringTests.Level("silver", 100, basisPoints: 20_000)]),
        };

        var replayed = Replay(story.Journal, tried, Instant.MinValue, story.Now + Duration.FromDays(1));

        // 60 + 60 reach Silver, so that the third counts twice; with the second taken back the fourth does not.
        Assert.Equal((140L, 150L), (replayed.Credited.Value, replayed.CreditedThen.Value));
    }

    [Fact]
    public void What_was_rejected_is_taken_back_also_where_nobody_is_asked()
    {
        var story = new Story(Asking(new ApprovalPolicy.SecondPerson(3)));
        story.Earn("approved", 10);
        story.Earn("rejected", 20);
        story.Earn("lapsed", 40);
        story.Approve("a", "approved");
        story.Reject("r", "rejected");
        story.On("2024-01-20 12:00").Spend("s", 10);

        var replayed = Replay(story.Journal, Giving(2), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((0L, 10L), (replayed.Balance.Value, replayed.BalanceThen.Value));
        Assert.Equal((70L, 140L), (replayed.Credited.Value, replayed.CreditedThen.Value));
        Assert.Equal(0, replayed.SpendsMissed);
    }

    [Fact]
    public void What_counted_at_once_is_approved_at_once_where_somebody_would_be_asked()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Spend("s", 10);

        var replayed = Replay(story.Journal, Asking(new ApprovalPolicy.SecondPerson(3)), Instant.MinValue, story.Now + Duration.FromDays(30));

        Assert.Equal((0L, 0L), (replayed.SpendsMissed, replayed.BalanceThen.Value));
    }

    [Fact]
    public void What_was_decided_later_than_a_programme_would_wait_has_lapsed()
    {
        var story = new Story(Asking(new ApprovalPolicy.SecondPerson(14)));
        story.Earn("e", 10);
        story.On("2024-01-15 12:00").Approve("a", "e");
        story.Spend("s", 10);

        var replayed = Replay(story.Journal, Asking(new ApprovalPolicy.SecondPerson(3)), Instant.MinValue, story.Now + Duration.FromDays(1));

        Assert.Equal((1L, 0L), (replayed.SpendsMissed, replayed.BalanceThen.Value));
    }

    [Fact]
    public void Inactivity_that_is_tried_keeps_what_acts_of_the_past_would_have_kept()
    {
        var story = new Story();
        story.Earn("a", 10);
        story.On("2024-02-05 12:00").Earn("b", 5);
        story.On("2024-03-01 12:00").Spend("s", 3);

        var idle = Story.Plain with { Expiry = new ExpiryPolicy.Inactivity(1, ExpiryPolicy.Inactivity.DefaultCounts) };
        var replayed = Replay(story.Journal, idle, Instant.MinValue, Story.Local("2024-03-31 00:00"));
        Assert.Equal((0L, 12L), (replayed.Balance.Value, replayed.BalanceThen.Value));

        var over = Replay(story.Journal, idle, Instant.MinValue, Story.Local("2024-04-03 00:00"));
        Assert.Equal(0, over.BalanceThen.Value);
    }

    private static Programme Asking(ApprovalPolicy approval) => Story.Plain with
    {
        Activities = Story.Plain.Activities.SetItem(Story.Service, Story.Plain.Activities[Story.Service] with { Approval = approval }),
    };


    [Fact]
    public void The_difference_is_what_activities_gave_whatever_was_spent_taken_back_or_has_expired()
    {
        var story = new Story();
        story.Earn("before", 7);
        var from = story.On("2024-01-11 00:00").Now;
        story.Earn("kept", 10);
        story.Spend("s", 12);
        story.Earn("gone", 20);
        story.Reverse("r", "gone");
        story.Earn("in part", 4);
        story.Reverse("p", "in part", 1);

        var replayed = Replay(story.Journal, Giving(3), from, End);

        Assert.Equal((28L, 2L, 7L), (replayed.Difference.Value, replayed.First, replayed.Last));
        Assert.Equal((0L, 0L, 0L), Of(Replay(story.Journal, Giving(3), story.Now + Duration.FromDays(1), End)));

        static (long, long, long) Of(ReplayedWallet replayed) => (replayed.Difference.Value, replayed.First, replayed.Last);
    }

    [Fact]
    public void Where_the_difference_is_paid_a_campaign_gives_no_more_than_its_budget_gave()
    {
        var programme = ProgrammeReader.Read("""
            { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
              "campaigns": [ { "id": "spring", "from": "2024-01-01", "through": "2024-12-31", "effect": { "kind": "bonus", "points": 50 }, "budget": { "points": 100 } } ] }
            """).Programme!;
        var story = new Story(programme);
        story.Earn("e", 10);

        // As if others had had nearly all of it.
        var journal = story.Journal.Select(transaction => transaction with
        {
            Events =
            [
                .. transaction.Events.OfType<PointsEarned>().Select(earned => earned with
                {
                    Credited = new(30),
                    Lot = earned.Lot!.Value with { Points = new(30) },
                    Budgets = [new("campaign/spring", new(20), new(50), new(20))],
                }),
            ],
        }).ToList();

        var until = story.Now + Duration.FromDays(1);
        Assert.Equal(30, Replay(journal, programme, Instant.MinValue, until).Difference.Value);
        Assert.Equal(0, Replay(journal, programme, Instant.MinValue, until, pays: true).Difference.Value);
    }

    [Fact]
    public void What_nobody_has_agreed_to_was_not_given_and_makes_no_difference()
    {
        var twice = Giving(2);
        var story = new Story(Asking(new ApprovalPolicy.SecondPerson(14)));
        story.Earn("waits", 10);
        story.Earn("agreed", 10);
        story.Approve("a", "agreed");
        var tried = twice with
        {
            Activities = twice.Activities.SetItem(Story.Service, twice.Activities[Story.Service] with { Approval = new ApprovalPolicy.SecondPerson(14) }),
        };

        Assert.Equal(10, Replay(story.Journal, tried, Instant.MinValue, story.Now + Duration.FromDays(1)).Difference.Value);
    }

    [Fact]
    public void An_adjustment_lets_points_expire_that_somebody_must_be_warned_of()
    {
        var programme = Story.Plain with { Warnings = new([3, 1], NoWarningNoExpiry: true) };
        var story = new Story(programme);
        story.Earn("e", 10);
        story.On("2024-04-01 12:00").Adjust("a", 3);

        var replayed = Replay(story.Journal, programme, Instant.MinValue, story.Now + Duration.FromDays(10));
        Assert.Equal((3L, 3L), (replayed.Balance.Value, replayed.BalanceThen.Value));
    }

    [Fact]
    public void What_becomes_of_awards_after_their_period_makes_no_difference_by_the_programme_that_decided_them() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        var setup = sequence.Setup with { Versions = [sequence.Setup.Versions[0]] };
        var wallet = Play.All(sequence with { Setup = setup, Steps = [.. sequence.Steps.Select(step => step with { Historic = false })] });
        foreach (var cut in wallet.Journal.Select(transaction => transaction.EffectiveAt).Distinct().Where((_, i) => i % 7 == 3))
        {
            Assert.Equal(Points.Zero, Replay(wallet.Journal, setup.Versions[0].Programme, Instant.MinValue, cut, End).Difference);
        }
    });

    [Fact]
    public void What_is_taken_back_after_the_period_is_corrected_neither_up_nor_down()
    {
        var story = new Story();
        story.Earn("kept", 10);
        story.Earn("gone", 20);
        story.Earn("in part", 30);
        var until = story.Later(Duration.FromHours(1)).Now;
        story.Spend("s", 55);
        story.Reverse("whole", "gone");
        story.Reverse("part", "in part", 5);
        var known = story.Later(Duration.FromHours(1)).Now;
        story.Reverse("too late", "kept");

        // Of twice as much: 10 more, nothing, and of 60 the same five were taken as of 30.
        Assert.Equal(60, Difference(until));
        Assert.Equal(10 + 30, Difference(known));
        Assert.Equal(30, Difference(End));

        long Difference(Instant knownUntil) => Replay(story.Journal, Giving(2), Instant.MinValue, until, knownUntil).Difference.Value;
    }

    [Fact]
    public void What_was_taken_back_wholly_after_a_part_had_expired_leaves_that_part_and_no_more()
    {
        // Of ten points four are spent and six expire; the spent ones are owed.
        var story = new Story();
        story.Earn("e", 10);
        var until = story.Later(Duration.FromHours(1)).Now;
        story.Spend("s", 4);
        story.On("2024-03-01 00:00").ApplyDue();
        story.Reverse("r", "e");

        Assert.Equal(4, story.Debt);
        Assert.Equal(0, Replay(story.Journal, Giving(2), Instant.MinValue, until, End).Difference.Value);
        Assert.Equal(-2, Replay(story.Journal, Giving(1, new Cap(CapPeriod.LocalDay, 4, CapReversal.Keep)), Instant.MinValue, until, End).Difference.Value);
    }

    [Fact]
    public void What_is_decided_after_the_period_counts_as_it_was_decided()
    {
        var asking = Asking(new ApprovalPolicy.SecondPerson(14));
        var story = new Story(asking);
        story.Earn("agreed", 10);
        story.Earn("rejected", 20);
        story.Earn("waits", 40);
        var until = story.Later(Duration.FromHours(1)).Now;
        story.Approve("a", "agreed");
        story.Reject("b", "rejected");
        var twice = Giving(2);
        var askingTwice = twice with
        {
            Activities = twice.Activities.SetItem(Story.Service, twice.Activities[Story.Service] with { Approval = new ApprovalPolicy.SecondPerson(14) }),
        };

        Assert.Equal(0, Replay(story.Journal, askingTwice, Instant.MinValue, until).Difference.Value);
        Assert.Equal(10, Replay(story.Journal, askingTwice, Instant.MinValue, until, End).Difference.Value);

        // Where nobody is asked any more, what was rejected is not given, and what still waits is.
        Assert.Equal(10 + 80, Replay(story.Journal, twice, Instant.MinValue, until, End).Difference.Value);
    }

    [Fact]
    public void What_was_held_because_it_was_entered_in_bulk_waits_again()
    {
        var checks = Story.Plain with
        {
            Activities = Story.Plain.Activities.SetItem(
                Story.Service,
                Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Checks = [new IntegrityCheck.MakerRate(30, Holds: true)] }),
        };
        var story = new Story(checks) { EnteredBefore = 30 };
        story.Earn("bulk", 10);

        Assert.Equal(0, Replay(story.Journal, checks, Instant.MinValue, End).Difference.Value);
    }

    private static PublishedProgrammes Published => new([new(1, Instant.MinValue, Story.Plain)]);

    private static Programme Giving(long points, params ImmutableArray<Cap> caps) => Story.Plain with
    {
        Activities = Story.Plain.Activities.SetItem(
            Story.Service, Story.Rule(new AwardFormula.PerUnit(new(points), 1, Rounding.Down), caps)),
    };

    private static ReplayedWallet Replay(IEnumerable<Transaction> journal, Programme programme, Instant from, Instant until, Instant? knownUntil = null, bool pays = false)
    {
        var replay = new WalletReplay(
            StreamId.Of(RecordedWallet.Community, RecordedWallet.Resident), Published.Trying(new(9, Instant.MinValue, programme)), from, until, knownUntil, pays);
        foreach (var transaction in journal)
        {
            replay.Add(transaction);
        }

        return replay.Result();
    }
}
