using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Ledger.Merchants;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

public abstract partial class JournalContract
{
    private static readonly MerchantId s_teaHouse = new("tea-house");
    private static readonly MerchantId s_clinic = new("clinic");
    private static readonly LocalDate s_day = new(2026, 3, 5);
    private static readonly Comparer<StoredMovement> s_byPlace = Comparer<StoredMovement>.Create((left, right) => Compare(left.Place, right.Place));

    protected abstract IMovements OpenMovements();

    [Fact]
    public async Task A_movement_is_kept_whole_with_its_transaction_and_comes_in_order()
    {
        var movements = OpenMovements();
        var whole = new StoredMovement(
            s_ana, 1, Morning, new(MovementKind.Capture, s_teaHouse, new(40), s_day, new("CNY", 13), "sale-17", "t-1", "c-9"));
        var plain = new StoredMovement(s_bo, 1, Morning + Duration.Epsilon, new(MovementKind.Spend, s_teaHouse, new(2), s_day, null, null, null, null));
        var back = new StoredMovement(
            s_ana, 2, Morning, new(MovementKind.Refund, s_teaHouse, new(-9_007_199_254_740_991), s_day, new("USD", -1), "sale-17", "t-2", null));
        await Committed(Set(Row(s_ana, 1), Row(s_ana, 2)) with { Movements = [whole, back] });
        await Committed(Set(Row(s_bo, 1)) with { Movements = [plain] });
        await Committed(Set(Row(Wallet("ana", Harbour), 1)) with { Movements = [whole with { Stream = Wallet("ana", Harbour) }] });

        Assert.Equal([whole, back, plain], await movements.List(new(Garden, s_teaHouse, s_day), Stop));
        Assert.Equal([back], await movements.List(new(Garden, s_teaHouse, s_day) { Terminal = "t-2" }, Stop));
        Assert.Equal([whole], await movements.List(new(Garden, s_teaHouse, s_day) { Cashier = "c-9" }, Stop));
        Assert.Equal([whole], await movements.List(new(Garden, s_teaHouse, s_day) { RowsMax = 1 }, Stop));
        Assert.Equal([back, plain], await movements.List(new(Garden, s_teaHouse, s_day) { After = whole.Place }, Stop));
        Assert.Empty(await movements.List(new(Garden, s_teaHouse, s_day.PlusDays(1)), Stop));
        Assert.Empty(await movements.List(new(Garden, s_clinic, s_day), Stop));
        var all = new List<StoredMovement>();
        await ((IJournalInspection)Journal).ReadMovements(Garden, all.Add, Stop);
        Assert.Equal(new[] { whole, back, plain }.ToHashSet(), all.ToHashSet());
    }

    [Fact]
    public async Task Pages_of_a_day_put_together_are_its_list_and_what_arrives_ahead_of_the_reader_is_neither_skipped_nor_repeated()
    {
        const int SalesMax = 60;
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var movements = OpenMovements();
        string[] wallets = ["a", "A", "a-1", "a.1", "a_1", "ab", "a~", "Z"];
        long[] nanos = [-1, 0, 0, 1, 999, 1_000, 1_000_000_000];
        var (sold, expected) = (new Dictionary<string, long>(), new List<StoredMovement>());
        var pageMax = chance.Next(1, 8);
        await Sell(chance.Next(SalesMax), ahead: null);

        var read = new List<StoredMovement>();
        for (RowPlace? place = null; ;)
        {
            var page = await movements.List(new(Garden, s_teaHouse, s_day) { After = place, RowsMax = pageMax }, Stop);
            read.AddRange(page);
            if (page.Count < pageMax)
            {
                break;
            }

            place = page[^1].Place;
            await Sell(Math.Min(chance.Next(4), SalesMax - (int)sold.Values.Sum()), place);
        }

        Assert.Equal(expected.Order(s_byPlace), read);
        Assert.Equal(sold.Values.Sum(), (await movements.List(new(Garden, s_teaHouse, s_day), Stop)).Count);

        async Task Sell(int sales, RowPlace? ahead)
        {
            for (; sales > 0; sales--)
            {
                var wallet = chance.GetItems(wallets, 1)[0];
                var sequence = sold[wallet] = sold.GetValueOrDefault(wallet) + 1;
                var sale = Moved(Wallet(wallet), sequence, sequence) with { At = Morning + Duration.FromNanoseconds(chance.GetItems(nanos, 1)[0]) };
                await Committed(Set(Row(sale.Stream, sequence)) with { Movements = [sale] });
                if (ahead is null || Compare(sale.Place, ahead.Value) > 0)
                {
                    expected.Add(sale);
                }
            }
        }
    }

