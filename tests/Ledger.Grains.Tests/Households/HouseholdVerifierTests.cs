using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Verification;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Grains.Tests.Households;

/// <summary>A store with a household that spent together, had a part back, and was refused; made once.</summary>
public sealed class SharedHome() : StoreMadeOnce(Fill)
{
    internal static readonly HouseholdId Home = new("home");

    private static async Task Fill(LedgerHost host)
    {
        var driver = host.Services.GetRequiredService<HouseholdDriver>();
        foreach (var name in new[] { "anna", "bo" })
        {
            await host.Wallet(name).Record(Commands.Earn(name, $"earned {name}", 50, host.Clock.GetCurrentInstant()));
            await driver.Move(LedgerHost.Community, Home, new(name), joins: true, CommandKey.Client("operator", name));
        }

        await host.Wallet("bo").Record(Commands.Envelope("bo", "consent", new ConsentToPool(new(new(40), null))));
        await driver.Send(LedgerHost.Community, Home, new SpendTogether(new("anna"), Sale("one"), new(80)), CommandKey.Client("app", "one"));
        await driver.Send(LedgerHost.Community, Home, new RefundTogether(5, new(16)), CommandKey.Client("app", "back"));
        await driver.Send(LedgerHost.Community, Home, new SpendTogether(new("anna"), Sale("two"), new(500)), CommandKey.Client("app", "two"));
    }

    private static MerchantReference Sale(string name) => new(new("tea-house"), name);
}

public sealed class HouseholdVerifierTests(SharedHome store) : IClassFixture<SharedHome>
{
    private const string Home = "stream = 'household/home'";
    private const string Bo = "stream = 'resident/bo'";

    // What somebody does who has this very program: the row is sealed and indexed as it should be.
    private static readonly Dictionary<string, HouseholdCommand> Forgeries = new()
    {
        ["a member of whom the wallet does not know"] = new AddMember(new("carl")),
        ["a member who left, and whose wallet does not know"] = new RemoveMember(new("bo")),
        ["a refund that no wallet had"] = new RefundTogether(5, new(10)),
    };

    public static TheoryData<string> All => [.. Forgeries.Keys];

    [Fact]
    public async Task Households_that_nobody_touched_are_sound()
    {
        var report = await store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((21, 3), (report.Transactions, report.Streams));
    }

    [Theory]
    [InlineData("how many were spent", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"points":80', '"points":81') AS BLOB) WHERE {Home} AND sequence = 5""", "hashes 5; households 5")]
    [InlineData("a share", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"points":30', '"points":29') AS BLOB) WHERE {Home} AND sequence = 5""", "hashes 5; households 5")]
    [InlineData("that it was decided", $"DELETE FROM journal WHERE {Home} AND sequence = 6", "sequences 7; hashes 7; households 7; storage")]
    [InlineData("the household", $"DELETE FROM journal WHERE {Home}", "households; households 5; references 5; storage")]
    [InlineData("who is a member", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"resident":"bo"', '"resident":"carl"') AS BLOB) WHERE {Home}""", "hashes 3; households")]
    [InlineData("an outcome", $"UPDATE journal SET outcome = 'accepted' WHERE {Home} AND sequence = 10", "hashes 10; events 10")]
    [InlineData("what a row refers to", $"UPDATE journal SET refers_to = 4 WHERE {Home} AND sequence = 7", "hashes 7; events 7")]
    [InlineData("the key of the decision", $"UPDATE journal SET command_id = 'home@99' WHERE {Home} AND sequence = 6", "hashes 6; households 6; storage")]
    [InlineData("an event that no version knows", """UPDATE journal SET events = CAST('{"event":"household_robbed.v1"}' AS BLOB) WHERE stream = 'household/home' AND sequence = 7""", "hashes 7; events 7")]
    [InlineData("which spend a wallet paid", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"spend":5', '"spend":4') AS BLOB) WHERE {Bo} AND sequence = 4""", "hashes 4; households 5; households 4")]
    [InlineData("that it was a share", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"share"', '"shape"') AS BLOB) WHERE {Bo} AND sequence = 4""", "hashes 4; households 5")]
    [InlineData("the key of a capture", $"UPDATE journal SET command_id = 'home@5/ben' WHERE {Bo} AND sequence = 5", "hashes 5; households 5; storage")]
    [InlineData("that a wallet belongs to it", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), 'household_joined.v1', 'household_left.v1') AS BLOB) WHERE {Bo} AND sequence = 2""", "hashes 2; replay 3")]
    public Task Whatever_is_changed_by_hand_is_found(string what, string sql, string expected) => store.MustFind(what, sql, expected);

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_this_very_program_forges_is_found_by_what_household_and_wallets_tell_of_each_other(string what)
    {
        var report = await store.Verify(async copy =>
        {
            await using var ledger = OpenLedger.ForWriting(copy.Address, "test");
            await Forge(ledger.Journal, Forgeries[what], CommandKey.Client("forger", what));
            await Forge(ledger.Journal, new TellHousehold(11, null, StepOutcome.Done), null);
        });

        Assert.NotEmpty(report.Findings);
        Assert.All(report.Findings, finding => Assert.Equal(VerificationCheck.Households, finding.Check));
    }

    private static async Task Forge(IJournal journal, HouseholdCommand command, CommandKey? key)
    {
        var stream = StreamId.OfHousehold(LedgerHost.Community, SharedHome.Home);
        var last = (await journal.ReadBackwards(stream, long.MaxValue, 1))[0];
        var state = new HouseholdState(last.Sequence, last.EffectiveAt, last.ToHouseholdEvent().After);
        var spend = command is RefundTogether refund ? await journal.ReadSpend(stream, refund.Spend) : null;
        var happened = Household.Decide(state, command, state.LastAt, spend: spend)!;
        var after = Household.Evolve(state, happened, state.LastAt);
        var row = HouseholdRows.ToRow(
            stream, after, key ?? CommandKey.HouseholdStep(SharedHome.Home, after.Sequence), command, happened, state.LastAt, last.Hash.Span);
        Assert.IsType<AppendResult.Committed>(await journal.Append(new() { Stream = stream, Rows = [row], NextDue = after.NextLook, NextDueChanged = true }));
    }
}
