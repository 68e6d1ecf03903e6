using System.Text.Json;
using Ledger.Accounts;
using Ledger.Grains.Errands;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.PrivatePostgres;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Errands;

/// <summary>Gifts through two wallets and a store: whatever dies in between, each arrives once or comes back once.</summary>
public abstract class GiftTests(SharedPostgres? shared) : HostedTests(shared)
{
    private const string Generous = """
        { "expiry": { "kind": "rolling", "months": 12 }, "gifts": {},
          "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private const string CloseKnit = """
        { "expiry": { "kind": "rolling", "months": 12 }, "gifts": { "within": "household" },
          "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private const string Hesitant = """
        { "expiry": { "kind": "rolling", "months": 1 }, "gifts": { "coolingOffMinutes": 10 },
          "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private string _programme = Generous;

    private ErrandDriver Driver => Host.Services.GetRequiredService<ErrandDriver>();

    [Fact]
    public async Task A_gift_is_in_the_other_wallet_once_the_errand_is_done()
    {
        await Rich("a", 50);
        await Rich("b", 1);
        var given = await Give("a", "b", 20);
        Assert.Equal((30L, 20L), ((await State("a")).Available.Value, await InTransit()));

        Assert.Equal(1, await Do("a"));

        Assert.Equal((30L, 21L, 0L), ((await State("a")).Available.Value, (await State("b")).Available.Value, await InTransit()));
        var delivered = (await Host.Journal.ReadOne(Stream("a"), given.Transaction.Sequence + 1)).ToTransaction();
        Assert.Equal((new GiftDelivered(2, Resident("b"), new(20)), 2L), (delivered.Deed, delivered.RefersTo));
        Assert.Equal(0, await Do("a"));
        Assert.Null((await State("a")).OpenErrands);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Wherever_the_process_dies_the_sweeper_ends_as_if_it_had_not(int appendsBeforeDeath)
    {
        await Rich("a", 50);
        await Rich("b", 1);
        await Rich("c", 50);
        await Rich("d", 1);
        await Give("a", "b", 20);
        await Do("a");
        await Give("c", "d", 20, appendsUntilDeath: appendsBeforeDeath);
        if (appendsBeforeDeath > 0)
        {
            // After the last step there is nothing that could not be done.
            Assert.Equal(appendsBeforeDeath < 2, await Xunit.Record.ExceptionAsync(async () => await Do("c")) is JournalOutcomeUnknownException);
        }

        await Restart();
        await Sweep();

        Assert.Equal(await Text("a"), await Text("c"));
        Assert.Equal(await Text("b"), await Text("d"));
        Assert.Equal(0, await InTransit());
        Assert.Empty(await Host.Journal.ReadDue(Now, 10));
    }

    [Fact]
    public async Task A_gift_whose_giver_never_heard_of_it_is_delivered_all_the_same()
    {
        await Rich("a", 50);
        await Rich("b", 1);
        Host.Journal.AppendsUntilDeath = 1;
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(async () => await Give("a", "b", 20));

        await Restart();
        await Sweep();

        Assert.Equal(21, (await State("b")).Available.Value);
        Assert.True((await Give("a", "b", 20)).Replayed);
    }

    [Fact]
    public async Task Two_who_give_to_one_another_at_once_do_not_wait_for_one_another()
    {
        await Rich("a", 100);
        await Rich("b", 100);
        var gifts = Enumerable.Range(0, 40).Select(async i =>
        {
            var (from, to) = i % 2 == 0 ? ("a", "b") : ("b", "a");
            await Host.Wallet(from).Record(Envelope(from, $"g{i}", new GivePoints(Resident(to), new(1 + (i % 5)))));
            await Do(from);
        });

        await Task.WhenAll(gifts).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Sweep();

        var (a, b) = (await State("a"), await State("b"));
        Assert.Equal((200L, 0L), (a.Available.Value + b.Available.Value, await InTransit()));
        Assert.Equal((a.Lifetime.Sent, a.Lifetime.Received), (b.Lifetime.Received, b.Lifetime.Sent));
    }

    [Fact]
    public async Task A_gift_is_not_delivered_before_its_time_and_can_be_taken_back_until_then()
    {
        await RestartWith(Hesitant);
        await Rich("a", 50);
        await Rich("b", 1);
        await Give("a", "b", 20);
        Host.Clock.AdvanceMinutes(9);
        Assert.Equal((0, 0), (await Do("a"), await Sweep()));

        await TakeBack("a", 2);
        Host.Clock.AdvanceMinutes(9);

        Assert.Equal((0, 0), (await Do("a"), await Sweep()));
        Assert.Equal((50L, 1L, 0L), ((await State("a")).Available.Value, (await State("b")).Available.Value, await InTransit()));
    }

    [Fact]
    public async Task Taken_back_and_delivered_at_once_is_one_of_the_two()
    {
        await Rich("b", 1);
        for (var i = 0; i < 20; i++)
        {
            await Rich($"a{i}", 10);
            await Give($"a{i}", "b", 10);
        }

        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(i => i % 2 == 0 ? new[] { TakeBack($"a{i}", 2), Do($"a{i}") } : [Do($"a{i}"), TakeBack($"a{i}", 2)]));
        await Sweep();

        var kept = 0L;
        for (var i = 0; i < 20; i++)
        {
            var state = await State($"a{i}");
            Assert.Null(state.OpenErrands);
            kept += state.Available.Value;
        }

        Assert.Equal((201L, 0L), (kept + (await State("b")).Available.Value, await InTransit()));
    }

    [Fact]
    public async Task What_a_wallet_cannot_take_in_goes_back()
    {
        await Rich("a", 50);
        await Host.Wallet("b").Record(Envelope("b", "full", new AdjustPoints(Points.Max)));
        await Give("a", "b", 20);

        Assert.Equal(1, await Do("a"));

        var returned = Assert.IsType<GiftReturned>((await Host.Journal.ReadOne(Stream("a"), 3)).ToTransaction().Deed);
        Assert.Equal((GiftEnd.Refused, "balance_limit", 50L), (returned.How, returned.Why, (await State("a")).Available.Value));
    }

    [Fact]
    public async Task A_gift_that_must_not_leave_a_household_comes_back_from_outside()
    {
        await RestartWith(CloseKnit);
        await Rich("a", 50);
        await Rich("b", 1);
        Assert.IsType<Refusal.GiftOutsideHousehold>((await Give("a", "b", 20)).Transaction.Refusal);
        await Join("a");
        await Give("a", "b", 20, name: "outside");

        Assert.Equal(1, await Do("a"));
        var returned = Assert.IsType<GiftReturned>((await Host.Journal.ReadOne(Stream("a"), 5)).ToTransaction().Deed);
        Assert.Equal((GiftEnd.Refused, "gift_outside_household", 50L), (returned.How, returned.Why, (await State("a")).Available.Value));

        await Join("b");
        await Give("a", "b", 20, name: "inside");
        Assert.Equal(1, await Do("a"));
        Assert.Equal((30L, 21L, 0L), ((await State("a")).Available.Value, (await State("b")).Available.Value, await InTransit()));
    }

    [Fact]
    public async Task A_gift_that_the_receiver_has_under_its_key_is_told_of_whatever_words_brought_it()
    {
        await Rich("a", 50);
        await Rich("b", 1);
        await Give("a", "b", 20);
        var lots = (await State("a")).GiftsUnderWay.Single().Lots;
        await Host.Wallet("b").Record(new()
        {
            Community = LedgerHost.Community,
            Resident = Resident("b"),
            Key = CommandKey.Gift(Resident("a"), 2),
            Command = new ReceiveGift(Resident("a"), 2, [.. lots.Select(lot => lot with { ExpiresAt = lot.ExpiresAt + Duration.FromDays(1) })]),
        });

        Assert.Equal(1, await Do("a"));

        Assert.IsType<GiftDelivered>((await Host.Journal.ReadOne(Stream("a"), 3)).ToTransaction().Deed);
        Assert.Equal((30L, 21L, 0L), ((await State("a")).Available.Value, (await State("b")).Available.Value, await InTransit()));
    }

    [Fact]
    public async Task What_expired_on_the_way_expires_at_its_giver()
    {
        await RestartWith(Hesitant);
        await Rich("a", 50);
        await Rich("b", 1);
        await Give("a", "b", 20);
        Host.Clock.AdvanceDays(40);

        Assert.Equal(1, await Do("a"));

        Assert.Equal((0L, 50L, 0L), ((await State("a")).Available.Value, (await State("a")).Lifetime.Expired.Value, await InTransit()));
        Assert.Equal(0, (await State("b")).Lifetime.Received.Value);
    }

    [Fact]
    public async Task To_whom_has_no_wallet_nothing_is_given()
    {
        await Rich("a", 50);

        Assert.Equal(new Refusal.ReceiverUnknown(Resident("b")), (await Give("a", "b", 20)).Transaction.Refusal);
        Assert.Equal(new Refusal.GiftToSelf(Resident("a")), (await Host.Wallet("a").Record(Envelope("a", "self", new GivePoints(Resident("a"), new(1))))).Transaction.Refusal);
    }

    [Fact]
    public async Task A_wallet_that_does_not_answer_is_asked_more_and_more_rarely_until_the_gift_goes_back()
    {
        await Rich("a", 50);
        await Rich("b", 1);
        await Give("a", "b", 20);
        Host.Journal.AlwaysFails = stream => stream == Stream("b");
        var asked = 0;
        for (var minute = 0; minute < 7 * 24 * 60; minute += 30)
        {
            asked += await Do("a");
            Host.Clock.AdvanceMinutes(30);
        }

        Assert.Equal(0, asked);
        Assert.InRange((await State("a")).Errands[0].Tries, 35, 60);
        Host.Clock.AdvanceMinutes(256);
        Assert.Equal(1, await Sweep());
        Assert.Equal(50, (await State("a")).Available.Value);

        Host.Journal.AlwaysFails = null;
        Assert.Equal((0, 1L), (await Sweep(), (await State("b")).Available.Value));
    }

    [Fact]
    public async Task A_gift_of_a_week_ago_that_did_arrive_does_not_come_back()
    {
        await Rich("a", 50);
        await Rich("b", 1);
        await Give("a", "b", 20);
        Host.Journal.AppendsUntilDeath = 1;
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(async () => await Do("a"));
        await Restart();
        Host.Clock.AdvanceDays(8);
        Host.Journal.FailNext(Fault.Unavailable);

        Assert.Equal(0, await Do("a"));
        Host.Clock.AdvanceMinutes(1);
        Assert.Equal(1, await Do("a"));

        Assert.Equal((30L, 21L), ((await State("a")).Available.Value, (await State("b")).Available.Value));
    }

    [Fact]
    public async Task One_broken_errand_keeps_no_other_from_its_turn()
    {
        foreach (var resident in new[] { "a", "b", "c" })
        {
            await Rich(resident, 50);
        }

        await Give("a", "b", 20);
        await Give("a", "c", 20, name: "other");
        Host.Journal.AlwaysFails = stream => stream == Stream("b");

        Assert.Equal(1, await Do("a"));

        Assert.Equal((70L, 20L), ((await State("c")).Available.Value, await InTransit()));
        Host.Journal.AlwaysFails = null;
        Assert.Equal(0, await Sweep());
        Host.Clock.AdvanceMinutes(1);
        Assert.Equal(1, await Sweep());
    }

    private static ResidentId Resident(string name) => ResidentId.Parse(name);

    private static StreamId Stream(string resident) => StreamId.Of(LedgerHost.Community, Resident(resident));

    private Task<HouseholdResult> Join(string resident) => Host.Services.GetRequiredService<HouseholdDriver>().Move(
        LedgerHost.Community, new("home"), Resident(resident), joins: true, CommandKey.Client("operator", resident));

    private async Task<CommandResult.Recorded> Give(string from, string to, long points, int? appendsUntilDeath = null, string name = "gift")
    {
        var given = await Host.Wallet(from).Record(Envelope(from, $"{name}-{from}", new GivePoints(Resident(to), new(points))));
        Host.Journal.AppendsUntilDeath = appendsUntilDeath;
        return given;
    }

    private async Task TakeBack(string giver, long gift) => await Host.Wallet(giver).Send(
        Envelope(giver, "", new EndGift(gift, GiftEnd.TakenBack)) with { Key = CommandKey.Gift(Resident(giver), gift) });

    private Task<int> Do(string resident) => Driver.Do(LedgerHost.Community, Resident(resident));

    private async Task<string> Text(string resident) =>
        JsonSerializer.Serialize((await State(resident)) with { Recent = RecentCommands.Empty }, LedgerJson.Default.WalletState)
            .Replace("\"to\":\"d\"", "\"to\":\"b\"", StringComparison.Ordinal);

    private async Task<long> InTransit() => (await Host.Journal.ReadTotals(LedgerHost.Community)).GetValueOrDefault(Account.Transit.Name);

    protected override async Task Start(Instant? now = null)
    {
        await base.Start(now);
        Host.Programmes.Published = FixedProgrammes.Only(_programme);
    }

    private Task RestartWith(string programme)
    {
        _programme = programme;
        return Restart();
    }
}

public sealed class GiftsOnSqlite() : GiftTests(null);

public sealed class GiftsOnPostgres(SharedPostgres shared) : GiftTests(shared);