    [Fact]
    public async Task A_set_that_is_not_appended_moves_nothing()
    {
        await Committed(Set(Row(s_ana, 1)).Named("sale-1") with { Movements = [Moved(s_ana, 1, 5)] });

        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(Row(s_ana, 1, "another")) with { Movements = [Moved(s_ana, 1, 7)] }));
        Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_ana, 1)) with { Movements = [Moved(s_ana, 1, 7)] }));
        Assert.IsType<AppendResult.ReferenceTaken>(await Journal.Append(Set(Row(s_bo, 1)).Named("sale-1") with { Movements = [Moved(s_bo, 1, 7)] }));

        Assert.Equal([5], (await OpenMovements().List(new(Garden, s_teaHouse, s_day), Stop)).Select(moved => moved.Movement.Points.Value));
    }

    [Fact]
    public async Task Movements_are_added_up_by_day_till_cashier_and_currency()
    {
        await Committed(Set(s_ana, 1, 6) with
        {
            Movements =
            [
                Moved(s_ana, 1, 40, 13, "t-1"), Moved(s_ana, 2, 5, 2, "t-1"), Moved(s_ana, 3, -15, -5, "t-1"),
                Moved(s_ana, 4, 7, null, "t-1"), Moved(s_ana, 5, 8, 3, null, s_day.PlusDays(1)), Moved(s_ana, 6, -1, null, null, s_day.PlusDays(2)),
            ],
        });
        await Committed(Set(Row(s_bo, 1)) with { Movements = [Moved(s_bo, 1, 3) with { Movement = Moved(s_bo, 1, 3).Movement with { Merchant = s_clinic } }] });

        var sums = await OpenMovements().Sum(Garden, [new(s_teaHouse, null), new(new("nobody"), null)], s_day.PlusDays(1), Stop);

        Assert.Equal(
            new MovementSum[]
            {
                new(s_teaHouse, s_day, "t-1", null, "CNY", 2, new(45), 15, 1, new(15), 5),
                new(s_teaHouse, s_day, "t-1", null, null, 1, new(7), 0, 0, new(0), 0),
                new(s_teaHouse, s_day.PlusDays(1), null, null, "CNY", 1, new(8), 3, 0, new(0), 0),
            }.ToHashSet(),
            sums.ToHashSet());
        Assert.Equal(
            [s_day.PlusDays(2), s_day.PlusDays(1)],
            (await OpenMovements().Sum(Garden, [new(s_teaHouse, s_day)], s_day.PlusDays(9), Stop)).Select(sum => sum.Day).OrderDescending());
        Assert.Equal(3, (await OpenMovements().Sum(Garden, [new(s_clinic, null), new(s_teaHouse, s_day.PlusDays(1))], s_day.PlusDays(9), Stop)).Sum(sum => sum.Captured.Value));
    }

    [Fact]
    public async Task Who_bought_more_often_than_a_number_of_times_is_found()
    {
        var question = new MovementQuestion(Garden, s_teaHouse, s_day);
        Assert.Empty(await OpenMovements().SumBuyersAbove(question, 0, Stop));
        await Committed(Set(s_ana, 1, 4) with
        {
            Movements = [Moved(s_ana, 1, 40), Moved(s_ana, 2, 5, terminal: "t-1"), Moved(s_ana, 3, -5), Moved(s_ana, 4, 9, day: s_day.PlusDays(1))],
        });
        await Committed(Set(Row(s_bo, 1)) with { Movements = [Moved(s_bo, 1, 3)] });

        Assert.Equal([new(s_ana, 2, new(45))], await OpenMovements().SumBuyersAbove(question, 1, Stop));
        Assert.Empty(await OpenMovements().SumBuyersAbove(question, 2, Stop));
    }

    [Fact]
    public async Task What_wallets_bought_of_cashiers_is_added_up_for_those_pairs_alone()
    {
        var question = new MovementQuestion(Garden, s_teaHouse, s_day);
        Served[] pairs = [new("c-9", s_ana), new("c-8", s_bo), new("c-7", s_ana)];
        Assert.Empty(await OpenMovements().SumServed(question, pairs, Stop));
        await Committed(Set(s_ana, 1, 6) with
        {
            Movements =
            [
                By("c-9", Moved(s_ana, 1, 40)), By("c-9", Moved(s_ana, 2, 5, terminal: "t-1")), By("c-9", Moved(s_ana, 3, -5)),
                By("c-9", Moved(s_ana, 4, 9, day: s_day.PlusDays(1))), By("c-8", Moved(s_ana, 5, 7)), Moved(s_ana, 6, 8),
            ],
        });
        await Committed(Set(Row(s_bo, 1), Row(s_bo, 2)) with { Movements = [By("c-8", Moved(s_bo, 1, 3)), By("c-9", Moved(s_bo, 2, 4))] });

        Assert.Equal(
            new ServedSum[] { new(pairs[0], 2, new(45)), new(pairs[1], 1, new(3)) }.ToHashSet(),
            (await OpenMovements().SumServed(question, pairs, Stop)).ToHashSet());
        Assert.Empty(await OpenMovements().SumServed(question, [], Stop));

        static StoredMovement By(string cashier, StoredMovement moved) => moved with { Movement = moved.Movement with { Cashier = cashier } };
    }

    [Fact]
    public async Task What_is_committed_after_its_day_was_closed_counts_in_the_first_open_day()
    {
        var movements = OpenMovements();
        await Committed(Set(Row(s_ana, 1)) with { Movements = [Moved(s_ana, 1, 1)] });
        await movements.CloseThrough(Garden, [s_teaHouse], s_day.PlusDays(1), Stop);
        await movements.CloseThrough(Garden, [s_teaHouse, s_clinic], s_day, Stop);

        await Committed(Set(Row(s_ana, 2), Row(s_ana, 3)) with { Movements = [Moved(s_ana, 2, 2), Moved(s_ana, 3, 3, day: s_day.PlusDays(5))] });
        await Committed(Set(Row(Wallet("ana", Harbour), 1)) with { Movements = [Moved(Wallet("ana", Harbour), 1, 4)] });

        Assert.Equal([1], await Points(Garden, s_day));
        Assert.Empty(await Points(Garden, s_day.PlusDays(1)));
        Assert.Equal([2], await Points(Garden, s_day.PlusDays(2)));
        Assert.Equal([3], await Points(Garden, s_day.PlusDays(5)));
        Assert.Equal([4], await Points(Harbour, s_day));

        async Task<IEnumerable<long>> Points(CommunityId community, LocalDate day) =>
            (await movements.List(new(community, s_teaHouse, day), Stop)).Select(moved => moved.Movement.Points.Value);
    }

    [Fact]
    public async Task Days_that_are_closed_while_sales_come_in_stay_as_they_were_read_and_nothing_is_lost()
    {
        const int Wallets = 8;
        const int Sales = 60;
        const int Days = 12;
        var movements = OpenMovements();
        var closed = new Dictionary<LocalDate, long>();
        var selling = Enumerable.Range(0, Wallets).Select(wallet => Task.Run(() => Sell($"w{wallet}"), Stop)).ToArray();
        for (var day = s_day; day < s_day.PlusDays(Days); day = day.PlusDays(1))
        {
            await movements.CloseThrough(Garden, [s_teaHouse], day, Stop);
            closed[day] = await SumOf(day);
            await Task.Yield();
        }

        await Task.WhenAll(selling);

        foreach (var (day, sum) in closed)
        {
            Assert.Equal(sum, await SumOf(day));
        }

        var all = await movements.Sum(Garden, [new(s_teaHouse, null)], s_day.PlusDays(Days + 1), Stop);
        Assert.Equal(Wallets * Sales, all.Sum(sum => sum.Captured.Value));
        Assert.Equal(Wallets * Sales, (await Journal.ReadTotals(Garden, Stop))["merchant/tea-house"]);

        async Task Sell(string wallet)
        {
            var stream = Wallet(wallet);
            for (var i = 1; i <= Sales; i++)
            {
                // All of them happened on the first day: most are late.
                await Committed(Set(Row(stream, i, null, Spend(1, new(1)))) with { Movements = [Moved(stream, i, 1)] });
            }
        }

        async Task<long> SumOf(LocalDate day) =>
            (await movements.Sum(Garden, [new(s_teaHouse, day.PlusDays(-1))], day, Stop)).Sum(sum => sum.Captured.Value);
    }

    private static int Compare(RowPlace left, RowPlace right) =>
        left.At != right.At ? left.At.CompareTo(right.At)
        : string.CompareOrdinal(left.Stream, right.Stream) is not 0 and var order ? order
        : left.Sequence.CompareTo(right.Sequence);

    private static StoredMovement Moved(StreamId stream, long sequence, long points, long? money = null, string? terminal = null, LocalDate? day = null) => new(
        stream,
        sequence,
        Morning,
        new(
            points > 0 ? MovementKind.Spend : MovementKind.Refund,
            s_teaHouse,
            new(points),
            day ?? s_day,
            money is { } minorUnits ? new Money("CNY", minorUnits) : null,
            null,
            terminal,
            null));
}
