using FsCheck;
using FsCheck.Fluent;
using Ledger.Budgets;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Budgets;

/// <summary>Whatever silos take, draw, give back and lose, in whatever order: a budget is never exceeded, and what is not drawn is not lost.</summary>
public sealed class BudgetLaws
{
    private const int Silos = 3;

    private enum Act
    {
        Take,
        Draw,
        End,
        Resize,
    }

    [Fact]
    public void A_budget_is_never_exceeded_whoever_draws_dies_or_wakes_up() => Law.Holds(Histories(), 1_000, history =>
    {
        var (book, limit, largest) = (BudgetBook.Empty, history.Limit, history.Limit);
        var (leases, ids, drawn) = (new long[Silos], 0L, BudgetAmount.Zero);
        foreach (var (act, silo, amount) in history.Steps)
        {
            switch (act)
            {
                case Act.Take:
                    var before = book;
                    (book, var taken) = book.Take(leases[silo], ++ids, limit, amount);
                    leases[silo] = taken.Lease;
                    AddedWithin(limit, before, book, taken.Added);
                    break;
                case Act.Draw when book.Draw(leases[silo], amount) is { } after:
                    Assert.Contains(book.Leases, lease => lease.Id == leases[silo]);
                    (book, drawn) = (after, drawn + amount);
                    break;
                case Act.End:
                    // The silo hears nothing of it and goes on drawing from a lease that is gone.
                    book = book.End(leases[silo]);
                    break;
                case Act.Resize:
                    limit = new(amount.Points * 5, amount.Awards * 5);
                    largest = new(Math.Max(largest.Points, limit.Points), Math.Max(largest.Awards, limit.Awards));
                    break;
                default:
                    break;
            }

            Assert.Equal(drawn, book.Used);
            Assert.True(largest.Holds(book.Used), $"{book.Used} drawn of {largest}");
            Assert.All(book.Leases, lease => Assert.True(lease.Granted.Holds(lease.Used)));
        }

        foreach (var lease in book.Leases)
        {
            book = book.End(lease.Id);
        }

        // Nothing is stranded: the next one may have all that was not drawn.
        var (_, rest) = book.Take(0, ++ids, largest, largest);
        Assert.Equal(largest - drawn, rest.Added);
    });

    [Fact]
    public void Silos_that_earn_at_once_leave_next_to_nothing_in_the_leases_of_a_dead_one() => Law.Holds(Gen.Choose(0, int.MaxValue).ToArbitrary(), 200, seed =>
    {
        var chance = new Random(seed);
        var limit = new BudgetAmount(chance.Next(1_000, 100_000), BudgetAmount.NoLimit);
        var (book, leases, ids) = (BudgetBook.Empty, new long[Silos], 0L);
        var refusals = 0;
        while (refusals < 50 * Silos)
        {
            var (silo, want) = (chance.Next(Silos), new BudgetAmount(chance.Next(1, 6), 1));
            if (book.Draw(leases[silo], want) is { } drawn)
            {
                book = drawn;
                Assert.True(limit.Holds(book.Used), $"{book.Used} drawn of {limit}");
                continue;
            }

            var lease = book.Leases.FirstOrDefault(open => open.Id == leases[silo]) ?? new(0, default, default);
            var free = lease.Granted - lease.Used;
            (book, var taken) = book.Take(leases[silo], ++ids, limit, new(Math.Max(0, want.Points - free.Points), Math.Max(0, want.Awards - free.Awards)));
            leases[silo] = taken.Lease;
            refusals += taken.Added == BudgetAmount.Zero ? 1 : 0;
        }

        Assert.InRange(limit.Points - book.Used.Points, 0, limit.Points / 100);
    });

    [Fact]
    public void A_limit_that_is_not_set_is_granted_whole_to_everybody_and_counted_all_the_same()
    {
        var limit = new Budget(new Points(100), Awards: null).Limit;
        var (book, first) = BudgetBook.Empty.Take(0, 1, limit, new(10, 1));
        (book, var second) = book.Take(0, 2, limit, new(10, 1));
        (book, var again) = book.Take(1, 3, limit, new(10, 1));

        Assert.Equal([BudgetAmount.NoLimit, BudgetAmount.NoLimit, BudgetAmount.NoLimit], new[] { first, second, again }.Select(taken => taken.Added.Awards));
        Assert.Equal(new(30, BudgetAmount.NoLimit), book.Leased);
        Assert.Equal(new BudgetAmount(4, 1), book.Draw(1, new(4, 1))!.Used);
        Assert.Null(book.Draw(2, new(11, 1)));
    }

    [Fact]
    public void A_smaller_budget_counts_for_what_is_left_and_a_larger_one_too()
    {
        var (book, taken) = BudgetBook.Empty.Take(0, 1, new(100, 100), new(60, 1));
        book = book.Draw(taken.Lease, new(50, 1))!.End(taken.Lease);

        Assert.Equal(BudgetAmount.Zero, book.Take(0, 2, new(40, 100), new(5, 0)).Taken.Added);
        Assert.Equal(new(5, 0), book.Take(0, 2, new(100, 100), new(5, 0)).Taken.Added);
        Assert.Equal(new(50, 0), book.Take(0, 2, new(100, 100), new(80, 0)).Taken.Added);
    }

    private static void AddedWithin(BudgetAmount limit, BudgetBook before, BudgetBook after, BudgetAmount added)
    {
        var granted = after.Leases.Aggregate(after.Ended, (all, lease) => all + lease.Granted);
        Assert.Equal(added, granted - before.Leases.Aggregate(before.Ended, (all, lease) => all + lease.Granted));
        Assert.True(added.Points == 0 || granted.Points <= limit.Points, $"{granted} granted of {limit}");
        Assert.True(added.Awards == 0 || granted.Awards <= limit.Awards, $"{granted} granted of {limit}");
    }

    private static Arbitrary<History> Histories()
    {
        var amount = Gen.Elements(0, 1, 2, 3, 7, 10, 50, 1_000);
        var pair = from points in amount from awards in amount select new BudgetAmount(points, awards);
        var step = from act in Gen.Frequency(
                (4, Gen.Constant(Act.Take)), (8, Gen.Constant(Act.Draw)), (2, Gen.Constant(Act.End)), (1, Gen.Constant(Act.Resize)))
                   from silo in Gen.Choose(0, Silos - 1)
                   from of in pair
                   select (act, silo, of);
        return (from limit in pair from steps in step.ListOf() select new History(limit, [.. steps])).ToArbitrary();
    }

    private sealed record History(BudgetAmount Limit, (Act Act, int Silo, BudgetAmount Amount)[] Steps)
    {
        public override string ToString() => $"{Limit}: {string.Join(", ", Steps)}";
    }
}
