using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Budgets;

/// <summary>What a silo sets aside from its leases, and how seldom it asks for more.</summary>
public sealed class BudgetDeskTests : IDisposable
{
    private const string Spring = "campaign/spring";

    private readonly MovedTime _time = new();
    private readonly InMemoryJournal _journal = new();
    private readonly CountedBudgets _budgets;
    private readonly BudgetDesk _desk;

    public BudgetDeskTests()
    {
        _budgets = new(_journal);
        _desk = NewDesk();
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Awards_are_served_from_one_lease_that_grows_by_shares_of_what_is_left()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(new(10, 1), (await _desk.SetAside(Garden, Offer(10, 10_000))).Amount);
        }

        // 16 · ln(10,000 / 160) leases until a share is less than an award, and then one for each.
        Assert.InRange(_budgets.Takes, 60, 90);
        Assert.Single((await Book()).Leases);
    }

    [Fact]
    public async Task An_award_larger_than_what_is_left_gets_the_rest_and_an_empty_budget_is_asked_once_a_second()
    {
        Assert.Equal(new(7, 1), (await _desk.SetAside(Garden, Offer(7, 10))).Amount);
        Assert.Equal(new(3, 1), (await _desk.SetAside(Garden, Offer(7, 10))).Amount);
        var takes = _budgets.Takes;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(BudgetAmount.Zero, (await _desk.SetAside(Garden, Offer(7, 10))).Amount);
        }

        Assert.Equal(takes, _budgets.Takes);
        _time.Move(BudgetDesk.AskAgainAfter);
        Assert.Equal(BudgetAmount.Zero, (await _desk.SetAside(Garden, Offer(7, 10))).Amount);
        Assert.Equal(takes + 1, _budgets.Takes);
    }

    [Fact]
    public async Task What_is_not_drawn_is_there_for_the_next_one()
    {
        var draw = await _desk.SetAside(Garden, Offer(10, 10));
        _desk.GiveBack(draw with { Amount = new(4, 0) });

        Assert.Equal(new(4, 1), (await _desk.SetAside(Garden, Offer(10, 10))).Amount);
    }

    [Fact]
    public async Task A_lease_that_nobody_draws_from_is_given_back_and_one_in_use_is_kept()
    {
        await _desk.SetAside(Garden, Offer(10, 1_000));
        await _desk.Renew();
        Assert.Single((await Book()).Leases);

        await _desk.Renew();

        Assert.Empty((await Book()).Leases);
        Assert.Equal(new(10, 1), (await _desk.SetAside(Garden, Offer(10, 1_000))).Amount);
    }

    [Fact]
    public async Task A_desk_that_stops_gives_everything_back()
    {
        await _desk.SetAside(Garden, Offer(10, 1_000));

        await _desk.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty((await Book()).Leases);
    }

    [Fact]
    public async Task A_version_with_a_smaller_budget_draws_nothing_that_was_granted_under_a_larger_one()
    {
        await _desk.SetAside(Garden, Offer(10, 1_000));
        await _journal.Append(Set(Row(Wallet("r"), 1)) with { Draws = [new((await Book()).Leases[0].Id, new(10, 1))] });

        Assert.Equal(new(2, 1), (await _desk.SetAside(Garden, Offer(5, 12))).Amount);
        Assert.Equal(new(5, 1), (await _desk.SetAside(Garden, Offer(5, 1_000))).Amount);
    }

    [Fact]
    public async Task Late_activities_of_a_version_whose_budget_is_spent_do_not_end_the_lease_of_a_larger_one_each_time()
    {
        await _desk.SetAside(Garden, Offer(10, 10));
        await _desk.SetAside(Garden, Offer(1, 10));
        var lease = (await _desk.SetAside(Garden, Offer(5, 1_000))).Lease;

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(BudgetAmount.Zero, (await _desk.SetAside(Garden, Offer(1, 10))).Amount);
            Assert.Equal(lease, (await _desk.SetAside(Garden, Offer(1, 1_000))).Lease);
        }
    }

    [Fact]
    public async Task Two_desks_with_many_callers_set_aside_a_budget_once_and_all_of_it()
    {
        using var other = NewDesk();
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var wanted = Enumerable.Range(0, 4_000).Select(i => (Desk: chance.Next(2) == 0 ? _desk : other, Points: chance.Next(1, 9))).ToList();

        var draws = await Task.WhenAll(wanted.Select(want => Task.Run(async () => await want.Desk.SetAside(Garden, Offer(want.Points, 10_000)))));

        Assert.All(draws.Zip(wanted), pair => Assert.InRange(pair.First.Amount.Points, 0, pair.Second.Points));
        Assert.InRange(draws.Sum(draw => draw.Amount.Points), 9_900, 10_000);
    }

    private static BudgetOffer Offer(long points, long total) => new(Spring, new(new Points(total), null), new(points));

    private BudgetDesk NewDesk() => new(_budgets, Options.Create(new LedgerOptions()), _time, NullLogger<BudgetDesk>.Instance);

    private async Task<BudgetBook> Book() => (await _journal.ReadBudgets(Garden, TestContext.Current.CancellationToken))[Spring];

    private sealed class CountedBudgets(IBudgets inner) : IBudgets
    {
        public int Takes { get; private set; }

        public Task<TakenLease> Take(LeaseRequest request, CancellationToken cancellation = default)
        {
            Takes++;
            return inner.Take(request, cancellation);
        }

        public Task Renew(IReadOnlyCollection<long> leases, CancellationToken cancellation = default) => inner.Renew(leases, cancellation);

        public Task End(CommunityId community, string campaign, long lease, CancellationToken cancellation = default) =>
            inner.End(community, campaign, lease, cancellation);
    }
}
