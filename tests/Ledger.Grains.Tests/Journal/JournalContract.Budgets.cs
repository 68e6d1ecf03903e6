using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>Leases of budgets, and what an append draws from them.</summary>
public abstract partial class JournalContract
{
    private const string Spring = "campaign/spring";

    private static readonly BudgetAmount s_limit = new(100, 40);

    /// <summary>The leases of the open store, as a process finds them that has just started.</summary>
    protected abstract IBudgets OpenBudgets();

    [Fact]
    public async Task What_sets_draw_is_counted_with_their_rows()
    {
        var lease = await Taken(OpenBudgets(), s_limit);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Committed(Drawing($"r{i}", lease, 3))));

        var book = await Book();
        Assert.Equal(new(90, 30), book.Used);
        Assert.Equal(new BudgetLease(lease, s_limit, new(90, 30)), Assert.Single(book.Leases));
    }

    [Fact]
    public async Task A_lease_never_gives_more_than_it_was_granted_and_whoever_comes_too_late_writes_nothing()
    {
        var lease = await Taken(OpenBudgets(), s_limit);

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Journal.Append(Drawing($"r{i}", lease, 3))));

        Assert.Equal(33, results.Count(result => result is AppendResult.Committed));
        Assert.All(results.OfType<AppendResult.LeaseEnded>(), ended => Assert.Equal([lease], ended.Leases));
        Assert.Equal(new(99, 33), (await Book()).Used);
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(results[i] is AppendResult.Committed ? 1 : 0, (await All(Wallet($"r{i}"))).Count);
        }
    }

    [Fact]
    public async Task Nothing_is_drawn_from_a_lease_that_has_ended_and_no_other_set_suffers()
    {
        var budgets = OpenBudgets();
        var (ended, open) = (await Taken(budgets, new(50, 50)), await Taken(budgets, new(50, 50), "campaign/may"));
        await Committed(Drawing("before", ended, 3));
        await budgets.End(Garden, Spring, ended, Stop);

        var results = await Task.WhenAll(
            Journal.Append(Drawing("zombie", ended, 1)),
            Journal.Append(Drawing("both", open, 2) with { Draws = [new(open, new(2, 1)), new(ended, new(1, 1))] }),
            Journal.Append(Drawing("good", open, 2)),
            Journal.Append(Set(s_ana, 1, 1)));

        Assert.Equal([ended], Assert.IsType<AppendResult.LeaseEnded>(results[0]).Leases);
        Assert.Equal([ended], Assert.IsType<AppendResult.LeaseEnded>(results[1]).Leases);
        Assert.All(results[2..], result => Assert.IsType<AppendResult.Committed>(result));
        Assert.Empty(await All(Wallet("zombie")));
        Assert.Empty(await All(Wallet("both")));
        Assert.Equal(50, (await Journal.ReadTotals(Garden, Stop))["available"] + 20);
        var books = await Journal.ReadBudgets(Garden, Stop);
        Assert.Equal((new(3, 1), new(2, 1)), (books[Spring].Used, books["campaign/may"].Used));
        Assert.Empty(books[Spring].Leases);
    }

    [Fact]
    public async Task A_command_that_is_known_or_a_sequence_that_is_taken_says_more_than_a_lease_that_has_ended()
    {
        var budgets = OpenBudgets();
        var lease = await Taken(budgets, s_limit);
        var first = Drawing("bo", lease, 5);
        await Committed(first);
        await budgets.End(Garden, Spring, lease, Stop);

        Assert.IsType<AppendResult.Seen>(await Journal.Append(first));
        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(Row(s_bo, 1, "other")) with { Draws = first.Draws }));
        Assert.Equal(new(5, 1), (await Book()).Used);
    }

    [Fact]
    public async Task A_set_that_is_fenced_or_known_draws_nothing()
    {
        var lease = await Taken(OpenBudgets(), s_limit);
        var first = Drawing("bo", lease, 5);
        await Committed(first);

        Assert.IsType<AppendResult.Seen>(await Journal.Append(first));
        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Drawing("bo", lease, 7, "other")));
        Assert.Equal(new(5, 1), (await Book()).Used);
    }

    [Fact]
    public async Task What_a_dead_silo_did_not_draw_is_for_the_others_and_it_draws_nothing_when_it_wakes_up()
    {
        var dead = await Taken(OpenBudgets(), s_limit);
        await Committed(Drawing("before", dead, 10));

        var living = await OpenBudgets().Take(Request(s_limit) with { LapseAfter = TimeSpan.Zero }, Stop);

        Assert.Equal(new(90, 39), living.Added);
        Assert.NotEqual(dead, living.Lease);
        Assert.IsType<AppendResult.LeaseEnded>(await Journal.Append(Drawing("zombie", dead, 1)));
        await Committed(Drawing("after", living.Lease, 90));
        Assert.Equal(new(100, 2), (await Book()).Used);
    }

    [Fact]
    public async Task A_lease_is_extended_and_one_that_has_ended_is_replaced()
    {
        var budgets = OpenBudgets();
        var lease = await Taken(budgets, new(1, 1));

        var extended = await budgets.Take(Request(new(20, 0)) with { Lease = lease }, Stop);
        await budgets.Renew([lease], Stop);
        await budgets.End(Garden, Spring, lease, Stop);
        await budgets.End(Garden, Spring, lease, Stop);
        await budgets.Renew([lease], Stop);
        var replaced = await budgets.Take(Request(new(1, 1)) with { Lease = lease }, Stop);
        var nothing = await budgets.Take(Request(new(1, 1)) with { Limit = new(3, 2) }, Stop);

        Assert.Equal(new TakenLease(lease, new(20, 0)), extended);
        Assert.NotEqual(lease, replaced.Lease);
        Assert.Equal(new TakenLease(0, BudgetAmount.Zero), nothing);
        Assert.Equal([replaced.Lease], (await Book()).Leases.Select(open => open.Id));
    }

    [Fact]
    public async Task Budgets_of_two_campaigns_and_of_two_communities_have_nothing_to_do_with_each_other()
    {
        var budgets = OpenBudgets();
        await Taken(budgets, s_limit);

        Assert.Equal(s_limit, (await budgets.Take(Request(s_limit) with { Campaign = "campaign/may" }, Stop)).Added);
        Assert.Equal(s_limit, (await budgets.Take(Request(s_limit) with { Community = Harbour }, Stop)).Added);
        Assert.Equal(BudgetAmount.Zero, (await budgets.Take(Request(s_limit), Stop)).Added);
        Assert.Equal([Spring], (await Journal.ReadBudgets(Harbour, Stop)).Keys);
    }

    [Fact]
    public Task Whoever_asks_at_once_a_budget_is_granted_once() => Check(
        Gen.Choose(1, 30).ArrayOf(12).ToArbitrary(),
        15,
        async (needs, campaign) =>
        {
            var budgets = OpenBudgets();
            await budgets.Take(Request(new(1, 1)) with { Campaign = campaign }, Stop);
            var taken = await Task.WhenAll(needs.Select(need => budgets.Take(Request(new(need, 1)) with { Campaign = campaign }, Stop)));

            var book = (await Journal.ReadBudgets(Garden, Stop))[campaign];
            Assert.Equal(taken.Sum(one => one.Added.Points) + 1 + (s_limit.Points / BudgetBook.Share) - 1, book.Leased.Points);
            Assert.True(s_limit.Holds(book.Leased), $"{book.Leased} granted of {s_limit}");
            Assert.True(needs.Sum() < 94 || book.Leased.Points == 100, $"{book.Leased} granted, {needs.Sum()} asked for");
        });

    [Fact]
    public Task A_store_keeps_the_book_that_the_pure_one_would() => Check(Histories(), 25, async (steps, campaign) =>
    {
        var budgets = OpenBudgets();
        var (book, names, row) = (BudgetBook.Empty, new Dictionary<long, long>(), 0);
        foreach (var (act, place, amount) in steps)
        {
            // Leases of the store and of the pure book have numbers of their own.
            var lease = names.Keys.ElementAtOrDefault(place);
            switch (act)
            {
                case Act.Take:
                    (book, var expected) = book.Take(lease, names.Count + 1, s_limit, amount);
                    var taken = await budgets.Take(Request(amount) with { Campaign = campaign, Lease = names.GetValueOrDefault(lease) }, Stop);
                    Assert.Equal(expected.Added, taken.Added);
                    if (expected.Lease != 0)
                    {
                        names[expected.Lease] = taken.Lease;
                    }

                    break;
                case Act.Draw when names.TryGetValue(lease, out var stored):
                    var drawn = book.Draw(lease, amount);
                    var result = await Journal.Append(Drawing($"{campaign[9..]}-{row++}", stored, amount));
                    Assert.Equal(drawn is not null, result is AppendResult.Committed);
                    book = drawn ?? book;
                    break;
                case Act.End when names.TryGetValue(lease, out var gone):
                    book = book.End(lease);
                    await budgets.End(Garden, campaign, gone, Stop);
                    break;
                default:
                    break;
            }
        }

        var kept = (await Journal.ReadBudgets(Garden, Stop)).GetValueOrDefault(campaign, BudgetBook.Empty);
        Assert.Equal((book.Ended, book.Used, book.Leased), (kept.Ended, kept.Used, kept.Leased));
        Assert.Equal(
            book.Leases.Select(open => open with { Id = names[open.Id] }).OrderBy(open => open.Id), kept.Leases.OrderBy(open => open.Id));
    });

    private enum Act
    {
        Take,
        Draw,
        End,
    }

    private static LeaseRequest Request(BudgetAmount need) => new()
    {
        Community = Garden,
        Campaign = Spring,
        Limit = s_limit,
        Need = need,
        LapseAfter = TimeSpan.FromHours(1),
    };

    private static AppendSet Drawing(string resident, long lease, long points, string? id = null) => Drawing(resident, lease, new BudgetAmount(points, 1), id);

    private static AppendSet Drawing(string resident, long lease, BudgetAmount amount, string? id = null) =>
        Set(Row(Wallet(resident), 1, id, Award(10))) with { Draws = [new(lease, amount)] };

    private static async Task<long> Taken(IBudgets budgets, BudgetAmount amount, string campaign = Spring)
    {
        var taken = await budgets.Take(Request(amount) with { Campaign = campaign }, Stop);
        return taken.Lease;
    }

    private static Arbitrary<(Act Act, int Lease, BudgetAmount Amount)[]> Histories()
    {
        var amounts = Gen.Elements(1, 2, 5, 20, 100);
        return (from act in Gen.Frequency((3, Gen.Constant(Act.Take)), (5, Gen.Constant(Act.Draw)), (1, Gen.Constant(Act.End)))
                from lease in Gen.Choose(0, 3)
                from points in amounts
                from awards in amounts
                select (act, lease, new BudgetAmount(points, awards))).ArrayOf(20).ToArbitrary();
    }

    // Every case has a campaign of its own in the one store of the test.
    private static async Task Check<T>(Arbitrary<T> cases, int runs, Func<T, string, Task> law)
    {
        var campaigns = 0;
        await Task.Run(() => Prop.ForAll(cases, of => law(of, string.Create(CultureInfo.InvariantCulture, $"campaign/c{++campaigns}")).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(runs).WithQuietOnSuccess(true)));
    }

    private async Task<BudgetBook> Book() => (await Journal.ReadBudgets(Garden, Stop))[Spring];
}
