using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ledger.Load.Comparing;
using Ledger.Load.Growing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;

namespace Ledger.Load.Spending;

/// <summary>How fast is a reward of which there are only so many sold to many buyers at once, and are exactly so many sold?</summary>
/// <param name="residents">Who buys.</param>
/// <param name="pieces">How many there are in each round.</param>
/// <param name="rounds">How often.</param>
internal sealed class SellOut(int residents, int pieces, int rounds) : IQuestion
{
    private const int Buyers = 256;
    private const long UnitsEach = 10_000;

    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(30);

    public string Name => "sell-out";

    public string Title => "A reward of which there are only so many";

    public string About =>
        $"{Buyers} buyers on as many connections redeem one reward until each of them is told that it is sold out, in turn with the same number of redemptions of a reward without a stock; medians of the rounds. "
        + "*Confirmed*: from the first request to the last redemption that was answered, at which it is durable in its wallet and told to its stock. The run fails unless exactly the stock is sold and nothing stays reserved. "
        + "*Told sold out*: how many answers said so, and the slowest of them. Milliseconds. *Against no stock*: confirmed a second, by the same without one. Aim: 500 confirmed a second.";

    public IReadOnlyList<string> Columns =>
    [
        "pieces", "confirmed per second", "slowest – fastest", "p50", "p99", "told sold out", "slowest", "without a stock per second", "against no stock", "other failures",
    ];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var names = Herd.Names(residents);
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            await host.Register(["shop-1"], cancellation);
            var commands = new Commands();
            await WalletHerd.Visit(names, resident => host.Wallet(resident).Send(commands.Earn(resident, UnitsEach)), cancellation);
        }

        await using var service = await ServiceProcess.Start(store, null, demo: false, LedgerHost.Community.Value, cancellation);
        await BalanceReading.ReadAll(service, names, cancellation);
        var sales = new SaleRequests(service);
        await Sell(service, sales, names, "warm-limited", pieces, cancellation);
        await Sell(service, sales, names, "warm", null, cancellation);
        List<(Sale Limited, Sale Free)> done = [];
        for (var round = 1; round <= rounds; round++)
        {
            done.Add((
                await Sell(service, sales, names, string.Create(CultureInfo.InvariantCulture, $"limited-{round}"), pieces, cancellation),
                await Sell(service, sales, names, string.Create(CultureInfo.InvariantCulture, $"free-{round}"), null, cancellation)));
        }

        var limited = done.Select(pair => pair.Limited).ToList();
        return
        [
            [
                Text($"{pieces:n0}"),
                Text($"{Row.Median(limited.Select(sale => sale.PerSecond)):n0}"),
                Text($"{limited.Min(sale => sale.PerSecond):n0} – {limited.Max(sale => sale.PerSecond):n0}"),
                Text($"{Row.Median(limited.Select(sale => sale.Confirmed.Milliseconds(0.5))):n1}"),
                Text($"{Row.Median(limited.Select(sale => sale.Confirmed.Milliseconds(0.99))):n1}"),
                Text($"{Row.Median(limited.Select(sale => (double)sale.TurnedAway)):n0}"),
                Text($"{Row.Median(limited.Select(sale => sale.Refused.Milliseconds(1))):n1}"),
                Text($"{Row.Median(done.Select(pair => pair.Free.PerSecond)):n0}"),
                Text($"{Row.Median(done.Select(pair => pair.Limited.PerSecond / pair.Free.PerSecond)):n2}"),
                Text($"{done.Sum(pair => pair.Limited.Failures.Values.Sum() + pair.Free.Failures.Values.Sum()):n0}"),
            ],
        ];
    }

    // Without a stock it ends after as many pieces.
    private async Task<Sale> Sell(
        ServiceProcess service, SaleRequests sales, string[] names, string reward, int? stock, CancellationToken cancellation)
    {
        using var operators = new HttpConnection(service.Address);
        await Must(operators, sales.Offer(reward, limited: stock is not null), cancellation);
        if (stock is { } change)
        {
            await Must(operators, sales.PutIn(reward, change), cancellation);
        }

        var sale = new Sale();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => Task.Run(() => Buy(), cancellation)));
        if (stock is not null)
        {
            await SoldExactly(operators, sales, reward, sale, cancellation);
        }

        await Console.Error.WriteLineAsync(Text($"  {reward}: {sale.PerSecond:n0} per second; {string.Join(", ", sale.Failures)}"));
        return sale;

        async Task Buy()
        {
            using var connection = new HttpConnection(service.Address);
            while (stock is not null || sale.TakeTurn(pieces))
            {
                var asked = Stopwatch.GetTimestamp();
                var answer = await connection.Ask(sales.Redemption(reward, names[Random.Shared.Next(names.Length)]), cancellation);
                if (sale.Add(answer, Stopwatch.GetElapsedTime(asked), Stopwatch.GetElapsedTime(begun)))
                {
                    return;
                }
            }
        }
    }

    private async Task SoldExactly(HttpConnection operators, SaleRequests sales, string reward, Sale sale, CancellationToken cancellation)
    {
        // What waits for a stock's word is over within moments; the answers came before it.
        var patience = Stopwatch.StartNew();
        while (true)
        {
            using var level = JsonDocument.Parse((await Must(operators, sales.ReadStock(reward), cancellation)).Body);
            long Of(string member) => level.RootElement.GetProperty(member).GetInt64();
            if ((Of("left"), Of("reserved"), Of("sold")) == (0, 0, pieces) && sale.Confirmed.Count == pieces)
            {
                return;
            }

            if (patience.Elapsed > s_settled)
            {
                throw new InvalidOperationException($"Of {pieces} pieces {sale.Confirmed.Count} were confirmed; the stock says {level.RootElement}.");
            }

            await Task.Delay(50, cancellation);
        }
    }

    private static async Task<HttpAnswer> Must(HttpConnection connection, byte[] request, CancellationToken cancellation)
    {
        var answer = await connection.Ask(request, cancellation);
        return answer.Status == 200 ? answer : throw new InvalidOperationException($"The operator was answered {answer.Failure()}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One reward sold by all buyers; they write at once.</summary>
    private sealed class Sale
    {
        // Such a crowd of others means that it does not go on by itself.
        private const int FailuresMax = 10_000;
        private const string SoldOut = "422 reward_sold_out";

        private readonly ConcurrentDictionary<string, long> _failures = new();
        private int _turns;
        private long _lastAt;
        private int _turnedAway;

        public Latencies Confirmed { get; } = new();

        public Latencies Refused { get; } = new();

        public int TurnedAway => _turnedAway;

        public IReadOnlyDictionary<string, long> Failures => _failures;

        public double PerSecond => Confirmed.Count / TimeSpan.FromTicks(Interlocked.Read(ref _lastAt)).TotalSeconds;

        public bool TakeTurn(int turns) => Interlocked.Increment(ref _turns) <= turns;

        /// <summary>Notes an answer.</summary>
        /// <returns>Whether there is nothing left to buy.</returns>
        public bool Add(in HttpAnswer answer, TimeSpan latency, TimeSpan at)
        {
            if (answer.Status == 200)
            {
                Confirmed.Add(latency);
                for (var last = Interlocked.Read(ref _lastAt); last < at.Ticks; last = Interlocked.Read(ref _lastAt))
                {
                    Interlocked.CompareExchange(ref _lastAt, at.Ticks, last);
                }

                return false;
            }

            if (answer.Failure() == SoldOut)
            {
                Refused.Add(latency);
                Interlocked.Increment(ref _turnedAway);
                return true;
            }

            return _failures.AddOrUpdate(answer.Failure(), 1, (_, count) => count + 1) < FailuresMax
                ? false
                : throw new InvalidOperationException($"{FailuresMax} answers were {answer.Failure()}.");
        }
    }
}
