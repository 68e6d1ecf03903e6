using System.Globalization;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Load.Workloads;

namespace Ledger.Load.Spending;

/// <summary>What do customers wait at tills and in the mall, and does a busy merchant slow them down?</summary>
/// <param name="wallets">How many residents buy, and as many others earn and spend.</param>
/// <param name="patience">How long and how often.</param>
internal sealed class Tills(int wallets, Patience patience) : IQuestion
{
    private const int Connections = 64;
    private const int ConnectionsOfTheOpenLoop = 256;
    private const double OpenLoopShare = 0.5;
    private const string Reward = "tea-box";

    public string Name => "tills";

    public string Title => "At tills and in the mall";

    public string About =>
        $"The service as a process of its own, all wallets in its memory, {Connections} connections that send again as soon as they are answered, in turn; medians of the rounds. "
        + "*Single events* earn and spend in turn, evenly chosen. A pair is a hold and its capture, durable when answered, at 100 merchants and at one. A redemption is of one reward that everybody wants and that has no stock. Milliseconds. "
        + "*At half speed*: from the moment at which each pair should have been started, at half of that rate. *Processors*: microseconds, all processes together. "
        + "*Against events*: by single events a second, aim for pairs 0.30. *Against spread*: one merchant by 100, aim 0.90. Aim of p99: 50 ms.";

    public IReadOnlyList<string> Columns =>
    [
        "what", "per second", "slowest – fastest", "hold p50", "hold p99", "capture p50", "capture p99", "whole p50", "whole p99",
        "at half speed p50", "p99", "processors", "against events", "against spread", "failures",
    ];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var workloads = new WorkloadSet(wallets);
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            await host.Register(workloads.SpreadMerchants.Merchants, cancellation);
            await WalletHerd.Fill(host, workloads.HotMerchant, cancellation);
            await WalletHerd.Fill(host, workloads.MixedEven, cancellation);
        }

        await using var service = await ServiceProcess.Start(store, null, demo: false, LedgerHost.Community.Value, cancellation);
        await BalanceReading.ReadAll(service, workloads.MixedEven.Residents, cancellation);
        await BalanceReading.ReadAll(service, workloads.HotMerchant.Residents, cancellation);
        var (events, sales) = (new EventRequests(service.Address, service.Key, LedgerHost.Community.Value, LedgerHost.Activity.Value), new SaleRequests(service));
        var single = new Side("single events", () => new EventCaller(new(service.Address), events, workloads.MixedEven));
        var spread = new Side("pairs, 100 merchants", () => new TillCaller(new(service.Address), sales, workloads.SpreadMerchants));
        var hot = new Side("pairs, one merchant", () => new TillCaller(new(service.Address), sales, workloads.HotMerchant));
        var mall = new Side("redemptions, one reward", () => new MallCaller(new(service.Address), sales, Reward, workloads.SpreadMerchants));
        Side[] sides = [single, spread, hot, mall];
        await Offer(service, sales, cancellation);
        foreach (var side in sides)
        {
            await side.Send(Connections, callers => ClosedLoop.Run(callers, patience.Start / sides.Length, TimeSpan.Zero, cancellation));
        }

        for (var round = 0; round < patience.Rounds; round++)
        {
            foreach (var side in sides)
            {
                await side.Measure(patience, cancellation);
            }
        }

        return
        [
            single.Told(service, null, null),
            spread.Told(service, single, null),
            hot.Told(service, single, spread),
            mall.Told(service, single, null),
        ];
    }

    private static async Task Offer(ServiceProcess service, SaleRequests sales, CancellationToken cancellation)
    {
        using var connection = new HttpConnection(service.Address);
        var answer = await connection.Ask(sales.Offer(Reward, limited: false), cancellation);
        if (answer.Status != 200)
        {
            throw new InvalidOperationException($"The reward was answered {answer.Failure()}.");
        }
    }

    /// <summary>One of those that take turns.</summary>
    private sealed class Side(string name, Func<ICaller> caller)
    {
        private readonly List<Figures> _rounds = [];

        public async Task Measure(Patience patience, CancellationToken cancellation)
        {
            var closed = await Send(Connections, callers => ClosedLoop.Run(callers, patience.WarmUp, patience.Duration, cancellation));
            var open = await Send(
                ConnectionsOfTheOpenLoop,
                callers => OpenLoop.Run(callers, closed.Sends / patience.Duration.TotalSeconds * OpenLoopShare, patience.WarmUp, patience.Duration, cancellation));
            _rounds.Add(new(closed, open));
            await Console.Error.WriteLineAsync($"  {name}: {_rounds[^1]}");
        }

        public async Task<Measured> Send(int connections, Func<IReadOnlyList<ICaller>, Task<Measured>> run)
        {
            ICaller[] callers = [.. Enumerable.Range(0, connections).Select(_ => caller())];
            try
            {
                return await run(callers);
            }
            finally
            {
                foreach (var one in callers)
                {
                    one.Dispose();
                }
            }
        }

        public IReadOnlyList<string> Told(ServiceProcess service, Side? events, Side? spread)
        {
            var row = new Row(name, new(name, Connections), _rounds);
            if (row.Failures.Count > 0)
            {
                Console.Error.WriteLine(string.Join('\n', service.LastWords));
            }

            return
            [
                name, Text($"{row.PerSecond:n0}"), Text($"{row.SlowestPerSecond:n0} – {row.FastestPerSecond:n0}"),
                Step(measured => measured.FirstSteps, 0.5), Step(measured => measured.FirstSteps, 0.99),
                Step(measured => measured.SecondSteps, 0.5), Step(measured => measured.SecondSteps, 0.99),
                Text($"{row.Closed(0.5):n2}"), Text($"{row.Closed(0.99):n2}"), Text($"{row.Open(0.5):n2}"), Text($"{row.Open(0.99):n2}"),
                Text($"{row.ProcessorMicroseconds:n0}"), Against(events), Against(spread), Text($"{row.Failures.Values.Sum():n0}"),
            ];
        }

        // Each round by the same round of the other: a neighbour who comes and goes takes from both.
        private string Against(Side? other) => other is null
            ? ""
            : Text($"{Row.Median(_rounds.Zip(other._rounds, (mine, theirs) => mine.Closed.PerSecond / theirs.Closed.PerSecond)):n2}");

        private string Step(Func<Measured, Latencies> of, double share) =>
            Row.Median(_rounds.Select(round => of(round.Closed).Milliseconds(share))) is > 0 and var milliseconds ? Text($"{milliseconds:n2}") : "";

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
