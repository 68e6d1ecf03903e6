using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class WalletTests
{
    [Fact]
    public void History_that_lies_before_what_the_wallet_has_seen_is_refused_and_time_stands()
    {
        var story = new Story();
        story.Earn("a", 5);
        var last = story.Now;

        var refusal = Story.Refused(story.On("2024-01-10 11:59").Do("b", new EarnPoints(Story.Service, 1, story.Now), historic: true));

        Assert.Equal(new Refusal.TimeRunsBackwards(story.Now, last), refusal);
        Assert.Equal(last, story.State.LastAt);
        Assert.Equal(last, story.Journal[^1].EffectiveAt);
        Assert.Equal(2, story.State.Sequence);
    }

    [Fact]
    public void History_at_the_very_time_of_the_last_transaction_is_accepted()
    {
        var story = new Story();
        story.Earn("a", 5);

        Story.Accepted(story.Do("b", new EarnPoints(Story.Service, 1, story.Now), historic: true));
    }

    [Fact]
    public void A_repeat_is_answered_with_the_first_transaction_whatever_it_says_now()
    {
        var story = new Story();
        Story.Refused(story.Spend("s", 5));
        story.Earn("e", 5);

        Assert.Equal(new Decision.Repeated(1), story.Spend("s", 5));
        Assert.Equal(5, story.Available);
        Assert.Equal(2, story.Journal.Count);
    }

    [Fact]
    public void The_last_64_commands_are_remembered()
    {
        var story = new Story();
        for (var i = 1; i <= 65; i++)
        {
            story.Earn($"e{i}", 1);
        }

        var community = RecordedWallet.Community;
        Assert.Equal(64, story.State.Recent.ToArray().Length);
        Assert.Null(story.State.Recent.SequenceOf(Story.Key("e1").HashIn(community)));
        Assert.Equal(2, story.State.Recent.SequenceOf(Story.Key("e2").HashIn(community)));
        Assert.Equal(65, story.State.Recent.SequenceOf(Story.Key("e65").HashIn(community)));
        Assert.Null(story.State.Recent.SequenceOf(default));
    }

    [Fact]
    public void A_transaction_that_does_not_follow_is_refused_by_the_replay()
    {
        var story = new Story();
        story.Earn("a", 5);
        story.Earn("b", 5);

        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(WalletState.Empty, story.Journal[1]));
        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(story.State, story.Journal[1]));
    }

    [Fact]
    public void Events_of_another_state_are_refused_by_the_replay()
    {
        var slice = new LotSlice(new(1), new(5), Instant.MinValue, null);
        var state = Wallet.Evolve(WalletState.Empty, new PointsAdjusted(new(5), new(0), slice, [], null));

        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(state, new PointsSpent(Story.TeaHouse, new(6), [slice with { Points = new(6) }], 1)));
        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(state, new PointsSpent(Story.TeaHouse, new(1), [slice with { Lot = new(2) }], 1)));
        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(state, new PointsExpired(Instant.MinValue, [new(new(2), new(5))])));
        Assert.Throws<InvalidOperationException>(() => Wallet.Evolve(state, new PointsExpired(Instant.MinValue, [new(new(1), new(6))])));
    }

    [Fact]
    public void A_decision_changes_nothing()
    {
        var story = new Story();
        story.Earn("a", 5);
        var before = Laws.Play.Text(story.State);
        var programmes = new PublishedProgrammes([new(1, Instant.MinValue, Story.Plain)]);

        Wallet.Decide(programmes, story.State, story.Envelope("s", new SpendPoints(Story.TeaHouse, new(5))), Thawed.Nothing.Instance);

        Assert.Equal(before, Laws.Play.Text(story.State));
    }

    [Fact]
    public void A_transaction_tells_what_it_refers_to_and_which_version_decided()
    {
        var story = new Story();
        story.Earn("e", 5);
        story.Spend("s", 5);
        story.Refund("r", "s");
        story.Reverse("v", "e");

        Assert.Equal([null, null, 2L, 1L], story.Journal.Select(t => t.RefersTo));
        Assert.All(story.Journal, t => Assert.Equal(1, t.ProgrammeVersion));
        Assert.All(story.Journal, t => Assert.Equal(32, t.Fingerprint.Length));
    }

    [Fact]
    public void What_is_due_is_not_looked_for_before_the_last_transaction()
    {
        var story = new Story();
        story.Earn("e", 10);

        var decision = story.Do(story.Envelope("sweep", new ApplyDue(), historic: true) with { At = story.Now - Duration.FromDays(1) });

        Assert.True(decision is Decision.Accepted { Events.IsEmpty: true }, $"{decision}");
    }
}
