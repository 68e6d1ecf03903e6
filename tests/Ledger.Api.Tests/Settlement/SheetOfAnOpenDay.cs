using System.Globalization;
using System.Text;
using Ledger.Api.Settlement;
using Ledger.Grains.Journal;
using Ledger.Merchants;
using Ledger.Settlements;
using Ledger.Transactions;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Ledger.Api.Tests.Settlement;

/// <summary>The table of a day in which more is sold while it is written.</summary>
public sealed class SheetOfAnOpenDay
{
    private static readonly CommunityId Garden = new("garden");
    private static readonly MerchantId TeaHouse = new("tea-house");
    private static readonly LocalDate Day = new(2026, 3, 1);
    private static readonly Instant Morning = Instant.FromUtc(2026, 3, 1, 1, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_345)]
    public async Task Its_lines_add_up_to_its_last_which_says_how_far_it_counts(int sales)
    {
        var opening = new Owed(new(70), [new("CNY", 210)]);
        var statement = StatementView.Open(TeaHouse, Settling.Close(new(Day.PlusDays(-1), opening), Day, 0, Owed.Nothing, 0, Owed.Nothing, null), Morning);
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await new StatementSheet(statement, new(Garden, TeaHouse, Day), new BusyDay(sales)).ExecuteAsync(context);

        var rows = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(row => row.Split(',')).ToList();
        var last = rows.FindIndex(row => row[0] == "so_far");
        var (before, sums) = (rows[..last], rows[last..]);
        Assert.Equal("opening", before[0][0]);
        Assert.True(before.Count > sales, "What was there is there.");
        Assert.All(sums, sum => Assert.Equal(("so_far", before[^1][1]), (sum[0], sum[1])));
        Assert.Equal(before.Sum(row => Number(row[2])), sums.Sum(row => Number(row[2])));
        foreach (var currency in new[] { "CNY", "USD" })
        {
            Assert.Equal(before.Where(row => row[4] == currency).Sum(row => Number(row[3])), sums.Where(row => row[4] == currency).Sum(row => Number(row[3])));
        }

        static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Each time somebody reads a page, one more sale is made.</summary>
    private sealed class BusyDay(int sales) : IMovements
    {
        private readonly List<StoredMovement> _sales = [.. Enumerable.Range(1, sales).Select(Sale)];

        public Task<IReadOnlyList<StoredMovement>> List(MovementQuestion question, CancellationToken cancellation = default)
        {
            IReadOnlyList<StoredMovement> page = [.. _sales.Where(sale => question.After is null || sale.At > question.After.Value.At).Take(question.RowsMax)];
            _sales.Add(Sale(_sales.Count + 1));
            return Task.FromResult(page);
        }

        public Task<IReadOnlyList<MovementSum>> Sum(
            CommunityId community, IReadOnlyCollection<DaysOfMerchant> merchants, LocalDate through, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<BuyerSum>> SumBuyersAbove(MovementQuestion question, long salesMax, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<ServedSum>> SumServed(
            MovementQuestion question, IReadOnlyCollection<Served> served, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task CloseThrough(
            CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        private static StoredMovement Sale(int number)
        {
            Money? money = number % 3 == 0 ? null : new Money(number % 3 == 1 ? "CNY" : "USD", number * 10);
            var points = new Points(number % 5 == 0 ? -number : number);
            return new(
                StreamId.Of(Garden, new ResidentId("r-1")),
                number,
                Morning + Duration.FromMilliseconds(number),
                new(points.IsPositive ? MovementKind.Spend : MovementKind.Refund, TeaHouse, points, Day, money, null, null, null));
        }
    }
}
