using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

public sealed class FreezingTests
{
    [Fact]
    public void A_frozen_wallet_is_frozen_since_its_first_freeze_whoever_freezes_it_again()
    {
        var story = new Story();
        Story.Accepted(story.Do(Frozen(story, "f1", "office")));
        var since = story.Now;

        Story.Accepted(story.Later(Duration.FromDays(1)).Do(Frozen(story, "f2", "somebody else")));

        Assert.Equal(new Freeze(since, "office"), story.State.Frozen);
        Assert.Equal(2, story.State.Sequence);
    }

    [Fact]
    public void A_repeat_that_comes_late_undoes_nothing_that_was_done_in_between_also_where_it_changed_nothing_itself()
    {
        var story = new Story();
        Story.Accepted(story.Do("u1", new UnfreezeWallet()));
        Story.Accepted(story.Do("f2", new FreezeWallet()));
        Assert.Equal(new Decision.Repeated(1), story.Do("u1", new UnfreezeWallet()));
        Assert.NotNull(story.State.Frozen);

        Story.Accepted(story.Do("f3", new FreezeWallet()));
        Story.Accepted(story.Do("u4", new UnfreezeWallet()));
        Assert.Equal(new Decision.Repeated(3), story.Do("f3", new FreezeWallet()));
        Assert.Null(story.State.Frozen);
    }

    [Fact]
    public void Unfreezing_lets_the_resident_spend_again_and_what_was_refused_stays_refused()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Do(Frozen(story, "f", "office"));
        Assert.Equal(new Refusal.Frozen(story.Now), Story.Refused(story.Spend("s", 4)));
        Assert.Equal(new Refusal.Frozen(story.Now), Story.Refused(story.Hold("h", 4)));

        Story.Accepted(story.Do("u", new UnfreezeWallet()));

        Assert.Null(story.State.Frozen);
        Assert.Equal(new Decision.Repeated(3), story.Spend("s", 4));
        Story.Accepted(story.Spend("s2", 4));
        Assert.Equal(6, story.Available);
    }

    [Fact]
    public void What_was_set_aside_before_is_taken_given_back_or_times_out_as_ever()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Hold("h", 4);
        story.Hold("g", 3);
        story.Do("f", new FreezeWallet());

        // A till that lost its answer gets it, also under another key.
        Assert.IsType<Decision.Accepted>(story.Do("h again", new HoldPoints(Story.Sale("h"), new(4), 5)));
        Assert.IsType<HoldRepeated>(story.Journal[^1].Deed);
        Story.Accepted(story.Capture("c", "h", 2));
        Story.Accepted(story.Later(Duration.FromMinutes(5)).ApplyDue());

        Assert.Equal((8, 0, 2), (story.Available, story.State.HeldPoints.Value, story.State.Lifetime.Spent.Value));
    }

    [Fact]
    public void Who_froze_and_why_lies_in_the_journal_as_a_client_and_a_digest()
    {
        var story = new Story();
        var note = new Note("手机遗失", new byte[16]);

        story.Do(Frozen(story, "f", "office") with { Note = note });
        story.Do(story.Envelope("u", new UnfreezeWallet()) with { Client = "manager" });

        Assert.Equal(new WalletFrozen("office", note.Digest()), story.Journal[0].Events.Single());
        Assert.Equal(new WalletUnfrozen("manager"), story.Journal[1].Events.Single());
    }

    private static CommandEnvelope Frozen(Story story, string name, string client) => story.Envelope(name, new FreezeWallet()) with { Client = client };
}
