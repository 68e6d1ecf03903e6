using Ledger.Accounts;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Households;
using Ledger.PrivatePostgres;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Households;

/// <summary>A household, wallets and a store: whatever dies in between, everybody pays the share or nobody does, and what comes back comes back once.</summary>
public abstract class HouseholdTests(SharedPostgres? shared) : HostedTests(shared)
{
    private static readonly HouseholdId Home = new("home");
    private static readonly MerchantId TeaHouse = new("tea-house");

    private HouseholdDriver Driver => Host.Services.GetRequiredService<HouseholdDriver>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var resident in new[] { "a", "b", "c" })
        {
            await Rich(resident, 50);
            await Add(resident);
        }

        await Consent("b", 40, null);
        await Consent("c", null, 15);
    }

    protected override async Task MustBeSound()
    {
        await base.MustBeSound();
        Assert.Equal(0, (await Host.Journal.ReadTotals(LedgerHost.Community)).GetValueOrDefault(Account.Transit.Name));
    }

    [Fact]
    public async Task The_buyer_pays_first_and_the_others_within_their_consent()
    {
        var spend = await Spend("a", "one", 100);

        Assert.Equal([Part("a", 50), Part("b", 40), Part("c", 10)], spend.Opened.Shares);
        Assert.Equal((true, "0 10 40"), (spend.Taken, await Points()));
        Assert.Equal(100, await Owed());
        Assert.Equal([Part("a", 0), Part("b", 10), Part("c", 5)], await Driver.Offers(LedgerHost.Community, Home));
    }

    [Fact]
    public async Task What_they_cannot_give_together_is_refused_with_what_each_could()
    {
        var refused = await Refused("c", "one", 91);

        Assert.Equal(new HouseholdRefusal.PoolTooSmall(new(91), [Part("a", 0), Part("b", 40), Part("c", 50)]), refused);
        Assert.Equal(("50 50 50", 0L), (await Points(), await Owed()));
        Assert.Equal(refused, await Refused("c", "one", 91));
        Assert.Equal(new HouseholdRefusal.ReferenceTaken(Sale("one")), await Refused("c", "again", 10, sale: "one"));
    }

    [Theory]
    [InlineData(0, "50 50 50", null)]
    [InlineData(1, "50 50 50", false)]
    [InlineData(2, "50 50 50", false)]
    [InlineData(3, "50 50 50", false)]
    [InlineData(4, "0 20 50", true)]
    [InlineData(5, "0 20 50", true)]
    [InlineData(6, "0 20 50", true)]
    [InlineData(7, "0 20 50", true)]
    public async Task Wherever_a_spend_dies_the_sweeper_ends_it_as_it_was_decided(int appendsBeforeDeath, string points, bool? taken)
    {
        await DieIn(() => Send("a", "one", 80), appendsBeforeDeath);
        await SweepLater();

        Assert.Equal(points, await Points());
        Assert.Equal(taken, taken is null ? null : (await Last("one")).Taken);
        Assert.Equal(taken == true ? 80 : 0, await Owed());
        Assert.DoesNotContain(await Host.Journal.ReadDue(Instant.MaxValue, 10), due => due.Stream.Household is not null);
        Assert.Null((await State("b")).LiveHolds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Who_dies_while_giving_back_gives_back_all_the_same(int appendsBeforeDeath)
    {
        await DieIn(() => Send("a", "one", 80), 2);
        Host.Clock.AdvanceMinutes(3);
        await DieIn(Sweep, appendsBeforeDeath);
        await SweepLater();

        Assert.Equal(("50 50 50", false), (await Points(), (await Last("one")).Taken));
        Assert.Equal(new HouseholdRefusal.NotInTime((await Last("one")).Opened.DecideBefore), (await Last("one")).Why);
        Assert.Equal(40, (await Driver.Offers(LedgerHost.Community, Home))[1].Points.Value);
    }

    [Fact]
    public async Task The_same_spend_again_goes_on_with_it_and_takes_nothing_again()
    {
        await DieIn(() => Send("a", "one", 80), 5);

        Assert.True((await Spend("a", "one", 80)).Taken);
        Assert.True((await Spend("a", "one", 80)).Taken);
        Assert.Equal("0 20 50", await Points());
        Assert.IsType<HouseholdResult.KeyReused>(await Send("a", "one", 81));
    }

    [Fact]
    public async Task A_hold_that_was_gone_when_it_was_to_be_taken_brings_back_what_others_paid()
    {
        await DieIn(() => Send("a", "one", 80), 5);
        Host.Clock.AdvanceHours(73);

        // What the journal does not tell yet has not gone back.
        var of = (await Last("one")).Sequence;
        Host.Journal.Untold = key => key == CommandKey.ShareEnd(Home, of, Resident("a")) || key == CommandKey.ShareEnd(Home, of, Resident("b"));
        await Sweep();
        Host.Journal.Untold = null;
        Assert.Null((await Last("one")).Taken);
        await SweepLater();

        Assert.Equal(("50 50 50", false), (await Points(), (await Last("one")).Taken));
        Assert.IsType<HouseholdRefusal.ShareRefused>((await Last("one")).Why);
        Assert.Equal(0, await Owed());
    }

    [Fact]
    public async Task One_wallet_that_refuses_lets_nobody_pay()
    {
        var offers = new PoolOffers([Part("a", 50), Part("b", 40)]);
        await Host.Wallet("b").Record(Envelope("b", "freeze", new FreezeWallet()));

        var opened = Assert.IsType<HouseholdResult.Recorded>(await Host.Grains.GetHousehold(LedgerHost.Community, Home).Do(Command("a", "one", 80), KeyOf("one"), offers));
        Assert.IsType<PooledSpendOpened>(opened.Happened);
        var refused = Assert.IsType<HouseholdRefusal.ShareRefused>((await Finish("a", "one", 80)).Why);

        Assert.Equal((Resident("b"), new Points(30)), (refused.Resident, refused.Share));
        Assert.IsType<Refusal.Frozen>(refused.Why);
        Assert.Equal("50 50 50", await Points());
    }

    [Theory]
    [InlineData("consent", typeof(Refusal.PoolLimitExceeded))]
    [InlineData("leaves", typeof(Refusal.NotInHousehold))]
    [InlineData("closes", typeof(Refusal.Closed))]
    public async Task What_changes_in_a_wallet_between_plan_and_hold_counts(string change, Type why)
    {
        await Host.Grains.GetHousehold(LedgerHost.Community, Home).Do(Command("a", "one", 80), KeyOf("one"), new PoolOffers([Part("a", 50), Part("b", 40)]));
        await (change switch
        {
            "consent" => (Task)Consent("b", 29, null),
            "closes" => Host.Wallet("b").Record(Envelope("b", "close", new CloseWallet(null, ForgivesDebt: false))),
            _ => Driver.Move(LedgerHost.Community, Home, Resident("b"), joins: false, KeyOf("leave")),
        });

        var refused = Assert.IsType<HouseholdRefusal.ShareRefused>((await Finish("a", "one", 80)).Why);

        Assert.Equal((Resident("b"), why), (refused.Resident, refused.Why.GetType()));
        Assert.Equal((50, 0L), ((await State("a")).Available.Value, await Owed()));
    }

    [Fact]
    public async Task Two_drivers_and_the_sweeper_spend_once()
    {
        await DieIn(() => Send("a", "one", 80), 2);
        Host.Clock.AdvanceMinutes(1);
        var gate = Host.Journal.Hold();

        var all = Task.WhenAll(Send("a", "one", 80), Send("a", "one", 80), Driver.Do(LedgerHost.Community, Home));
        gate.SetResult();
        await all;

        Assert.Equal(("0 20 50", 80L, true), (await Points(), await Owed(), (await Last("one")).Taken));
    }

    [Fact]
    public async Task Whoever_is_late_with_holding_or_taking_finds_the_keys_taken()
    {
        await DieIn(() => Send("a", "one", 80), 1);
        var late = (SpendUnderWay)(await Standing()).Undertakings[0];
        await SweepLater();
        var steps = new UndertakingSteps(Host.Grains, Host.Journal, LedgerHost.Community, Home);

        await steps.Take(late);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => steps.Take(late with { Phase = SpendPhase.Taking }));

        Assert.Equal(("50 50 50", 0L, false), (await Points(), await Owed(), (await Last("one")).Taken));
        Assert.Null((await State("a")).LiveHolds);
    }

    [Fact]
    public async Task Of_taking_and_giving_back_at_once_each_share_has_one()
    {
        await DieIn(() => Send("a", "one", 80), 3);
        var held = (SpendUnderWay)(await Standing()).Undertakings[0];
        var steps = new UndertakingSteps(Host.Grains, Host.Journal, LedgerHost.Community, Home);
        var gate = Host.Journal.Hold();

        // Only one of them can have been decided; whichever it was, no point is taken and kept.
        var both = Task.WhenAll(
            Xunit.Record.ExceptionAsync(() => steps.Take(held with { Phase = SpendPhase.Taking })).AsTask(),
            steps.Take(held with { Phase = SpendPhase.GivingBack }));
        gate.SetResult();
        await both;
        await SweepLater();

        Assert.Equal(("50 50 50", 0L, false), (await Points(), await Owed(), (await Last("one")).Taken));
    }

    [Fact]
    public async Task A_buyer_who_may_not_spend_spends_nothing_of_the_others()
    {
        await Host.Wallet("a").Record(Envelope("a", "freeze", new FreezeWallet()));
        Assert.IsType<Refusal.Frozen>(Assert.IsType<HouseholdRefusal.BuyerRefused>(await Refused("a", "one", 30)).Why);

        await Driver.Move(LedgerHost.Community, new("other"), Resident("d"), joins: true, KeyOf("other"));
        await Host.Grains.GetHousehold(LedgerHost.Community, Home).Do(new AddMember(Resident("d")), KeyOf("add d"), null);
        Assert.Equal(new HouseholdRefusal.BuyerRefused(new Refusal.NotInHousehold(Home)), await Refused("d", "two", 30));

        Assert.Equal(("50 50 50", 0L), (await Points(), await Owed()));
        await SweepLater();
    }

    [Fact]
    public async Task A_lost_answer_of_a_wallet_costs_no_spend()
    {
        Host.Journal.FailNext(Fault.None, Fault.UnknownCommitted, Fault.UnknownNotCommitted);

        Assert.True((await Spend("a", "one", 80)).Taken);
        Assert.Equal("0 20 50", await Points());
    }

    [Fact]
    public async Task A_wallet_that_can_be_reached_again_within_the_time_is_asked_by_the_sweeper()
    {
        Host.Journal.AlwaysFails = stream => stream == StreamId.Of(LedgerHost.Community, Resident("b"));
        Assert.Null((await Finish("a", "one", 80)).Taken);
        Host.Journal.AlwaysFails = null;

        Host.Clock.AdvanceMinutes(1);
        await Sweep();

        Assert.True((await Last("one")).Taken);
    }

    [Fact]
    public async Task A_wallet_that_cannot_be_read_keeps_the_others_from_nothing()
    {
        var spend = await Spend("a", "one", 30);
        await Restart();
        Host.Journal.Unreadable = stream => stream == StreamId.Of(LedgerHost.Community, Resident("c"));

        Assert.True((await Spend("a", "two", 60)).Taken);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Send("b", "three", 20));
        Assert.Null(await Host.Journal.Find(LedgerHost.Community, KeyOf("three")));

        await Restart();
        Host.Journal.Unreadable = stream => stream.Resident is not null;
        Assert.Equal(spend.Sequence, (await Spend("a", "one", 30)).Sequence);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Send("a", "three", 1));
        Host.Journal.Unreadable = null;
        Assert.True((await Spend("b", "three", 20)).Taken);
    }

    [Fact]
    public async Task A_wallet_that_cannot_be_reached_is_asked_again_in_time_and_not_later()
    {
        Host.Journal.AlwaysFails = stream => stream == StreamId.Of(LedgerHost.Community, Resident("b"));
        Assert.Null((await Finish("a", "one", 80)).Taken);
        Host.Journal.AlwaysFails = null;

        Assert.True((await Finish("a", "one", 80)).Taken);
        Host.Journal.AlwaysFails = stream => stream == StreamId.Of(LedgerHost.Community, Resident("b"));
        Assert.Null((await Finish("b", "three", 15)).Taken);
        Host.Clock.AdvanceMinutes(3);
        Host.Journal.AlwaysFails = null;
        await Sweep();
        Assert.False((await Last("three")).Taken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Wherever_a_refund_dies_each_gets_back_the_part_once(int appendsBeforeDeath)
    {
        var spend = await Spend("a", "one", 80);
        await DieIn(() => Refund(spend, "first", 33), appendsBeforeDeath);
        await SweepLater();
        Assert.Equal(appendsBeforeDeath == 0 ? "0 20 50" : "21 32 50", await Points());

        await Refund(spend, "first", 33);
        Assert.Equal("21 32 50", await Points());
        await Refund(spend, "second", null);
        Assert.Equal(("50 50 50", 0L), (await Points(), await Owed()));
        Assert.IsType<HouseholdRefusal.RefundExceeds>(Assert.IsType<HouseholdRefused>((await Refund(spend, "third", 1)).Happened).Why);
    }

    [Fact]
    public async Task A_refund_waits_for_what_is_still_being_taken_and_is_not_refused_for_ever()
    {
        await DieIn(() => Send("a", "one", 80), 4);
        Host.Journal.AlwaysFails = stream => stream == StreamId.Of(LedgerHost.Community, Resident("b"));
        var spend = await Last("one");
        Assert.IsType<HouseholdResult.Nothing>(await Driver.Send(LedgerHost.Community, Home, new RefundTogether(spend.Sequence, null), KeyOf("all")));
        Host.Journal.AlwaysFails = null;

        Assert.IsType<PooledRefundOpened>((await Refund(spend, "all", null)).Happened);
        Assert.Equal(("50 50 50", 0L), (await Points(), await Owed()));
    }

    [Fact]
    public async Task A_wallet_without_room_takes_its_part_of_a_refund_when_it_has_some()
    {
        var spend = await Spend("a", "one", 80);
        await Host.Wallet("b").Record(Envelope("b", "full", new AdjustPoints(Ledger.Points.Max - new Points(20))));

        await Refund(spend, "all", null);
        Assert.Equal(50, (await State("a")).Available.Value);
        Assert.NotEmpty((await Standing()).Undertakings);
        await SweepLater();
        await Host.Wallet("b").Record(Envelope("b", "room", new AdjustPoints(new(-100))));
        Host.Clock.AdvanceHours(5);
        await Sweep();

        Assert.Equal(Ledger.Points.Max.Value - 100 + 30, (await State("b")).Available.Value);
        Assert.Empty((await Standing()).Undertakings);
    }

    [Fact]
    public async Task Members_who_spend_at_once_do_not_wait_for_one_another_and_no_point_is_spent_twice()
    {
        await Consent("a", 50, null);
        await Consent("c", 50, null);
        var buyers = new[] { "a", "b", "c" };

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Outcome(buyers[i % 3], $"s{i}", 20)))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await SweepLater();

        var taken = results.Count(one => one);
        Assert.InRange(taken, 1, 7);
        var left = await Task.WhenAll(buyers.Select(async buyer => (await State(buyer)).Available.Value));
        Assert.Equal((150 - (20 * taken), 20L * taken), (left.Sum(), await Owed()));
        Assert.All(left, points => Assert.True(points >= 0));
        Assert.Empty((await Standing()).Undertakings);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task Wherever_a_joining_dies_wallet_and_household_agree(int appendsBeforeDeath, bool belongs)
    {
        await DieIn(() => Add("d"), appendsBeforeDeath);
        await SweepLater();

        Assert.Equal(belongs, (await Standing()).Has(Resident("d")));
        Assert.Equal(belongs ? Home : null, (await State("d")).Membership?.Household);
        Assert.Empty((await Standing()).Undertakings);
    }

    [Fact]
    public async Task A_copy_of_an_adding_that_comes_late_adds_nobody_again()
    {
        Task<HouseholdResult> Move(bool joins, string key) => Driver.Move(LedgerHost.Community, Home, Resident("a"), joins, KeyOf(key));
        await Move(joins: true, "again");
        Assert.Equal(50, (await State("a")).Available.Value);
        Assert.Equal(3, (await Standing()).Members.Length);
        await Move(joins: false, "out");

        Assert.True(Assert.IsType<HouseholdResult.Recorded>(await Move(joins: true, "again")).Replayed);
        Assert.True(Assert.IsType<HouseholdResult.Recorded>(await Move(joins: true, "add a")).Replayed);

        Assert.False((await Standing()).Has(Resident("a")));
        Assert.Null((await State("a")).Membership);
    }

    [Fact]
    public async Task Who_belongs_to_another_household_is_no_member()
    {
        var other = new HouseholdId("other");
        await Driver.Move(LedgerHost.Community, other, Resident("a"), joins: true, KeyOf("other"));
        Assert.Empty((await Host.Grains.GetHousehold(LedgerHost.Community, other).Read()).Standing.Members);
        Assert.Equal(Home, (await State("a")).Membership!.Household);

        await Driver.Move(LedgerHost.Community, Home, Resident("a"), joins: false, KeyOf("leave"));
        await Driver.Move(LedgerHost.Community, other, Resident("a"), joins: true, KeyOf("move"));

        Assert.Equal(other, (await State("a")).Membership!.Household);
        Assert.Equal(new HouseholdRefusal.NotAMember(Resident("a")), await Refused("a", "one", 1));
    }

    [Fact]
    public async Task A_household_that_is_loaded_anew_is_the_same()
    {
        await Spend("a", "one", 80);
        var before = await Standing();

        await Restart();

        Assert.Equal(before.Members, (await Standing()).Members);
        Assert.True((await Spend("b", "two", 20)).Taken);
    }

    private static ResidentId Resident(string name) => ResidentId.Parse(name);

    private static PoolPart Part(string resident, long points) => new(Resident(resident), new(points));

    private static MerchantReference Sale(string name) => new(TeaHouse, name);

    private static CommandKey KeyOf(string name) => CommandKey.Client("app", name);

    private static SpendTogether Command(string buyer, string name, long points, string? sale = null) => new(Resident(buyer), Sale(sale ?? name), new(points));

    private Task<HouseholdResult> Send(string buyer, string name, long points, string? sale = null) =>
        Driver.Send(LedgerHost.Community, Home, Command(buyer, name, points, sale), KeyOf(name));

    private async Task<PooledSpend> Spend(string buyer, string name, long points)
    {
        var spend = await Finish(buyer, name, points);
        Assert.True(spend.Taken);
        return spend;
    }

    private async Task<PooledSpend> Finish(string buyer, string name, long points, string? sale = null)
    {
        var recorded = Assert.IsType<HouseholdResult.Recorded>(await Send(buyer, name, points, sale));
        return await Read(recorded.Sequence);
    }

    private async Task<bool> Outcome(string buyer, string name, long points) =>
        await Send(buyer, name, points) is HouseholdResult.Recorded { Happened: PooledSpendOpened, Sequence: var sequence } && (await Read(sequence)).Taken == true;

    private async Task<HouseholdRefusal> Refused(string buyer, string name, long points, string? sale = null) =>
        Assert.IsType<HouseholdRefused>(Assert.IsType<HouseholdResult.Recorded>(await Send(buyer, name, points, sale)).Happened).Why;

    private async Task<HouseholdResult.Recorded> Refund(PooledSpend spend, string name, long? points) => Assert.IsType<HouseholdResult.Recorded>(await Driver.Send(
        LedgerHost.Community, Home, new RefundTogether(spend.Sequence, points is { } some ? new Points(some) : null), KeyOf(name)));

    private async Task<PooledSpend> Read(long sequence) => (await Host.Journal.ReadSpend(StreamId.OfHousehold(LedgerHost.Community, Home), sequence))!;

    private async Task<PooledSpend> Last(string name) => await Read((await Host.Journal.Find(LedgerHost.Community, KeyOf(name)))!.Sequence);

    private Task<HouseholdResult> Add(string resident) => Driver.Move(LedgerHost.Community, Home, Resident(resident), joins: true, KeyOf($"add {resident}"));

    private Task<CommandResult.Recorded> Consent(string resident, long? perSpend, long? perMonth) => Host.Wallet(resident).Record(Envelope(
        resident,
        $"consent {resident} {perSpend}",
        new ConsentToPool(new(perSpend is { } spend ? new(spend) : null, perMonth is { } month ? new(month) : null))));

    private async Task<HouseholdStanding> Standing() => (await Host.Grains.GetHousehold(LedgerHost.Community, Home).Read()).Standing;

    private async Task<string> Points() => string.Join(' ', await Task.WhenAll(new[] { "a", "b", "c" }.Select(async resident => (await State(resident)).Available)));

    private async Task<long> Owed() => (await Host.Journal.ReadTotals(LedgerHost.Community)).GetValueOrDefault(Account.Merchant(TeaHouse).Name);
}

public sealed class HouseholdsOnSqlite() : HouseholdTests(null);

public sealed class HouseholdsOnPostgres(SharedPostgres shared) : HouseholdTests(shared);
