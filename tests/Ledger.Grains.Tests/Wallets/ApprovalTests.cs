using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wallets;

/// <summary>Approvals through the grain, the journal and its list.</summary>
public sealed class ApprovalTests() : HostedTests(null)
{
    protected override async Task Start(Instant? now = null)
    {
        await base.Start(now);
        Host.Programmes.Published = FixedProgrammes.Only(FixedProgrammes.Asking);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Of_decisions_at_the_same_moment_exactly_one_counts(int seed)
    {
        await Host.Wallet("r1").Record(Earn("r1", "e", 40, Now));
        var random = new Random(seed);
        var decisions = Enumerable.Range(0, 60).Select(i => (Approves: random.Next(2) == 0, i))
            .Select(d => Decision(d.Approves ? new ApproveEntry(Key("e")) : new RejectEntry(Key("e")), $"operator-{d.i}", $"decision {d.i}"));

        var results = await Task.WhenAll(decisions.Select(decision => Task.Run(() => Host.Wallet("r1").Record(decision))));

        var counted = Assert.Single(results, result => result.Transaction.Outcome == Transaction.Accepted);
        var approved = counted.Transaction.Events.Any(e => e is AwardApproved);
        Assert.Equal(approved ? 40 : 0, (await Host.Wallet("r1").Read()).State.Available.Value);
        Assert.All(results.Where(result => result != counted), result => Assert.Equal(
            new Refusal.ApprovalAlreadyDecided(Key("e"), approved ? ApprovalOutcome.Approved : ApprovalOutcome.Rejected), result.Transaction.Refusal));
    }

    [Fact]
    public async Task A_decision_that_is_sent_again_has_its_outcome_again()
    {
        await Host.Wallet("r1").Record(Earn("r1", "e", 40, Now));
        var approve = Decision(new ApproveEntry(Key("e")), "operator-2", "once");
        await Host.Wallet("r1").Record(approve);
        await Restart();

        var again = await Host.Wallet("r1").Record(approve);

        Assert.Equal((true, Transaction.Accepted), (again.Replayed, again.Transaction.Outcome));
        Assert.Equal(40, (await Host.Wallet("r1").Read()).State.Available.Value);
    }

    [Fact]
    public async Task What_nobody_decided_is_over_without_a_command_and_cannot_be_reversed_or_approved_any_more()
    {
        await Host.Wallet("r1").Record(Earn("r1", "e", 40, Now));
        Host.Clock.AdvanceDays(15);
        Assert.Equal(1, await Sweep());
        Assert.Empty(await Listed());

        // Only the journal still knows what became of it, in a transaction that does not refer to it.
        await Restart();
        Assert.Equal(
            new Refusal.NothingToReverse(Key("e"), new(40), new(40), new(0)),
            (await Host.Wallet("r1").Record(Reverse("r1", "r", "e"))).Transaction.Refusal);
        Assert.Equal(
            new Refusal.ApprovalAlreadyDecided(Key("e"), ApprovalOutcome.Lapsed),
            (await Host.Wallet("r1").Record(Decision(new ApproveEntry(Key("e")), "operator-2", "late"))).Transaction.Refusal);
        Assert.Equal(0, (await Host.Journal.ReadTotals(LedgerHost.Community)).Values.Sum());
    }

    [Fact]
    public async Task The_list_has_exactly_what_waits()
    {
        var results = await Host.Wallet("r1").SendMany(
        [
            Earn("r1", "e1", 10, Now), Earn("r1", "e2", 20, Now), Reverse("r1", "r", "e2", 5), Earn("r1", "gone", 30, Now), Reverse("r1", "all", "gone"),
            Envelope("r1", "big", new AdjustPoints(new(101))), Envelope("r1", "small", new AdjustPoints(new(100))),
        ]);
        await Host.Wallet("r2").Record(Earn("r2", "e3", 40, Now));
        Assert.All(results, result => Assert.Null(((CommandResult.Recorded)result).Transaction.Refusal));

        Assert.Equal(["r1 1 10", "r1 2 15", "r1 6 101", "r2 1 40"], await Listed());
        await Host.Wallet("r1").Record(Decision(new ApproveEntry(Key("e1")), "operator-2", "a"));
        await Host.Wallet("r1").Record(Decision(new RejectEntry(Key("big")), "operator-2", "b"));
        Assert.Equal(["r1 2 15", "r2 1 40"], await Listed());
    }

    [Fact]
    public async Task Time_that_is_over_when_a_command_comes_leaves_the_list_with_that_command()
    {
        await Host.Wallet("r1").Record(Earn("r1", "e1", 10, Now));
        Host.Clock.AdvanceDays(15);
        await Host.Wallet("r1").Record(Earn("r1", "e2", 20, Now));

        Assert.Equal(["r1 2 20"], await Listed());
    }

    private static CommandEnvelope Decision(WalletCommand command, string by, string id) =>
        Envelope("r1", id, command) with { Key = CommandKey.Client(by, id) };

    private async Task<IEnumerable<string>> Listed() =>
        (await Host.Journal.ReadApprovals(LedgerHost.Community, null, null, 100)).Select(approval => approval.ToEntry() is var entry
            ? $"{approval.Place.Stream["resident/".Length..]} {entry.Of} {entry.Points}" : "");
}
